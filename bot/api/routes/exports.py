"""Exports: start one, follow its progress, and download its files."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path as FilePath
from typing import Annotated

from fastapi import APIRouter, Path, Query
from fastapi.responses import FileResponse
from pydantic import BaseModel
from sqlmodel import Session

from bot.api.call import AdminCall, Call, ReadCall
from bot.api.errors import (
    LocalDestinationError,
    NoExportFilesError,
    UnknownFileError,
    UnknownRunError,
)
from bot.api.models import ExportBody
from bot.api.pages import MAX_POSITION, Page, PageRequest
from bot.api.routes.campaigns import CampaignName
from bot.destinations.address import parse_destination
from bot.exports.formats import FORMATS
from bot.exports.row_options import parse_row_options
from bot.services.actors.actor import Actor
from bot.services.exports import export_request as export_requests
from bot.services.exports import run_list
from bot.services.exports.export_request import ExportRequest
from bot.services.exports.run_list import ExportRunStatus
from bot.services.exports.supported_formats import formats_for
from storage.row_id import id_of
from storage.tables import Campaign

router = APIRouter()

RunNumber = Annotated[int, Path(ge=1, le=MAX_POSITION, description="Number of the export.")]


class ExportFile(BaseModel):
    """A file of an export, with its size in bytes."""

    name: str
    size: int


class FormatDescription(BaseModel):
    """A format of exports."""

    name: str
    description: str


@router.get("/formats")
def list_formats(_call: ReadCall) -> list[FormatDescription]:
    """List the formats of exports."""
    return [
        FormatDescription(name=one.name, description=one.description) for one in FORMATS.values()
    ]


@router.get("/exports")
def list_exports(
    call: ReadCall,
    paging: PageRequest,
    campaign: Annotated[str | None, Query(max_length=200)] = None,
) -> Page[ExportRunStatus]:
    """List exports, the newest first."""
    if campaign is None:
        call.holder.require_all_campaigns()
    before = paging.cursor.position or None

    def load(session: Session) -> list[ExportRunStatus]:
        campaign_id = None if campaign is None else id_of(call.campaign(session, campaign))
        return run_list.list_runs(session, campaign_id, paging.limit + 1, before=before)

    return paging.page_of(call.read(load), lambda one: one.id)


@router.post("/campaigns/{campaign}/exports", status_code=202)
def start_export(call: AdminCall, campaign: CampaignName, body: ExportBody) -> ExportRunStatus:
    """Queue an export; the running bot writes it. Poll the export until its state is done."""

    def start(session: Session, actor: Actor) -> ExportRunStatus:
        row = call.campaign(session, campaign, lock=True)
        run = export_requests.queue_export(session, row, export_request(call, row, body), actor)
        return run_list.status_of(run, row)

    status = call.change(start)
    number = status["id"] if isinstance(status, dict) else status.id
    call.response.headers["Location"] = f"/api/v1/exports/{number}"
    return status


@router.get("/exports/{number}")
def get_export(call: ReadCall, number: RunNumber) -> ExportRunStatus:
    """Return an export with its state: queued, running, done or failed."""
    return require_run(call, number)


@router.get("/exports/{number}/files")
def list_files(call: ReadCall, number: RunNumber) -> list[ExportFile]:
    """List the files of a written export."""
    folder = require_folder(require_run(call, number))
    return [
        ExportFile(name=name, size=path.stat().st_size) for name, path in _files(folder).items()
    ]


@router.get(
    "/exports/{number}/files/{name:path}",
    response_class=FileResponse,
    responses={200: {"content": {"application/octet-stream": {"schema": {"type": "string"}}}}},
)
def download_file(
    call: ReadCall, number: RunNumber, name: Annotated[str, Path(max_length=300)]
) -> FileResponse:
    """Download a file of a written export; part of it with `Range`."""
    path = _files(require_folder(require_run(call, number))).get(name)
    if path is None:
        raise UnknownFileError(id=number, name=name)
    return FileResponse(path, media_type="application/octet-stream", filename=path.name)


def export_request(call: Call, campaign: Campaign, body: ExportBody) -> ExportRequest:
    """Return the request that a body describes; exports are written to the usual folder.

    Raises:
        BotError: an option or the destination is invalid.
    """
    request = ExportRequest(
        body.format or formats_for(campaign.kind)[0],
        call.context.settings.exports_dir.resolve(),
        body.channel or None,
        freezes=body.freeze,
        options=parse_row_options(body.options),
    )
    return replace(request, destination=_destination(body.destination))


def _destination(text: str | None) -> str | None:
    """Return an address of other storage. A folder of this machine is not for callers to choose."""
    if not text:
        return None
    parsed = parse_destination(text)
    if isinstance(parsed, FilePath):
        raise LocalDestinationError(text=text)
    return parsed.address


def require_run(call: Call, number: int) -> ExportRunStatus:
    """Return an export for whose campaign the key is valid.

    Raises:
        UnknownRunError, OtherCampaignError: there is none.
    """

    def load(session: Session) -> ExportRunStatus:
        found = run_list.find_run(session, number)
        if found is None:
            call.holder.require_all_campaigns()
            raise UnknownRunError(id=number)
        call.campaign(session, found.campaign)
        return found

    return call.read(load)


def require_folder(status: ExportRunStatus) -> FilePath:
    """Return the folder of an export.

    Raises:
        NoExportFilesError: it has none on this machine.
    """
    folder = FilePath(status.path) if status.path else None
    if folder is None or not folder.is_dir():
        raise NoExportFilesError(id=status.id, state=status.state if folder is None else "gone")
    return folder


def _files(folder: FilePath) -> dict[str, FilePath]:
    """Return the files of an export by their name. Links are no files of an export."""
    return {
        path.relative_to(folder).as_posix(): path
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.is_symlink()
    }
