"""OpenRLHF formats: whole conversations, for its SFT, reward model and DPO trainers.

The options and the row code that reads them: https://github.com/OpenRLHF/OpenRLHF (README, and
`openrlhf/datasets/sft_dataset.py` and `reward_dataset.py` of version 0.11). Without
`--data.prompt_key` it reads the prompt from the conversations, so that it cannot be forgotten.
"""

from __future__ import annotations

from dataclasses import replace

from bot.exports.formats.conversations import PAIR, Messages, conversation_format, split_pair
from bot.exports.formats.derived_format import Conversion, derive_format
from bot.exports.formats.format import Column, ExportRow, LeftOutLabel
from bot.exports.formats.messages import reason_against
from bot.exports.formats.preference import PREFERENCE


def _convert(messages: Messages) -> Messages | LeftOutLabel:
    reason = reason_against(messages, has_reasoning=True)
    return LeftOutLabel(reason) if reason else messages


def _convert_pair(row: ExportRow) -> ExportRow | LeftOutLabel:
    parts = split_pair(row)  # its DPO cuts both conversations at the prompt of the chosen one
    if isinstance(parts, LeftOutLabel):
        return parts
    prompt, chosen, rejected = parts
    if reason := reason_against([*prompt, *chosen, *rejected], has_reasoning=True):
        return LeftOutLabel(reason)
    return {"chosen": [*prompt, *chosen], "rejected": [*prompt, *rejected]}


OPENRLHF_SFT = replace(
    conversation_format(_convert),
    name="openrlhf-sft",
    description="conversations for the SFT trainer of OpenRLHF",
    target="OpenRLHF",
    loading=(
        "```sh\n"
        "deepspeed --module openrlhf.cli.train_sft --data.dataset data.parquet \\\n"
        "  --data.input_key messages --data.apply_chat_template\n"
        "```\n\n"
        "It trains on the last message, with `--data.multiturn` on all of the assistant.\n"
    ),
)

OPENRLHF_PREFERENCE = replace(
    derive_format(
        PREFERENCE,
        Conversion(
            PAIR,
            (
                Column("chosen", "messages", "the conversation with the better response"),
                Column("rejected", "messages", "the conversation with the worse response"),
            ),
            _convert_pair,
        ),
    ),
    name="openrlhf-preference",
    description="pairs of conversations for the reward model and DPO trainers of OpenRLHF",
    target="OpenRLHF",
    loading=(
        "```sh\n"
        "deepspeed --module openrlhf.cli.train_rm --data.dataset data.parquet \\\n"
        "  --data.chosen_key chosen --data.rejected_key rejected --data.apply_chat_template\n"
        "```\n\n"
        "The same options suit `openrlhf.cli.train_dpo`. Do not set `--data.prompt_key`.\n"
    ),
)
