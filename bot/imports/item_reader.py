"""Item reader: stream the items of a file; each row that cannot be imported is reported."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from bot.imports.answers.log import REPETITIONS, SAME_ANSWER, AnswerLog
from bot.imports.answers.reader import AnswerReader, ImportedAnswer
from bot.imports.checks import unmapped_prompt, warnings_of
from bot.imports.earlier_rows import ComparedRow, EarlierRows
from bot.imports.groups import RowGroup
from bot.imports.item_content import build_content
from bot.imports.keys import textless_digest_of
from bot.imports.mapping import ColumnMapping, CompiledMapping
from bot.imports.media_files import NO_MEDIA, MediaFiles
from bot.imports.plain_items import PlainItem, PlainItemReader
from bot.imports.plan import DETECT_ALL, ImportOptions, ImportPlan, ShapedRow, plan_import
from bot.imports.read_item import (
    AnsweredRow,
    DuplicateAnswer,
    DuplicateRow,
    ImportedItem,
    ReadItem,
)
from bot.imports.row import InvalidRow, InvalidRowError, Row, RowWarning, quote_name
from bot.imports.shapes.shape import Fields
from bot.kinds.base import InvalidContentError, Kind
from bot.kinds.content import Content, ConversationTurn
from bot.kinds.gold import parse_gold
from bot.kinds.settings import KindSettings

TEXTLESS = (
    "no column has the texts of the responses, so that only the answers to them are imported; no "
    "expert is given these items (map the texts with --map candidates=COLUMN)"
)

NO_PROMPT = (
    "items have no prompt, so that experts see only the responses; if the column {column} has it, "
    "map that column, or a part of it, to the prompt"
)

OTHER_META = (
    "rows of the same item differ in columns that are not mapped; those of its first row are kept"
)


def read_items(
    path: Path,
    columns: ColumnMapping,
    kind: Kind[Any],
    settings: KindSettings,
    options: ImportOptions = DETECT_ALL,
) -> Iterator[ReadItem]:
    """Return an iterator over the rows of a file, in order, as items, duplicates or invalid rows.

    A file that must be rejected as a whole is rejected before iteration starts. Memory is one row,
    plus about 100 bytes per row to detect duplicates.

    Raises:
        NotFoundError, UnreadableFileError, EmptyFileError, MissingColumnError,
            ColumnsNotDetectedError: as in `plan_import`.
    """
    return items_of(plan_import(path, columns, kind, options), kind, settings)


def items_of(plan: ImportPlan, kind: Kind[Any], settings: KindSettings) -> Iterator[ReadItem]:
    """Yield the items of a planned file: each row is shaped, checked and compared once.

    Raises:
        MappingError: a part of answers is mapped that the kind does not have.
    """
    for row in quick_items_of(plan, kind, settings):
        yield row.as_imported() if isinstance(row, PlainItem) else row


def quick_items_of(
    plan: ImportPlan, kind: Kind[Any], settings: KindSettings
) -> Iterator[ReadItem | PlainItem]:
    """Yield the items as `items_of` does, but those of plain rows as `PlainItem`.

    Raises:
        MappingError: a part of answers is mapped that the kind does not have.
    """
    mapping = plan.mapping
    answers = None
    if plan.answers:
        columns = mapping.columns
        answers = AnswerReader.build(plan.answers, kind, settings, columns, plan.read)
    earlier = EarlierRows(mapping, has_answers=answers is not None)
    is_plain = plan.shape is None and answers is None
    plain = PlainItemReader.of(mapping, kind, settings, earlier) if is_plain else None
    return _read_with_media(plan, plain, _RowReader(mapping, kind, settings, answers, earlier))


def _read_with_media(
    plan: ImportPlan, plain: PlainItemReader | None, reader: _RowReader
) -> Iterator[ReadItem | PlainItem]:
    with plan.open_media() as reader.media:
        yield from _read_rows(plan, plain, reader)


def _read_rows(
    plan: ImportPlan, plain: PlainItemReader | None, reader: _RowReader
) -> Iterator[ReadItem | PlainItem]:
    if plan.mapping.textless_candidates:
        yield RowWarning(0, TEXTLESS)
    for row in plan.rows:
        if isinstance(row, (InvalidRow, RowWarning)):
            yield row
            continue
        first = row.rows[0] if isinstance(row, RowGroup) else row
        try:
            if plain and isinstance(row, Row) and (item := plain.read(row)):
                yield item
                continue
            for number, shaped in enumerate(plan.shape_row(row)):
                yield from reader.items_in(shaped, _answer_rows(row, shaped, plan), number)
        except InvalidRowError as error:
            yield InvalidRow(first.line, str(error), first.file)
        if reader.answers:
            yield from reader.new_warnings(reader.answers)


def _answer_rows(row: Row | RowGroup, shaped: ShapedRow, plan: ImportPlan) -> Sequence[Fields]:
    """Return the fields that have answers: those of the file, because a shape may drop some."""
    if plan.shape is None:
        return [shaped.fields]
    rows = row.rows if isinstance(row, RowGroup) else (row,)
    return [one.fields for one in rows]


@dataclass(slots=True)
class _RowReader:
    """Reads the item and the answers of each row, and compares them with the rows before."""

    mapping: CompiledMapping
    kind: Kind[Any]
    settings: KindSettings
    answers: AnswerReader | None
    earlier: EarlierRows
    log: AnswerLog = field(default_factory=AnswerLog)
    warned: int = 0
    has_warned: bool = False
    media: MediaFiles = NO_MEDIA

    def items_in(
        self, row: ShapedRow, answer_rows: Sequence[Fields], number: int
    ) -> Iterator[ReadItem]:
        """Yield the item of a row, or what is wrong with it; `number` counts items of the row."""
        try:
            content = self._content_of(row)
            answers = self._answers_in(answer_rows, content, number)
            compared = self.earlier.compare(row, content, self._repetition_of(content, answers))
        except InvalidContentError as error:
            yield InvalidRow(row.line, str(error.details["reason"]), row.file)
            return
        except InvalidRowError as error:
            yield InvalidRow(row.line, str(error), row.file)
            return
        if compared.first is None:
            for reason in warnings_of(content):
                yield RowWarning(row.line, reason, row.file)
            if not self.has_warned and (name := unmapped_prompt(content)):
                self.has_warned = True
                yield RowWarning(0, NO_PROMPT.format(column=quote_name(name)))
        if not answers or self.answers is None:
            yield self._item(row, content, compared, ())
            return
        if compared.has_other_meta:
            self.answers.notes[OTHER_META] = None
        found = list(self._new_answers(row, content, compared.digest, answers))
        yield from (one for one in found if not isinstance(one, ImportedAnswer))
        new = tuple(one for one in found if isinstance(one, ImportedAnswer))
        if new or compared.first is None:
            yield self._item(row, content, compared, new)

    def _repetition_of(self, content: Content, answers: Sequence[ImportedAnswer]) -> int:
        """Return how many items with this content come before it; 0 if texts or ids tell items."""
        if not self.mapping.textless_candidates or self.mapping.has("id", "prompt"):
            return 0
        repetition = self.log.repetition_of(textless_digest_of(content, None), answers)
        if repetition and self.answers:
            self.answers.notes[REPETITIONS] = None
        return repetition

    def _item(
        self,
        row: ShapedRow,
        content: Content,
        compared: ComparedRow,
        answers: tuple[ImportedAnswer, ...],
    ) -> ReadItem:
        """Return the item of a row, its answers to an item of an earlier row, or that it is one."""
        key, digest, first = compared.key, compared.digest, compared.first
        if first is None:
            has_text, spare = not self.mapping.textless_candidates, compared.spare_key
            return ImportedItem(row.line, key, content, digest, row.file, answers, has_text, spare)
        if answers:
            return AnsweredRow(row.line, key, content, digest, answers, row.file)
        return DuplicateRow(row.line, key, first, compared.is_exchanged, row.file)

    def _content_of(self, row: ShapedRow) -> Content:
        content = build_content(row.fields, self.mapping, self.media.beside(row.file))
        checked = content
        if self.mapping.textless_candidates:
            checked = replace(
                content,
                prompt=content.prompt or (ConversationTurn("user", "…"),),
                candidates=tuple(
                    replace(candidate, text=f"response {number}")
                    for number, candidate in enumerate(content.candidates)
                ),
            )
        self.kind.validate_content(checked, self.settings)
        return _add_gold(content, row, self.mapping, self.kind, self.settings)

    def _answers_in(
        self, rows: Sequence[Fields], content: Content, number: int
    ) -> tuple[ImportedAnswer, ...]:
        if self.answers is None:
            return ()
        answers = tuple(a for fields in rows for a in self.answers.read_row(fields, content))
        if answers and number:
            message = "the row has several items, so that its answer may belong to any of them"
            raise InvalidRowError(message)
        if not answers and self.mapping.textless_candidates:
            message = "the row has neither a text to judge nor an answer"
            raise InvalidRowError(message)
        return answers

    def _new_answers(
        self, row: ShapedRow, content: Content, digest: bytes, answers: Iterable[ImportedAnswer]
    ) -> Iterator[ImportedAnswer | DuplicateAnswer | InvalidRow]:
        """Yield the answers of a row, or for each that its expert has given before, which it is."""
        for answer in self.log.with_names(digest, answers):
            line = self.log.add(digest, content, answer, row.line)
            if line is None:
                yield answer
            elif line == SAME_ANSWER:
                yield DuplicateAnswer(row.line, row.file)
            else:
                reason = (
                    f"the expert {quote_name(answer.expert)} has given this item another answer in "
                    f"line {line}, which is kept (if it is another item, map what tells them apart "
                    "to the id or the prompt)"
                )
                yield InvalidRow(row.line, reason, row.file)

    def new_warnings(self, answers: AnswerReader) -> Iterator[RowWarning]:
        """Yield the warnings about the whole file that the answers of the last row gave rise to."""
        notes = list(answers.notes)
        for note in notes[self.warned :]:
            yield RowWarning(0, note)
        self.warned = len(notes)


def _add_gold(
    content: Content,
    row: ShapedRow,
    mapping: CompiledMapping,
    kind: Kind[Any],
    settings: KindSettings,
) -> Content:
    raw = mapping.value(row.fields, "gold")
    if raw is None or raw == "":
        return content
    return replace(content, gold=parse_gold(kind, content, settings, raw))
