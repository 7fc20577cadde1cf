"""The dataset card of an export: what is in it, for people, and how to load it, for `datasets`.

Its YAML head names the data file and the type of every column (the Hugging Face Hub's dataset card
metadata), so that loading the folder guesses nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import orjson

from bot.exports.formats.format import Column
from bot.exports.manifest import MANIFEST, Contents

CARD = "README.md"

DATA = "data.parquet"
"""The data file that loading the folder loads. A JSON file leaves `datasets` to guess types."""

TYPES = {"text": "string", "integer": "int64", "number": "float64"}

EMPTY = """\
This export holds **no rows**. Its files are valid: pyarrow, pandas and
`datasets.load_dataset(..., streaming=True)` read `data.parquet` with all its columns. Without
streaming, `datasets` refuses every dataset without rows.
"""


def card_of(contents: Contents) -> str:
    """Return the card as Markdown with a YAML head."""
    parts = (
        _head(contents),
        f"# {_inline(contents.name)}\n",
        _summary(contents),
        "" if contents.spooled.rows else EMPTY,
        _section("About", _table(("fact", "value"), contents.facts.items())),
        _section("Left out", _left_out(contents.spooled.skipped)),
        _section("Columns", _columns(contents.spooled.columns)),
        _section("Loading", _loading(contents)),
    )
    return "\n".join(part for part in parts if part)


def _head(contents: Contents) -> str:
    lines = [
        "---",
        f"pretty_name: {orjson.dumps(contents.name).decode()}",
        "configs:",
        "- config_name: default",
        "  data_files:",
        "  - split: train",
        f"    path: {DATA}",
        "dataset_info:",
        "  features:",
        *(line for column in contents.spooled.columns for line in _feature(column)),
        "---\n",
    ]
    return "\n".join(lines)


def _feature(column: Column) -> list[str]:
    name = f"  - name: {column.name}"
    if column.type in LISTS:
        return [name, *LISTS[column.type]]
    if column.type != "scores":
        return [name, f"    dtype: {TYPES[column.type]}"]
    if not column.parts:
        return [name, "    dtype: 'null'"]
    return [name, "    struct:", *(_struct(column.parts))]


def _member(name: str, dtype: str, indent: str = "    ") -> tuple[str, str]:
    quoted = orjson.dumps(name).decode()  # bare, a criterion called "on" would be a YAML boolean
    return f"{indent}- name: {quoted}", f"{indent}  dtype: {dtype}"


LISTS = {
    "messages": ["    list:", *_member("role", "string"), *_member("content", "string")],
    "texts": ["    list: string"],
    "integers": ["    list: int64"],
    "conversations": [
        "    list:",
        "      list:",
        *_member("role", "string", "      "),
        *_member("content", "string", "      "),
    ],
}
"""How `datasets` writes the type of a list."""


def _struct(parts: Iterable[str]) -> list[str]:
    return [line for part in parts for line in _member(part, "int64")]


def _summary(contents: Contents) -> str:
    rows = contents.spooled.rows
    return (
        f"Format `{contents.shape.name}`: {contents.shape.says}. "
        f"{rows:,} row{'' if rows == 1 else 's'}, one an annotation: an item that several experts "
        f"judged is here several times.\n"
    )


def _left_out(skipped: Mapping[str, int]) -> str:
    if not skipped:
        return "Nothing: every annotation has its row.\n"
    return _table(("why", "annotations"), skipped.items())


def _columns(columns: Iterable[Column]) -> str:
    notes = (
        "No cell is null: what is unknown or was not asked is an empty text or 0 (only a criterion "
        "that other rows have may be). An item without a prompt has one user message without "
        "content.\n"
    )
    return _table(("column", "what it is"), ((c.name, c.says) for c in columns)) + "\n" + notes


def _loading(contents: Contents) -> str:
    trains = f"\n{contents.shape.trains}" if contents.shape.trains else ""
    others = ", ".join(f"`{file.name}`" for file in contents.files if file.name != DATA)
    return (
        "```python\n"
        "import datasets\n\n"
        'dataset = datasets.load_dataset("path/to/this/folder", split="train")'
        f"{trains}\n```\n\n"
        f"The same rows are in {others}. `{MANIFEST}` has counts and SHA-256 sums.\n"
    )


def _section(title: str, body: str) -> str:
    return f"## {title}\n\n{body}" if body else ""


def _table(head: tuple[str, str], rows: Iterable[tuple[str, object]]) -> str:
    lines = [f"| {_inline(name)} | {_inline(value)} |" for name, value in rows]
    if not lines:
        return ""
    return "\n".join([f"| {head[0]} | {head[1]} |", "| --- | --- |", *lines, ""])


def _inline(value: object) -> str:
    """Return a value as one line of text that Markdown leaves alone, whoever wrote it."""
    text = value if isinstance(value, str) else orjson.dumps(value).decode()
    for mark in ("\\", "|", "`", "*", "_", "[", "<"):
        text = text.replace(mark, f"\\{mark}")
    return " ".join(text.split())
