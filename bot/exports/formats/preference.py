"""Preferences: the better and the worse of two responses, for reward models and DPO."""

from __future__ import annotations

from itertools import permutations

from bot.exports.formats.format import (
    BEGAN_WITH,
    SOURCE,
    WRITTEN,
    Column,
    Format,
    LeftOut,
    Row,
    began_with,
    prompt_of,
    response_of,
    source_of,
)
from bot.exports.labelled import Labelled
from bot.kinds.content import Candidate
from bot.kinds.label import Preference, Ranking

JUDGED = "judged"

UNDECIDED = {"tie": "a tie", "both_bad": "both responses are bad"}


def _rows(labelled: Labelled) -> list[Row] | LeftOut:
    match labelled.label:
        case Preference(written=str(written)) as label:
            better = Candidate(written)
            return [_row(labelled, better, bad, 0, WRITTEN) for bad in (label.left, label.right)]
        case Preference() as label if label.winner in UNDECIDED:
            return LeftOut(UNDECIDED[label.winner])
        case Preference() as label:
            pair = (label.left, label.right)
            chosen, rejected = pair if label.winner == "left" else pair[::-1]
            return [_row(labelled, chosen, rejected, abs(label.strength or 0))]
        case Ranking() as label:
            return _pairs(labelled, label) or LeftOut("all of them tie")
        case _:
            return LeftOut("neither a comparison nor a ranking")


def _pairs(labelled: Labelled, ranking: Ranking) -> list[Row]:
    """Return every pair with different ranks; the margin is how many ranks lie between."""
    ranked = zip(ranking.candidates, ranking.ranks, strict=True)
    return [
        _row(labelled, better, worse, rank - its)
        for (better, its), (worse, rank) in permutations(ranked, 2)
        if its < rank
    ]


def _row(
    labelled: Labelled, chosen: Candidate, rejected: Candidate, margin: int, origin: str = JUDGED
) -> Row:
    return {
        "prompt": prompt_of(labelled.label.prompt),
        "chosen": response_of(chosen.text),
        "rejected": response_of(rejected.text),
        "margin": float(margin),
        "chosen_model": chosen.model or "",
        "rejected_model": rejected.model or "",
        "origin": origin,
        "began_with": began_with(labelled.label),
        **source_of(labelled),
    }


PREFERENCE = Format(
    name="preference",
    says="the better and the worse of two responses, for reward models and DPO",
    trains="trl.RewardTrainer(model, train_dataset=dataset)  # or trl.DPOTrainer",
    columns=(
        Column("prompt", "messages", "the conversation up to the responses"),
        Column("chosen", "messages", "the better response, one message"),
        Column("rejected", "messages", "the worse response, one message"),
        Column(
            "margin",
            "number",
            "how much better: 1 to 3, 0 if not asked; of a ranking, how many ranks",
        ),
        Column("chosen_model", "text", "who wrote the better response; empty if unknown"),
        Column("rejected_model", "text", "who wrote the worse response; empty if unknown"),
        Column(
            "origin", "text", "judged, or written: both were bad, the expert wrote the better one"
        ),
        BEGAN_WITH,
        *SOURCE,
    ),
    rows=_rows,
)
