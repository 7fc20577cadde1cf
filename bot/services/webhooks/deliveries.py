"""Deliveries to webhooks: what follows from an attempt, the log, and replays.

An event is tried for a day, whatever the reason of a failure, because receivers are repaired. A
webhook whose attempts fail is tried with one event at a time and growing pauses, until one
succeeds. It is reported when the first event is given up, and disabled when all attempts of five
days have failed, or when the receiver answers that it is gone.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session

from bot.errors import BotError
from bot.messages.texts import TextMessage
from bot.services.actors import roles
from bot.services.actors.actor import Actor
from bot.services.settings.workspace_settings import load_settings
from bot.services.webhooks.webhooks import require_webhook
from bot.webhooks.events import WebhookTest
from storage.queries import outbox, webhook_claims, webhook_deliveries, webhooks
from storage.row_id import id_of
from storage.tables import Webhook, WebhookDelivery, WebhookDeliveryState

GIVE_UP_AFTER = timedelta(days=1)
"""How long an event is tried."""

DISABLE_AFTER = timedelta(days=5)
"""How long all attempts of a webhook must have failed until it is disabled."""

FIRST_RETRY, MAX_RETRY = timedelta(seconds=5), timedelta(hours=1)
"""Wait before the second attempt at an event; it doubles each time up to the longest."""

FIRST_PAUSE, MAX_PAUSE = timedelta(seconds=1), timedelta(minutes=1)
"""Pause of a webhook after a failed attempt; it doubles each time up to the longest."""

GONE_REASON = "its receiver answered that it wants no webhooks any more (status 410)"

FAILING_TEXT = (
    "The webhook “{name}” has not received an event for a day: {reason}. Events that it missed are "
    "kept in its log. When it works again, send them with: labelbot webhooks replay {name} --failed"
)
DISABLED_TEXT = (
    "The webhook “{name}” was disabled, because {reason}. It gets no more events. "
    "{count} of its events were not delivered. To continue: labelbot webhooks enable {name}, "
    "then labelbot webhooks replay {name} --failed"
)


class NothingToReplayError(BotError):
    """The log of “{name}” has no such deliveries. labelbot webhooks deliveries {name} lists it."""


@dataclass(frozen=True, slots=True)
class Failure:
    """Why an attempt failed. `is_gone`: the receiver no longer accepts webhooks."""

    reason: str
    status: int | None = None
    retry_after: timedelta | None = None
    is_gone: bool = False


@dataclass(frozen=True, slots=True)
class DeliveryStatus:
    """One delivery in the log of a webhook.

    Attributes:
        event: id of the event, which is the header `webhook-id`.
        status: of the last response, None if there was none.
        next_attempt_at: when it is tried, None if it is finished.
    """

    id: int
    event: str
    type: str
    state: str
    attempts: int
    happened_at: datetime
    next_attempt_at: datetime | None
    finished_at: datetime | None
    status: int | None
    error: str | None


def record_delivered(
    session: Session, delivery: WebhookDelivery, status: int, now: datetime
) -> bool:
    """Record that a receiver has an event; return whether attempts had failed before."""
    webhook_claims.record_outcome(
        session,
        delivery,
        state=WebhookDeliveryState.DELIVERED,
        finished_at=now,
        status=status,
        error=None,
    )
    return webhooks.record_success(session, delivery.webhook_id)


def record_dropped(session: Session, delivery: WebhookDelivery, now: datetime) -> None:
    """Record that nothing is left to send: what the event is about was deleted."""
    webhook_claims.record_outcome(
        session,
        delivery,
        state=WebhookDeliveryState.DROPPED,
        finished_at=now,
        error="what the event is about was deleted",
    )


def record_failure(
    session: Session,
    delivery: WebhookDelivery,
    failure: Failure,
    now: datetime,
    coordinators: Collection[str],
) -> bool:
    """Record a failed attempt and what follows; return whether the webhook worked before.

    `coordinators` are the Slack ids in LABELBOT_COORDINATORS.
    """
    webhook = webhooks.find_by_id(session, delivery.webhook_id)
    is_disabled = webhook is None or webhook.disabled_at is not None
    is_final = is_disabled or failure.is_gone or now - delivery.queued_at >= GIVE_UP_AFTER
    wait = min(FIRST_RETRY * 2 ** min(delivery.attempts - 1, 20), MAX_RETRY)
    is_recorded = webhook_claims.record_outcome(
        session,
        delivery,
        state=WebhookDeliveryState.FAILED if is_final else WebhookDeliveryState.WAITING,
        due_at=now + max(wait, failure.retry_after or wait),
        finished_at=now if is_final else None,
        status=failure.status,
        error=failure.reason,
    )
    if webhook is None or is_disabled or not is_recorded:
        return False
    was_working = webhook.failures == 0
    _record_pause(webhook, failure, now)
    if failure.is_gone or now - (webhook.failing_since or now) >= DISABLE_AFTER:
        _disable(session, webhook, failure, now, coordinators)
    elif is_final and webhook.reported_at is None:
        text = FAILING_TEXT.format(name=webhook.name, reason=failure.reason)
        webhook.reported_at = now
        _notify(session, text, now, coordinators)
    session.add(webhook)
    return was_working


def _record_pause(webhook: Webhook, failure: Failure, now: datetime) -> None:
    pause = min(FIRST_PAUSE * 2 ** min(webhook.failures, 20), MAX_PAUSE)
    webhook.failures += 1
    webhook.failing_since = webhook.failing_since or now
    webhook.retry_at = now + max(pause, failure.retry_after or pause)


def _disable(
    session: Session,
    webhook: Webhook,
    failure: Failure,
    now: datetime,
    coordinators: Collection[str],
) -> None:
    days = f"all attempts of {DISABLE_AFTER.days} days failed, the last one because "
    reason = GONE_REASON if failure.is_gone else f"{days}{failure.reason}"
    webhook.disabled_at, webhook.disabled_reason = now, reason
    session.add(webhook)
    error = f"the webhook was disabled: {reason}"
    webhook_deliveries.fail_waiting(session, id_of(webhook), error, now)
    counts = webhook_deliveries.counts_by_state(session)
    count = counts.get((id_of(webhook), WebhookDeliveryState.FAILED), 0)
    text = DISABLED_TEXT.format(name=webhook.name, reason=reason, count=f"{count:,}")
    webhooks.forget_filters()
    _notify(session, text, now, coordinators)


def _notify(session: Session, text: str, now: datetime, coordinators: Collection[str]) -> None:
    """Queue a message to the channel of the workspace, else to each coordinator."""
    channel = load_settings(session).channel
    message = TextMessage(text, channel=channel, reason="events could not be sent to a webhook")
    recipients = [channel] if channel else roles.coordinator_ids(session, coordinators)
    for recipient in recipients:
        outbox.enqueue(session, message, recipient=recipient, now=now)


def start_test(session: Session, name: str, now: datetime) -> tuple[Webhook, WebhookDelivery]:
    """Return a webhook, and the delivery of a test event, which is not stored yet.

    Raises:
        NotFoundError: there is no such webhook.
    """
    webhook = require_webhook(session, name)
    delivery = WebhookDelivery(
        webhook_id=id_of(webhook),
        event_id=webhook_deliveries.new_event_id(),
        event_type=WebhookTest.event_type,
        subject={},
        attempts=1,
        happened_at=now,
        queued_at=now,
        due_at=now,
    )
    return webhook, delivery


def finish_test(
    session: Session,
    delivery: WebhookDelivery,
    status: int | None,
    failure: Failure | None,
    now: datetime,
) -> DeliveryStatus:
    """Add a test event to the log; it says nothing about the other events of the webhook."""
    is_failed = failure is not None
    delivery.state = WebhookDeliveryState.FAILED if is_failed else WebhookDeliveryState.DELIVERED
    delivery.finished_at = now
    delivery.status = failure.status if failure else status
    delivery.error = failure.reason if failure else None
    webhook_deliveries.add_finished(session, delivery)
    return _status_of(delivery)


def list_deliveries(
    session: Session,
    name: str,
    states: Collection[WebhookDeliveryState],
    limit: int,
    *,
    before: int | None = None,
) -> list[DeliveryStatus]:
    """Return the newest deliveries to a webhook in some states (empty: all), newest first.

    Raises:
        NotFoundError: there is no such webhook.
    """
    webhook_id = id_of(require_webhook(session, name))
    rows = webhook_deliveries.list_deliveries(session, webhook_id, states, limit, before=before)
    return [_status_of(row) for row in rows]


def _status_of(row: WebhookDelivery) -> DeliveryStatus:
    is_waiting = row.state == WebhookDeliveryState.WAITING
    return DeliveryStatus(
        id=id_of(row),
        event=row.event_id,
        type=row.event_type,
        state=row.state,
        attempts=row.attempts,
        happened_at=row.happened_at,
        next_attempt_at=row.due_at if is_waiting else None,
        finished_at=row.finished_at,
        status=row.status,
        error=row.error,
    )


def replay(session: Session, name: str, ids: Collection[int] | None, actor: Actor) -> list[int]:
    """Queue deliveries again, with the same event ids; None: all that failed. Return their ids.

    Raises:
        NotFoundError: there is no such webhook.
        NothingToReplayError: its log has none of them, or all of them are waiting.
    """
    webhook = require_webhook(session, name, lock=True)
    queued = webhook_deliveries.queue_again(session, id_of(webhook), ids, actor.at)
    if not queued:
        raise NothingToReplayError(name=name)
    actor.record(session, "replayed events", f"webhook {name}", event_count=len(queued))
    return queued
