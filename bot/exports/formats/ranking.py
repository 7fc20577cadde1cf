"""Ranking format: all candidates of a prompt with their ranks, for listwise losses."""

from __future__ import annotations

from bot.exports.formats.format import (
    SOURCE_COLUMNS,
    Column,
    ExportRow,
    Format,
    LeftOutLabel,
    prompt_messages,
    response_messages,
    source_cells,
)
from bot.exports.label_record import LabelRecord
from bot.kinds.label import Ranking


def _to_rows(record: LabelRecord) -> list[ExportRow] | LeftOutLabel:
    label = record.label
    if not isinstance(label, Ranking):
        return LeftOutLabel("not a ranking")
    row: ExportRow = {
        "prompt": prompt_messages(label.prompt),
        "candidates": [response_messages(candidate) for candidate in label.candidates],
        "ranks": list(label.ranks),
        "models": [candidate.model or "" for candidate in label.candidates],
        **source_cells(record),
    }
    return [row]


RANKING = Format(
    name="ranking",
    description="all candidates of a prompt with their ranks, for listwise losses",
    training_code="",
    columns=(
        Column("prompt", "messages", "the conversation up to the responses"),
        Column("candidates", "conversations", "the responses in imported order, one message each"),
        Column("ranks", "integers", "the rank of each, 1 is best; dense, so ties share a rank"),
        Column("models", "texts", "the model of each; empty if unknown"),
        *SOURCE_COLUMNS,
    ),
    to_rows=_to_rows,
)
