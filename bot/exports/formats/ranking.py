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
    rounded,
    share_before,
    source_cells,
)
from bot.exports.label_record import LabelRecord
from bot.exports.row_options import Aggregate
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
        "soft_label": _mean_ranks(record, label),
        **source_cells(record),
    }
    return [row]


def _mean_ranks(record: LabelRecord, label: Ranking) -> list[float]:
    """Return 1 and the expected number of better candidates, of each; a tie counts half."""
    places = range(len(label.ranks))
    return [
        rounded(
            1 + sum(share_before(record, label, other, place) for other in places if other != place)
        )
        for place in places
    ]


RANKING = Format(
    name="ranking",
    description="all candidates of a prompt with their ranks, for listwise losses",
    training_code="",
    columns=(
        Column("prompt", "messages", "the conversation up to the responses"),
        Column("candidates", "conversations", "the responses in imported order, one message each"),
        Column("ranks", "integers", "the rank of each, 1 is best; dense, so ties share a rank"),
        Column("models", "texts", "the model of each; empty if unknown"),
        Column("soft_label", "numbers", "the mean rank of each in the answers; ties count half"),
        *SOURCE_COLUMNS,
    ),
    to_rows=_to_rows,
    label_types=(Ranking,),
    aggregated_types=(Ranking,),
    default_aggregate=Aggregate.MAJORITY,
)
