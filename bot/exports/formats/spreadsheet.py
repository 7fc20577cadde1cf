"""Spreadsheet formats: every answer as a table for people, as CSV and as XLSX.

The cells are written by `bot.exports.files.table_cells`. The limit of a cell of XLSX is from the
specifications and limits of Excel: https://support.microsoft.com/office/1672b34d-7043-467e-8e27
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import cast

import orjson

from bot.exports.files.table_cells import escape_text
from bot.exports.formats.annotations import ANNOTATIONS
from bot.exports.formats.derived_format import Conversion, derive_format
from bot.exports.formats.format import (
    ChatMessage,
    Column,
    ExportRow,
    Format,
    FormatFile,
    LeftOutLabel,
)
from bot.exports.formats.messages import messages_in

MAX_CELL_CHARACTERS = 32_767
"""Longest text in a cell of XLSX, in UTF-16 code units."""

CELL_TOO_LONG = f"a text is longer than a cell of XLSX, {MAX_CELL_CHARACTERS:,} characters"

FIRST_COLUMNS = (
    *("item", "expert", "answered_at", "prompt", "response", "draft", "left", "right"),
    *("winner", "strength", "criteria", "better_response", "rated", "points", "ranked", "ranks"),
    *("judged", "verdict", "corrected", "reason", "categories", "confidence"),
)
"""What people look for. The other columns follow in the order of `annotations`."""

LISTS = ("ranked", "ranks", "ranked_models")


def _convert(row: ExportRow) -> ExportRow:
    prompt = messages_in(row["prompt"])
    ranked, ranks, models = (orjson.loads(cast("str", row[name])) for name in LISTS)
    return {
        "prompt": _readable(prompt),
        "points": orjson.loads(cast("str", row["points"])),
        "ranked": ranked,
        "ranks": ranks,
        "ranked_models": models,
        "prompt_messages": orjson.dumps(prompt).decode(),
    }


def _readable(prompt: list[ChatMessage]) -> str:
    """Return the text of one message, or all messages with their roles."""
    if len(prompt) == 1:
        return prompt[0]["content"]
    return "\n\n".join(f"[{message['role']}]\n{message['content']}" for message in prompt)


def _convert_within_limit(row: ExportRow) -> ExportRow | LeftOutLabel:
    cells = _convert(row)
    if any(_utf16_length(escape_text(text)) > MAX_CELL_CHARACTERS for text in _texts(row | cells)):
        return LeftOutLabel(CELL_TOO_LONG)
    return cells


def _texts(row: ExportRow) -> Iterable[str]:
    for name, cell in row.items():
        if isinstance(cell, str) and name not in LISTS:
            yield cell
        elif isinstance(cell, list):
            yield from (entry for entry in cell if isinstance(entry, str))


def _utf16_length(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def _build_format(
    name: str, convert: Callable[[ExportRow], ExportRow | LeftOutLabel], loading: str
) -> Format:
    columns = (
        Column("prompt", "text", "the conversation up to the response, to read"),
        Column("points", "scores", "rating: the score on each criterion, a column each"),
        Column("ranked", "texts", "ranking: the responses in imported order, a column each"),
        Column("ranks", "integers", "ranking: the rank of each, 1 is best, a column each"),
        Column("ranked_models", "texts", "ranking: the model of each, a column each"),
        Column("prompt_messages", "text", "the messages of the prompt, as JSON"),
    )
    replaced = ("prompt", "points", *LISTS)
    derived = derive_format(ANNOTATIONS, Conversion(replaced, columns, convert))
    others = (one.name for one in derived.columns if one.name not in FIRST_COLUMNS)
    return replace(
        derived,
        name=name,
        description=f"every answer as a table for people ({name.upper()})",
        target="spreadsheets",
        files=(FormatFile(f"data.{name}", name, (*FIRST_COLUMNS, *others)),),
        loading=loading,
    )


NOTES = (
    "Columns without content are left out. A text that a program could take for a formula has an\n"
    "apostrophe before it.\n"
)

CSV = _build_format("csv", _convert, f"`data.csv` is comma-separated, in UTF-8. {NOTES}")

XLSX = _build_format(
    "xlsx", _convert_within_limit, f"`data.xlsx` has one sheet, with the header in row 1. {NOTES}"
)
