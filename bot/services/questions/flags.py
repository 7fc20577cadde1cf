"""Flags: an expert reports an item, a coordinator resolves the report."""

from __future__ import annotations

from collections.abc import Collection

from sqlmodel import Session

from bot.errors import BotError
from bot.messages.questions import FlagMessage
from bot.messages.texts import TextMessage
from bot.services.actors.actor import Actor
from bot.services.actors.audit_log import record
from bot.services.actors.interaction import Interaction
from bot.services.answers import submit
from bot.services.campaigns.notify_coordinators import notify_coordinators
from bot.services.questions.questions import EmptyTextError
from storage.queries import on_hold_tasks, outbox, questions_and_flags
from storage.row_id import id_of
from storage.tables import Assignment, Expert, Flag


class UnknownFlagError(BotError):
    """This flag no longer exists. Use `/label status` to see which campaigns have open flags."""


class AlreadyResolvedError(BotError):
    """This flag was already resolved by {who}: “{resolution}”. There is nothing left to do."""


def flag_item(
    session: Session,
    assignment_id: int,
    reason: str,
    interaction: Interaction,
    coordinators: Collection[str],
) -> None:
    """Report an item to the coordinators; the expert can still answer it.

    The same reason again, while the first flag is open, is ignored.

    Raises:
        EmptyTextError: the reason is empty.
        UnknownTaskError, NotAssigneeError: as in `submit.submit_answer`.
    """
    reason = reason.strip()
    if not reason:
        raise EmptyTextError
    assignment = submit.require_assignee(session, assignment_id, interaction)
    if questions_and_flags.duplicate_flag(session, assignment.id, reason):
        return
    flag = Flag(assignment_id=assignment.id, reason=reason, flagged_at=interaction.at)
    session.add(flag)
    session.flush()
    record(
        session,
        interaction.slack_id,
        "flagged an item",
        f"assignment {assignment.id}",
        interaction.at,
        flag_id=flag.id,
    )
    text = "Flagged. The coordinators will look at it; you can still answer the task."
    outbox.enqueue(
        session,
        TextMessage(text, is_reply=True),
        recipient=interaction.slack_id,
        now=interaction.at,
    )
    notify_coordinators(
        session,
        FlagMessage(id_of(flag)),
        campaign_id=assignment.campaign_id,
        coordinators=coordinators,
        now=interaction.at,
    )


def resolve_flag(session: Session, flag_id: int, resolution: str, actor: Actor) -> Flag:
    """Resolve a flag and notify the expert who raised it.

    Raises:
        UnknownFlagError: there is no such flag.
        AlreadyResolvedError: it was resolved before.
        EmptyTextError: the resolution is empty.
    """
    resolution = resolution.strip()
    if not resolution:
        raise EmptyTextError
    flag = flag_by_id(session, flag_id)
    if flag.resolved_at:
        who = "you" if flag.resolved_by == actor.name else "someone else"
        raise AlreadyResolvedError(who=who, resolution=flag.resolution)
    flag.resolution, flag.resolved_by, flag.resolved_at = resolution, actor.name, actor.at
    session.add(flag)
    assignment = session.get_one(Assignment, flag.assignment_id)
    actor.record(session, "resolved a flag", f"assignment {assignment.id}", flag_id=flag_id)
    text = f"You flagged: {flag.reason}\nA coordinator resolved this: {resolution}"
    slack_id = session.get_one(Expert, assignment.expert_id).slack_id
    message = TextMessage(text, reason="a coordinator resolved a flag")
    outbox.enqueue(session, message, recipient=slack_id, now=actor.at)
    return flag


def put_on_hold(session: Session, flag_id: int, actor: Actor) -> bool:
    """Put the flagged task on hold; return False if it already was.

    Experts who hold the task can still answer it.

    Raises:
        UnknownFlagError: there is no such flag.
    """
    flag = flag_by_id(session, flag_id)
    task_id = session.get_one(Assignment, flag.assignment_id).task_id
    is_new = on_hold_tasks.put_on_hold(session, task_id, f"flagged: {flag.reason}", actor.at)
    if is_new:
        actor.record(session, "put a task on hold", f"task {task_id}", flag_id=flag_id)
    return is_new


def flag_by_id(session: Session, flag_id: int) -> Flag:
    """Return a flag.

    Raises:
        UnknownFlagError: there is no such flag.
    """
    flag = session.get(Flag, flag_id)
    if flag is None:
        raise UnknownFlagError
    return flag
