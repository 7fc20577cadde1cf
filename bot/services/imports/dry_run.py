"""Dry run of an import: what each column becomes, and the first items as experts will see them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.imports.item_reader import items_of
from bot.imports.mapping import PARTS, ColumnMapping
from bot.imports.near_duplicates import NearDuplicates
from bot.imports.plan import ImportPlan, plan_import
from bot.imports.read_item import (
    AnsweredRow,
    BatchRow,
    DuplicateAnswer,
    DuplicateRow,
    ImportedItem,
    ReadItem,
)
from bot.imports.row import InvalidRow, RowWarning, place_of
from bot.kinds import kind_named
from bot.kinds.base import Kind
from bot.kinds.content import ChatMessage, Content
from bot.kinds.form import Passage
from bot.kinds.media import DEFAULT_ALT
from bot.kinds.settings import KindSettings
from bot.services.answers.campaign_settings import settings_of
from bot.services.imports.answer_counts import AnswerCounts
from bot.services.imports.batches import dry_run_batch
from bot.services.imports.import_batch import BATCH_SIZE
from bot.services.imports.import_progress import MAX_REPORTED_ROWS
from bot.services.imports.importer import ImportSource, importable_campaign
from storage.database import Database

PREVIEW_ITEMS = 3

META = "meta"
"""Where columns go that no part of an item has: kept and exported, never shown."""

SHOWN_PARTS = frozenset(PARTS) - {
    *("models", "id", "author", "authors", "domains", "language", "gold"),
}
"""Parts of an item that experts see."""


@dataclass(frozen=True, slots=True)
class PreviewedItem:
    """An item as experts will see it: titles with texts, and its messages."""

    passages: tuple[tuple[str, str], ...]
    messages: tuple[ChatMessage, ...]


@dataclass(slots=True)
class DryRun:
    """What an import would do.

    Attributes:
        rows: rows of the file.
        items: items that would be added.
        existing: items that the campaign has.
        duplicates: rows that show experts the same as an earlier row, near-duplicates excluded.
        rejected: rows that cannot be imported.
        columns: what each column of the file becomes: a part of an item, or `meta`.
        hidden: columns that experts do not see.
        preview: the first items as experts will see them.
        duplicate_rows: the first duplicates, each with the row that it repeats and how.
        errors: the first rejected rows.
        warnings: the first things to know about imported rows.
        answers: what the answers would do, None if no answers are mapped.
    """

    rows: int = 0
    items: int = 0
    existing: int = 0
    duplicates: int = 0
    rejected: int = 0
    columns: dict[str, str] = field(default_factory=dict)
    hidden: list[str] = field(default_factory=list)
    preview: list[PreviewedItem] = field(default_factory=list)
    duplicate_rows: list[dict[str, str]] = field(default_factory=list)
    near_duplicates: int = 0
    errors: list[InvalidRow] = field(default_factory=list)
    warnings: list[RowWarning] = field(default_factory=list)
    answers: AnswerCounts | None = None


def dry_run(database: Database, source: ImportSource, *, find_near: bool = False) -> DryRun:
    """Return what importing a file would do; nothing is stored.

    Raises:
        NotFoundError, ClosedCampaignError, UnreadableFileError, EmptyFileError, MissingColumnError,
            ColumnsNotDetectedError: as in `import_file`.
    """
    campaign = database.read_now(importable_campaign, source.campaign)
    kind = kind_named(campaign.kind)
    settings = settings_of(kind, campaign.settings)
    plan = plan_import(source.path, source.columns, kind, source.options)
    result = DryRun(columns=describe_columns(plan))
    result.answers = AnswerCounts(kind, settings) if plan.answers else None
    near = NearDuplicates() if find_near else None
    read = items_of(plan, kind, settings)
    rejected: set[bytes] = set()
    for batch in _batches(_count_rows(result, read, kind, settings, near)):
        compared = database.read_now(dry_run_batch, campaign, batch, rejected)
        rejected |= compared.rejected_digests
        if result.answers:
            result.answers.add(compared.answers)
        result.items += compared.added
        result.existing += compared.existing
        result.rejected += len(compared.conflicts)
        result.errors += compared.conflicts[: MAX_REPORTED_ROWS - len(result.errors)]
    result.hidden = _hidden_columns(plan, result.hidden)
    return result


def _count_rows(
    result: DryRun,
    read: Iterable[ReadItem],
    kind: Kind[Any],
    settings: KindSettings,
    near: NearDuplicates | None,
) -> Iterator[BatchRow]:
    """Yield the items and answered rows, and count everything else in `result`."""
    meta_columns = dict.fromkeys(result.hidden)
    for row in read:
        result.rows += not isinstance(row, RowWarning | DuplicateAnswer)
        if result.answers:
            result.answers.count(row)
        match row:
            case ImportedItem():
                meta_columns |= dict.fromkeys(row.content.meta)
                result.hidden = list(meta_columns)
                _add_preview(result, row, kind, settings)
                place = place_of(row.line, row.file)
                if near and (first := near.add(row.content, place)):
                    result.near_duplicates += 1
                    _report_duplicate(result, place, first, "near")
                yield row
            case AnsweredRow():
                yield row
            case DuplicateRow():
                result.duplicates += 1
                how = "exchanged" if row.is_exchanged else "exact"
                _report_duplicate(result, place_of(row.line, row.file), row.first, how)
            case InvalidRow():
                result.rejected += 1
                result.errors += [row] * (len(result.errors) < MAX_REPORTED_ROWS)
            case RowWarning():
                result.warnings += [row] * (len(result.warnings) < MAX_REPORTED_ROWS)


def _report_duplicate(result: DryRun, row: str, first: str, how: str) -> None:
    if len(result.duplicate_rows) < MAX_REPORTED_ROWS:
        result.duplicate_rows.append({"row": row, "first": first, "duplicate": how})


def _batches(items: Iterable[BatchRow]) -> Iterator[Sequence[BatchRow]]:
    batch: list[BatchRow] = []
    for item in items:
        batch.append(item)
        if len(batch) == BATCH_SIZE:
            yield batch
            batch = []
    if batch:
        yield batch


def _add_preview(
    result: DryRun, item: ImportedItem, kind: Kind[Any], settings: KindSettings
) -> None:
    if item.has_text and len(result.preview) < PREVIEW_ITEMS:
        result.preview.append(_preview(item.content, kind, settings))


def _preview(content: Content, kind: Kind[Any], settings: KindSettings) -> PreviewedItem:
    form = kind.build_form(content, settings, range(len(content.candidates)))
    passages = tuple((passage.title, _text_with_media(passage)) for passage in form.passages)
    messages: list[ChatMessage] = content.prompt_messages()
    for letter, candidate in zip("ABCDEFGHIJ", content.candidates, strict=False):
        messages += [{**message, "response": letter} for message in candidate.as_messages()]
    return PreviewedItem(passages, tuple(messages))


def _text_with_media(passage: Passage) -> str:
    """Return the text of a passage, and a line for each image, recording and video below it."""
    media = [
        one.alt if one.alt == DEFAULT_ALT[one.type] else f"{one.type.capitalize()}: {one.alt}"
        for one in passage.media
    ]
    return "\n".join(filter(None, [passage.text, *media]))


def describe_columns(plan: ImportPlan) -> dict[str, str]:
    """Return what each column of a file becomes: parts of an item, or `meta`."""
    columns = plan.mapping.columns
    described = {}
    for name in plan.columns:
        parts = [*_parts_of(columns, name), *filter(None, [plan.answers.part_of(name)])]
        if not parts and plan.shape and name not in plan.shaped_columns:
            parts = [f"shape {plan.shape.name}"]
        described[name] = ", ".join(parts) or META
    return described


def _parts_of(columns: ColumnMapping, name: str) -> list[str]:
    return [
        part
        for part in PARTS
        if any(name in {mapped, mapped.split(".")[0]} for mapped in getattr(columns, part))
    ]


def _hidden_columns(plan: ImportPlan, meta_columns: Iterable[str]) -> list[str]:
    """Return the columns, and columns in `meta`, that experts do not see."""
    mapped = plan.mapping.columns
    hidden = [name for part in PARTS if part not in SHOWN_PARTS for name in getattr(mapped, part)]
    return list(dict.fromkeys([*hidden, *plan.answers.columns(), *meta_columns]))


def as_json(result: DryRun, extra: Mapping[str, object]) -> dict[str, object]:
    """Return a dry run for `--json`; each previewed item is a list of messages."""
    rejected = [{"line": row.line, "file": row.file, "reason": row.reason} for row in result.errors]
    warnings = [
        {"line": row.line, "file": row.file, "reason": row.reason} for row in result.warnings
    ]
    return {
        "dry_run": True,
        "rows": result.rows,
        "items": result.items,
        "existing": result.existing,
        "duplicates": result.duplicates,
        "near_duplicates": result.near_duplicates,
        "rejected": result.rejected,
        "columns": result.columns,
        "hidden": result.hidden,
        "preview": [list(item.messages) for item in result.preview],
        "duplicate_rows": result.duplicate_rows,
        "errors": rejected,
        "warnings": warnings,
        "answers": result.answers.as_json() if result.answers else None,
        **extra,
    }
