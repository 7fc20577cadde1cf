"""Preference format: the better and the worse of two responses, for reward models and DPO."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import permutations

from bot.exports.formats.format import (
    ORIGIN_WRITTEN,
    SOURCE_COLUMNS,
    STARTED_FROM_COLUMN,
    Column,
    ExportRow,
    Format,
    LeftOutLabel,
    prompt_messages,
    response_messages,
    rounded,
    share_before,
    source_cells,
    started_from_cell,
)
from bot.exports.label_record import LabelRecord
from bot.exports.row_options import Aggregate
from bot.kinds.content import Candidate
from bot.kinds.label import Preference, Ranking
from bot.quality.votes import WINNER

ORIGIN_JUDGED = "judged"

UNDECIDED_REASONS = {"tie": "tie", "both_bad": "both responses are bad"}

LARGEST_MARGIN = 3.0
"""Margin of “much better”, and between the best and the worst of a ranking without ties. Llama 2
(2023) trains its reward model with this scale: 3 for significantly better, 2, 1, 0."""


def _to_rows(record: LabelRecord) -> list[ExportRow] | LeftOutLabel:
    match record.label:
        case Preference(better_response=str(text)) as label:
            better_response = Candidate(text)
            return [
                _build_row(record, _Pair(better_response, candidate, origin=ORIGIN_WRITTEN))
                for candidate in (label.left, label.right)
            ]
        case Preference() as label if label.winner in UNDECIDED_REASONS:
            return LeftOutLabel(UNDECIDED_REASONS[label.winner])
        case Preference() as label:
            return [_build_row(record, _judged_pair(record, label))]
        case Ranking() as label:
            return _pair_rows(record, label) or LeftOutLabel("all responses tied")
        case _:
            return LeftOutLabel("neither a comparison nor a ranking")


@dataclass(frozen=True, slots=True)
class _Pair:
    """Two responses, how much better the first is, and the share of answers that say so."""

    chosen: Candidate
    rejected: Candidate
    margin: float = 0.0
    soft_label: float = 1.0
    origin: str = ORIGIN_JUDGED


def _judged_pair(record: LabelRecord, label: Preference) -> _Pair:
    pair = (label.left, label.right)
    chosen, rejected = pair if label.winner == "left" else pair[::-1]
    margin = abs(label.strength or 0) if record.margin is None else record.margin
    shares = record.shares.get((WINNER, ""), {label.winner: 1.0})
    undecided = shares.get("tie", 0.0) + shares.get("both_bad", 0.0)
    return _Pair(chosen, rejected, margin, shares.get(label.winner, 0.0) + undecided / 2)


def _pair_rows(record: LabelRecord, ranking: Ranking) -> list[ExportRow]:
    """Return every pair with different ranks; the margin grows with the difference of the ranks."""
    unit = LARGEST_MARGIN / max(len(ranking.ranks) - 1, 1)
    places = range(len(ranking.ranks))
    return [
        _build_row(
            record,
            _Pair(
                ranking.candidates[better],
                ranking.candidates[worse],
                unit * (ranking.ranks[worse] - ranking.ranks[better]),
                share_before(record, ranking, better, worse),
            ),
        )
        for better, worse in permutations(places, 2)
        if ranking.ranks[better] < ranking.ranks[worse]
    ]


def _build_row(record: LabelRecord, pair: _Pair) -> ExportRow:
    return {
        "prompt": prompt_messages(record.label.prompt),
        "chosen": response_messages(pair.chosen),
        "rejected": response_messages(pair.rejected),
        "margin": rounded(pair.margin),
        "soft_label": rounded(pair.soft_label),
        "chosen_model": pair.chosen.model or "",
        "rejected_model": pair.rejected.model or "",
        "origin": pair.origin,
        "started_from": started_from_cell(record.label),
        **source_cells(record),
    }


PREFERENCE = Format(
    name="preference",
    description="the better and the worse of two responses, for reward models and DPO",
    training_code="trl.RewardTrainer(model, train_dataset=dataset)  # or trl.DPOTrainer",
    columns=(
        Column("prompt", "messages", "the conversation up to the responses"),
        Column("chosen", "messages", "the better response, one message"),
        Column("rejected", "messages", "the worse response, one message"),
        Column(
            "margin",
            "number",
            "how much better, 0 to 3; 0 if not asked; 3 from best to worst of a ranking",
        ),
        Column(
            "soft_label",
            "number",
            "share of the answers, or probability, that the chosen response is better; ties half",
        ),
        Column("chosen_model", "text", "model of the better response; empty if unknown"),
        Column("rejected_model", "text", "model of the worse response; empty if unknown"),
        Column(
            "origin",
            "text",
            "judged, or written if both were bad and the expert wrote a better one",
        ),
        STARTED_FROM_COLUMN,
        *SOURCE_COLUMNS,
    ),
    to_rows=_to_rows,
    label_types=(Preference, Ranking),
    aggregated_types=(Preference, Ranking),
    default_aggregate=Aggregate.MAJORITY,
)
