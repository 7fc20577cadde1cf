"""Preference format: the better and the worse of two responses, for reward models and DPO."""

from __future__ import annotations

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
    source_cells,
    started_from_cell,
)
from bot.exports.label_record import LabelRecord
from bot.kinds.content import Candidate
from bot.kinds.label import Preference, Ranking

ORIGIN_JUDGED = "judged"

UNDECIDED_REASONS = {"tie": "tie", "both_bad": "both responses are bad"}


def _to_rows(record: LabelRecord) -> list[ExportRow] | LeftOutLabel:
    match record.label:
        case Preference(better_response=str(text)) as label:
            better_response = Candidate(text)
            return [
                _build_row(record, better_response, candidate, 0, ORIGIN_WRITTEN)
                for candidate in (label.left, label.right)
            ]
        case Preference() as label if label.winner in UNDECIDED_REASONS:
            return LeftOutLabel(UNDECIDED_REASONS[label.winner])
        case Preference() as label:
            pair = (label.left, label.right)
            chosen, rejected = pair if label.winner == "left" else pair[::-1]
            return [_build_row(record, chosen, rejected, abs(label.strength or 0))]
        case Ranking() as label:
            return _pair_rows(record, label) or LeftOutLabel("all responses tied")
        case _:
            return LeftOutLabel("neither a comparison nor a ranking")


def _pair_rows(record: LabelRecord, ranking: Ranking) -> list[ExportRow]:
    """Return every pair with different ranks; the margin is the difference of the ranks."""
    ranked = zip(ranking.candidates, ranking.ranks, strict=True)
    return [
        _build_row(record, better, worse, worse_rank - better_rank)
        for (better, better_rank), (worse, worse_rank) in permutations(ranked, 2)
        if better_rank < worse_rank
    ]


def _build_row(
    record: LabelRecord,
    chosen: Candidate,
    rejected: Candidate,
    margin: int,
    origin: str = ORIGIN_JUDGED,
) -> ExportRow:
    return {
        "prompt": prompt_messages(record.label.prompt),
        "chosen": response_messages(chosen),
        "rejected": response_messages(rejected),
        "margin": float(margin),
        "chosen_model": chosen.model or "",
        "rejected_model": rejected.model or "",
        "origin": origin,
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
            "how much better: 1 to 3, 0 if not asked; for a ranking, the difference of the ranks",
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
)
