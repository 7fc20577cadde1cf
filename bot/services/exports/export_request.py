"""Requests for exports: checked when somebody asks, and queued."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

from sqlmodel import Session

from bot.destinations.address import check_available
from bot.destinations.local_folder import check_folder
from bot.errors import BotError
from bot.exports.row_options import DEFAULT_OPTIONS, RowOptions, parse_row_options
from bot.services.actors.actor import Actor, subject_of
from bot.services.actors.audit_log import SLACK
from bot.services.exports.meta_check import check_meta
from bot.services.exports.supported_formats import formats_for, tables_of
from bot.services.reports.campaign_counts import CampaignCounts, counts_of
from storage.queries import export_runs, workers
from storage.row_id import id_of
from storage.tables import Campaign, ExportRun


class NothingToExportError(BotError):
    """“{name}” has no answers to export yet: {reason}."""


class NoFinishedExportError(BotError):
    """This export has not finished. Use `/label export {name}` to start another."""


class ExportInProgressError(BotError):
    """“{name}” is already being exported as {format}, requested {requested_ago}; please wait."""


@dataclass(frozen=True, slots=True)
class ExportRequest:
    """An export to run: its format, folder and Slack channel to notify.

    `freezes`: the exported answers become final. `options` say how answers become rows.
    `destination` is the address to which the folder is delivered, if any.
    """

    format: str
    directory: Path
    channel: str | None = None
    freezes: bool = False
    options: RowOptions = DEFAULT_OPTIONS
    destination: str | None = None


def check_request(session: Session, campaign: Campaign, request: ExportRequest) -> None:
    """Check that an export of a campaign is possible.

    Raises:
        NotFoundError, UnsupportedFormatError, UnsupportedAggregateError, RankingClassesError,
            NotAFolderError, UnknownColumnsError: it is not.
        InvalidDestinationError, MissingExtraError, MissingWebhookSecretError, PlainWebhookError: it
            cannot be delivered.
    """
    tables_of(campaign, request.format, request.options)
    check_meta(session, campaign, request.options.meta)
    check_folder(request.directory)
    if request.destination:
        check_available(request.destination)


def queue_export(
    session: Session, campaign: Campaign, request: ExportRequest, actor: Actor
) -> ExportRun:
    """Queue an export for now. If it was requested in Slack, the requester gets the result there.

    Raises:
        BotError: as `check_request`; nothing is queued.
    """
    check_request(session, campaign, request)
    run = ExportRun(
        campaign_id=id_of(campaign),
        format=request.format,
        directory=str(request.directory),
        destination=request.destination,
        requested_by=actor.name if actor.origin == SLACK else None,
        channel=request.channel,
        freezes=request.freezes,
        options=request.options.to_texts(),
        due_at=actor.at,
    )
    session.add(run)
    session.flush()
    details: dict[str, object] = {"format": request.format, **run.options}
    details |= {"freezes": True} if request.freezes else {}
    details |= destination_details(request.destination)
    actor.record(session, "requested an export", subject_of(campaign), **details)
    return run


def destination_details(destination: str | None) -> dict[str, object]:
    """Return where an export is delivered, for the audit log."""
    return {"destination": destination} if destination else {}


def request_export(
    session: Session, campaign: Campaign, export_request: ExportRequest, actor: Actor
) -> str:
    """Queue an export of a campaign that the caller has locked; return its format.

    If the request has no format, the first one that suits the campaign is used.

    Raises:
        NothingToExportError, ExportInProgressError, and the errors of `check_request`: nothing
            is queued.
    """
    format_name = export_request.format or formats_for(campaign.kind)[0]
    check_request(session, campaign, replace(export_request, format=format_name))
    counts = counts_of(session, campaign)
    if not counts.answered:
        reason = _reason_for_no_answers(campaign.name, counts)
        raise NothingToExportError(name=campaign.name, reason=reason)
    export_request = replace(export_request, format=format_name)
    _check_not_in_progress(session, campaign, export_request, actor)
    queue_export(session, campaign, export_request, actor)
    return format_name


def export_again(session: Session, campaign: Campaign, run_id: int, actor: Actor) -> str:
    """Queue a finished export once more; return its format. The caller has locked the campaign.

    Its result goes to the same channel, else to the person who asks for it.

    Raises:
        NoFinishedExportError: the campaign has no such finished export.
        ExportInProgressError: such an export is queued or running.
        BotError: as `check_request`; nothing is queued.
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
    queue_export(session, campaign, export_request, actor).schedule_id = run.schedule_id
    return run.format


def _reason_for_no_answers(name: str, counts: CampaignCounts) -> str:
    if not counts.items:
        return f"it has no items; import some with `/label import {name}`"
    if not counts.experts:
        return f"it has no experts; invite some with `/label invite @person {name}`"
    return f"nobody has answered; remind experts with `/label remind {name}`"


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
