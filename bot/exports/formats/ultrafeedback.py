"""UltraFeedback-binarized format: pairs of whole conversations, each with a score.

Schema: the card of https://huggingface.co/datasets/HuggingFaceH4/ultrafeedback_binarized, which the
Alignment Handbook trains on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from hashlib import sha256
from typing import cast

import orjson

from bot.exports.formats.derived_format import Conversion, derive_format
from bot.exports.formats.format import (
    ChatMessage,
    Column,
    ExportRow,
    LeftOutLabel,
    round_cell,
)
from bot.exports.formats.messages import SEVERAL_MESSAGES, messages_in, reason_against
from bot.exports.formats.preference import PREFERENCE


def _convert(row: ExportRow) -> ExportRow | LeftOutLabel:
    prompt, chosen, rejected = (messages_in(row[name]) for name in ("prompt", "chosen", "rejected"))
    if max(len(chosen), len(rejected)) > 1:
        return LeftOutLabel(SEVERAL_MESSAGES)
    if reason := reason_against([*prompt, *chosen, *rejected], has_reasoning=True):
        return LeftOutLabel(reason)
    share = cast("float", row["soft_label"])
    return {
        "prompt": _last_question(prompt),
        "prompt_id": sha256(orjson.dumps(prompt)).hexdigest(),
        "chosen": [*prompt, *chosen],
        "rejected": [*prompt, *rejected],
        "messages": [*prompt, *chosen],
        "score_chosen": round_cell(share),
        "score_rejected": round_cell(1 - share),
    }


def _last_question(prompt: Sequence[ChatMessage]) -> str:
    questions = [message["content"] for message in prompt if message["role"] == "user"]
    return questions[-1] if questions else prompt[-1]["content"]


ULTRAFEEDBACK = replace(
    derive_format(
        PREFERENCE,
        Conversion(
            ("prompt", "chosen", "rejected"),
            (
                Column("prompt", "text", "the last message of the user"),
                Column("prompt_id", "text", "SHA-256 of the conversation up to the responses"),
                Column("chosen", "messages", "the conversation with the better response"),
                Column("rejected", "messages", "the conversation with the worse response"),
                Column("messages", "messages", "the same as `chosen`"),
                Column("score_chosen", "number", "share of the answers that prefer it, 0 to 1"),
                Column("score_rejected", "number", "share of the answers that prefer this one"),
            ),
            _convert,
        ),
    ),
    name="ultrafeedback",
    description="pairs of conversations with scores, as in UltraFeedback-binarized",
    target="UltraFeedback",
)
