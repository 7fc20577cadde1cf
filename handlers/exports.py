"""Exports: start one now, or manage a campaign's export schedules."""

from __future__ import annotations

from sqlmodel import Session

from bot import scheduled_jobs
from bot.app_context import AppContext
from bot.errors import BotError, FieldsError, NotFoundError
from bot.exports.formats import FORMAT_NAMES
from bot.exports.row_options import parse_row_options
from bot.exports.selection import RankingClassesError, UnsupportedAggregateError
from bot.services.actors.actor import Actor
from bot.services.campaigns import campaigns, create, lifecycle
from bot.services.exports import schedules
from bot.services.exports.export_request import ExportRequest, export_again, request_export
from bot.services.exports.meta_check import UnknownColumnsError
from bot.services.exports.recurrence import parse_recurrence
from bot.services.exports.schedules import ScheduleStatus
from bot.services.exports.supported_formats import (
    UnsupportedFormatError,
    UnusedGapError,
    formats_for,
)
from bot.slack.blockkit.entries import Entries, parse_inputs
from bot.slack.blockkit.mentions import text_with_mentions
from bot.slack.blockkit.message import Message
from bot.slack.blockkit.types import ModalView
from bot.slack.client.modals import open_view, push_view, update_view
from bot.slack.parsing.action_ids import parse_row_id
from bot.slack.parsing.command_arguments import CommandArguments
from bot.slack.views import export_options, export_schedules
from bot.slack.views.campaign_lifecycle import render_campaign_picker
from bot.slack.views.export_options import ExportDialog
from bot.slack.views.task_modals import read_only_modal
from handlers.payloads import (
    ActionPayload,
    CommandPayload,
    CommandResponse,
    SubmissionPayload,
    SubmissionResponse,
)
from handlers.responses import reply
from storage.row_id import id_of
from storage.tables import Campaign, CampaignState

EXPORT_STARTED = "Exporting “{name}” as {format}. {recipient} a message when it is ready."

FIELD_BY_ERROR: dict[type[BotError], str] = {
    NotFoundError: export_options.FORMAT,
    UnsupportedFormatError: export_options.FORMAT,
    UnsupportedAggregateError: "aggregate",
    RankingClassesError: "aggregate",
    UnusedGapError: "gap",
    UnknownColumnsError: "meta",
}
"""The input of the dialog where an error is shown; others are shown on top."""


async def export_from_command(app: AppContext, command: CommandPayload) -> CommandResponse:
    """Start an export of the named campaign, or list the campaigns."""
    arguments = command.arguments
    if not arguments.tokens:
        return render_campaign_picker(
            "Export…",
            "export_options",
            await app.db.read(lifecycle.list_campaign_options, *CampaignState),
        )
    name, *rest = arguments.tokens
    channel = arguments.channel_ids[0] if arguments.channel_ids else None
    export_request = ExportRequest(
        rest[0] if rest else "",
        app.settings.exports_dir,
        channel,
        options=parse_row_options(arguments.options),
    )
    format_name = await app.db.write(_request_by_name, name, export_request, command.actor)
    app.run_in_background(scheduled_jobs.run_exports(app))
    return _started_text(name, format_name, channel)


async def export_from_button(app: AppContext, payload: ActionPayload) -> None:
    """Start an export of the button's campaign."""
    export_request = ExportRequest("", app.settings.exports_dir)
    name, format_name = await app.db.write(
        _request_by_id, payload.action.target_id, export_request, payload.actor
    )
    app.run_in_background(scheduled_jobs.run_exports(app))
    text = _started_text(name, format_name)
    reply(app, payload, Message(text, [text_with_mentions(text)]))


async def open_options(app: AppContext, payload: ActionPayload) -> None:
    """Open the dialog for the button's campaign; on top of a dialog if the button is in one."""
    view = await app.db.read(_options_modal, payload.action.target_id)
    if payload.view and payload.view.get("type") == "modal":
        app.run_in_background(push_view(app.sender, payload.trigger_id, view))
        return
    url = payload.interaction.response_url
    app.run_in_background(open_view(app.sender, payload.trigger_id, view, url))


async def show_more_options(app: AppContext, payload: ActionPayload) -> None:
    """Show the inputs for all options; keep what was entered."""
    modal = payload.modal
    entries = parse_inputs(modal["state"]["values"])
    view = await app.db.read(
        _options_modal, payload.action.target_id, entries=entries, shows_options=True
    )
    app.run_in_background(update_view(app.sender, modal, view))


async def submit_options(app: AppContext, submission: SubmissionPayload) -> SubmissionResponse:
    """Start the export that was chosen in the dialog, and say so in its place."""
    inputs = parse_inputs(submission.values)
    channel = inputs.text(export_options.CHANNEL) or None
    export_request = ExportRequest(
        inputs.required_text(export_options.FORMAT),
        app.settings.exports_dir,
        channel,
        options=export_options.parse_options(submission.values),
    )
    campaign_id = parse_row_id(submission.metadata)
    try:
        name, format_name = await app.db.write(
            _request_by_id, campaign_id, export_request, submission.actor
        )
    except BotError as error:
        key = FIELD_BY_ERROR.get(type(error))
        raise (FieldsError({key: str(error)}) if key else error) from error
    app.run_in_background(scheduled_jobs.run_exports(app))
    text = _started_text(name, format_name, channel)
    return {
        "response_action": "update",
        "view": read_only_modal("Export started", [text_with_mentions(text)]),
    }


async def retry_from_button(app: AppContext, payload: ActionPayload) -> None:
    """Run the export that a warning is about again."""
    action = payload.action
    name, format_name = await app.db.write(
        _retry, action.target_id, parse_row_id(action.option), payload.actor
    )
    app.run_in_background(scheduled_jobs.run_exports(app))
    text = _started_text(name, format_name)
    reply(app, payload, Message(text, [text_with_mentions(text)]))


async def schedule_from_command(app: AppContext, command: CommandPayload) -> CommandResponse:
    """Add an export schedule, or show the campaign's schedules, or list the campaigns."""
    arguments = command.arguments
    if not arguments.tokens:
        options = await app.db.read(
            lifecycle.list_campaign_options, CampaignState.OPEN, CampaignState.PAUSED
        )
        return render_campaign_picker(
            "Scheduled exports", "export_schedules", options, subcommand="schedule"
        )
    name, *rest = arguments.tokens
    if not rest:
        _campaign, schedule_statuses = await app.db.read(_schedules_by_name, name)
        return export_schedules.render_schedules(name, schedule_statuses)
    schedule_statuses = await app.db.write(_add_schedule, app, arguments, command.actor)
    return export_schedules.render_schedules(name, schedule_statuses, "Schedule added.")


async def show_schedules(app: AppContext, payload: ActionPayload) -> None:
    """Show the export schedules of the button's campaign."""
    name, schedule_statuses = await app.db.read(_schedules_by_id, payload.action.target_id)
    reply(app, payload, export_schedules.render_schedules(name, schedule_statuses))


async def remove_schedule(app: AppContext, payload: ActionPayload) -> None:
    """Remove an export schedule; past exports stay."""
    name, schedule_statuses = await app.db.write(
        _remove_schedule, payload.action.target_id, payload.actor
    )
    message = export_schedules.render_schedules(name, schedule_statuses, "Schedule removed.")
    reply(app, payload, message)


def _started_text(name: str, format_name: str, channel: str | None = None) -> str:
    recipient = "The channel gets" if channel else "You'll get"
    return EXPORT_STARTED.format(name=name, format=format_name, recipient=recipient)


def _options_modal(
    session: Session,
    campaign_id: int,
    *,
    entries: Entries | None = None,
    shows_options: bool = False,
) -> ModalView:
    campaign = campaigns.campaign_by_id(session, campaign_id)
    dialog = ExportDialog(
        id_of(campaign),
        campaign.title,
        campaign.kind,
        formats_for(campaign.kind),
        entries or {},
        shows_options=shows_options,
    )
    return export_options.export_modal(dialog)


def _request_by_name(
    session: Session, name: str, export_request: ExportRequest, actor: Actor
) -> str:
    campaign = campaigns.campaign_by_name(session, name, lock=True)
    return request_export(session, campaign, export_request, actor)


def _request_by_id(
    session: Session, campaign_id: int, export_request: ExportRequest, actor: Actor
) -> tuple[str, str]:
    campaign = campaigns.campaign_by_id(session, campaign_id, lock=True)
    return campaign.name, request_export(session, campaign, export_request, actor)


def _retry(session: Session, campaign_id: int, run_id: int, actor: Actor) -> tuple[str, str]:
    campaign = campaigns.campaign_by_id(session, campaign_id, lock=True)
    return campaign.name, export_again(session, campaign, run_id, actor)


def _schedules_by_name(session: Session, name: str) -> tuple[Campaign, list[ScheduleStatus]]:
    campaign = campaigns.campaign_by_name(session, name)
    return campaign, schedules.list_schedules(session, campaign)


def _schedules_by_id(session: Session, campaign_id: int) -> tuple[str, list[ScheduleStatus]]:
    campaign = campaigns.campaign_by_id(session, campaign_id)
    return campaign.name, schedules.list_schedules(session, campaign)


def _add_schedule(
    session: Session, app: AppContext, arguments: CommandArguments, actor: Actor
) -> list[ScheduleStatus]:
    name, *rest = arguments.tokens
    campaign = campaigns.campaign_by_name(session, name, lock=True)
    format_names = [token for token in rest if token in FORMAT_NAMES]
    format_name = format_names[0] if format_names else formats_for(campaign.kind)[0]
    when = " ".join(token for token in rest if token not in FORMAT_NAMES)
    tz = arguments.options.get("tz") or create.time_zone_of(session, actor.name)
    channel = arguments.channel_ids[0] if arguments.channel_ids else campaign.channel
    options = {name: text for name, text in arguments.options.items() if name != "tz"}
    export_request = ExportRequest(
        format_name, app.settings.exports_dir, channel, options=parse_row_options(options)
    )
    schedules.add_schedule(session, campaign, export_request, parse_recurrence(when, tz), actor)
    return schedules.list_schedules(session, campaign)


def _remove_schedule(
    session: Session, schedule_id: int, actor: Actor
) -> tuple[str, list[ScheduleStatus]]:
    campaign = schedules.remove_schedule(session, schedule_id, actor)
    return campaign.name, schedules.list_schedules(session, campaign)
