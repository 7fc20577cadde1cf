"""The audit log: the newest page by command, older pages by button."""

from __future__ import annotations

from sqlmodel import Session

from bot.app_context import AppContext
from bot.services.actors import audit_log
from bot.services.actors.audit_log import AuditEntry
from bot.services.campaigns import campaigns
from bot.slack.parsing import action_ids
from bot.slack.views import audit_log as audit_log_view
from handlers.payloads import ActionPayload, CommandPayload, CommandResponse
from handlers.responses import reply
from storage.row_id import id_of


async def show_latest(app: AppContext, command: CommandPayload) -> CommandResponse:
    """Show the newest events of one campaign or of all."""
    campaign_id, events = await app.db.read(_latest_page, command.arguments.first_token)
    return audit_log_view.render_page(events, campaign_id, command.at, is_first=True)


async def show_older(app: AppContext, payload: ActionPayload) -> None:
    """Show the events before those on the page, or the newest if no page is shown."""
    campaign_id, option = payload.action.target_id, payload.action.option
    before = action_ids.parse_row_id(option) if option else None
    events = await app.db.read(_load_page, campaign_id, before)
    page = audit_log_view.render_page(
        events, campaign_id, payload.interaction.at, is_first=before is None
    )
    reply(app, payload, page)


def _latest_page(session: Session, name: str) -> tuple[int, list[AuditEntry]]:
    campaign = campaigns.campaign_by_name(session, name) if name else None
    campaign_id = id_of(campaign) if campaign else 0
    return campaign_id, _load_page(session, campaign_id, None)


def _load_page(session: Session, campaign_id: int, before: int | None) -> list[AuditEntry]:
    campaign = campaigns.campaign_by_id(session, campaign_id) if campaign_id else None
    return audit_log.audit_entries(
        session, campaign, before=before, limit=audit_log_view.PAGE_SIZE + 1
    )
