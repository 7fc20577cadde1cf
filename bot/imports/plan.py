"""Import plan: the shape and the column mapping of a file, found in its first rows."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain, islice
from pathlib import Path
from typing import Any, cast

from bot.imports.answers.mapping import NO_ANSWERS, AnswerMapping
from bot.imports.column_names import ID_NAMES
from bot.imports.detection import FileColumns, detect_columns
from bot.imports.groups import RowGroup, first_rows, group_rows, merge_rows
from bot.imports.mapping import (
    ColumnMapping,
    CompiledMapping,
    MissingColumnError,
    format_names,
)
from bot.imports.media import is_media
from bot.imports.media_files import NO_MEDIA, MediaFiles, open_media
from bot.imports.messages import is_conversation
from bot.imports.readers import read_rows
from bot.imports.readers.source import ReadOptions
from bot.imports.row import EmptyFileError, InvalidRow, InvalidRowError, ReadRow, Row
from bot.imports.samples import (
    BLANK_CELLS,
    SHAPED_PARTS,
    has_mostly,
    has_only,
    has_prompt,
    is_list,
    json_columns,
)
from bot.imports.shapes import find_shape, shape_named
from bot.imports.shapes.shape import GROUP, Fields, Shape
from bot.kinds.base import Kind

SAMPLE_ROWS = 100
"""Valid rows sampled to find the columns: in JSON Lines, a row may leave some out."""

LIST_PARTS = ("candidates", "models", "authors", "candidate_images", "candidate_audio")
"""Parts with one value per candidate."""

TEXT_PARTS = ("candidates", "candidate_images", "candidate_audio", "candidate_video")
"""Parts that experts judge; without them, an item has only the answers to it."""

MEDIA_PARTS = ("images", "audio", "video", "candidate_images", "candidate_audio", "candidate_video")

ID_COLUMNS = tuple(dict.fromkeys(names[0] for names in ID_NAMES))


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """How a file is read: its encoding, sheet and shape, and the column that groups its rows.

    `answers` are the columns of existing answers.
    `max_rows`: read only so many rows and warn about it; 0 reads all.
    `may_read_folder`: media may be files in the folder of a single data file.
    `media_path`: the file or archive whose folder has the media, if it is not the file read.
    """

    encoding: str | None = None
    sheet: str | None = None
    shape: str | None = None
    group_by: str | None = None
    answers: AnswerMapping = NO_ANSWERS
    max_rows: int = 0
    may_read_folder: bool = False
    media_path: Path | None = None


DETECT_ALL = ImportOptions()


@dataclass(frozen=True, slots=True)
class ShapedRow:
    """The fields of one item; `line` is where its row, or the first of its group, starts."""

    line: int
    fields: Fields
    file: str = ""


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """How the rows of a file become items.

    `columns` are those of the file, `shaped_columns` those that the shape returns. `read` returns
    all rows of the file once more. `open_media` opens the files next to it.
    """

    rows: Iterator[ReadRow | RowGroup]
    shape: Shape | None
    mapping: CompiledMapping
    columns: tuple[str, ...]
    candidate_count: int
    shaped_columns: frozenset[str] = frozenset()
    answers: AnswerMapping = NO_ANSWERS
    read: Callable[[], Iterator[ReadRow]] = lambda: iter(())
    open_media: Callable[[], AbstractContextManager[MediaFiles]] = lambda: nullcontext(NO_MEDIA)

    def shape_row(self, row: Row | RowGroup) -> Iterable[ShapedRow]:
        """Return the fields of each item in a row or group.

        Raises:
            InvalidRowError: the row does not have the shape (also while the result is read).
        """
        first, fields = (
            (row, row.fields) if isinstance(row, Row) else (row.rows[0], self._merge(row))
        )
        if self.shape is None:
            return (ShapedRow(first.line, fields, first.file),)
        return self._convert(self.shape, first, fields)

    def _merge(self, group: RowGroup) -> Fields:
        if self.shape and self.shape.group_by:
            return {GROUP: [row.fields for row in group.rows]}
        columns = self.mapping.columns
        lists = {name for part in LIST_PARTS for name in getattr(columns, part)}
        lists |= set(self.answers.parts.get("ranks", ()))
        return merge_rows(group.rows, lists)

    def _convert(self, shape: Shape, row: Row, fields: Fields) -> Iterator[ShapedRow]:
        for shaped in shape.convert(fields, self.candidate_count):
            for one in _split_responses(shaped, self.candidate_count):
                yield ShapedRow(row.line, one, row.file)


def _split_responses(fields: Fields, count: int) -> Iterator[Fields]:
    """Yield an item for each response, if the kind judges one and a shape returns several."""
    responses, models = fields.get("candidates"), fields.get("models")
    is_one = count != 1 or not isinstance(responses, list) or is_conversation(responses)
    if is_one or len(cast("list[object]", responses)) == 1:
        yield fields
        return
    for index, response in enumerate(cast("list[object]", responses)):
        own: dict[str, object] = {"candidates": [response]}
        if isinstance(models, list) and index < len(models):
            own["models"] = [models[index]]
        for name in ID_COLUMNS:
            if fields.get(name) not in BLANK_CELLS:
                own[name] = f"{fields[name]}-{index + 1}"
        yield {**fields, **own}


def plan_import(
    path: Path, columns: ColumnMapping, kind: Kind[Any], options: ImportOptions = DETECT_ALL
) -> ImportPlan:
    """Return the plan of a file; parts that `columns` does not map are detected.

    Raises:
        NotFoundError: no reader reads this file extension, or there is no such shape.
        UnreadableFileError: the content is not in the format of its extension.
        EmptyFileError: the file contains no rows.
        MissingColumnError: a mapped column does not exist; the message lists those that do.
        ColumnsNotDetectedError: a part that the kind requires is neither mapped nor detected.
    """
    read_all = partial(read_rows, path, ReadOptions(options.encoding, options.sheet))
    read = partial(first_rows, read_all, options.max_rows) if options.max_rows else read_all
    rows: Iterator[ReadRow | RowGroup] = read()
    head = list(_until_sampled(rows))
    sample = [row for row in head if isinstance(row, Row)]
    available = tuple(dict.fromkeys(name for row in sample for name in row.fields))
    count = len(kind.example.content.candidates)
    if not available:
        if not any(isinstance(row, InvalidRow) for row in head):
            raise EmptyFileError(name=path.name)
        return ImportPlan(chain(head, rows), None, CompiledMapping(columns), (), count)
    shape = _choose_shape([row.fields for row in sample], columns, options)
    group_by = options.group_by or (shape.group_by if shape else "")
    shaped = _shape_sample(sample, shape, group_by, count) or [row.fields for row in sample]
    mapping = _resolve(path.name, columns, kind, shape, available, shaped, options)
    if group_by and options.max_rows:
        read = partial(first_rows, read_all, options.max_rows, group_by)
    rows = group_rows(read, group_by) if group_by else chain(head, rows)
    names = frozenset(name for fields in shaped for name in fields)
    beside = options.media_path or path
    media = partial(open_media, beside, may_read_folder=options.may_read_folder)
    return ImportPlan(rows, shape, mapping, available, count, names, options.answers, read, media)


def _until_sampled(rows: Iterator[ReadRow | RowGroup]) -> Iterator[ReadRow | RowGroup]:
    """Yield rows until enough of them are valid."""
    count = 0
    for row in rows:
        yield row
        count += isinstance(row, Row)
        if count == SAMPLE_ROWS:
            return


def _choose_shape(
    sample: Sequence[Fields], columns: ColumnMapping, options: ImportOptions
) -> Shape | None:
    """Return the named shape, else the one that the rows certainly have.

    Mapped columns and groups of rows take precedence.
    """
    if options.shape:
        return shape_named(options.shape, sample)
    if options.group_by or columns.mapped_columns():
        return None
    return find_shape(sample)


def _shape_sample(
    sample: Sequence[Row], shape: Shape | None, group_by: str, count: int
) -> list[Fields]:
    if shape is None:
        return [row.fields for row in sample]
    rows: Iterable[Fields] = [row.fields for row in sample]
    if group_by and shape.group_by:
        groups = group_rows(lambda: iter(sample), group_by)
        rows = [
            {GROUP: [row.fields for row in group.rows]}
            for group in groups
            if isinstance(group, RowGroup)
        ]
    shaped: list[Fields] = []
    for fields in rows:
        try:
            shaped.extend(islice(shape.convert(fields, count), SAMPLE_ROWS))
        except InvalidRowError:
            continue  # the row is reported when it is imported
    if shape.parts and (group_by or not shaped):
        shaped.append(dict.fromkeys(shape.parts))
    return shaped


def _resolve(  # noqa: PLR0913, PLR0917 - what the plan has found so far
    name: str,
    columns: ColumnMapping,
    kind: Kind[Any],
    shape: Shape | None,
    raw_columns: Collection[str],
    sample: Sequence[Fields],
    options: ImportOptions,
) -> CompiledMapping:
    available = list(dict.fromkeys(column for fields in sample for column in fields))
    answers = options.answers
    missing = columns.missing_from(available) + answers.missing_from({*raw_columns, *available})
    if missing:
        raise MissingColumnError(
            name=name, missing=format_names(missing), available=format_names(raw_columns)
        )
    if shape:
        shaped_parts = {
            part: (part,)
            for part in (*SHAPED_PARTS, *(MEDIA_PARTS if shape.is_complete else ()))
            if part in available and not getattr(columns, part) and _suits(part, kind)
        }
        columns = replace(columns, **shaped_parts)
    elif options.group_by and not columns.prompt:
        columns = replace(columns, prompt=(options.group_by,))
    values = {column: [fields.get(column) for fields in sample] for column in available}
    links = {column for column in available if has_mostly(values[column], is_media)}
    lists = {column for column in available if has_only(values[column], is_list)}
    unanswered = [column for column in available if column not in answers.columns()]
    file_columns = FileColumns(
        name,
        unanswered,
        links,
        lists,
        is_grouped=bool(options.group_by),
        may_lack_text=bool(answers) and shape is None,
        has_prompt=has_prompt(columns, kind, shape, sample),
    )
    is_complete = shape is not None and shape.is_complete
    detected = columns if is_complete else detect_columns(columns, kind, file_columns)
    is_textless = bool(answers) and not any(getattr(detected, part) for part in TEXT_PARTS)
    return CompiledMapping(
        detected,
        json_columns(detected, sample),
        answers.columns(),
        len(kind.example.content.candidates) if is_textless else 0,
    )


def _suits(part: str, kind: Kind[Any]) -> bool:
    return part not in ("candidates", "models") or bool(kind.example.content.candidates)
