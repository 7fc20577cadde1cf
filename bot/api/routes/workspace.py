"""The workspace: who the caller is, settings, the weekly summary, undelivered messages."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel
from sqlmodel import Session

from bot.api.call import AdminCall, ReadCall
from bot.api.models import DigestBody, MessageIds, Outcome, SettingsBody
from bot.api.pages import Limit
from bot.cron import CronSchedule
from bot.services.actors.actor import Actor
from bot.services.outbox import undelivered_messages
from bot.services.outbox.undelivered_messages import QueuedOrFailedMessage
from bot.services.reports import digest
from bot.services.reports.digest import DigestSettings
from bot.services.settings import workspace_settings
from bot.services.settings.workspace_settings import WorkspaceSettings
from storage.queries.api_keys import campaign_names
from storage.tables import OutboxState

router = APIRouter()


class KeyDescription(BaseModel):
    """The key of this request. `campaigns` empty: it is valid for all."""

    name: str
    scope: str
    campaigns: list[str]


@router.get("/key")
def get_key(call: ReadCall) -> KeyDescription:
    """Return the name and the scope of the key of this request."""
    names = call.read(lambda session: campaign_names(session, call.holder.campaign_ids))
    return KeyDescription(
        name=call.holder.name, scope=call.holder.scope, campaigns=sorted(names.values())
    )


@router.get("/settings")
def get_settings(call: ReadCall) -> WorkspaceSettings:
    """Return the settings of the workspace."""
    call.holder.require_all_campaigns()
    return call.read(workspace_settings.load_settings)


@router.patch("/settings")
def change_settings(call: AdminCall, body: SettingsBody) -> WorkspaceSettings:
    """Change settings of the workspace."""
    call.holder.require_all_campaigns()

    def change(session: Session, actor: Actor) -> WorkspaceSettings:
        values = body.model_dump(exclude_none=True)
        if "channel" in values:
            values["channel"] = values["channel"] or None
        after = replace(workspace_settings.load_settings(session), **values)
        workspace_settings.update_settings(session, after, actor)
        return after

    return call.change(change)


@router.get("/digest")
def get_digest(call: ReadCall) -> DigestSettings:
    """Return when the weekly summary is sent, and to whom."""
    call.holder.require_all_campaigns()
    return call.read(digest.digest_settings)


@router.patch("/digest")
def change_digest(call: AdminCall, body: DigestBody) -> DigestSettings:
    """Change or switch off the weekly summary."""
    call.holder.require_all_campaigns()

    def change(session: Session, actor: Actor) -> DigestSettings:
        before = digest.digest_settings(session)
        schedule = before.schedule
        after = replace(
            before,
            is_enabled=before.is_enabled if body.is_enabled is None else body.is_enabled,
            channel=before.channel if body.channel is None else body.channel or None,
            schedule=CronSchedule(body.cron or schedule.cron, body.tz or schedule.tz),
        )
        return digest.update_digest_settings(session, after, actor)

    return call.change(change)


@router.get("/outbox")
def list_undelivered(
    call: ReadCall,
    state: Annotated[list[OutboxState] | None, Query(max_length=10)] = None,
    limit: Limit = 100,
) -> list[QueuedOrFailedMessage]:
    """List messages to Slack that were not delivered, the newest first, without their content."""
    call.holder.require_all_campaigns()
    states = state or [OutboxState.HELD, OutboxState.FAILED]
    return call.read(lambda session: undelivered_messages.list_messages(session, states, limit))


@router.post("/outbox/retry")
def retry_messages(call: AdminCall, body: MessageIds) -> Outcome:
    """Queue held, failed or dropped messages again; without ids all held and failed ones."""
    call.holder.require_all_campaigns()

    def retry(session: Session, actor: Actor) -> Outcome:
        return Outcome(changed=len(undelivered_messages.retry(session, body.ids, actor)))

    return call.change(retry)


@router.post("/outbox/drop")
def drop_messages(call: AdminCall, body: MessageIds) -> Outcome:
    """Drop waiting, held or failed messages; without ids all failed ones."""
    call.holder.require_all_campaigns()

    def drop(session: Session, actor: Actor) -> Outcome:
        return Outcome(changed=len(undelivered_messages.drop(session, body.ids, actor)))

    return call.change(drop)
