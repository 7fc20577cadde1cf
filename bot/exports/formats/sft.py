"""Supervised fine-tuning: prompts and responses that experts wrote, kept or corrected."""

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
from bot.kinds.label import Demonstration, Verdict


def _rows(labelled: Labelled) -> list[Row] | LeftOut:
    label = labelled.label
    if isinstance(label, Demonstration):
        text = label.response
    elif not isinstance(label, Verdict):
        return LeftOut("nothing that was written or kept")
    elif label.verdict == "bad":
        return LeftOut("judged as bad")
    else:
        text = label.corrected or label.judged.text
    row: Row = {
        "prompt": prompt_of(label.prompt),
        "completion": response_of(text),
        **source_of(labelled),
    }
    return [row]


SFT = Format(
    name="sft",
    says="prompts with responses that experts wrote or let stand, for supervised fine-tuning",
    trains="trl.SFTTrainer(model, train_dataset=dataset)",
    columns=(
        Column("prompt", "messages", "the conversation up to the response"),
        Column("completion", "messages", "what the expert wrote, corrected or kept, one message"),
        *SOURCE,
    ),
    rows=_rows,
)
