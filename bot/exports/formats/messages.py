"""Chat messages in rows, as other trainers need them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import cast

import orjson

from bot.exports.formats.format import Cell, ChatMessage, JsonObject

TOOL_KEYS = ("tool_calls", "function_call")
"""Keys of messages whose value is JSON."""

REASONING_KEYS = ("reasoning_content", "reasoning", "thinking")

ROLES = {"developer": "system"}
"""Roles that only some models have, and the usual role in place of each."""

SEVERAL_MESSAGES = "a response has several messages"
HAS_TOOL_CALLS = "a message has tool calls"
HAS_REASONING = "a message has reasoning"


def messages_in(cell: Cell) -> list[ChatMessage]:
    """Return the messages of a cell of the type `messages`."""
    return cast("list[ChatMessage]", cell)


def common_roles(messages: Sequence[ChatMessage]) -> list[ChatMessage]:
    """Return messages with the roles that every trainer supports."""
    return [
        {**message, "role": ROLES.get(message["role"], message["role"])} for message in messages
    ]


def text_and_role(message: ChatMessage) -> ChatMessage:
    """Return a message with its role and content alone."""
    return {"role": message["role"], "content": message["content"]}


def as_objects(messages: Iterable[ChatMessage]) -> list[JsonObject]:
    """Return messages in which tool calls are lists and objects instead of JSON in a text."""
    return [
        {key: _parse_json(value) if key in TOOL_KEYS else value for key, value in message.items()}
        for message in messages
    ]


def _parse_json(text: str) -> object:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        return text


def reason_against(
    messages: Iterable[ChatMessage], *, has_tools: bool = False, has_reasoning: bool = False
) -> str:
    """Return what a target that reads no such messages would drop silently; empty: nothing.

    Args:
        messages: all messages of a row.
        has_tools: the target reads tool calls.
        has_reasoning: the target reads reasoning.
    """
    keys = {key for message in messages for key in message}
    if not has_tools and keys & {*TOOL_KEYS, "tool_call_id"}:
        return HAS_TOOL_CALLS
    if not has_reasoning and keys & {*REASONING_KEYS}:
        return HAS_REASONING
    return ""
