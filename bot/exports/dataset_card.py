"""Dataset card of an export: describes the dataset to people and its schema to `datasets`.

The YAML front matter (dataset card metadata of the Hugging Face Hub) names the data file and the
type of every column, so that no type is inferred on loading.
"""

from __future__ import annotations

from collections.abc import Iterable

import orjson

from bot.exports.formats.format import Column
from bot.exports.manifest import MANIFEST_FILE, ExportDescription
from bot.exports.row_options import Aggregate
from bot.exports.spool import SpooledRows

CARD_FILE = "README.md"

DATA_FILE = "data.parquet"
"""The file that `datasets` loads. From a JSON file it would infer types."""

FEATURE_TYPES = {"text": "string", "integer": "int64", "number": "float64"}

EMPTY_NOTICE = """\
This export has **no rows**. Its files are valid: pyarrow, pandas and
`datasets.load_dataset(..., streaming=True)` read `data.parquet` with all its columns. Without
streaming, `datasets` cannot load a dataset without rows.
"""


def build_card(export: ExportDescription) -> str:
    """Return the card as Markdown with YAML front matter."""
    parts = (
        _front_matter(export),
        f"# {_escape_markdown(export.name)}\n",
        _summary(export),
        "" if export.spooled_rows.row_count or not _has_typed_file(export) else EMPTY_NOTICE,
        _section("About", _table(("property", "value"), export.metadata.items())),
        _section("Left out", _left_out_table(export.spooled_rows)),
        _section("Columns", _column_table(export.spooled_rows.columns)),
        _section("Loading", f"{_loading(export)}{CHECKSUMS_SENTENCE}"),
    )
    return "\n".join(part for part in parts if part)


def _front_matter(export: ExportDescription) -> str:
    lines = [
        "---",
        f"pretty_name: {orjson.dumps(export.name).decode()}",
        *(_data_file_lines(export.spooled_rows) if _has_typed_file(export) else ()),
        "---\n",
    ]
    return "\n".join(lines)


def _has_typed_file(export: ExportDescription) -> bool:
    return any(file.name == DATA_FILE for file in export.files)


def _data_file_lines(spooled_rows: SpooledRows) -> list[str]:
    return [
        "configs:",
        "- config_name: default",
        "  data_files:",
        "  - split: train",
        f"    path: {DATA_FILE}",
        "dataset_info:",
        "  features:",
        *(line for column in spooled_rows.columns for line in _feature(column)),
    ]


def _feature(column: Column) -> list[str]:
    name = f"  - name: {column.name}"
    if column.type in LIST_FEATURES:
        keys = column.message_keys
        indent = "      " if column.type == "conversations" else "    "
        extra = [line for key in keys for line in _field_lines(key, "string", indent)]
        return [name, *LIST_FEATURES[column.type], *extra]
    if column.type != "scores":
        return [name, f"    dtype: {FEATURE_TYPES[column.type]}"]
    if not column.criteria:
        return [name, "    dtype: 'null'"]
    return [name, "    struct:", *_struct_lines(column.criteria)]


def _field_lines(name: str, dtype: str, indent: str = "    ") -> tuple[str, str]:
    quoted = orjson.dumps(name).decode()  # unquoted, a criterion called "on" is a YAML Boolean
    return f"{indent}- name: {quoted}", f"{indent}  dtype: {dtype}"


LIST_FEATURES = {
    "message": ["    struct:", *_field_lines("role", "string"), *_field_lines("content", "string")],
    "messages": ["    list:", *_field_lines("role", "string"), *_field_lines("content", "string")],
    "texts": ["    list: string"],
    "integers": ["    list: int64"],
    "numbers": ["    list: float64"],
    "conversations": [
        "    list:",
        "      list:",
        *_field_lines("role", "string", "      "),
        *_field_lines("content", "string", "      "),
    ],
}
"""YAML lines for messages and for the list types of `datasets`."""


def _struct_lines(criteria: Iterable[str]) -> list[str]:
    return [line for criterion in criteria for line in _field_lines(criterion, "float64")]


def _summary(export: ExportDescription) -> str:
    rows = export.spooled_rows.row_count
    return (
        f"Format `{export.export_format.name}`: {export.export_format.description}. "
        f"{rows:,} row{'' if rows == 1 else 's'}. {AGGREGATE_SENTENCES[export.aggregate]}\n"
    )


AGGREGATE_SENTENCES = {
    Aggregate.NONE: "An item answered by several experts has several rows.",
    Aggregate.MAJORITY: (
        "The answers to an item are one row: the most frequent answer, the median of the scores, "
        "or the ranking nearest to all."
    ),
    Aggregate.WEIGHTED: (
        "The answers to an item are one row: the most frequent answer, the median of the scores, "
        "or the ranking nearest to all, with answers weighted by the reliability of their expert."
    ),
    Aggregate.DAWID_SKENE: (
        "The answers to an item are one row: the most probable answer by the model of Dawid and "
        "Skene."
    ),
}
"""What the rows of an item are."""


def _left_out_table(spooled: SpooledRows) -> str:
    """Return how many answers have no row, by reason; a reviewer's decision counts as an answer."""
    left_out = sum(spooled.left_out.values())
    counts = f"Of {spooled.answers + left_out:,} answers, {left_out:,} are left out.\n"
    if not left_out:
        return counts
    return f"{counts}\n{_table(('reason', 'answers'), spooled.left_out.items())}"


def _column_table(columns: Iterable[Column]) -> str:
    notes = (
        "Unknown or unasked values are an empty string or 0. Only a criterion that does not apply "
        "to a row is null. An item without a prompt has one user message with empty content.\n"
    )
    return (
        _table(("column", "description"), ((c.name, c.description) for c in columns)) + "\n" + notes
    )


CHECKSUMS_SENTENCE = f"`{MANIFEST_FILE}` has counts and SHA-256 checksums.\n"


def _loading(export: ExportDescription) -> str:
    export_format = export.export_format
    parts = (export_format.loading, _loading_code(export) if _has_typed_file(export) else "")
    return "\n".join(part for part in parts if part)


def _loading_code(export: ExportDescription) -> str:
    training_code = (
        f"\n{export.export_format.training_code}" if export.export_format.training_code else ""
    )
    names = [file.name for file in export.export_format.files if file.name != DATA_FILE]
    others = f"The same rows are in {', '.join(f'`{name}`' for name in names)}. " if names else ""
    return (
        "```python\n"
        "import datasets\n\n"
        'dataset = datasets.load_dataset("path/to/this/folder", split="train")'
        f"{training_code}\n```\n\n{others}"
    )


def _section(title: str, body: str) -> str:
    return f"## {title}\n\n{body}" if body else ""


def _table(head: tuple[str, str], rows: Iterable[tuple[str, object]]) -> str:
    lines = [f"| {_escape_markdown(name)} | {_escape_markdown(value)} |" for name, value in rows]
    if not lines:
        return ""
    return "\n".join([f"| {head[0]} | {head[1]} |", "| --- | --- |", *lines, ""])


def _escape_markdown(value: object) -> str:
    """Return a value as one line of text with Markdown characters escaped."""
    text = value if isinstance(value, str) else orjson.dumps(value).decode()
    for char in ("\\", "|", "`", "*", "_", "[", "<"):
        text = text.replace(char, f"\\{char}")
    return " ".join(text.split())
