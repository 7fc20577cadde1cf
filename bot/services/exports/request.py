"""Export requests from Slack, refused if there is nothing to export or one is in progress."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from sqlmodel import Session

from bot.errors import BotError
from bot.exports.row_options import parse_row_options
from bot.services.actors.actor import Actor
from bot.services.exports import jobs
from bot.services.exports.jobs import ExportRequest
from bot.services.exports.supported_formats import formats_for
from bot.services.reports import campaign_status
from bot.services.reports.campaign_status import CampaignStatus
from storage.queries import export_runs, workers
from storage.row_id import id_of
from storage.tables import Campaign


class NothingToExportError(BotError):
    """“{name}” has no answers to export yet: {reason}."""


class NoFinishedExportError(BotError):
    """This export has not finished. Use `/label export {name}` to start another."""


class ExportInProgressError(BotError):
    """“{name}” is already being exported as {format}, requested {requested_ago}; please wait."""


def request_export(
    session: Session, campaign: Campaign, export_request: ExportRequest, actor: Actor
) -> str:
    """Queue an export of a campaign that the caller has locked; return its format.

    If the request has no format, the first one that suits the campaign is used.

    Raises:
        NothingToExportError, ExportInProgressError, and the errors of `jobs.check_request`: nothing
            is queued.
    """
    format_name = export_request.format or formats_for(campaign.kind)[0]
    jobs.check_request(campaign, replace(export_request, format=format_name))
    status = campaign_status.status_of(session, campaign)
    if not status.answered:
        raise NothingToExportError(name=campaign.name, reason=_reason_for_no_answers(status))
    export_request = replace(export_request, format=format_name)
    _check_not_in_progress(session, campaign, export_request, actor)
    jobs.queue_export(session, campaign, export_request, actor)
    return format_name


def export_again(session: Session, campaign: Campaign, run_id: int, actor: Actor) -> str:
    """Queue a finished export once more; return its format. The caller has locked the campaign.

    Its result goes to the same channel, else to the person who asks for it.

    Raises:
        NoFinishedExportError: the campaign has no such finished export.
        ExportInProgressError: such an export is queued or running.
        BotError: as `jobs.check_request`; nothing is queued.
    """
    run = export_runs.locked_run(session, run_id)
    if run is None or run.campaign_id != id_of(campaign) or run.finished_at is None:
        raise NoFinishedExportError(name=campaign.name)
    export_request = ExportRequest(
        run.format,
        Path(run.directory),
        run.channel,
        freezes=run.freezes,
        options=parse_row_options(run.options),
        destination=run.destination,
    )
    _check_not_in_progress(session, campaign, export_request, actor)
    jobs.queue_export(session, campaign, export_request, actor).schedule_id = run.schedule_id
    return run.format


def _reason_for_no_answers(status: CampaignStatus) -> str:
    if not status.items:
        return f"it has no items; import some with `/label import {status.name}`"
    if not status.experts:
        return f"it has no experts; invite some with `/label invite @person {status.name}`"
    return f"nobody has answered; remind experts with `/label remind {status.name}`"


def _check_not_in_progress(
    session: Session, campaign: Campaign, export_request: ExportRequest, actor: Actor
) -> None:
    """Check that no export with the same format and options is queued or running."""
    runs = export_runs.unfinished_runs(session, id_of(campaign), export_request.format)
    options = export_request.options.to_texts()
    run = next((run for run in runs if run.options == options), None)
    if run is None or workers.is_abandoned(session, run):
        return
    minutes = max(actor.at - run.due_at, timedelta()) // timedelta(minutes=1)
    requested_ago = f"{minutes} minutes ago" if minutes > 1 else "a moment ago"
    raise ExportInProgressError(
        name=campaign.name, format=export_request.format, requested_ago=requested_ago
    )
