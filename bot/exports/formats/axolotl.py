"""Axolotl formats: conversations for its chat template strategy, and pairs for DPO.

Types `chat_template` (https://docs.axolotl.ai/docs/dataset-formats/conversation.html) and
`chat_template.default` (https://docs.axolotl.ai/docs/rlhf.html).
"""

from __future__ import annotations

from dataclasses import replace

from bot.exports.formats.derived_format import Conversion, derive_format
from bot.exports.formats.format import Column, ExportRow, LeftOutLabel
from bot.exports.formats.messages import (
    SEVERAL_MESSAGES,
    common_roles,
    messages_in,
    reason_against,
)
from bot.exports.formats.preference import PREFERENCE
from bot.exports.formats.sft import SFT


def _convert_sft(row: ExportRow) -> ExportRow | LeftOutLabel:
    messages = [*messages_in(row["prompt"]), *messages_in(row["completion"])]
    if reason := reason_against(messages):
        return LeftOutLabel(reason)
    return {"messages": common_roles(messages)}


def _convert_pair(row: ExportRow) -> ExportRow | LeftOutLabel:
    prompt, chosen, rejected = (messages_in(row[name]) for name in ("prompt", "chosen", "rejected"))
    if max(len(chosen), len(rejected)) > 1:
        return LeftOutLabel(SEVERAL_MESSAGES)
    if reason := reason_against([*prompt, *chosen, *rejected]):
        return LeftOutLabel(reason)
    return {"messages": common_roles(prompt), "chosen": chosen[0], "rejected": rejected[0]}


AXOLOTL_SFT = replace(
    derive_format(
        SFT,
        Conversion(
            ("prompt", "completion"),
            (Column("messages", "messages", "the conversation with the response at its end"),),
            _convert_sft,
        ),
    ),
    name="axolotl-sft",
    description="conversations for supervised fine-tuning with Axolotl",
    target="Axolotl",
    loading=(
        "```yaml\n"
        "datasets:\n"
        "  - path: data.parquet\n"
        "    ds_type: parquet\n"
        "    type: chat_template\n"
        "    field_messages: messages\n"
        "    roles_to_train:\n"
        "    train_on_eos:\n"
        "```\n\n"
        "The two empty lines train on the last message alone. Without them, Axolotl trains on all\n"
        "messages of the assistant.\n"
    ),
)

AXOLOTL_DPO = replace(
    derive_format(
        PREFERENCE,
        Conversion(
            ("prompt", "chosen", "rejected"),
            (
                Column("messages", "messages", "the conversation up to the responses"),
                Column("chosen", "message", "the better response"),
                Column("rejected", "message", "the worse response"),
            ),
            _convert_pair,
        ),
    ),
    name="axolotl-dpo",
    description="pairs of responses for DPO, IPO and similar methods with Axolotl",
    target="Axolotl",
    loading=(
        "```yaml\n"
        "rl: dpo\n"
        "datasets:\n"
        "  - path: data.parquet\n"
        "    ds_type: parquet\n"
        "    split: train\n"
        "    type: chat_template.default\n"
        "    field_messages: messages\n"
        "    field_chosen: chosen\n"
        "    field_rejected: rejected\n"
        "```\n"
    ),
)
