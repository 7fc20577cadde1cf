"""What a format is: typed columns, and a function from one annotation to its rows.

No cell is ever null or an empty list. Loaders that guess types from the first rows of a JSON file
(`datasets` looks at the first 10 MB) would take such a column for one of nulls, and fail where the
first value turns up.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from bot.exports.label_record import LabelRecord
from bot.kinds.content import ConversationTurn
from bot.kinds.label import Label, Preference

ColumnType = Literal[
    "text", "integer", "number", "messages", "scores", "texts", "integers", "conversations"
]
"""What a column holds: `messages` are chat messages, `scores` points by criterion; `texts`,
`integers` and `conversations` are lists, one a candidate."""

ChatMessage = dict[str, str]
Cell: TypeAlias = (
    str
    | int
    | float
    | list[ChatMessage]
    | dict[str, int]
    | list[str]
    | list[int]
    | list[list[ChatMessage]]
)
ExportRow = dict[str, Cell]


@dataclass(frozen=True, slots=True)
class Column:
    """One column; `says` is a phrase for the dataset card.

    `parts` are the criteria of a `scores` column. A format leaves them open; they are known once
    all rows are.
    """

    name: str
    type: ColumnType
    description: str
    criteria: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SkippedLabel:
    """An annotation that has no place in a format; `reason` is counted and told in the card."""

    reason: str


@dataclass(frozen=True, slots=True)
class Format:
    """One shape of a dataset.

    Attributes:
        name: the word used in commands and tables.
        says: what it is for, in one line.
        trains: how it trains, as a line of Python in the card, "" where it does not.
        columns: what each row holds, in this order.
        rows: one annotation as rows with exactly these columns (a ranking is many pairs), or why
            it is left out.
        takes_all: whether it has answers that do not count: those that a second expert has yet to
            confirm, and those about which a reviewer decided.
    """

    name: str
    description: str
    training_code: str
    columns: tuple[Column, ...]
    to_rows: Callable[[LabelRecord], Sequence[ExportRow] | SkippedLabel]
    includes_uncounted: bool = False

    def rows_of(self, record: LabelRecord) -> Sequence[ExportRow] | SkippedLabel:
        """Return the rows of an annotation, if it counts."""
        if record.is_adjudicated and not self.includes_uncounted:
            return SkippedLabel("decided by a reviewer")
        if record.level < record.required_levels and not self.includes_uncounted:
            return SkippedLabel("not confirmed yet")
        return self.to_rows(record)


SOURCE_COLUMNS = (
    Column("item", "text", "key of the item, as imported"),
    Column("expert", "text", "pseudonym of the expert"),
    Column("campaign", "text", "name of the campaign"),
    Column("source", "text", "unanimous, majority, split, single or adjudicated"),
)
"""The columns that stand at the end of every training row."""


def source_cells(record: LabelRecord) -> ExportRow:
    """Return the cells of SOURCE."""
    return {
        "item": record.item_key,
        "expert": record.expert,
        "campaign": record.campaign,
        "source": record.source,
    }


ORIGIN_WRITTEN = "written"
"""What a training row says as its source where the expert wrote the response themselves."""

STARTED_FROM_COLUMN = Column(
    "began_with",
    "text",
    "left, right or nothing: what an expert who found both bad began to write with; else empty",
)


def started_from_cell(label: Label) -> str:
    """Return the cell of BEGAN_WITH."""
    return (label.started_from or "") if isinstance(label, Preference) else ""


def prompt_messages(turns: Sequence[ConversationTurn]) -> list[ChatMessage]:
    """Return the prompt as chat messages, at least one.

    An item without a prompt gets one user message without content. TRL tells conversations by the
    first message of a column and fails on an empty list, and chat templates want a user before the
    assistant; a made-up prompt would be trained on, and leaving the row out would lose its label.
    """
    return [turn.as_message() for turn in turns] or [{"role": "user", "content": ""}]


def response_messages(text: str) -> list[ChatMessage]:
    """Return a response as the one message that the assistant says."""
    return [{"role": "assistant", "content": text}]
