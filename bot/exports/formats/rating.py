"""Ratings: one response with its points on each criterion.

Where criteria change from row to row, the Parquet file has all of them in every row, null where one
was not asked; a row in JSON has only its own. `datasets` may fail on such a JSON file beyond 10 MB.
"""

from __future__ import annotations

from bot.exports.formats.format import (
    SOURCE,
    Column,
    Format,
    LeftOut,
    Row,
    prompt_of,
    response_of,
    source_of,
)
from bot.exports.labelled import Labelled
from bot.kinds.label import RatedTurn, Rating


def _rows(labelled: Labelled) -> list[Row] | LeftOut:
    label = labelled.label
    if not isinstance(label, Rating):
        return LeftOut("not a rating")
    whole = RatedTurn(0, label.prompt, label.rated.text, label.scores)
    return [_row(labelled, label, turn) for turn in label.turns or (whole,)]


def _row(labelled: Labelled, label: Rating, turn: RatedTurn) -> Row:
    is_last = turn.number == len(label.turns)
    return {
        "prompt": prompt_of(turn.prompt),
        "completion": response_of(turn.response),
        "scores": dict(turn.scores),
        "model": (label.rated.model or "") if is_last else "",
        "turn": turn.number,
        **source_of(labelled),
    }


RATING = Format(
    name="rating",
    says="responses with their points on each criterion",
    trains="",
    columns=(
        Column("prompt", "messages", "the conversation up to the response"),
        Column("completion", "messages", "the rated response, one message"),
        Column("scores", "scores", "the points on each criterion, 1 is worst"),
        Column("model", "text", "who wrote the response; empty if unknown"),
        Column("turn", "integer", "which turn of the conversation it is; 0 if it was rated as one"),
        *SOURCE,
    ),
    rows=_rows,
)
