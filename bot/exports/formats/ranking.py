"""Rankings: all candidates of a prompt with their ranks, for losses over whole lists."""

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
from bot.kinds.label import Ranking


def _rows(labelled: Labelled) -> list[Row] | LeftOut:
    label = labelled.label
    if not isinstance(label, Ranking):
        return LeftOut("not a ranking")
    row: Row = {
        "prompt": prompt_of(label.prompt),
        "candidates": [response_of(candidate.text) for candidate in label.candidates],
        "ranks": list(label.ranks),
        "models": [candidate.model or "" for candidate in label.candidates],
        **source_of(labelled),
    }
    return [row]


RANKING = Format(
    name="ranking",
    says="all candidates of a prompt with their ranks, for losses over whole lists",
    trains="",
    columns=(
        Column("prompt", "messages", "the conversation up to the responses"),
        Column("candidates", "conversations", "the responses as imported, one message each"),
        Column("ranks", "integers", "the rank of each, 1 is best; dense, ties share one"),
        Column("models", "texts", "who wrote each; empty if unknown"),
        *SOURCE,
    ),
    rows=_rows,
)
