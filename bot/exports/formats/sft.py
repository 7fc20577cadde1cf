"""Supervised fine-tuning: prompts and the ideal responses that experts wrote."""

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
from bot.kinds.label import Demonstration


def _row(labelled: Labelled) -> Row | LeftOut:
    label = labelled.label
    if not isinstance(label, Demonstration):
        return LeftOut("not a demonstration")
    return {
        "prompt": prompt_of(label.prompt),
        "completion": response_of(label.response),
        **source_of(labelled),
    }


SFT = Format(
    name="sft",
    says="prompts with the responses that experts wrote, for supervised fine-tuning",
    trains="trl.SFTTrainer(model, train_dataset=dataset)",
    columns=(
        Column("prompt", "messages", "the conversation up to the response"),
        Column("completion", "messages", "the response that the expert wrote, one message"),
        *SOURCE,
    ),
    row=_row,
)
