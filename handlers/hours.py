"""Answers and hours of experts, for coordinators."""

from __future__ import annotations

from sqlmodel import Session

from bot.app_context import AppContext
from bot.errors import BotError
from bot.services.campaigns import campaigns
from bot.services.experts import work
from bot.services.experts.work import WorkPeriod
from bot.slack.blockkit.message import Message
from bot.slack.views import hours as hours_view
from handlers.payloads import ActionPayload, CommandPayload, CommandResponse
from handlers.responses import reply
from storage.row_id import id_of


class UnknownPeriodError(BotError):
    """Unknown period “{period}”. Write by=month or by=week."""


async def show_hours(app: AppContext, command: CommandPayload) -> CommandResponse:
    """Show the hours of the named campaign, or of all.

    Raises:
        UnknownPeriodError: `by=` has another value.
    """
    typed = command.arguments.options.get("by", WorkPeriod.MONTH.value)
    if typed not in tuple(WorkPeriod):
        raise UnknownPeriodError(period=typed)
    return await app.db.read(_render_by_name, command.arguments.first_token, WorkPeriod(typed))


async def show_hours_from_button(app: AppContext, payload: ActionPayload) -> None:
    """Show the hours of the button's campaign, or of all, by month or week."""
    period = WorkPeriod.WEEK if payload.action.option == WorkPeriod.WEEK else WorkPeriod.MONTH
    reply(app, payload, await app.db.read(_render_by_id, payload.action.target_id, period))


def _render_by_name(session: Session, name: str, period: WorkPeriod) -> Message:
    campaign_id = id_of(campaigns.campaign_by_name(session, name)) if name else 0
    return _render_by_id(session, campaign_id, period)


def _render_by_id(session: Session, campaign_id: int, period: WorkPeriod) -> Message:
    name = campaigns.campaign_by_id(session, campaign_id).name if campaign_id else ""
    found = work.list_expert_periods(session, name, period)
    return hours_view.render_hours(found, campaign_id, name, period)
