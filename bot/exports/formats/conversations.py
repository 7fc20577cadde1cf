"""Formats with whole conversations, or with pairs of messages after one, as trainers need them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

from bot.exports.formats.derived_format import Conversion, derive_format
from bot.exports.formats.format import ChatMessage, Column, ExportRow, Format, LeftOutLabel
from bot.exports.formats.messages import SEVERAL_MESSAGES, messages_in
from bot.exports.formats.preference import PREFERENCE
from bot.exports.formats.sft import SFT

Messages: TypeAlias = list[ChatMessage]

Convert: TypeAlias = Callable[[Messages], Messages | LeftOutLabel]
"""Returns messages as a target needs them, or why it cannot have them."""

PAIR = ("prompt", "chosen", "rejected")


def conversation_format(convert: Convert) -> Format:
    """Return a format with the column `messages`: the prompt, and the response at its end."""

    def to_cells(row: ExportRow) -> ExportRow | LeftOutLabel:
        messages = convert([*messages_in(row["prompt"]), *messages_in(row["completion"])])
        return messages if isinstance(messages, LeftOutLabel) else {"messages": messages}

    column = Column("messages", "messages", "the conversation with the response at its end")
    return derive_format(SFT, Conversion(("prompt", "completion"), (column,), to_cells))


def message_pair_format(convert: Convert) -> Format:
    """Return a format with the columns `messages`, `chosen` and `rejected`, one message each.

    `convert` gets the prompt with a response at its end, and must keep how many messages there are.
    """

    def to_cells(row: ExportRow) -> ExportRow | LeftOutLabel:
        parts = split_pair(row)
        if isinstance(parts, LeftOutLabel):
            return parts
        prompt, *responses = parts
        converted = []
        for response in responses:
            messages = convert([*prompt, *response])
            if isinstance(messages, LeftOutLabel):
                return messages
            converted.append(messages)
        chosen, rejected = converted
        return {"messages": chosen[:-1], "chosen": chosen[-1], "rejected": rejected[-1]}

    columns = (
        Column("messages", "messages", "the conversation up to the responses"),
        Column("chosen", "message", "the better response"),
        Column("rejected", "message", "the worse response"),
    )
    return derive_format(PREFERENCE, Conversion(PAIR, columns, to_cells))


def split_pair(row: ExportRow) -> Sequence[Messages] | LeftOutLabel:
    """Return the prompt and both responses of a pair, or that a response has several messages."""
    prompt, chosen, rejected = (messages_in(row[name]) for name in PAIR)
    if max(len(chosen), len(rejected)) > 1:
        return LeftOutLabel(SEVERAL_MESSAGES)
    return prompt, chosen, rejected
