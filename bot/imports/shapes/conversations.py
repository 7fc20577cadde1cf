"""Shapes of datasets of conversations and instructions for training."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import cast

from bot.imports.messages import is_conversation
from bot.imports.shapes.shape import (
    Fields,
    Shape,
    cell,
    fields_of_conversation,
    has_columns,
    require,
    require_list,
    without,
)

CONVERSATION_COLUMNS = ("conversations", "conversation", "messages", "items")
PAIR = ("chosen", "rejected")


def _is_sharegpt(row: Fields) -> bool:
    value = next((cell(row, name) for name in CONVERSATION_COLUMNS if row.get(name)), None)
    first = value[0] if isinstance(value, list) and is_conversation(value) else None
    return isinstance(first, Mapping) and "from" in first


def _convert_sharegpt(row: Fields, count: int) -> Iterator[Fields]:
    conversation = require_list(row, *CONVERSATION_COLUMNS)
    rest = without(row, *CONVERSATION_COLUMNS)
    if all(row.get(name) for name in PAIR):
        pair = [_as_messages(require(row, name)) for name in PAIR]
        yield {**without(rest, *PAIR), "prompt": conversation, "candidates": pair}
    else:
        yield {**rest, **fields_of_conversation(conversation, count)}


def _as_messages(value: object) -> object:
    return [value] if isinstance(value, Mapping) else value


SHAREGPT = Shape(
    "sharegpt",
    "ShareGPT: conversations with `from` and `value`",
    _is_sharegpt,
    _convert_sharegpt,
)


def _is_openai_pair(row: Fields) -> bool:
    return has_columns("input", "preferred_output", "non_preferred_output")(row)


MESSAGE_COLUMNS = ("messages", "conversation")
OTHER_COLUMNS = ("prompt", "completion", "response", "responses", "candidates", *PAIR)


def _is_openai(row: Fields) -> bool:
    has_messages = any(is_conversation(cell(row, name)) for name in MESSAGE_COLUMNS)
    has_others = any(name in row for name in OTHER_COLUMNS)
    return _is_openai_pair(row) or (has_messages and not has_others)


def _convert_openai(row: Fields, count: int) -> Iterator[Fields]:
    if _is_openai_pair(row):
        source = cell(row, "input")
        messages = source.get("messages") if isinstance(source, Mapping) else source
        outputs = [require(row, name) for name in ("preferred_output", "non_preferred_output")]
        rest = without(row, "input", "preferred_output", "non_preferred_output")
        settings = without(source, "messages") if isinstance(source, Mapping) else {}
        yield {
            **rest,
            **({"input_keys": settings} if settings else {}),
            "prompt": messages,
            "candidates": [_as_messages(output) for output in outputs],
        }
        return
    if "prompt" in row and not any(name in row for name in MESSAGE_COLUMNS):
        candidates = {"candidates": [require(row, "completion")]} if count else {}
        yield {**row, **candidates}
        return
    messages = require_list(row, *MESSAGE_COLUMNS)
    yield {**without(row, *MESSAGE_COLUMNS), **fields_of_conversation(messages, count)}


OPENAI = Shape(
    "openai",
    "OpenAI fine-tuning: `messages`, or an input with preferred and non-preferred output",
    _is_openai,
    _convert_openai,
)


def _is_alpaca(row: Fields) -> bool:
    return has_columns("instruction", "input", "output")(row)


def _convert_alpaca(row: Fields, count: int) -> Iterator[Fields]:
    parts = [row.get(name) for name in ("instruction", "input")]
    prompt = "\n\n".join(part.strip() for part in parts if isinstance(part, str) and part.strip())
    outputs = PAIR if all(row.get(name) for name in PAIR) else ("output",)
    rest = without(row, "instruction", "input", *(outputs if count else ()))
    responses = [require(row, name) for name in outputs] if count else []
    several = cell(row, "output") if count > 1 else row.get("output")
    if len(responses) == 1 and _is_list_of_texts(several):
        responses = cast("list[object]", several)
    candidates = {"candidates": responses} if count else {}
    yield {**rest, "prompt": prompt or require(row, "instruction"), **candidates}


def _is_list_of_texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(part, str) for part in value)


ALPACA = Shape(
    "alpaca",
    "Alpaca: instruction, input and output, with system and history",
    _is_alpaca,
    _convert_alpaca,
)


def _convert_trl(row: Fields, count: int) -> Iterator[Fields]:
    if all(name in row for name in PAIR):
        pair = [_as_messages(require(row, name)) for name in PAIR]
        yield {**without(row, *PAIR), "candidates": pair}
    elif "completions" in row or "completion" in row:
        completions = (
            require_list(row, "completions")
            if row.get("completions")
            else require(row, "completion", "completions")
        )
        is_list = isinstance(completions, list) and not is_conversation(completions)
        candidates = completions if is_list else [completions]
        rest = without(row, "completions", "completion") if count else row
        yield {**rest, **({"candidates": candidates} if count else {})}
    elif "messages" in row:
        rest = without(row, "messages")
        yield {**rest, **fields_of_conversation(require(row, "messages"), count)}
    else:
        require(row, "prompt")
        yield row


def _never(_row: Fields) -> bool:
    return False


TRL = Shape(
    "trl",
    "TRL: prompt with chosen and rejected, or with a completion, as text or messages",
    _never,
    _convert_trl,
)
