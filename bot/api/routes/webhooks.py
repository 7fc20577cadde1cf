"""Webhooks: add, list, test, enable and remove them; their deliveries and replays."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, Field
from sqlmodel import Session

from bot.api.call import AdminCall, ReadCall
from bot.api.models import Name, Names, Outcome, RequestModel
from bot.api.pages import MAX_POSITION, Page, PageRequest
from bot.services.actors.actor import Actor
from bot.services.webhooks import deliveries, webhooks
from bot.services.webhooks.deliveries import DeliveryStatus
from bot.services.webhooks.webhook_secrets import (
    DEFAULT_KEEP_HOURS,
    MAX_KEEP_HOURS,
    ChangedSecret,
    change_secret,
)
from bot.services.webhooks.webhooks import NewWebhook, WebhookStatus
from bot.webhook_delivery import SendingRules, send_test
from storage.tables import WebhookDeliveryState

router = APIRouter()

WebhookName = Annotated[str, Path(max_length=80, description="Name of the webhook.")]
DeliveryId = Annotated[int, Field(ge=1, le=MAX_POSITION, strict=True)]


class WebhookBody(RequestModel):
    """A webhook to add. `events` and `campaigns` empty: all."""

    name: Name
    url: Annotated[str, Field(max_length=2_000)]
    events: Names = Field(default_factory=list)
    campaigns: Names = Field(default_factory=list)


class ReplayBody(RequestModel):
    """Ids of deliveries to send again; null: all that failed."""

    ids: Annotated[list[DeliveryId] | None, Field(min_length=1, max_length=1_000)] = None


class SecretBody(RequestModel):
    """For how many hours the old secret signs beside the new one; 0: not at all."""

    keep_hours: Annotated[int, Field(ge=0, le=MAX_KEEP_HOURS, strict=True)] = DEFAULT_KEEP_HOURS


class WebhookSecret(BaseModel):
    """A webhook that was added. The secret verifies its events; it is shown once."""

    name: str
    secret: str


@router.get("/webhooks")
def list_webhooks(call: ReadCall) -> list[WebhookStatus]:
    """List the webhooks with their deliveries, without secrets."""
    call.holder.require_all_campaigns()
    return call.read(webhooks.list_webhooks)


@router.post("/webhooks", status_code=201)
def add_webhook(call: AdminCall, body: WebhookBody) -> WebhookSecret:
    """Add a webhook, which gets the events that happen from then on."""
    call.holder.require_all_campaigns()
    new = NewWebhook(body.name, body.url, tuple(body.events), tuple(body.campaigns))
    allows_private = call.context.settings.webhook_allow_private

    def add(session: Session, actor: Actor) -> WebhookSecret:
        created = webhooks.add_webhook(session, new, actor, allows_private=allows_private)
        return WebhookSecret(name=created.name, secret=created.secret)

    return call.change(add)


@router.post("/webhooks/{webhook}/secret")
def rotate_secret(call: AdminCall, webhook: WebhookName, body: SecretBody) -> ChangedSecret:
    """Give a webhook a new secret, shown once; the old one also signs until `old_until`."""
    call.holder.require_all_campaigns()
    return call.change(
        lambda session, actor: change_secret(session, webhook, body.keep_hours, actor)
    )


@router.delete("/webhooks/{webhook}")
def remove_webhook(call: AdminCall, webhook: WebhookName) -> Outcome:
    """Remove a webhook with its secret, its log and what waits for it."""
    call.holder.require_all_campaigns()

    def remove(session: Session, actor: Actor) -> Outcome:
        webhooks.remove_webhook(session, webhook, actor)
        return Outcome(changed=1)

    return call.change(remove)


@router.post("/webhooks/{webhook}/enable")
def enable_webhook(call: AdminCall, webhook: WebhookName) -> Outcome:
    """Let a disabled webhook get events again, and try a failing one at once."""
    call.holder.require_all_campaigns()

    def enable(session: Session, actor: Actor) -> Outcome:
        return Outcome(changed=int(webhooks.enable_webhook(session, webhook, actor)))

    return call.change(enable)


@router.post("/webhooks/{webhook}/test")
def test_webhook(call: AdminCall, webhook: WebhookName) -> DeliveryStatus:
    """Send the event webhook.test now; `error` is null if the receiver accepted it."""
    call.holder.require_all_campaigns()
    rules = SendingRules(call.context.settings.webhook_allow_private)
    return send_test(call.context.database, call.context.clock, webhook, rules)


@router.get("/webhooks/{webhook}/deliveries")
def list_deliveries(
    call: ReadCall,
    webhook: WebhookName,
    paging: PageRequest,
    state: Annotated[list[WebhookDeliveryState] | None, Query(max_length=10)] = None,
) -> Page[DeliveryStatus]:
    """List the events of a webhook with their outcome, the newest first."""
    call.holder.require_all_campaigns()
    before = paging.cursor.position or None
    found = call.read(
        lambda session: deliveries.list_deliveries(
            session, webhook, state or (), paging.limit + 1, before=before
        )
    )
    return paging.page_of(found, lambda one: one.id)


@router.post("/webhooks/{webhook}/replay")
def replay(call: AdminCall, webhook: WebhookName, body: ReplayBody) -> Outcome:
    """Send events of the log again, with the same ids."""
    call.holder.require_all_campaigns()

    def queue(session: Session, actor: Actor) -> Outcome:
        return Outcome(changed=len(deliveries.replay(session, webhook, body.ids, actor)))

    return call.change(queue)
