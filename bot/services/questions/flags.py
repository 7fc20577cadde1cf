"""Flagging an item to the coordinators, and what becomes of it."""

from __future__ import annotations

from collections.abc import Collection

from sqlmodel import Session

from bot.errors import BotError
from bot.services.actors.actor import Actor
from bot.services.actors.audit_log import record
from bot.services.actors.interaction import Interaction
from bot.services.answers import submit
from bot.services.campaigns.notify_coordinators import notify_coordinators
from bot.services.questions.questions import EmptyTextError
from storage.queries import on_hold_tasks, outbox, questions_and_flags
from storage.tables import Assignment, Expert, Flag


class UnknownFlagError(BotError):
    """This flag is no longer here."""


class AlreadyResolvedError(BotError):
    """Somebody was quicker: this flag is resolved, as “{resolution}”."""


def flag_item(
    session: Session,
    assignment_id: int,
    reason: str,
    interaction: Interaction,
    coordinators: Collection[str],
) -> None:
    """Ask the coordinators to look at an item. The expert may answer it all the same.

    Raises:
        NothingSaidError: no reason is given.
        UnknownTaskError, NotYoursError: as in `answering.answer`.
    """
    reason = reason.strip()
    if not reason:
        raise EmptyTextError
    held = submit.require_assignee(session, assignment_id, interaction)
    if questions_and_flags.duplicate_flag(session, held.id, reason):
        return
    flag = Flag(assignment_id=held.id, reason=reason, flagged_at=interaction.at)
    session.add(flag)
    session.flush()
    record(
        session,
        interaction.slack_id,
        "flagged",
        f"assignment {held.id}",
        interaction.at,
        flag=flag.id,
    )
    text = "Flagged; the coordinators will look at it. You can go on with the task."
    outbox.enqueue(
        session,
        "words",
        recipient=interaction.slack_id,
        payload={"words": text},
        now=interaction.at,
    )
    notify_coordinators(
        session,
        "flagged",
        campaign_id=held.campaign_id,
        coordinators=coordinators,
        payload={"flag": flag.id},
        now=interaction.at,
    )


def resolve_flag(session: Session, flag_id: int, resolution: str, actor: Actor) -> Flag:
    """Write down what became of a flag, and tell whoever raised it.

    Raises:
        NoFlagError: there is none.
        ResolvedError: it was resolved before.
        NothingSaidError: it does not say what became of it.
    """
    resolution = resolution.strip()
    if not resolution:
        raise EmptyTextError
    flag = flag_by_id(session, flag_id)
    if flag.resolved_at:
        raise AlreadyResolvedError(resolution=flag.resolution)
    flag.resolution, flag.resolved_by, flag.resolved_at = resolution, actor.name, actor.at
    session.add(flag)
    assignment = session.get_one(Assignment, flag.assignment_id)
    actor.record(session, "resolved a flag", f"assignment {assignment.id}", flag=flag_id)
    text = f"You flagged: {flag.reason}\nA coordinator looked at it: {resolution}"
    slack_id = session.get_one(Expert, assignment.expert_id).slack_id
    outbox.enqueue(session, "words", recipient=slack_id, payload={"words": text}, now=actor.at)
    return flag


def put_on_hold(session: Session, flag_id: int, actor: Actor) -> bool:
    """Keep the flagged task from everybody who does not hold it. False: it was set aside before.

    Raises:
        NoFlagError: there is none.
    """
    flag = flag_by_id(session, flag_id)
    task = session.get_one(Assignment, flag.assignment_id).task_id
    is_new = on_hold_tasks.put_on_hold(session, task, f"flagged: {flag.reason}", actor.at)
    if is_new:
        actor.record(session, "set aside", f"task {task}", flag=flag_id)
    return is_new


def flag_by_id(session: Session, flag_id: int) -> Flag:
    """Return a flag.

    Raises:
        NoFlagError: there is none.
    """
    found = session.get(Flag, flag_id)
    if found is None:
        raise UnknownFlagError
    return found
