"""Files uploaded in Slack: stored and previewed until somebody chooses a campaign."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from sqlmodel import Session

from bot.errors import BotError, FieldsError
from bot.imports.detection import ColumnsNotDetectedError
from bot.imports.item_reader import ImportedItem, read_items
from bot.imports.mapping import ColumnMapping
from bot.imports.plan import plan_import
from bot.imports.readers import read_rows
from bot.imports.row import EmptyFileError, InvalidRow, Row
from bot.kinds import kind_named
from bot.services.actors.actor import Actor
from bot.services.answers.submit import settings_of
from bot.services.campaigns.campaigns import campaign_by_id, campaign_by_name
from storage.queries import campaigns
from storage.row_id import id_of
from storage.tables import Campaign, ImportRun, RunState

log = logging.getLogger(__name__)

MAX_SAMPLED_ROWS = 100
"""Rows that are checked before an import starts."""

MAX_PREVIEW_ROWS = 3
"""Rows shown in the preview of a file."""


class GoneFileError(BotError):
    """This file is no longer available. Upload it again."""


class NoCampaignsError(BotError):
    """There is no campaign to import into. Use `/label new` to create one first."""


@dataclass(frozen=True, slots=True)
class UploadedFile:
    """An uploaded file: its columns, and its first rows as texts."""

    run_id: int
    name: str
    columns: tuple[str, ...]
    preview_rows: tuple[Mapping[str, str], ...]
    campaign: str | None = None


@dataclass(frozen=True, slots=True)
class ImportTarget:
    """A campaign that a file can be imported into, and the detected column mapping."""

    id: int
    name: str
    title: str
    kind: str
    columns: ColumnMapping


def record_upload(
    session: Session, name: str, path: Path, campaign: str | None, actor: Actor
) -> int:
    """Record an uploaded file, for `campaign` if one was named; return the id of its run."""
    target = campaign_by_name(session, campaign) if campaign else None
    run = ImportRun(
        requested_by=actor.name,
        name=name,
        path=str(path),
        column_mapping={"target_campaign_id": target.id} if target else None,
        created_at=actor.at,
    )
    session.add(run)
    session.flush()
    return id_of(run)


def get_upload(session: Session, run_id: int) -> UploadedFile:
    """Return a preview of an uploaded file without a chosen campaign.

    Raises:
        GoneFileError: the file was imported or has expired.
        NotFoundError, UnreadableFileError, EmptyFileError: the file has no readable rows.
    """
    run = _pending_upload(session, run_id)
    target_id = (run.column_mapping or {}).get("target_campaign_id")
    campaign = session.get(Campaign, target_id) if target_id else None
    columns, preview_rows = preview_file(Path(run.path))
    return UploadedFile(
        run_id, run.name, columns, preview_rows, campaign.name if campaign else None
    )


def preview_file(path: Path) -> tuple[tuple[str, ...], tuple[Mapping[str, str], ...]]:
    """Return the columns of a file and its first rows as texts.

    Raises:
        NotFoundError, UnreadableFileError, EmptyFileError: the file has no readable rows.
    """
    sample = [row for row in islice(read_rows(path), MAX_SAMPLED_ROWS) if isinstance(row, Row)]
    if not sample:
        raise EmptyFileError(name=path.name)
    columns = tuple(dict.fromkeys(name for row in sample for name in row.fields))
    preview_rows = tuple({name: str(value) for name, value in row.fields.items()} for row in sample)
    return columns, preview_rows[:MAX_PREVIEW_ROWS]


def list_import_targets(session: Session, run_id: int) -> list[ImportTarget]:
    """Return the campaigns that a file can be imported into, newest first.

    Raises:
        GoneFileError: as `get_upload`.
        NoCampaignsError: there is none.
    """
    path = Path(_pending_upload(session, run_id).path)
    targets = campaigns.newest_not_closed(session)
    if not targets:
        raise NoCampaignsError
    kinds = {campaign.kind for campaign in targets}
    columns_by_kind = {kind: _detect_columns(path, kind) for kind in kinds}
    return [
        ImportTarget(
            id=id_of(campaign),
            name=campaign.name,
            title=campaign.title,
            kind=campaign.kind,
            columns=columns_by_kind[campaign.kind],
        )
        for campaign in targets
    ]


def _detect_columns(path: Path, kind: str) -> ColumnMapping:
    try:
        return plan_import(path, ColumnMapping(), kind_named(kind)).mapping.columns
    except ColumnsNotDetectedError:
        return ColumnMapping()


def start_import(  # noqa: PLR0913 - the fields of the modal
    session: Session,
    run_id: int,
    campaign_id: int,
    columns: ColumnMapping,
    actor: Actor,
    *,
    strict: bool = False,
) -> Campaign:
    """Queue the import of a file into a campaign; return the campaign.

    Raises:
        GoneFileError: as `get_upload`.
        FieldsError: none of the first MAX_SAMPLED_ROWS rows is valid.
    """
    run = _pending_upload(session, run_id)
    campaign = campaign_by_id(session, campaign_id)
    _validate_sample(Path(run.path), campaign, columns)
    run.campaign_id = campaign.id
    run.column_mapping = {"mappings": columns.as_mappings(), "strict": strict}
    run.requested_by = actor.name
    session.add(run)
    actor.record(session, "requested an import", f"campaign {campaign.name}", file=run.name)
    return campaign


def _validate_sample(path: Path, campaign: Campaign, columns: ColumnMapping) -> None:
    kind = kind_named(campaign.kind)
    field_key = "candidates" if kind.example.content.candidates else "prompt"
    try:
        parsed_items = read_items(path, columns, kind, settings_of(kind, campaign.settings))
        sample = list(islice(parsed_items, MAX_SAMPLED_ROWS))
    except BotError as error:
        raise FieldsError({field_key: str(error)}) from error
    first_invalid = next((row for row in sample if isinstance(row, InvalidRow)), None)
    if first_invalid and not any(isinstance(row, ImportedItem) for row in sample):
        message = (
            f"None of the first rows is valid. Line {first_invalid.line}: {first_invalid.reason}"
        )
        raise FieldsError({field_key: message})


def _pending_upload(session: Session, run_id: int) -> ImportRun:
    run = session.get(ImportRun, run_id)
    if run is None or run.campaign_id is not None or run.state != RunState.QUEUED:
        raise GoneFileError
    if not Path(run.path).exists():
        raise GoneFileError
    return run
