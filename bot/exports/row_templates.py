"""Rows of items whose answers are alike, which differ only in the texts that they copy.

The answers to most items are one of a few combinations of taps. A format that only copies texts
gives all items with one combination the same rows but for their texts. So the rows are built once,
of an item with placeholders for its texts, and every other item fills in its own.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from secrets import token_hex

import orjson

from bot.exports.formats.format import Format, LeftOutLabel
from bot.exports.json_lines import dump_line, escape_separators
from bot.exports.label_record import LabelRecord

_TOKEN = token_hex(16)
"""Part of all placeholders. It is random, so that no text in the database looks like one."""

_PLACEHOLDER = re.compile(rb"<%s-(\d+)>" % _TOKEN.encode())


def placeholder(slot: int) -> str:
    """Return the text that stands for the text with this number, counting from 0."""
    return f"<{_TOKEN}-{slot}>"


def encode_texts(texts: Sequence[str]) -> list[bytes]:
    """Return texts as they are between the quotation marks of JSON strings.

    All become one array with a line for each, which is much faster than each alone. A string has no
    line break of its own in JSON.
    """
    lines = orjson.dumps(texts, option=orjson.OPT_INDENT_2)
    return escape_separators(lines[5:-3]).split(b'",\n  "') if texts else []


@dataclass(slots=True)
class RowBatch:
    """Finished rows of many items, and what is counted with them.

    Attributes:
        lines: JSON Lines.
        row_count: how many there are.
        answers: number of answers in the rows.
        left_out: number of answers without rows, by reason.
        metas: the metadata of each label that has rows and of which provenance is counted.
    """

    lines: list[bytes] = field(default_factory=list)
    row_count: int = 0
    answers: int = 0
    left_out: Counter[str] = field(default_factory=Counter)
    metas: list[Mapping[str, object]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class RowTemplate:
    """The rows of an item with placeholders, and what is counted with them.

    Attributes:
        pick: returns the pieces of the rows in their order, from all texts by slot and `between`.
        between: the pieces between the texts.
        row_count: number of rows; 0 if all answers are left out.
        labels: number of labels that have rows.
        answers: number of answers in the rows.
        left_out: number of answers without rows, by reason.
    """

    pick: Callable[[Sequence[bytes]], tuple[bytes, ...]]
    between: Sequence[bytes]
    row_count: int
    labels: int
    answers: int
    left_out: Mapping[str, int]

    def add_item(
        self, batch: RowBatch, texts: Sequence[bytes], meta: Mapping[str, object] | None
    ) -> None:
        """Add the rows of an item with encoded texts; `meta` is None if it is not counted."""
        batch.answers += self.answers
        if self.left_out:
            batch.left_out.update(self.left_out)
        if not self.row_count:
            return
        batch.row_count += self.row_count
        batch.lines.append(b"".join(self.pick((*texts, *self.between))))
        if meta is not None:
            batch.metas.extend([meta] * self.labels)


def build_template(
    labels: Iterable[LabelRecord | LeftOutLabel], export_format: Format, slots: int
) -> RowTemplate:
    """Return the template of the labels of an item whose texts are so many placeholders."""
    lines: list[bytes] = []
    left_out = Counter[str]()
    with_rows: list[LabelRecord] = []
    for label in labels:
        rows = label if isinstance(label, LeftOutLabel) else export_format.rows_of(label)
        if isinstance(rows, LeftOutLabel):
            left_out[rows.reason] += label.answers
        elif isinstance(label, LabelRecord):
            with_rows.append(label)
            lines += map(dump_line, rows)
    parts = _PLACEHOLDER.split(b"".join(lines))
    places = [int(slot) for slot in parts[1::2]]
    after = enumerate(places, start=slots)
    order = [place for between, text in after for place in (between, text)]
    last = slots + len(places)
    return RowTemplate(
        itemgetter(*order, last, last + 1),
        (*parts[::2], b""),  # two pieces at least, so that `pick` returns a tuple
        len(lines),
        len(with_rows),
        sum(label.answers for label in with_rows),
        {reason: count for reason, count in left_out.items() if count},
    )
