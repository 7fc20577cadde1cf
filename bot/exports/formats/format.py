"""Definition of an export format: typed columns, and a function from an annotation to its rows.

No cell is null or an empty list. Loaders that infer types from the start of a JSON file
(`datasets` reads the first 10 MB) would infer a null type for such a column and fail at its first
value.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

import orjson

from bot.exports.label_record import LabelRecord
from bot.kinds.content import Candidate, ConversationTurn
from bot.kinds.label import Label, Preference

ColumnType = Literal[
    "text", "integer", "number", "messages", "scores", "texts", "integers", "conversations"
]
"""Type of a column. `messages` are chat messages, `scores` map criteria to scores; `texts`,
`integers` and `conversations` are lists with one entry per candidate."""

ChatMessage = dict[str, str]
"""A chat message; keys beside role and content have text, or JSON if they have no text."""

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
    """One column; `description` is a phrase for the dataset card.

    `criteria` belong to a `scores` column, `message_keys` beside role and content to one of
    messages. They are empty in a format and filled in once all rows are spooled.
    """

    name: str
    type: ColumnType
    description: str
    criteria: tuple[str, ...] = ()
    message_keys: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LeftOutLabel:
    """An annotation without rows in a format; manifest and card count them by `reason`."""

    reason: str


@dataclass(frozen=True, slots=True)
class Format:
    """The schema of a dataset and the conversion to it.

    Attributes:
        name: name in commands and tables.
        description: what it is for, in one line.
        training_code: a line of Python for the card that trains on it, "" if there is none.
        columns: the columns of each row, in this order.
        to_rows: convert an annotation to rows with exactly these columns (a ranking becomes many
            pairs), or to the reason why it is left out.
        includes_uncounted: whether it includes answers that do not count: those not yet confirmed
            by a second expert, those replaced by a reviewer's decision, and those to items whose
            texts were not imported.
    """

    name: str
    description: str
    training_code: str
    columns: tuple[Column, ...]
    to_rows: Callable[[LabelRecord], Sequence[ExportRow] | LeftOutLabel]
    includes_uncounted: bool = False

    def rows_of(self, record: LabelRecord) -> Sequence[ExportRow] | LeftOutLabel:
        """Return the rows of an annotation, or why it is left out."""
        if record.is_adjudicated and not self.includes_uncounted:
            return LeftOutLabel("replaced by a reviewer's decision")
        if record.level < record.required_levels and not self.includes_uncounted:
            return LeftOutLabel("not yet confirmed")
        if not record.has_text and not self.includes_uncounted:
            return LeftOutLabel("imported without text")
        return self.to_rows(record)


WITH_MAJORITY_COLUMN = Column(
    "with_majority", "integer", "1 if it is the majority's answer, the only one, or decided; else 0"
)

SOURCE_COLUMNS = (
    Column("item", "text", "key of the item, as imported"),
    Column("expert", "text", "pseudonym of the expert"),
    Column("campaign", "text", "name of the campaign"),
    Column("source", "text", "unanimous, majority, split, single or adjudicated"),
    WITH_MAJORITY_COLUMN,
)
"""The last columns of every training format."""


def source_cells(record: LabelRecord) -> ExportRow:
    """Return the cells of `SOURCE_COLUMNS`."""
    return {
        "item": record.item_key,
        "expert": record.expert,
        "campaign": record.campaign,
        "source": record.source,
        "with_majority": int(record.is_with_majority),
    }


ORIGIN_WRITTEN = "written"
"""Origin of a training row whose response was written by the expert."""

STARTED_FROM_COLUMN = Column(
    "started_from",
    "text",
    "left, right or blank: where an expert who found both bad started to write; else empty",
)


def started_from_cell(label: Label) -> str:
    """Return the cell of `STARTED_FROM_COLUMN`."""
    return (label.started_from or "") if isinstance(label, Preference) else ""


def prompt_messages(turns: Sequence[ConversationTurn]) -> list[ChatMessage]:
    """Return the prompt as a non-empty list of chat messages.

    An item without a prompt gets one user message with empty content. TRL detects conversations by
    the first message and fails on an empty list; chat templates require a user message before the
    assistant. An invented prompt would be trained on, and skipping the row would lose its label.
    """
    return [_to_cell(turn.as_message()) for turn in turns] or [{"role": "user", "content": ""}]


def response_messages(response: Candidate | str) -> list[ChatMessage]:
    """Return a response as one assistant message, after the turns that only it has."""
    candidate = Candidate(response) if isinstance(response, str) else response
    return [_to_cell(message) for message in candidate.as_messages()]


def _to_cell(message: Mapping[str, object]) -> ChatMessage:
    """Return a message whose values are text: tool calls vary in shape, so no type fits them."""
    return {
        key: value if isinstance(value, str) else orjson.dumps(value).decode()
        for key, value in message.items()
    }
