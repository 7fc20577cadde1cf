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
from bot.exports.row_options import Aggregate, Undecided
from bot.kinds.content import Candidate, ConversationTurn
from bot.kinds.label import Label, Preference, Ranking
from bot.quality.votes import ORDER

ColumnType = Literal[
    "text",
    "integer",
    "number",
    "boolean",
    "json",
    "message",
    "messages",
    "scores",
    "texts",
    "integers",
    "numbers",
    "conversations",
    "images",
    "audio",
]
"""Type of a column. `json` is any JSON value, which Parquet cannot have; `message` is one chat
message, `messages` are several; `scores` map criteria or classes to numbers; `texts`, `integers`,
`numbers` and `conversations` are lists with one entry per candidate; `images` and `audio` are lists
of references of files, which Parquet has with their bytes."""

ChatMessage = dict[str, str]
"""A chat message; keys other than role and content have text, or JSON if they have no text."""

JsonObject = dict[str, object]
"""An object in a cell of a `json` column."""

Cell: TypeAlias = (
    str
    | bool
    | int
    | float
    | JsonObject
    | list[JsonObject]
    | ChatMessage
    | list[ChatMessage]
    | dict[str, float]
    | list[str]
    | list[int]
    | list[float]
    | list[list[ChatMessage]]
)
ExportRow = dict[str, Cell]


@dataclass(frozen=True, slots=True)
class Column:
    """One column; `description` is a phrase for the dataset card.

    `criteria` belong to a `scores` column, `message_keys` other than role and content to one of
    messages. They are empty in a format and filled in once all rows are spooled.
    """

    name: str
    type: ColumnType
    description: str
    criteria: tuple[str, ...] = ()
    message_keys: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FormatFile:
    """A data file of a format.

    Attributes:
        name: name in the folder.
        type: type of file, a key of `WRITERS`.
        columns: the columns that it has, in this order; empty: all.
    """

    name: str
    type: str
    columns: tuple[str, ...] = ()


DATA_FILES = (FormatFile("data.jsonl", "jsonl"), FormatFile("data.parquet", "parquet"))
"""The files of most formats: all columns, as JSON Lines and as Parquet."""


@dataclass(frozen=True, slots=True)
class WrittenFiles:
    """What the documents of a format describe.

    Attributes:
        names: by split, the name of each data file by its name in the format.
        columns: the columns of the rows, with criteria and message keys.
    """

    names: Mapping[str, Mapping[str, str]]
    columns: Sequence[Column]


def _no_documents(_files: WrittenFiles) -> Mapping[str, bytes]:
    return {}


@dataclass(frozen=True, slots=True)
class LeftOutLabel:
    """Answers without rows; manifest, card and command line count them by `reason`."""

    reason: str
    answers: int = 1


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
        label_types: types of labels that can have rows.
        aggregated_types: types of labels of which several can become one row.
        default_aggregate: how they do, unless the export says otherwise.
        includes_uncounted: whether it includes answers that do not count: those not yet confirmed
            by a second expert, those replaced by a reviewer's decision, and those to items whose
            texts were not imported.
        has_pairs: whether its rows are pairs of responses, so that ratings of one prompt become
            pairs, and a kept tie a row in each order.
        ties, both_bad: what happens to undecided pairs, unless the export says otherwise.
        has_prompts_alone: whether its rows are prompts, so that an item has one, whatever its
            answers.
        files: the data files that it writes.
        documents: returns further files of the folder, which describe the data files, by name.
        loading: Markdown for the card that says how the target loads the files; empty: `datasets`
            loads them.
        target: the trainer, service or tool that it is for; empty: TRL, or any program.
        join_rows: makes one row of all rows of an item, which follow each other; None: each stays.
        flattened: a column of scores whose criteria become columns of their own, in its place.
        copies_texts: whether its rows of comparisons and rankings copy the texts of items and do
            not depend on them, nor on reasons, metadata, times and other data of an answer.
    """

    name: str
    description: str
    training_code: str
    columns: tuple[Column, ...]
    to_rows: Callable[[LabelRecord], Sequence[ExportRow] | LeftOutLabel]
    label_types: tuple[type[Label], ...]
    aggregated_types: tuple[type[Label], ...] = ()
    default_aggregate: Aggregate = Aggregate.NONE
    includes_uncounted: bool = False
    has_pairs: bool = False
    ties: Undecided = Undecided.KEEP
    both_bad: Undecided = Undecided.KEEP
    has_prompts_alone: bool = False
    files: tuple[FormatFile, ...] = DATA_FILES
    documents: Callable[[WrittenFiles], Mapping[str, bytes]] = _no_documents
    loading: str = ""
    target: str = ""
    join_rows: Callable[[Sequence[ExportRow]], ExportRow] | None = None
    flattened: str = ""
    copies_texts: bool = False

    def rows_of(self, record: LabelRecord) -> Sequence[ExportRow] | LeftOutLabel:
        """Return the rows of an annotation, or why it is left out."""
        return self.reason_not_counted(record) or self.to_rows(record)

    def reason_not_counted(self, record: LabelRecord) -> LeftOutLabel | None:
        """Return why an answer does not count in this format, None if it does."""
        if self.includes_uncounted:
            return None
        if record.is_adjudicated:
            return LeftOutLabel("replaced by a reviewer's decision", record.answers)
        if record.level < record.required_levels:
            return LeftOutLabel("not yet confirmed", record.answers)
        if not record.has_text:
            return LeftOutLabel("imported without text", record.answers)
        return None


WITH_MAJORITY_COLUMN = Column(
    "with_majority", "integer", "1 if it is the majority's answer, the only one, or decided; else 0"
)

SOURCE_COLUMNS = (
    Column("item", "text", "key of the item, as imported"),
    Column("expert", "text", "pseudonym of the expert; empty if several answers became one row"),
    Column("campaign", "text", "name of the campaign"),
    Column("source", "text", "unanimous, majority, split, single or adjudicated"),
    WITH_MAJORITY_COLUMN,
    Column("votes", "integer", "number of answers to the item"),
    Column("agreement", "number", "share of the item's answers that agree with the row, 0 to 1"),
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
        "votes": record.votes,
        "agreement": round_cell(record.agreement),
    }


DIGITS = 6
"""Decimal places of shares, so that rows do not depend on the order of additions."""


def round_cell(number: float) -> float:
    """Return a share, mean or median as it is exported."""
    return round(float(number), DIGITS)


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


def share_before(record: LabelRecord, ranking: Ranking, place: int, other: int) -> float:
    """Return the share of answers that put a candidate before another; a tie counts half.

    Places count from 0 in imported order.
    """
    first, second = min(place, other), max(place, other)
    shares = record.shares.get((ORDER, f"{first + 1}-{second + 1}"))
    if shares is None:
        ranks = ranking.ranks[place], ranking.ranks[other]
        return 0.5 + ((ranks[0] < ranks[1]) - (ranks[0] > ranks[1])) / 2
    return shares.get("left" if place == first else "right", 0.0) + shares.get("tie", 0.0) / 2
