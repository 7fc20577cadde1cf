"""Progress of an expert, and status of campaigns for coordinators."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session

from bot.app_context import AppContext
from bot.messages.charts import ChartMessage
from bot.services.campaigns import campaigns
from bot.services.reports import agreement
from bot.services.reports import overview as overview_report
from bot.services.reports.agreement_figures import StoredFigures
from bot.services.reports.model_ranks import ranks_models
from bot.services.reports.overview import CampaignReport
from bot.services.tasks import expert_progress
from bot.slack.blockkit.message import Message
from bot.slack.views import campaign_status, campaigns_overview, home
from handlers.payloads import ActionPayload, CommandPayload, CommandResponse
from handlers.responses import reply
from storage.queries import outbox
from storage.row_id import id_of
from storage.tables import Role


async def show_status(app: AppContext, command: CommandPayload) -> CommandResponse:
    """Show an expert's progress; show coordinators all campaigns or the named one."""
    progress = await app.db.read(expert_progress.progress_of, command.slack_id, command.at)
    own_text = home.summarize_progress(progress) if progress else ""
    if await app.role_of(command.slack_id) != Role.COORDINATOR:
        return own_text or home.NO_CAMPAIGN_TEXT
    if command.arguments.first_token:
        return await _render_campaign(
            app, await app.db.read(_campaign_id_of, command.arguments.first_token)
        )
    return campaigns_overview.render_campaigns(
        await app.db.read(overview_report.list_overviews, command.at), own_text
    )


async def show_campaign(app: AppContext, payload: ActionPayload) -> None:
    """Show the status of the button's campaign."""
    in_modal = not payload.interaction.response_url
    message = await _render_campaign(app, payload.action.target_id, in_modal=in_modal)
    reply(app, payload, message, title="Campaign status")


async def send_chart(app: AppContext, payload: ActionPayload) -> None:
    """Queue a chart of the campaign, to the DM of the person who clicked."""
    message = ChartMessage(payload.action.target_id)
    await app.db.read(campaigns.campaign_by_id, payload.action.target_id)
    await app.db.write(
        outbox.enqueue,
        message,
        recipient=payload.interaction.slack_id,
        now=payload.interaction.at,
    )


async def _render_campaign(app: AppContext, campaign_id: int, *, in_modal: bool = False) -> Message:
    now = app.clock.now()
    await app.db.read(campaigns.campaign_by_id, campaign_id)
    fresh: StoredFigures | None = None
    if await app.db.read(_needs_agreement_report, campaign_id, now):
        figures = await app.db.read(agreement.compute_with_stored_models, campaign_id)
        if await app.db.read(ranks_models, campaign_id):
            fresh = StoredFigures(figures, now)  # not stored, so that the models are soon due
        else:
            await app.db.write(agreement.store_figures, campaign_id, figures, now)
    report = await app.db.read(_load_campaign_status, campaign_id, now, fresh)
    return campaign_status.render_campaign_status(report, now, in_modal=in_modal)


def _needs_agreement_report(session: Session, campaign_id: int, now: datetime) -> bool:
    """Return whether to recompute the agreement now.

    A campaign with many answers is left to the scheduler, because the person would wait too long.
    """
    is_current = agreement.is_current(session, campaign_id, now, agreement.MAX_AGE_ON_REQUEST)
    return not is_current and agreement.can_compute_inline(session, campaign_id)


def _campaign_id_of(session: Session, name: str) -> int:
    return id_of(campaigns.campaign_by_name(session, name))


def _load_campaign_status(
    session: Session, campaign_id: int, now: datetime, fresh: StoredFigures | None
) -> CampaignReport:
    campaign = campaigns.campaign_by_id(session, campaign_id)
    return overview_report.build_campaign_report(session, campaign, now, fresh)
