"""Events of answers for webhooks: an answer was stored, and its item has all its answers."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session

from bot.webhooks.events import AnswerStored, ItemCompleted
from storage.queries import completion, confirmation, webhook_deliveries, webhooks
from storage.queries.answer_submission import AssignmentSnapshot


def queue_answer_events(
    session: Session, snapshot: AssignmentSnapshot, now: datetime, *, complete: bool
) -> None:
    """Queue the events of a new version; `snapshot` is the assignment before it.

    A version that is neither complete nor replaces a complete one is no event: people answer tasks
    of several questions in parts.
    """
    campaign_id = snapshot.campaign_id
    if complete or snapshot.complete:
        webhook_deliveries.queue_event(
            session,
            AnswerStored(snapshot.id, snapshot.version + 1),
            campaign_id=campaign_id,
            now=now,
            answered_task=snapshot.task_id,
        )
    is_new = complete and not snapshot.complete
    if is_new and webhooks.wanting(session, ItemCompleted.event_type, campaign_id):
        task_id = _task_of_item(session, snapshot)
        if completion.has_all_answers(session, task_id):
            event = ItemCompleted(task_id)
            webhook_deliveries.queue_event(session, event, campaign_id=campaign_id, now=now)


def has_webhooks(session: Session, campaign_id: int) -> bool:
    """Return whether a webhook wants events of the answers in a campaign."""
    types = AnswerStored.event_type, ItemCompleted.event_type
    return any(webhooks.wanting(session, event_type, campaign_id) for event_type in types)


def _task_of_item(session: Session, snapshot: AssignmentSnapshot) -> int:
    """Return the task of the item: for a confirmation, that of the answer that it confirms."""
    if snapshot.confirms_assignment_id is None:
        return snapshot.task_id
    return confirmation.answer_to_confirm(session, snapshot.confirms_assignment_id).task_id
