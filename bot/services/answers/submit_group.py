"""Answers that experts give at the same moment, stored with four statements for all of them.

These are the ordinary ones: complete, of an open or answered task, in a campaign with one level and
a fixed overlap, with no webhook that wants to know. Everything else is submitted alone, by
`submit_answer`: also what is refused, and what changes nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlmodel import Session

from bot.errors import BotError
from bot.kinds import kind_named
from bot.kinds.base import FormInput, ParsedAnswer
from bot.services.actors.interaction import Interaction
from bot.services.answers import answer_events, confirmation, submit
from bot.services.answers.campaign_settings import needs_confirmation, settings_of
from bot.services.answers.versions import build_version, next_messages
from storage.correlation import current_correlation_id
from storage.grouped_writes import GroupedWrite
from storage.queries import answer_groups, outbox
from storage.queries.answer_submission import AssignmentSnapshot
from storage.tables import AssignmentState, CampaignState


@dataclass(frozen=True, slots=True)
class Submission:
    """An expert's input for an assignment; `correlation_id` is that of the request that has it."""

    assignment_id: int
    form_input: FormInput
    interaction: Interaction
    correlation_id: str | None = field(default_factory=current_correlation_id)


@dataclass(frozen=True, slots=True)
class _Answer:
    submission: Submission
    snapshot: AssignmentSnapshot
    parsed: ParsedAnswer

    def to_version(self) -> dict[str, Any]:
        value, interaction = self.parsed.value, self.submission.interaction
        return build_version(self.snapshot, interaction, value, complete=True)


def submit_answers(
    session: Session, submissions: Sequence[Submission]
) -> list[ParsedAnswer | None]:
    """Store the ordinary answers as `submit_answer` does; None for each that is not stored.

    Of several inputs for one assignment, only the first can be stored here.
    """
    ids = {submission.assignment_id for submission in submissions}
    snapshots = answer_groups.lock_assignments(session, ids)
    answers = [
        _parse(session, submission, snapshots.pop(submission.assignment_id, None))
        for submission in submissions
    ]
    versions = [answer.to_version() for answer in answers if answer]
    stored_ids = answer_groups.store_answers(session, versions)
    stored = [answer if answer and answer.snapshot.id in stored_ids else None for answer in answers]
    _queue_next_messages(session, [answer for answer in stored if answer])
    return [answer.parsed if answer else None for answer in stored]


def _parse(
    session: Session, submission: Submission, snapshot: AssignmentSnapshot | None
) -> _Answer | None:
    """Return the answer to store, None unless it is an ordinary one."""
    if snapshot is None or not _is_ordinary(session, snapshot, submission.interaction.slack_id):
        return None
    kind = kind_named(snapshot.kind)
    settings = settings_of(kind, snapshot.settings)
    previous, order = snapshot.value or {}, snapshot.candidate_order
    try:
        parsed = kind.parse_answer(submission.form_input, previous, settings, order)
    except BotError:
        return None
    is_same = snapshot.complete and parsed.value == snapshot.value
    return _Answer(submission, snapshot, parsed) if parsed.complete and not is_same else None


def _is_ordinary(session: Session, snapshot: AssignmentSnapshot, slack_id: str) -> bool:
    """Return whether a complete answer only adds a version and queues messages."""
    is_accepted = (
        snapshot.slack_id == slack_id
        and not snapshot.is_deleted
        and snapshot.campaign_state != CampaignState.CLOSED
        and snapshot.finalized_by is None
    )
    has_slot = snapshot.state in (*confirmation.OPEN_STATES, AssignmentState.ANSWERED)
    has_effects = (
        snapshot.away_since is not None
        or snapshot.confirms_assignment_id is not None
        or snapshot.practice_attempt is not None
        or snapshot.max_overlap is not None
        or needs_confirmation(snapshot.settings)
        or answer_events.has_webhooks(session, snapshot.campaign_id)
    )
    return is_accepted and has_slot and not has_effects


def _queue_next_messages(session: Session, answers: Sequence[_Answer]) -> None:
    messages = [
        (message, answer.submission.correlation_id)
        for answer in answers
        for message in next_messages(answer.snapshot, answer.submission.interaction, is_done=True)
    ]
    outbox.enqueue_all(session, messages)


def _submit_alone(session: Session, submission: Submission) -> ParsedAnswer:
    return submit.submit_answer(
        session, submission.assignment_id, submission.form_input, submission.interaction
    )


SUBMIT_ANSWER = GroupedWrite(together=submit_answers, alone=_submit_alone)
"""Submits an answer, with those of other experts if possible. Raises as `submit_answer`."""
