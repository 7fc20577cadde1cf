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
from bot.kinds.label import Rating


def _rows(labelled: Labelled) -> list[Row] | LeftOut:
    label = labelled.label
    if not isinstance(label, Rating):
        return LeftOut("not a rating")
    row: Row = {
        "prompt": prompt_of(label.prompt),
        "completion": response_of(label.rated.text),
        "scores": dict(label.scores),
        "model": label.rated.model or "",
        **source_of(labelled),
    }
    return [row]


RATING = Format(
    name="rating",
    says="responses with their points on each criterion",
    trains="",
    columns=(
        Column("prompt", "messages", "the conversation up to the response"),
        Column("completion", "messages", "the rated response, one message"),
        Column("scores", "scores", "the points on each criterion, 1 is worst"),
        Column("model", "text", "who wrote the response; empty if unknown"),
        *SOURCE,
    ),
    rows=_rows,
)
