"""Preferences: the better and the worse of two responses, for reward models and DPO."""

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
from bot.kinds.label import Preference

UNDECIDED = {"tie": "a tie", "both_bad": "both responses are bad"}


def _row(labelled: Labelled) -> Row | LeftOut:
    label = labelled.label
    if not isinstance(label, Preference):
        return LeftOut("not a comparison")
    if label.winner in UNDECIDED:
        return LeftOut(UNDECIDED[label.winner])
    pair = (label.left, label.right)
    chosen, rejected = pair if label.winner == "left" else pair[::-1]
    return {
        "prompt": prompt_of(label.prompt),
        "chosen": response_of(chosen.text),
        "rejected": response_of(rejected.text),
        "margin": float(abs(label.strength or 0)),
        "chosen_model": chosen.model or "",
        "rejected_model": rejected.model or "",
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
        Column("margin", "number", "how much better, 1 to 3; 0 where it was not asked"),
        Column("chosen_model", "text", "who wrote the better response; empty if unknown"),
        Column("rejected_model", "text", "who wrote the worse response; empty if unknown"),
        *SOURCE,
    ),
    row=_row,
)
