"""Storing what an expert answered, taking it back, and skipping: the deeds on one assignment."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import lru_cache
from typing import Any

import orjson
from sqlalchemy import update
from sqlmodel import Session, col

from bot.errors import BotError
from bot.kinds import kind_named
from bot.kinds.base import FormInput, Kind, ParsedAnswer
from bot.kinds.settings import KindSettings
from bot.services.actors.audit_log import record
from bot.services.actors.interaction import Interaction
from bot.services.answers import confirmation, skip, time_spent
from bot.services.answers.skip import SkipReason
from bot.services.assignments import leases
from storage.queries import answer_submission, corrections, outbox
from storage.queries.answer_submission import AssignmentSnapshot
from storage.tables import Assignment, AssignmentState, CampaignState, Expert


class UnknownTaskError(BotError):
    """This task is no longer here. Use `/label next` to get the next one."""


class NotAssigneeError(BotError):
    """This task was given to somebody else, so your click did not count."""


class TaskFullError(BotError):
    """This task has all the answers it needs by now. Use `/label next` to get another."""


class AnswerAfterCloseError(BotError):
    """This campaign is closed, so the answer could not be saved. Thank you for all you did."""


class FinalAnswerError(BotError):
    """This answer is final since {by}, so it stays as it is. If it is wrong, tell a coordinator."""


class UnknownSkipReasonError(BotError):
    """That is none of the reasons for skipping; please choose one from the list."""


OPEN_STATES = (AssignmentState.QUEUED, AssignmentState.DELIVERED)


def submit_answer(
    session: Session, assignment_id: int, form_input: FormInput, interaction: Interaction
) -> ParsedAnswer:
    """Store an answer, or a part of one, as the next version; queue the screen that follows.

    The same click twice is stored once; the same answer twice makes no new version.

    Raises:
        UnknownTaskError, NotYoursError, ClosedError, LockedError, MovedOnError: nothing is stored.
        WrongAnswerError: what was given is no answer to this task.
    """
    held = require_changeable(session, assignment_id, interaction)
    reading = _parse_input(session, held, form_input)
    if reading is None:
        _queue_next_message(session, held, interaction)
        return ParsedAnswer(held.value or {}, complete=held.complete)
    is_same = (reading.value, reading.complete) == (held.value, held.complete)
    if is_same and held.state in (*OPEN_STATES, AssignmentState.ANSWERED):
        _queue_next_message(session, held, interaction)
        return reading
    state = AssignmentState.ANSWERED if reading.complete else AssignmentState.DELIVERED
    _store_version(
        session, held, interaction, state=state, value=reading.value, complete=reading.complete
    )
    return reading


def _parse_input(
    session: Session, held: AssignmentSnapshot, form_input: FormInput
) -> ParsedAnswer | None:
    """Read what was given; None where it is about something that is no longer so."""
    if held.confirms_assignment_id is not None:
        return confirmation.parse_second_answer(session, held, form_input)
    kind = kind_named(held.kind)
    settings = settings_of(kind, held.settings)
    return kind.parse_answer(form_input, held.value or {}, settings, held.candidate_order)


def undo(session: Session, assignment_id: int, interaction: Interaction) -> None:
    """Take back an answer or a skip: the task is open again, every version stays.

    Raises:
        UnknownTaskError, NotYoursError, ClosedError, LockedError, MovedOnError: as in `answer`.
    """
    held = require_changeable(session, assignment_id, interaction)
    if held.state in OPEN_STATES:
        return _queue_next_message(session, held, interaction)
    if held.state == AssignmentState.SKIPPED:
        skip.undo_skip(session, held)
    record(session, interaction.slack_id, "undid", f"assignment {held.id}", interaction.at)
    return _store_version(
        session, held, interaction, state=AssignmentState.DELIVERED, value=None, complete=False
    )


def skip_task(session: Session, assignment_id: int, reason: str, interaction: Interaction) -> None:
    """Give a task back for good, with a reason. It never comes back to the same person.

    Whether others get it is the campaign's policy.

    Raises:
        UnknownReasonError: nobody knows such a reason.
        UnknownTaskError, NotYoursError, ClosedError: as in `answer`.
    """
    if reason not in set(SkipReason):
        raise UnknownSkipReasonError
    held = require_changeable(session, assignment_id, interaction)
    if held.state in OPEN_STATES:
        answer_submission.release_slot(session, held.task_id)
        _update_assignment(session, held.id, state=AssignmentState.SKIPPED, skip_reason=reason)
        skip.apply_skip_policy(session, held, SkipReason(reason), interaction.at)
        record(
            session,
            interaction.slack_id,
            "skipped",
            f"assignment {held.id}",
            interaction.at,
            reason=reason,
        )
    _queue_next_message(session, held, interaction, is_done=True)


def mark_full_text_read(session: Session, assignment_id: int, interaction: Interaction) -> None:
    """Write down that the expert opened the whole text, for the first time.

    Raises:
        UnknownTaskError, NotYoursError: as in `answer`.
    """
    held = require_assignee(session, assignment_id, interaction)
    if held.read_in_full_at is None:
        _update_assignment(session, held.id, read_in_full_at=interaction.at)


@lru_cache(maxsize=1024)
def _parse_settings(kind: str, settings: bytes) -> KindSettings:
    parse: Callable[[bytes], KindSettings] = kind_named(kind).settings.model_validate_json
    return parse(settings)


def settings_of(kind: Kind[Any], settings: dict[str, Any]) -> KindSettings:
    """Return a campaign's settings, read once: every click needs them."""
    return _parse_settings(kind.name, orjson.dumps(settings))


def require_assignee(
    session: Session, assignment_id: int, interaction: Interaction
) -> AssignmentSnapshot:
    """Return the assignment if the person who clicked holds it; whoever was away is back.

    Raises:
        UnknownTaskError, NotYoursError: as in `answer`.
    """
    held = answer_submission.load_assignment(session, assignment_id)
    if held is None:
        raise UnknownTaskError
    if held.slack_id != interaction.slack_id:
        raise NotAssigneeError
    if held.away_since is not None:
        end_absence = update(Expert).where(col(Expert.id) == held.expert_id).values(away_since=None)
        session.connection().execute(end_absence)
    return held


def require_changeable(
    session: Session, assignment_id: int, interaction: Interaction
) -> AssignmentSnapshot:
    """Return the assignment if the person who clicked may answer it, or answer it anew.

    Raises:
        UnknownTaskError, NotYoursError, ClosedError, LockedError: as in `answer`.
    """
    held = require_assignee(session, assignment_id, interaction)
    if held.campaign_state == CampaignState.CLOSED:
        raise AnswerAfterCloseError
    if held.finalized_by is not None:
        raise FinalAnswerError(by=held.finalized_by)
    return held


def _store_version(  # noqa: PLR0913 - they are what a version says
    session: Session,
    held: AssignmentSnapshot,
    interaction: Interaction,
    *,
    state: AssignmentState,
    value: dict[str, Any] | None,
    complete: bool,
) -> None:
    """Add a version and make it the current one, unless this very click did so before."""
    time = time_spent.time_spent_on(held, interaction.at, is_undone=value is None)
    version = {
        "assignment_id": held.id,
        "version": held.version + 1,
        "value": value,
        "complete": complete,
        "interaction_id": interaction.id,
        "guidelines_version": held.guidelines_version,
        "shown": held.shown,
        "read_in_full": held.read_in_full_at is not None,
        "seconds": time.seconds if time else None,
        "paused": bool(time and time.has_pause),
        "created_at": interaction.at,
    }
    if answer_submission.store_version(session, version):
        state = _reclaim_slot(session, held, state)
        answer_submission.set_current_version(
            session,
            held.id,
            state=state,
            value=value,
            complete=complete,
            version=held.version + 1,
            answered_at=interaction.at if complete else None,
            leased_until=_new_lease_end(session, held, interaction, complete=complete),
        )
        if state == AssignmentState.DELIVERED and held.state != state:  # reminders begin anew
            _update_assignment(session, held.id, delivered_at=interaction.at)
        confirmation.update_confirmation(
            session, held, value, complete=complete, now=interaction.at
        )
    _queue_next_message(session, held, interaction, is_done=complete)


def _new_lease_end(
    session: Session, held: AssignmentSnapshot, interaction: Interaction, *, complete: bool
) -> datetime:
    """A task that is open again gets a new lease; one that is answered needs none."""
    if complete:
        return interaction.at
    return leases.lease_end(session, held.expert_id, held.lease_minutes, interaction.at)


def _reclaim_slot(
    session: Session, held: AssignmentSnapshot, state: AssignmentState
) -> AssignmentState:
    """An expired, released or skipped task counts again if nobody took its place.

    What somebody answers whose answers are left out is kept and left out with them.
    """
    if held.state in (*OPEN_STATES, AssignmentState.ANSWERED):
        return state
    if corrections.is_excluded(session, held.campaign_id, held.expert_id):
        return AssignmentState.QUARANTINED
    if not answer_submission.take_slot(session, held.task_id):
        raise TaskFullError
    return state


def _queue_next_message(
    session: Session, held: AssignmentSnapshot, interaction: Interaction, *, is_done: bool = False
) -> None:
    """Queue the screen that follows; a message with a thread stays, the next task comes below."""
    payload = {
        "assignment": held.id,
        "channel": interaction.channel,
        "message_ts": interaction.message_ts,
    }
    outbox.enqueue(
        session,
        "turn",
        recipient=held.slack_id,
        payload=payload,
        now=interaction.at,
        response_url=interaction.response_url,
    )
    if is_done and held.answered_in_thread:
        outbox.enqueue(session, "task", recipient=held.slack_id, payload={}, now=interaction.at)


def _update_assignment(session: Session, assignment_id: int, **columns: object) -> None:
    statement = update(Assignment).where(col(Assignment.id) == assignment_id).values(**columns)
    session.connection().execute(statement)
