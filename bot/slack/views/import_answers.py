"""The part of the import dialog about existing answers: their columns and what values mean."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.errors import BotError, FieldsError
from bot.imports.answers import ANSWER_FORMATS
from bot.imports.answers.mapping import ANSWER, EXPERT, AnswerMapping
from bot.services.imports.uploads import ImportTarget, UploadedFile
from bot.slack.blockkit.entries import Inputs, StateValues, parse_inputs
from bot.slack.blockkit.inputs import multi_select_input, text_input
from bot.slack.blockkit.types import InputBlock
from bot.slack.parsing.action_ids import is_number

MAX_COLUMNS = 100
"""Columns to choose from: Slack's limit of options in a menu."""

MAX_CRITERIA = 20
"""Criteria with a menu of their own; a dialog has at most a hundred blocks."""

TIME, RANKS, MEANINGS = "time", "ranks", "meanings"

ANSWER_KEYS = (ANSWER, EXPERT, TIME, RANKS)

LABELS = {
    ANSWER: "Existing answers",
    EXPERT: "Experts who gave the answers",
    TIME: "Times of the answers",
    RANKS: "Ranks of the responses",
}
HINTS = {
    ANSWER: "What somebody has answered already. Several columns: one for each expert.",
    EXPERT: "Without a column, each answer is that of another expert.",
    TIME: "Without a column, the time of the import.",
    RANKS: "Instead of answers: a column with a list, or one column for each response.",
}


def answer_inputs(file: UploadedFile, target: ImportTarget) -> Iterator[InputBlock]:
    """Yield the menus of columns, and a text for what values mean.

    Each `block_id` contains the campaign, as in `column_mapping_modal`.
    """
    chosen = target.answers.by_part()
    parts = [part for part in ANSWER_KEYS if part != RANKS or _has_ranks(target)]
    criteria = [f"{ANSWER}.{key}" for key in target.criteria[:MAX_CRITERIA]]
    labels = LABELS | {part: f"Answers: {part.partition('.')[2]}"[:75] for part in criteria}
    for part in (*parts, *criteria):
        columns = file.columns[:MAX_COLUMNS]
        select = multi_select_input(
            part,
            labels[part],
            [(str(index), name) for index, name in enumerate(columns)],
            chosen=[str(columns.index(name)) for name in chosen.get(part, ()) if name in columns],
            hint=HINTS.get(part, ""),
            optional=True,
        )
        yield {**select, "block_id": f"{part}:{target.id}"}
    meanings = target.answers.meanings
    text = text_input(
        MEANINGS,
        "What values of the answers mean",
        value="\n".join(f"{value}={answer}" for value, answer in meanings.items()),
        hint="Only if values are not understood. One per line, such as: x won=left",
        optional=True,
        multiline=True,
    )
    yield {**text, "block_id": f"{MEANINGS}:{target.id}"}


def _has_ranks(target: ImportTarget) -> bool:
    return RANKS in ANSWER_FORMATS[target.kind].parts


def parse_answers(values: StateValues, columns: Sequence[str], campaign_id: int) -> AnswerMapping:
    """Parse the chosen columns; skip those that the file does not have.

    Raises:
        FieldsError: they do not fit together, or a meaning is not written as one.
    """
    inputs = parse_inputs({block.partition(":")[0]: state for block, state in values.items()})
    parts = [part for part in inputs if part.partition(".")[0] in ANSWER_KEYS]
    chosen = {part: _columns_of(inputs, part, columns) for part in parts}
    meanings = [line for line in inputs.text(MEANINGS).splitlines() if line.strip()]
    try:
        return AnswerMapping.from_columns(
            {part: names for part, names in chosen.items() if names}, meanings
        )
    except BotError as error:
        raise FieldsError({f"{ANSWER}:{campaign_id}": str(error)}) from error


def _columns_of(inputs: Inputs, part: str, columns: Sequence[str]) -> tuple[str, ...]:
    indexes = [int(index) for index in inputs.texts(part) if is_number(index)]
    return tuple(columns[index] for index in indexes if index < len(columns))
