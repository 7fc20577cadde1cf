"""What an event contains, read from the database when it is sent. People are pseudonyms.

Each class here is the `data` of one event. The OpenAPI document and docs/api-reference.md are
generated from them. Fields are only added; another meaning gets another event.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlmodel import Session

from bot.services.answers import answer_feed
from bot.services.answers.answer_feed import AnswerVersion
from bot.webhooks.events import (
    EVENT_CLASSES,
    AnswerStored,
    CampaignDone,
    ExportFailed,
    ExportReady,
    ItemCompleted,
    ReferencedEvent,
    WarningRaised,
    WebhookEvent,
    WebhookTest,
)
from storage.queries import experts, items, progress
from storage.row_id import id_of
from storage.tables import Campaign, ExportRun, Task, Webhook, WebhookDelivery


@dataclass(frozen=True, slots=True)
class AnswerStoredData:
    """An answer was stored, changed or undone. `answer` is a version of it, as in the feed."""

    campaign: str
    answer: AnswerVersion


@dataclass(frozen=True, slots=True)
class ItemCompletedData:
    """An item got the last answer that it needs. `overlap` is how many it needs."""

    campaign: str
    item: str
    overlap: int


@dataclass(frozen=True, slots=True)
class CampaignDoneData:
    """A campaign is done. `reason` is `complete` (all items have all answers) or `closed`."""

    campaign: str
    reason: str
    state: str
    answers: int


@dataclass(frozen=True, slots=True)
class ExportReadyData:
    """An export was written. `location` is where it was delivered, null if it was not."""

    campaign: str
    export: int
    format: str
    rows: int | None
    left_out: int | None
    manifest_sha256: str | None
    location: str | None
    finished_at: datetime | None


@dataclass(frozen=True, slots=True)
class ExportFailedData:
    """An export failed for good; `error` is the reason."""

    campaign: str
    export: int
    format: str
    error: str | None
    finished_at: datetime | None


@dataclass(frozen=True, slots=True)
class WarningRaisedData:
    """Coordinators were notified of a problem. `expert` is the pseudonym of whom it is about."""

    campaign: str
    kind: str
    text: str
    expert: str | None


@dataclass(frozen=True, slots=True)
class WebhookTestData:
    """Somebody tests the webhook with this name."""

    webhook: str


EventData = (
    AnswerStoredData
    | ItemCompletedData
    | CampaignDoneData
    | ExportReadyData
    | ExportFailedData
    | WarningRaisedData
    | WebhookTestData
)

DATA_CLASSES: dict[str, type[EventData]] = {
    AnswerStored.event_type: AnswerStoredData,
    ItemCompleted.event_type: ItemCompletedData,
    CampaignDone.event_type: CampaignDoneData,
    ExportReady.event_type: ExportReadyData,
    ExportFailed.event_type: ExportFailedData,
    WarningRaised.event_type: WarningRaisedData,
    WebhookTest.event_type: WebhookTestData,
}
"""The class of the data by event."""


def build_event(session: Session, delivery: WebhookDelivery) -> WebhookEvent | None:
    """Return what a webhook gets; None: what the event is about was deleted meanwhile."""
    event = EVENT_CLASSES[delivery.event_type](**delivery.subject)
    build = cast("DataBuilder", BUILDERS[type(event)])
    campaign = session.get(Campaign, delivery.campaign_id) if delivery.campaign_id else None
    if isinstance(event, WebhookTest):
        webhook = session.get_one(Webhook, delivery.webhook_id)
        data: EventData | None = WebhookTestData(webhook.name)
    else:
        data = build(session, campaign, event) if campaign else None
    if data is None:
        return None
    return WebhookEvent(delivery.event_id, delivery.event_type, delivery.happened_at, data)


def _build_answer(
    session: Session, campaign: Campaign, event: AnswerStored
) -> AnswerStoredData | None:
    version = answer_feed.find_version(session, campaign, event.assignment_id, event.version)
    return AnswerStoredData(campaign.name, version) if version else None


def _build_item(
    session: Session, campaign: Campaign, event: ItemCompleted
) -> ItemCompletedData | None:
    task = session.get(Task, event.task_id)
    if task is None or task.is_deleted:
        return None
    item = items.items_by_id(session, {task.item_id})[task.item_id]
    return ItemCompletedData(campaign.name, item.key, task.overlap)


def _build_campaign(session: Session, campaign: Campaign, event: CampaignDone) -> CampaignDoneData:
    answers = progress.count_answers(session, id_of(campaign))
    return CampaignDoneData(campaign.name, event.reason, campaign.state, answers)


def _build_export(
    session: Session, campaign: Campaign, event: ExportReady
) -> ExportReadyData | None:
    run = session.get(ExportRun, event.export_id)
    if run is None:
        return None
    return ExportReadyData(
        campaign.name,
        id_of(run),
        run.format,
        run.rows,
        run.left_out,
        run.manifest_sha256,
        run.location,
        run.finished_at,
    )


def _build_failure(
    session: Session, campaign: Campaign, event: ExportFailed
) -> ExportFailedData | None:
    run = session.get(ExportRun, event.export_id)
    if run is None:
        return None
    return ExportFailedData(campaign.name, id_of(run), run.format, run.error, run.finished_at)


def _build_warning(session: Session, campaign: Campaign, event: WarningRaised) -> WarningRaisedData:
    pseudonym = experts.pseudonym_of(session, event.expert_id) if event.expert_id else None
    return WarningRaisedData(campaign.name, event.kind, event.text, pseudonym)


DataBuilder = Callable[[Session, Campaign, ReferencedEvent], EventData | None]

BUILDERS: dict[type[ReferencedEvent], Callable[..., Any]] = {
    AnswerStored: _build_answer,
    ItemCompleted: _build_item,
    CampaignDone: _build_campaign,
    ExportReady: _build_export,
    ExportFailed: _build_failure,
    WarningRaised: _build_warning,
}
