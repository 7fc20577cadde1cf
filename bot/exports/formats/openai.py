"""OpenAI formats: files for supervised fine-tuning and for direct preference optimization.

OpenAI refuses unknown keys, so the columns about a row are in a second file: its line n belongs to
line n of the data. Together, Fireworks and Azure read the same files. Schemas:
https://developers.openai.com/api/docs/guides/supervised-fine-tuning
https://developers.openai.com/api/docs/guides/direct-preference-optimization
"""

from __future__ import annotations

from dataclasses import replace

from bot.exports.formats.derived_format import Conversion, derive_format
from bot.exports.formats.format import (
    ChatMessage,
    Column,
    ExportRow,
    Format,
    FormatFile,
    JsonObject,
    LeftOutLabel,
)
from bot.exports.formats.messages import (
    SEVERAL_MESSAGES,
    as_objects,
    common_roles,
    messages_in,
    reason_against,
)
from bot.exports.formats.preference import PREFERENCE
from bot.exports.formats.sft import SFT

DATA_FILE = "data.jsonl"
IDS_FILE = "ids.jsonl"


def _convert_sft(row: ExportRow) -> ExportRow | LeftOutLabel:
    messages = [*messages_in(row["prompt"]), *messages_in(row["completion"])]
    if reason := reason_against(messages, has_tools=True):
        return LeftOutLabel(reason)
    return {"messages": _to_openai(messages)}


def _convert_dpo(row: ExportRow) -> ExportRow | LeftOutLabel:
    prompt, chosen, rejected = (messages_in(row[name]) for name in ("prompt", "chosen", "rejected"))
    if max(len(chosen), len(rejected)) > 1:
        return LeftOutLabel(SEVERAL_MESSAGES)
    if reason := reason_against([*prompt, *chosen, *rejected], has_tools=True):
        return LeftOutLabel(reason)
    conversation: JsonObject = {"messages": _to_openai(prompt)}
    return {
        "input": conversation,
        "preferred_output": _to_openai(chosen),
        "non_preferred_output": _to_openai(rejected),
    }


def _to_openai(messages: list[ChatMessage]) -> list[JsonObject]:
    return as_objects(common_roles(messages))


def _with_ids_apart(export_format: Format, names: tuple[str, ...]) -> Format:
    """Return a format with two files: the columns of these names, and the others."""
    others = tuple(column.name for column in export_format.columns if column.name not in names)
    files = (FormatFile(DATA_FILE, "jsonl", names), FormatFile(IDS_FILE, "jsonl", others))
    return replace(export_format, target="OpenAI", files=files)


OPENAI_SFT = replace(
    _with_ids_apart(
        derive_format(
            SFT,
            Conversion(
                ("prompt", "completion"),
                (Column("messages", "json", "the conversation with the response at its end"),),
                _convert_sft,
            ),
        ),
        ("messages",),
    ),
    name="openai-sft",
    description="conversations for supervised fine-tuning at OpenAI and compatible services",
    loading=(
        f"Upload `{DATA_FILE}` with the purpose `fine-tune` and start a job with the method "
        f"`supervised`. Line n of `{IDS_FILE}` says where line n of it comes from.\n"
    ),
)

OPENAI_DPO = replace(
    _with_ids_apart(
        derive_format(
            PREFERENCE,
            Conversion(
                ("prompt", "chosen", "rejected"),
                (
                    Column("input", "json", "an object with the `messages` up to the responses"),
                    Column("preferred_output", "json", "the better response, one message"),
                    Column("non_preferred_output", "json", "the worse response, one message"),
                ),
                _convert_dpo,
            ),
        ),
        ("input", "preferred_output", "non_preferred_output"),
    ),
    name="openai-dpo",
    description="pairs of responses for direct preference optimization at OpenAI",
    loading=(
        f"Upload `{DATA_FILE}` with the purpose `fine-tune` and start a job with the method `dpo`. "
        f"Line n of `{IDS_FILE}` says where line n of it comes from.\n"
    ),
)
