"""Rating format: one response with its score on each criterion.

If criteria differ between rows, Parquet rows have all of them, null where not asked; a JSON row has
only its own. `datasets` may fail on such a JSON file beyond 10 MB.
"""

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
    source_cells,
)
from bot.exports.label_record import LabelRecord
from bot.exports.row_options import Aggregate
from bot.kinds.label import RatedTurn, Rating
from bot.quality.aggregation.shares import PointShares, mean_of, point_shares, spread_of


def _to_rows(record: LabelRecord) -> list[ExportRow] | LeftOutLabel:
    label = record.label
    if not isinstance(label, Rating):
        return LeftOutLabel("not a rating")
    whole = RatedTurn(0, label.prompt, label.candidate.text, label.scores)
    return [_build_row(record, label, turn) for turn in label.turns or (whole,)]


def _build_row(record: LabelRecord, label: Rating, turn: RatedTurn) -> ExportRow:
    is_last = turn.number == len(label.turns)
    shares = {key: _shares_of(record, turn, key, score) for key, score in turn.scores}
    return {
        "prompt": prompt_messages(turn.prompt),
        "completion": response_messages(label.candidate if turn.number == 0 else turn.response),
        "scores": {key: rounded(score) for key, score in turn.scores},
        "soft_label": {key: rounded(mean_of(shares[key])) for key, _score in turn.scores},
        "spread": {key: rounded(spread_of(shares[key], score)) for key, score in turn.scores},
        "model": (label.candidate.model or "") if is_last else "",
        "turn": turn.number,
        **source_cells(record),
    }


def _shares_of(record: LabelRecord, turn: RatedTurn, key: str, score: float) -> PointShares:
    """Return the share of each point among the answers on a criterion."""
    question = f"turn{turn.number}_{key}" if turn.number else key
    shares = record.shares.get((question, ""))
    return point_shares(shares) if shares else {score: 1.0}


RATING = Format(
    name="rating",
    description="responses with their score on each criterion",
    training_code="",
    columns=(
        Column("prompt", "messages", "the conversation up to the response"),
        Column("completion", "messages", "the rated response, one message"),
        Column("scores", "scores", "the score on each criterion, 1 is worst"),
        Column("soft_label", "scores", "mean score of the answers on each criterion"),
        Column("spread", "scores", "mean distance of the answers to the score on each criterion"),
        Column("model", "text", "model of the response; empty if unknown"),
        Column(
            "turn", "integer", "number of the rated assistant turn, from 1; 0 if rated as a whole"
        ),
        *SOURCE_COLUMNS,
    ),
    to_rows=_to_rows,
    label_types=(Rating,),
    aggregated_types=(Rating,),
    default_aggregate=Aggregate.MAJORITY,
)
