"""Spool the rows of an export to disk as JSON Lines, the source of all its data files.

The schema is complete only after the last row, because the criteria of ratings and the keys of
messages are collected while the labels are read. Data files made from the same spool have the
same rows.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import BinaryIO, cast

from bot.exports.dataset_details import MAX_VALUES, OTHER_VALUES, PROVENANCE_COLUMNS
from bot.exports.formats.format import (
    ChatMessage,
    Column,
    ColumnType,
    ExportRow,
    Format,
    LeftOutLabel,
)
from bot.exports.json_lines import BATCH_BYTES, dump_line
from bot.exports.label_record import LabelRecord
from bot.exports.row_templates import RowBatch
from bot.exports.splits import TRAIN, Splits, split_of

BUFFER_BYTES = 1024 * 1024


@dataclass(frozen=True, slots=True)
class SpooledSplit:
    """The rows of one split, as JSON Lines in `path`."""

    name: str
    path: Path
    row_count: int


@dataclass(frozen=True, slots=True)
class SpooledRows:
    """Result of spooling; `columns` are complete: with criteria and message keys.

    `answers` have rows, `left_out` counts those without by reason. `splits` has `train` first.
    `provenance` counts the labels with rows by each value of `PROVENANCE_COLUMNS`.
    """

    row_count: int
    left_out: Mapping[str, int]
    columns: tuple[Column, ...]
    answers: int = 0
    splits: tuple[SpooledSplit, ...] = ()
    provenance: Mapping[str, Mapping[str, int]] = field(default_factory=dict)

    @property
    def filled_splits(self) -> tuple[SpooledSplit, ...]:
        """Return the splits that have rows; the first if none has."""
        return tuple(split for split in self.splits if split.row_count) or self.splits[:1]


def spool_rows(
    labels: Iterable[LabelRecord | LeftOutLabel | RowBatch],
    export_format: Format,
    path: Path,
    splits: Splits = (),
    report: Callable[[int], None] | None = None,
) -> SpooledRows:
    """Write the rows of each label to `path`, one at a time, in the order of `labels`.

    The rows of a split other than `train` are written to `path.NAME`. Finished rows belong to
    `train`.
    `report` is called now and then with the number of bytes of the complete rows in `path`.
    """
    paths = {TRAIN: path} | {split.name: Path(f"{path}.{split.name}") for split in splits}
    with ExitStack() as stack:
        files = {
            name: stack.enter_context(split_path.open("wb", buffering=BUFFER_BYTES))
            for name, split_path in paths.items()
        }
        spool = _Spool(export_format, splits, files)
        for record in labels:
            spool.add(record)
            if report and spool.unreported_bytes > BATCH_BYTES:
                spool.unreported_bytes = 0
                files[TRAIN].flush()
                report(files[TRAIN].tell())
        spool.flush()
    spooled = (SpooledSplit(name, paths[name], spool.row_counts[name]) for name in paths)
    left_out = {reason: count for reason, count in sorted(spool.left_out.items()) if count}
    return SpooledRows(
        spool.row_counts.total(),
        left_out,
        spool.columns(),
        spool.answers,
        tuple(spooled),
        spool.provenance,
    )


class _Spool:
    """The open files of an export, with what is counted and collected while they are written."""

    def __init__(
        self, export_format: Format, splits: Splits, files: Mapping[str, BinaryIO]
    ) -> None:
        self.row_counts = Counter[str]()
        self.left_out = Counter[str]()
        self.answers = 0
        self.unreported_bytes = 0
        self.provenance: dict[str, Counter[str]] = {}
        self._format, self._splits, self._files = export_format, splits, files
        self._item, self._item_rows = ("", TRAIN), list[ExportRow]()
        self._named_columns = [
            (column.name, NAMES_IN_CELL[column.type], dict[str, None]())
            for column in export_format.columns
            if column.type in NAMES_IN_CELL
        ]

    def add(self, record: LabelRecord | LeftOutLabel | RowBatch) -> None:
        """Write the rows of a label, or count it by the reason why it has none."""
        if isinstance(record, RowBatch):
            self._add_batch(record)
            return
        if isinstance(record, LeftOutLabel):
            self.left_out[record.reason] += record.answers
            return
        rows = self._format.rows_of(record)
        if isinstance(rows, LeftOutLabel):
            self.left_out[rows.reason] += record.answers
            return
        self.answers += record.answers
        self._count_provenance(record.meta)
        split = split_of(record, self._splits) if self._splits else TRAIN
        if self._format.join_rows is None:
            self._write(split, rows)
            return
        if (record.item_key, split) != self._item:
            self.flush()
        self._item = record.item_key, split
        self._item_rows.extend(rows)

    def _add_batch(self, batch: RowBatch) -> None:
        self.row_counts[TRAIN] += batch.row_count
        self.left_out.update(batch.left_out)
        self.answers += batch.answers
        for meta in batch.metas:
            self._count_provenance(meta)
        self._files[TRAIN].writelines(batch.lines)
        self.unreported_bytes += sum(map(len, batch.lines))

    def flush(self) -> None:
        """Write the row of the last item, in a format that has one row per item."""
        if self._format.join_rows and self._item_rows:
            self._write(self._item[1], [self._format.join_rows(self._item_rows)])
        self._item_rows = []

    def _write(self, split: str, rows: Sequence[ExportRow]) -> None:
        self.row_counts[split] += len(rows)
        for row in rows:
            for column, names_in, names in self._named_columns:
                for name in names_in(row[column]):
                    names[name] = None
            line = dump_line(_flatten(row, self._format))
            self._files[split].write(line)
            self.unreported_bytes += len(line)

    def _count_provenance(self, meta: Mapping[str, object]) -> None:
        """Count a label by where its item comes from; after some values, as another one."""
        for name in PROVENANCE_COLUMNS:
            value = meta.get(name)
            if isinstance(value, str) and value.strip():
                counts = self.provenance.setdefault(name, Counter())
                is_listed = value in counts or len(counts) < MAX_VALUES
                counts[value if is_listed else OTHER_VALUES] += 1

    def columns(self) -> tuple[Column, ...]:
        """Return the columns of the rows so far, complete."""
        names_of = {column: names for column, _names_in, names in self._named_columns}
        return tuple(
            filled
            for column in self._format.columns
            for filled in _filled_in(column, names_of.get(column.name, ()), self._format)
        )


def _flatten(row: ExportRow, export_format: Format) -> ExportRow:
    """Return a row in which the scores to be flattened are cells of their own."""
    name = export_format.flattened
    if not name:
        return row
    flat: ExportRow = {}
    for key, cell in row.items():
        scores = cast("dict[str, float]", cell) if key == name else {}
        flat |= {_flat_name(one, export_format): score for one, score in scores.items()}
        flat |= {key: cell} if key != name else {}
    return flat


def _flat_name(criterion: str, export_format: Format) -> str:
    """Return the name of the column of a criterion, which differs from all other columns."""
    is_taken = any(column.name == criterion for column in export_format.columns)
    return f"score_{criterion}" if is_taken else criterion


def _filled_in(column: Column, names: Iterable[str], export_format: Format) -> Iterable[Column]:
    """Yield a column with its criteria or message keys, or a column for each criterion."""
    if column.name == export_format.flattened:
        for name in names:
            yield Column(_flat_name(name, export_format), "number", column.description)
    elif column.type == "scores":
        yield replace(column, criteria=tuple(names))
    else:
        yield replace(column, message_keys=tuple(sorted(names)))


def _criteria_in(cell: object) -> Iterable[str]:
    return cast("dict[str, float]", cell)


def _message_keys_in(cell: object) -> Iterable[str]:
    """Return the keys of messages other than role and content."""
    longer = [one for one in cast("list[ChatMessage]", cell) if len(one) > len(MESSAGE_KEYS)]
    return [key for message in longer for key in message if key not in MESSAGE_KEYS]


def _message_key_in(cell: object) -> Iterable[str]:
    return _message_keys_in([cell])


def _conversation_keys_in(cell: object) -> Iterable[str]:
    for messages in cast("list[list[ChatMessage]]", cell):
        yield from _message_keys_in(messages)


MESSAGE_KEYS = ("role", "content")

NAMES_IN_CELL: dict[ColumnType, Callable[[object], Iterable[str]]] = {
    "scores": _criteria_in,
    "message": _message_key_in,
    "messages": _message_keys_in,
    "conversations": _conversation_keys_in,
}
"""Types whose schema depends on the rows, and the names in a cell that it needs."""
