"""Supervised fine-tuning: prompts and responses that experts wrote, kept or corrected."""

from __future__ import annotations

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
from bot.kinds.label import Demonstration, Preference, Verdict


def _rows(labelled: Labelled) -> list[Row] | LeftOut:
    label = labelled.label
    origin = WRITTEN
    if isinstance(label, Demonstration):
        text = label.response
    elif isinstance(label, Preference) and label.written is not None:
        text = label.written
    elif not isinstance(label, Verdict):
        return LeftOut("nothing that was written or kept")
    elif label.verdict == "bad":
        return LeftOut("judged as bad")
    else:
        text = label.corrected or label.judged.text
        origin = "corrected" if label.corrected else "kept"
    row: Row = {
        "prompt": prompt_of(label.prompt),
        "completion": response_of(text),
        "origin": origin,
        "began_with": began_with(label),
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
        Column("origin", "text", "written, corrected or kept by the expert"),
        BEGAN_WITH,
        *SOURCE,
    ),
    rows=_rows,
)
