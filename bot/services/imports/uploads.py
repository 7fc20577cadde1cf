"""Files uploaded in Slack: stored and previewed until somebody chooses a campaign."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import Any

from sqlmodel import Session

from bot.errors import BotError, FieldsError
from bot.imports.answers import ANSWER_FORMATS
from bot.imports.answers.mapping import NO_ANSWERS, AnswerMapping
from bot.imports.answers.reader import criteria_of
from bot.imports.detection import ColumnsNotDetectedError
from bot.imports.item_reader import read_items
from bot.imports.mapping import PARTS, ColumnMapping
from bot.imports.plan import ImportOptions, plan_import
from bot.imports.read_item import ImportedItem
from bot.imports.readers import read_rows
from bot.imports.row import EmptyFileError, InvalidRow, Row
from bot.kinds import kind_named
from bot.kinds.base import Kind
from bot.services.actors.actor import Actor
from bot.services.answers.campaign_settings import settings_of
from bot.services.campaigns.campaigns import campaign_by_id, campaign_by_name
from bot.services.imports.file_names import errors_with_name
from bot.services.imports.upload_choice import UploadChoice
from bot.services.imports.upload_sample import readable_path
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
    """An uploaded file: its columns, and its first rows as texts.

    `chosen` and `answers` are the columns that a coordinator has chosen for `campaign`.
    """

    run_id: int
    name: str
    columns: tuple[str, ...]
    preview_rows: tuple[Mapping[str, str], ...]
    campaign: str | None = None
    chosen: ColumnMapping = field(default_factory=ColumnMapping)
    answers: AnswerMapping = NO_ANSWERS


@dataclass(frozen=True, slots=True)
class ImportTarget:
    """A campaign that a file can be imported into, and the detected column mapping.

    `shape` describes the known shape of the file, "" if it has none. `criteria` are those that an
    answer has columns for. `answers` are the columns of existing answers that were chosen.
    """

    id: int
    name: str
    title: str
    kind: str
    columns: ColumnMapping
    shape: str = ""
    criteria: tuple[str, ...] = ()
    answers: AnswerMapping = NO_ANSWERS

    def resolve(self, chosen: ColumnMapping, available: Sequence[str]) -> ColumnMapping:
        """Return the mapping to import with, for the columns that were chosen in the dialog.

        Of a file in a known shape, the dialog shows only some columns: if nothing was changed, the
        shape is used.
        """
        shown = {
            part: tuple(name for name in getattr(self.columns, part) if name in available)
            for part in PARTS
        }
        return ColumnMapping() if self.shape and chosen == ColumnMapping(**shown) else chosen


def record_upload(
    session: Session, name: str, path: Path, campaign: str | None, actor: Actor
) -> int:
    """Record an uploaded file, for `campaign` if one was named; return the id of its run."""
    target = campaign_by_name(session, campaign) if campaign else None
    run = ImportRun(
        requested_by=actor.name,
        name=name,
        path=str(path),
        column_mapping=UploadChoice(id_of(target)).as_json() if target else None,
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
    run = pending_upload(session, run_id)
    choice = UploadChoice.from_json(run.column_mapping)
    columns, preview_rows = preview_file(Path(run.path), run.name)
    file = UploadedFile(run_id, run.name, columns, preview_rows)
    if choice is None:
        return file
    campaign = session.get_one(Campaign, choice.campaign_id)
    return replace(file, campaign=campaign.name, chosen=choice.columns, answers=choice.answers)


def preview_file(path: Path, name: str) -> tuple[tuple[str, ...], tuple[Mapping[str, str], ...]]:
    """Return the columns of a stored file and its first rows as texts; errors call it `name`.

    Raises:
        NotFoundError, UnreadableFileError, EmptyFileError: the file has no readable rows.
    """
    with errors_with_name(name, path):
        rows = islice(read_rows(readable_path(path)), MAX_SAMPLED_ROWS)
        sample = [row for row in rows if isinstance(row, Row)]
    if not sample:
        raise EmptyFileError(name=name)
    columns = tuple(dict.fromkeys(name for row in sample for name in row.fields))
    preview_rows = tuple({name: str(value) for name, value in row.fields.items()} for row in sample)
    return columns, preview_rows[:MAX_PREVIEW_ROWS]


def list_import_targets(session: Session, run_id: int) -> list[ImportTarget]:
    """Return the campaigns that a file can be imported into, newest first.

    Raises:
        GoneFileError: as `get_upload`.
        NoCampaignsError: there is none.
    """
    run = pending_upload(session, run_id)
    path = Path(run.path)
    targets = campaigns.newest_not_closed(session)
    if not targets:
        raise NoCampaignsError
    kinds = {campaign.kind for campaign in targets}
    with errors_with_name(run.name, path):
        detected = {kind: _detect_columns(readable_path(path), kind) for kind in kinds}
    return [
        ImportTarget(
            id=id_of(campaign),
            name=campaign.name,
            title=campaign.title,
            kind=campaign.kind,
            columns=detected[campaign.kind][0],
            shape=detected[campaign.kind][1],
            criteria=_criteria_of(campaign),
        )
        for campaign in targets
    ]


def _criteria_of(campaign: Campaign) -> tuple[str, ...]:
    if not ANSWER_FORMATS[campaign.kind].has_criteria:
        return ()
    settings = settings_of(kind_named(campaign.kind), campaign.settings)
    return tuple(criterion.key for criterion in criteria_of(settings))


def _detect_columns(path: Path, kind: str) -> tuple[ColumnMapping, str]:
    try:
        plan = plan_import(path, ColumnMapping(), kind_named(kind))
    except ColumnsNotDetectedError:
        return ColumnMapping(), ""
    return plan.mapping.columns, plan.shape.description if plan.shape else ""


def save_choice(session: Session, run_id: int, choice: UploadChoice) -> None:
    """Store the campaign and columns of a file that is to be imported after a check.

    Raises:
        GoneFileError: as `get_upload`.
    """
    run = pending_upload(session, run_id)
    run.column_mapping = choice.as_json()
    session.add(run)


def start_checked_import(session: Session, run_id: int, actor: Actor) -> Campaign:
    """Queue the import of a file with the stored choice; return the campaign.

    Raises:
        GoneFileError: as `get_upload`.
    """
    run = pending_upload(session, run_id)
    choice = UploadChoice.from_json(run.column_mapping)
    if choice is None:
        raise GoneFileError
    return _queue_import(session, run, choice, actor)


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
    run = pending_upload(session, run_id)
    _validate_sample(run, campaign_by_id(session, campaign_id), columns)
    return _queue_import(session, run, UploadChoice(campaign_id, columns, strict), actor)


def _queue_import(session: Session, run: ImportRun, choice: UploadChoice, actor: Actor) -> Campaign:
    campaign = campaign_by_id(session, choice.campaign_id)
    run.campaign_id = campaign.id
    run.column_mapping = choice.as_json()
    run.requested_by = actor.name
    session.add(run)
    actor.record(session, "requested an import", f"campaign {campaign.name}", file=run.name)
    return campaign


def _validate_sample(run: ImportRun, campaign: Campaign, columns: ColumnMapping) -> None:
    kind, path = kind_named(campaign.kind), Path(run.path)
    field_key = required_part(kind)
    try:
        options = ImportOptions(media_path=path)
        settings = settings_of(kind, campaign.settings)
        with errors_with_name(run.name, path):
            parsed_items = read_items(readable_path(path), columns, kind, settings, options)
            sample = list(islice(parsed_items, MAX_SAMPLED_ROWS))
    except BotError as error:
        raise FieldsError({field_key: str(error)}) from error
    first_invalid = next((row for row in sample if isinstance(row, InvalidRow)), None)
    if first_invalid and not any(isinstance(row, ImportedItem) for row in sample):
        raise FieldsError({field_key: describe_invalid_sample(first_invalid)})


def required_part(kind: Kind[Any]) -> str:
    """Return the part of an item that its kind requires."""
    return "candidates" if kind.example.content.candidates else "prompt"


def describe_invalid_sample(first: InvalidRow) -> str:
    """Return that no row is valid, with the reason for the first one."""
    return f"None of the first rows is valid. Line {first.line}: {first.reason}"


def pending_upload(session: Session, run_id: int) -> ImportRun:
    """Return a file that is not imported yet.

    Raises:
        GoneFileError: the file was imported or has expired.
    """
    run = session.get(ImportRun, run_id)
    if run is None or run.campaign_id is not None or run.state != RunState.QUEUED:
        raise GoneFileError
    if not Path(run.path).exists():
        raise GoneFileError
    return run
