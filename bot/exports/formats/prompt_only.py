"""Prompt-only format: each prompt once, for trainers that generate responses themselves.

TRL's online trainers, such as GRPO, read it: https://huggingface.co/docs/trl/dataset_formats
"""

from __future__ import annotations

from typing import get_args

from bot.exports.formats.format import (
    Column,
    ExportRow,
    Format,
    LeftOutLabel,
    prompt_messages,
)
from bot.exports.label_record import LabelRecord
from bot.kinds.label import Label


def _to_rows(record: LabelRecord) -> list[ExportRow] | LeftOutLabel:
    if not record.label.prompt:
        return LeftOutLabel("no prompt")
    return [
        {
            "prompt": prompt_messages(record.label.prompt),
            "item": record.item_key,
            "campaign": record.campaign,
        }
    ]


PROMPT_ONLY = Format(
    name="prompt-only",
    description="the prompt of each item, for trainers that generate the responses",
    training_code="trl.GRPOTrainer(model, reward_funcs=reward, train_dataset=dataset)",
    columns=(
        Column("prompt", "messages", "the conversation up to the responses"),
        Column("item", "text", "key of the item, as imported"),
        Column("campaign", "text", "name of the campaign"),
    ),
    to_rows=_to_rows,
    label_types=get_args(Label),
    has_prompts_alone=True,
)
