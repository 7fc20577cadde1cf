"""An export asked for in Slack: words where there is nothing to export, or one is under way."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from sqlmodel import Session, col, select

from bot.errors import BotError
from bot.services import reporting, scheduling
from bot.services.directing import By
from bot.services.reporting import CampaignStatus
from bot.services.scheduling import LEASE, Wanted
from storage.tables import Campaign, ExportRun, RunState


class NothingToExportError(BotError):
    """“{name}” has no answers to export yet: {reason}."""


class UnderWayError(BotError):
    """“{name}” is being exported as {format} already, asked for {since}; it is on its way."""


def request(session: Session, campaign: Campaign, wanted: Wanted, by: By) -> str:
    """Queue an export of a campaign (locked by the caller); return its format.

    Without a format it is the first that suits the campaign.

    Raises:
        NothingToExportError, UnderWayError, NotFoundError, UnsuitableFormatError: it is not queued.
    """
    shape = wanted.format or scheduling.formats_for(campaign.kind)[0]
    scheduling.suitable_format(campaign, shape)
    status = reporting.status_of(session, campaign)
    if not status.answered:
        raise NothingToExportError(name=campaign.name, reason=_reason(status))
    _check_idle(session, campaign, shape, by)
    scheduling.request_export(session, campaign, replace(wanted, format=shape), by)
    return shape


def _reason(status: CampaignStatus) -> str:
    if not status.items:
        return f"it has no items; bring some with `/label import {status.name}`"
    if not status.experts:
        return f"nobody is in it; invite people with `/label invite @person {status.name}`"
    return f"nobody has answered; `/label remind {status.name}` reminds those who hold tasks"


def _check_idle(session: Session, campaign: Campaign, shape: str, by: By) -> None:
    chosen = select(ExportRun).where(
        ExportRun.campaign_id == campaign.id,
        ExportRun.format == shape,
        col(ExportRun.state).in_((RunState.QUEUED, RunState.RUNNING)),
    )
    run = session.exec(chosen.order_by(col(ExportRun.id).desc())).first()
    if run is None or (run.started_at and by.at - run.started_at >= LEASE):
        return
    minutes = max(by.at - run.due_at, timedelta()) // timedelta(minutes=1)
    since = f"{minutes} minutes ago" if minutes > 1 else "a moment ago"
    raise UnderWayError(name=campaign.name, format=shape, since=since)
