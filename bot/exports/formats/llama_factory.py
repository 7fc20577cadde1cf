"""LLaMA-Factory formats: conversations and pairs, with the file that describes them.

Schema: https://github.com/hiyouga/LLaMA-Factory/blob/main/data/README.md. `chosen` and `rejected`
are objects: if they are lists, as in TRL's rows, LLaMA-Factory takes the row for an ordinary one
and trains on the last message of the prompt, which is the user's (`converter.py` in
`src/llamafactory/data`). It skips conversations in which users and assistants do not alternate,
with a warning in its log; here they are left out and counted.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import orjson

from bot.exports.formats.conversations import (
    Messages,
    conversation_format,
    message_pair_format,
)
from bot.exports.formats.format import (
    ChatMessage,
    JsonObject,
    LeftOutLabel,
    WrittenFiles,
)
from bot.exports.formats.messages import (
    TOOL_KEYS,
    as_objects,
    common_roles,
    reason_against,
    text_and_role,
)
from bot.exports.splits import TRAIN

INFO_FILE = "dataset_info.json"

OBSERVATION = "observation"
FUNCTION_CALL = "function_call"
ODD_ROLES = ("user", OBSERVATION)
EVEN_ROLES = ("assistant", FUNCTION_CALL)
"""Roles of the first, third … and of the second, fourth … turn after the system message."""

TAGS = {
    "role_tag": "role",
    "content_tag": "content",
    "user_tag": "user",
    "assistant_tag": "assistant",
    "observation_tag": OBSERVATION,
    "function_tag": FUNCTION_CALL,
    "system_tag": "system",
}

NOT_ALTERNATING = "turns of user and assistant do not alternate"
TEXT_AND_TOOL_CALL = "a message has both text and tool calls"


def _convert(messages: Messages) -> Messages | LeftOutLabel:
    turns = _to_turns(messages)
    if isinstance(turns, LeftOutLabel) or _is_alternating(turns):
        return turns
    return LeftOutLabel(NOT_ALTERNATING)


def _to_turns(messages: Sequence[ChatMessage]) -> list[ChatMessage] | LeftOutLabel:
    """Return messages with the roles of LLaMA-Factory, or why it cannot have them."""
    if reason := reason_against(messages, has_tools=True):
        return LeftOutLabel(reason)
    turns = []
    for message in common_roles(messages):
        calls = [key for key in TOOL_KEYS if key in message]
        if calls and message["content"].strip():
            return LeftOutLabel(TEXT_AND_TOOL_CALL)
        if calls:
            turns.append({"role": FUNCTION_CALL, "content": _function_calls(message)})
        elif message["role"] == "tool":
            turns.append({"role": OBSERVATION, "content": message["content"]})
        else:
            turns.append(text_and_role(message))
    return turns


def _function_calls(message: ChatMessage) -> str:
    """Return the calls of a message as JSON: one object, or a list of several."""
    (parsed,) = as_objects([message])
    given = next(parsed[key] for key in TOOL_KEYS if key in parsed)
    calls = [_function_call(call) for call in (given if isinstance(given, list) else [given])]
    return orjson.dumps(calls[0] if len(calls) == 1 else calls).decode()


def _function_call(call: object) -> object:
    """Return name and arguments of a call, in which OpenAI's form nests them as JSON in a text."""
    function = call.get("function", call) if isinstance(call, Mapping) else call
    if not isinstance(function, Mapping):
        return function
    arguments = function.get("arguments", {})
    if isinstance(arguments, str):
        try:
            arguments = orjson.loads(arguments)
        except orjson.JSONDecodeError:
            return {**function}
    return {"name": function.get("name", ""), "arguments": arguments}


def _is_alternating(messages: Sequence[ChatMessage]) -> bool:
    """Return whether it is a conversation that ends with a turn of the assistant."""
    turns = messages[1:] if messages[0]["role"] == "system" else messages
    expected = (ODD_ROLES, EVEN_ROLES)
    return len(turns) % 2 == 0 and all(
        turn["role"] in expected[place % 2] for place, turn in enumerate(turns)
    )


def _dataset_info(name: str, *columns: str) -> Callable[[WrittenFiles], Mapping[str, bytes]]:
    """Return what describes Parquet files to LLaMA-Factory: each split as a separate dataset."""

    def documents(files: WrittenFiles) -> Mapping[str, bytes]:
        infos = {
            name if split == TRAIN else f"{name}_{split}": _describe(names["data.parquet"], columns)
            for split, names in files.names.items()
        }
        options = orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE
        return {INFO_FILE: orjson.dumps(infos, option=options)}

    return documents


def _describe(file_name: str, columns: Sequence[str]) -> JsonObject:
    return {
        "file_name": file_name,
        "formatting": "sharegpt",
        **({"ranking": True} if "chosen" in columns else {}),
        "columns": {column: column for column in columns},
        "tags": TAGS,
    }


LLAMA_FACTORY_SFT = replace(
    conversation_format(_convert),
    name="llama-factory-sft",
    description="conversations for supervised fine-tuning with LLaMA-Factory",
    target="LLaMA-Factory",
    documents=_dataset_info("labelbot_sft", "messages"),
    loading=(
        "```yaml\n"
        "stage: sft\n"
        "dataset_dir: path/to/this/folder\n"
        "dataset: labelbot_sft\n"
        "mask_history: true  # train on the last message alone\n"
        "```\n"
    ),
)

LLAMA_FACTORY_PREFERENCE = replace(
    message_pair_format(_convert),
    name="llama-factory-preference",
    description="pairs of responses for reward models, DPO, ORPO, SimPO with LLaMA-Factory",
    target="LLaMA-Factory",
    documents=_dataset_info("labelbot_preference", "messages", "chosen", "rejected"),
    loading=(
        "```yaml\n"
        "stage: dpo  # or rm\n"
        "dataset_dir: path/to/this/folder\n"
        "dataset: labelbot_preference\n"
        "```\n"
    ),
)
