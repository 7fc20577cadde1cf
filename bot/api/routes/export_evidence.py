"""Evidence of exports: deliver one again, verify its files, replay it, and compare two."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel
from sqlmodel import Session

from bot.api.call import AdminCall, ReadCall
from bot.api.pages import MAX_POSITION, Page, PageRequest
from bot.api.routes.exports import RunNumber, require_folder, require_run
from bot.exports.verification import Verification, verify_folder
from bot.services.actors.actor import Actor
from bot.services.exports import redelivery, run_list
from bot.services.exports.change_reasons import explain_changes
from bot.services.exports.replay import replay_export
from bot.services.exports.run_list import ExportRunStatus
from storage.tables import Campaign

router = APIRouter()

REPLAYS_FOLDER = "replays"


class ReplayedExport(BaseModel):
    """The folder of a replay on the API's machine, and its files, which equal the export's."""

    directory: str
    files: list[str]
    row_count: int


class ExportDifference(BaseModel):
    """A row that two exports do not share, with the reasons."""

    change: str
    config: str
    item: str
    expert: str
    columns: list[str]
    reasons: list[str]


@router.post("/exports/{number}/deliver", status_code=202)
def deliver_export(call: AdminCall, number: RunNumber) -> ExportRunStatus:
    """Queue another delivery of a written export whose delivery failed; poll the export."""
    require_run(call, number)

    def queue(session: Session, actor: Actor) -> ExportRunStatus:
        run = redelivery.queue_delivery(session, number, actor)
        return run_list.status_of(run, session.get_one(Campaign, run.campaign_id))

    return call.change(queue)


@router.get("/exports/{number}/verify")
def verify_export(call: ReadCall, number: RunNumber) -> Verification:
    """Compare the files of an export with its manifest; `deviations` is empty if all are right."""
    return verify_folder(require_folder(require_run(call, number)))


@router.post("/exports/{number}/replay")
def replay_files(call: AdminCall, number: RunNumber) -> ReplayedExport:
    """Write the data files of an export again from what it read, and compare every byte."""
    folder = require_folder(require_run(call, number))
    directory = call.context.settings.exports_dir.resolve() / REPLAYS_FOLDER
    replayed = replay_export(call.context.database, folder, directory)
    return ReplayedExport(
        directory=str(replayed.directory), files=list(replayed.files), row_count=replayed.row_count
    )


@router.get("/exports/{number}/diff")
def compare_exports(
    call: ReadCall,
    number: RunNumber,
    later: Annotated[int, Query(ge=1, le=MAX_POSITION, description="Number of the later export.")],
    paging: PageRequest,
) -> Page[ExportDifference]:
    """List the rows that two exports of a campaign do not share, and why."""
    first = require_folder(require_run(call, number))
    second = require_folder(require_run(call, later))
    changes = explain_changes(call.context.database, first, second)
    found = paging.slice(changes)
    return Page(
        data=[
            ExportDifference(
                change=one.row.change,
                config=one.row.config,
                item=one.row.item,
                expert=one.row.expert,
                columns=list(one.row.columns),
                reasons=list(one.reasons),
            )
            for one in found.data
        ],
        next_cursor=found.next_cursor,
    )
