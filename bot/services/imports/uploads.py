"""Files that come through Slack: kept and looked into, until somebody says where they go."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from sqlmodel import Session, col, select

from bot.errors import BotError, FieldsError
from bot.imports import read_rows
from bot.imports.column_detection import ColumnsNotDetectedError
from bot.imports.column_mapping import ColumnMapping
from bot.imports.item_reader import ImportedItem, read_items, resolve_columns
from bot.imports.row import EmptyFileError, InvalidRow, Row
from bot.kinds import kind_named
from bot.services.actors.actor import Actor
from bot.services.answers.submit import settings_of
from bot.services.campaigns.campaigns import campaign_by_name
from storage.tables import Campaign, CampaignState, ImportRun, RunState

log = logging.getLogger(__name__)

MAX_SAMPLED_ROWS = 100
"""Rows that are looked at before an import begins."""

MAX_PREVIEW_ROWS = 3
"""Rows that are shown of a file."""


class GoneFileError(BotError):
    """That file is not here any more; drop it again."""


class NoCampaignsError(BotError):
    """There is no open campaign to import into; create one first with `/label new`."""


@dataclass(frozen=True, slots=True)
class UploadedFile:
    """A file that was kept, and what is in it: its columns, and its first rows as texts."""

    run_id: int
    name: str
    columns: tuple[str, ...]
    preview_rows: tuple[Mapping[str, str], ...]
    campaign: str | None = None


@dataclass(frozen=True, slots=True)
class ImportTarget:
    """A campaign that a file may go into, and the columns it would most likely be read by."""

    id: int
    name: str
    title: str
    kind: str
    columns: ColumnMapping


def record_upload(
    session: Session, name: str, path: Path, campaign: str | None, actor: Actor
) -> int:
    """Write down that a file came, for `campaign` if that was said; return its number."""
    target = campaign_by_name(session, campaign) if campaign else None
    run = ImportRun(
        requested_by=actor.name,
        name=name,
        path=str(path),
        column_mapping={"goal": target.id} if target else None,
        created_at=actor.at,
    )
    session.add(run)
    session.flush()
    return run.id or 0


def get_upload(session: Session, run_id: int) -> UploadedFile:
    """Return what is in a file that waits to be told where it goes.

    Raises:
        GoneFileError: it was imported, or nobody wanted it for too long.
        NotFoundError, UnreadableFileError, EmptyFileError: it holds no rows.
    """
    run = _pending_upload(session, run_id)
    target_id = (run.column_mapping or {}).get("goal")
    campaign = session.get(Campaign, target_id) if target_id else None
    columns, preview_rows = preview_file(Path(run.path))
    return UploadedFile(
        run_id, run.name, columns, preview_rows, campaign.name if campaign else None
    )


def preview_file(path: Path) -> tuple[tuple[str, ...], tuple[Mapping[str, str], ...]]:
    """Return the columns of a file and its first rows as texts.

    Raises:
        NotFoundError, UnreadableFileError, EmptyFileError: it holds no rows.
    """
    sample = [row for row in islice(read_rows(path), MAX_SAMPLED_ROWS) if isinstance(row, Row)]
    if not sample:
        raise EmptyFileError(name=path.name)
    columns = tuple(dict.fromkeys(name for row in sample for name in row.fields))
    preview_rows = tuple({name: str(value) for name, value in row.fields.items()} for row in sample)
    return columns, preview_rows[:MAX_PREVIEW_ROWS]


def list_import_targets(session: Session, run_id: int) -> list[ImportTarget]:
    """Return the campaigns that a file may go into, the newest first.

    Raises:
        GoneFileError: as `arrived` does.
        NoCampaignsError: there is none.
    """
    path = Path(_pending_upload(session, run_id).path)
    open_campaigns = select(Campaign).where(Campaign.state != CampaignState.CLOSED)
    found = session.exec(open_campaigns.order_by(col(Campaign.id).desc())).all()
    if not found:
        raise NoCampaignsError
    guesses = {kind: _guess_columns(path, kind) for kind in {campaign.kind for campaign in found}}
    return [
        ImportTarget(one.id or 0, one.name, one.title, one.kind, guesses[one.kind]) for one in found
    ]


def _guess_columns(path: Path, kind: str) -> ColumnMapping:
    try:
        return resolve_columns(path, ColumnMapping(), kind_named(kind))
    except ColumnsNotDetectedError:
        return ColumnMapping()


def start_import(  # noqa: PLR0913 - they are what the modal says
    session: Session,
    run_id: int,
    campaign_id: int,
    columns: ColumnMapping,
    actor: Actor,
    *,
    strict: bool = False,
) -> Campaign:
    """Say where a file goes and by which columns it is read; it is imported soon after.

    Raises:
        GoneFileError: as `arrived` does.
        FieldsError: not one of its first rows would do.
    """
    run = _pending_upload(session, run_id)
    campaign = session.get_one(Campaign, campaign_id)
    _validate_sample(Path(run.path), campaign, columns)
    run.campaign_id = campaign.id
    run.column_mapping = {"mappings": columns.as_mappings(), "strict": strict}
    run.requested_by = actor.name
    session.add(run)
    actor.record(session, "asked for an import", f"campaign {campaign.name}", file=run.name)
    return campaign


def _validate_sample(path: Path, campaign: Campaign, columns: ColumnMapping) -> None:
    kind = kind_named(campaign.kind)
    field_key = "candidates" if kind.example.content.candidates else "prompt"
    try:
        parsed_items = read_items(path, columns, kind, settings_of(kind, campaign.settings))
        sample = list(islice(parsed_items, MAX_SAMPLED_ROWS))
    except BotError as error:
        raise FieldsError({field_key: str(error)}) from error
    first_bad_row = next((one for one in sample if isinstance(one, InvalidRow)), None)
    if first_bad_row and not any(isinstance(one, ImportedItem) for one in sample):
        message = (
            f"None of the first rows would do; line {first_bad_row.line}: {first_bad_row.reason}"
        )
        raise FieldsError({field_key: message})


def _pending_upload(session: Session, run_id: int) -> ImportRun:
    run = session.get(ImportRun, run_id)
    if run is None or run.campaign_id is not None or run.state != RunState.QUEUED:
        raise GoneFileError
    if not Path(run.path).exists():
        raise GoneFileError
    return run
