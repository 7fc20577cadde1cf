"""Ratings: one response with its points on each criterion.

Where criteria change from row to row, the Parquet file has all of them in every row, null where one
was not asked; a row in JSON has only its own. `datasets` may fail on such a JSON file beyond 10 MB.
"""

from __future__ import annotations

from bot.exports.formats.format import (
    SOURCE_COLUMNS,
    Column,
    ExportRow,
    Format,
    SkippedLabel,
    prompt_messages,
    response_messages,
    source_cells,
)
from bot.exports.label_record import LabelRecord
from bot.kinds.label import RatedTurn, Rating


def _to_rows(record: LabelRecord) -> list[ExportRow] | SkippedLabel:
    label = record.label
    if not isinstance(label, Rating):
        return SkippedLabel("not a rating")
    whole = RatedTurn(0, label.prompt, label.candidate.text, label.scores)
    return [_build_row(record, label, turn) for turn in label.turns or (whole,)]


def _build_row(record: LabelRecord, label: Rating, turn: RatedTurn) -> ExportRow:
    is_last = turn.number == len(label.turns)
    return {
        "prompt": prompt_messages(turn.prompt),
        "completion": response_messages(turn.response),
        "scores": dict(turn.scores),
        "model": (label.candidate.model or "") if is_last else "",
        "turn": turn.number,
        **source_cells(record),
    }


RATING = Format(
    name="rating",
    description="responses with their points on each criterion",
    training_code="",
    columns=(
        Column("prompt", "messages", "the conversation up to the response"),
        Column("completion", "messages", "the rated response, one message"),
        Column("scores", "scores", "the points on each criterion, 1 is worst"),
        Column("model", "text", "who wrote the response; empty if unknown"),
        Column("turn", "integer", "which turn of the conversation it is; 0 if it was rated as one"),
        *SOURCE_COLUMNS,
    ),
    to_rows=_to_rows,
)
