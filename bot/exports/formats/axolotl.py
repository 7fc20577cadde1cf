"""Axolotl formats: conversations for its chat template strategy, and pairs for DPO.

Types `chat_template` (https://docs.axolotl.ai/docs/dataset-formats/conversation.html) and
`chat_template.default` (https://docs.axolotl.ai/docs/rlhf.html).
"""

from __future__ import annotations

from dataclasses import replace

from bot.exports.formats.conversations import Messages, conversation_format, message_pair_format
from bot.exports.formats.format import LeftOutLabel
from bot.exports.formats.messages import common_roles, reason_against


def _convert(messages: Messages) -> Messages | LeftOutLabel:
    reason = reason_against(messages)
    return LeftOutLabel(reason) if reason else common_roles(messages)


AXOLOTL_SFT = replace(
    conversation_format(_convert),
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
    message_pair_format(_convert),
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
