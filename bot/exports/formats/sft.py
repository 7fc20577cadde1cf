"""SFT format: prompts with responses that experts wrote, kept or corrected."""

from __future__ import annotations

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
from bot.kinds.label import Demonstration, Preference, Verdict


def _to_rows(record: LabelRecord) -> list[ExportRow] | LeftOutLabel:
    label = record.label
    origin = ORIGIN_WRITTEN
    if isinstance(label, Demonstration):
        text = label.response
    elif isinstance(label, Preference) and label.better_response is not None:
        text = label.better_response
    elif not isinstance(label, Verdict):
        return LeftOutLabel("no response was written or kept")
    elif label.verdict == "bad":
        return LeftOutLabel("judged bad")
    else:
        text = label.corrected_text or label.candidate.text
        origin = "corrected" if label.corrected_text else "kept"
    row: ExportRow = {
        "prompt": prompt_messages(label.prompt),
        "completion": response_messages(text),
        "origin": origin,
        "started_from": started_from_cell(label),
        **source_cells(record),
    }
    return [row]


SFT = Format(
    name="sft",
    description="responses that experts wrote, kept or corrected, for fine-tuning",
    training_code="trl.SFTTrainer(model, train_dataset=dataset)",
    columns=(
        Column("prompt", "messages", "the conversation up to the response"),
        Column("completion", "messages", "the response, one message"),
        Column("origin", "text", "written, corrected or kept: what the expert did"),
        STARTED_FROM_COLUMN,
        *SOURCE_COLUMNS,
    ),
    to_rows=_to_rows,
    label_types=(Demonstration, Preference, Verdict),
    aggregated_types=(Verdict,),
)
