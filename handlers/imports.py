"""Import items: from a file dropped in the DM, a file uploaded in a dialog, or a URL."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlmodel import Session

from bot import scheduled_jobs
from bot.app_context import AppContext
from bot.errors import FieldsError
from bot.imports.mapping import ColumnMapping
from bot.messages.imports import UploadMessage
from bot.services.actors.actor import Actor
from bot.services.actors.audit_log import SLACK
from bot.services.campaigns import campaigns
from bot.services.imports import uploads
from bot.services.imports.upload_check import check_upload
from bot.services.imports.upload_choice import UploadChoice
from bot.services.imports.uploads import ImportTarget, NoCampaignsError, UploadedFile
from bot.slack.blockkit.entries import Entries, parse_inputs
from bot.slack.blockkit.types import ModalView
from bot.slack.client.modals import open_view, update_view
from bot.slack.parsing import action_ids
from bot.slack.views import import_answers, import_check, imports
from handlers.payloads import (
    ActionPayload,
    Body,
    CommandPayload,
    CommandResponse,
    SubmissionPayload,
    SubmissionResponse,
)
from storage.queries import campaigns as campaign_queries
from storage.queries import outbox
from storage.row_id import id_of
from storage.tables import Campaign, Role


async def start_from_command(app: AppContext, command: CommandPayload) -> CommandResponse:
    """Open the dialog to choose a file; fetch a URL that is named after the campaign."""
    name, url, *_rest = (*command.arguments.tokens, "", "")
    campaign = await app.db.read(campaigns.campaign_by_name, name) if name else None
    if campaign and url:
        message = UploadMessage(url, str(app.settings.imports_dir), campaign=campaign.name)
        await _queue_download(app, command.slack_id, message)
        return "Downloading the file. A preview will be sent to your DMs."
    view = imports.import_source_modal(
        await app.db.read(_campaign_options), campaign.id if campaign else None
    )
    app.run_in_background(open_view(app.sender, command.trigger_id, view, command.response_url))
    return None


async def open_from_button(app: AppContext, payload: ActionPayload) -> None:
    """Open the dialog to choose a file for the button's campaign."""
    option = payload.action.option
    campaign_id = action_ids.parse_row_id(option) or None
    view = imports.import_source_modal(await app.db.read(_campaign_options), campaign_id)
    app.run_in_background(
        open_view(app.sender, payload.trigger_id, view, payload.interaction.response_url)
    )


async def submit_source(app: AppContext, submission: SubmissionPayload) -> SubmissionResponse:
    """Queue the download of the file or URL that was entered."""
    inputs = parse_inputs(submission.values)
    files, url = inputs.files(imports.FILE_KEY), inputs.text(imports.URL_KEY)
    if bool(files) == bool(url):
        raise FieldsError({imports.URL_KEY: "Choose a file or enter a URL, but not both."})
    campaign = await app.db.read(_load_campaign, _chosen_campaign_id(inputs))
    folder = str(app.settings.imports_dir)
    message = _upload_from_slack(files[0], folder) if files else UploadMessage(url, folder)
    message = replace(message, campaign=campaign.name)
    await _queue_download(app, submission.interaction.slack_id, message)
    return None


async def queue_dropped_files(app: AppContext, message: Body) -> bool:
    """Queue the files that a coordinator dropped in the DM; return False if there are none.

    Files in threads, and files of people who are not coordinators, are not imports.
    """
    if message.get("thread_ts") or not message.get("files"):
        return False
    if await app.role_of(message["user"]) != Role.COORDINATOR:
        return False
    folder = str(app.settings.imports_dir)
    dropped_files = [_upload_from_slack(file, folder) for file in message["files"]]
    await app.db.write(_queue_downloads, message["user"], dropped_files, app.clock.now())
    return True


async def open_mapping_modal(app: AppContext, payload: ActionPayload) -> None:
    """Open the dialog that maps the columns of an uploaded file."""
    view = await app.db.read(_build_mapping_modal, payload.action.option, None)
    app.run_in_background(
        open_view(app.sender, payload.trigger_id, view, payload.interaction.response_url)
    )


async def change_campaign(app: AppContext, payload: ActionPayload) -> None:
    """Show the columns that the kind of the newly chosen campaign needs."""
    modal = payload.modal
    view = await app.db.read(_build_mapping_modal, modal["private_metadata"], payload.action.option)
    app.run_in_background(update_view(app.sender, modal, view))


async def show_more_columns(app: AppContext, payload: ActionPayload) -> None:
    """Show menus for rare columns, too; keep what was chosen."""
    button, modal = payload.action, payload.modal
    view = await app.db.read(
        _build_mapping_modal, button.option, button.field, shows_all_columns=True
    )
    app.run_in_background(update_view(app.sender, modal, view))


async def submit_mapping(app: AppContext, submission: SubmissionPayload) -> SubmissionResponse:
    """Check the file with the chosen columns, and show what its import would do."""
    run_id = _parse_run_id(submission.metadata)
    choice = await app.db.read(_parse_choice, run_id, submission)
    try:
        check = await asyncio.to_thread(check_upload, app.db, run_id, choice)
    except FieldsError as error:
        errors = imports.errors_by_block(error.fields, choice.campaign_id)
        raise FieldsError(errors) from error
    await app.db.write(uploads.save_choice, run_id, choice)
    return {"response_action": "update", "view": import_check.check_modal(check)}


async def submit_check(app: AppContext, submission: SubmissionPayload) -> SubmissionResponse:
    """Start the import."""
    actor = Actor(submission.interaction.slack_id, SLACK, submission.interaction.at)
    await app.db.write(uploads.start_checked_import, _parse_run_id(submission.metadata), actor)
    app.run_in_background(scheduled_jobs.run_imports(app))
    return None


async def change_columns(app: AppContext, payload: ActionPayload) -> None:
    """Show the columns again."""
    view = await app.db.read(_build_mapping_modal, payload.action.option, None)
    app.run_in_background(update_view(app.sender, payload.modal, view))


async def _queue_download(app: AppContext, slack_id: str, message: UploadMessage) -> None:
    await app.db.write(_queue_downloads, slack_id, [message], app.clock.now())


def _queue_downloads(
    session: Session, slack_id: str, messages: Sequence[UploadMessage], now: datetime
) -> None:
    for message in messages:
        outbox.enqueue(session, message, recipient=slack_id, now=now)


def _upload_from_slack(file: Body, folder: str) -> UploadMessage:
    url = file.get("url_private_download") or file.get("url_private") or ""
    return UploadMessage(url, folder, name=file.get("name") or "your file")


def _campaign_options(session: Session) -> list[tuple[int, str]]:
    targets = campaign_queries.newest_not_closed(session)
    if not targets:
        raise NoCampaignsError
    return [(id_of(campaign), campaign.title) for campaign in targets]


def _chosen_campaign_id(inputs: Entries) -> int:
    campaign_id = imports.parse_campaign_id(inputs.get(imports.CAMPAIGN_KEY))
    if campaign_id is None:
        raise campaigns.UnknownCampaignError
    return campaign_id


def _load_campaign(session: Session, campaign_id: int) -> Campaign:
    return campaigns.campaign_by_id(session, campaign_id)


def _build_mapping_modal(
    session: Session, run_id: str, chosen_id: str | None, *, shows_all_columns: bool = False
) -> ModalView:
    file = uploads.get_upload(session, _parse_run_id(run_id))
    targets = uploads.list_import_targets(session, file.run_id)
    target = _select_campaign(file, targets, chosen_id)
    if target.name == file.campaign:
        columns = target.columns if file.chosen == ColumnMapping() else file.chosen
        target = replace(target, columns=columns, answers=file.answers)
    return imports.column_mapping_modal(file, targets, target, shows_all=shows_all_columns)


def _select_campaign(
    file: UploadedFile, targets: list[ImportTarget], chosen_id: str | None
) -> ImportTarget:
    """Return the campaign chosen in the dialog, else the one named on upload, else the newest."""
    if chosen_id:
        matches = (target for target in targets if str(target.id) == chosen_id)
    else:
        matches = (target for target in targets if target.name == file.campaign)
    return next(matches, targets[0])


def _parse_choice(session: Session, run_id: int, submission: SubmissionPayload) -> UploadChoice:
    file = uploads.get_upload(session, run_id)
    inputs = parse_inputs(submission.values)
    campaign_id = _chosen_campaign_id(inputs)
    chosen: ColumnMapping = imports.parse_columns(submission.values, file.columns)
    targets = uploads.list_import_targets(session, run_id)
    target = next((target for target in targets if target.id == campaign_id), None)
    columns = target.resolve(chosen, file.columns) if target else chosen
    answers = import_answers.parse_answers(submission.values, file.columns, campaign_id)
    return UploadChoice(campaign_id, columns, bool(inputs.get(imports.STRICT_KEY)), answers)


def _parse_run_id(text: str) -> int:
    run_id = action_ids.parse_row_id(text)
    if not run_id:
        raise uploads.GoneFileError
    return run_id
