"""Front matter of a dataset card: configurations, splits and column types for `datasets`.

The schema is that of the Hugging Face Hub's dataset cards:
https://github.com/huggingface/hub-docs/blob/main/datasetcard.md
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

import yaml

from bot.exports.formats.format import Column
from bot.exports.manifest import ExportDescription
from bot.exports.tables import TYPED_FILE, WrittenTable

Yaml: TypeAlias = "str | bool | Sequence[Yaml] | Mapping[str, Yaml]"

TRAINING_TASK = "text-generation"

TASKS = {
    "rating": "text-classification",
    "verdict": "text-classification",
    "ranking": "text-ranking",
    "annotations": "other",
}
"""Task categories of the Hub by format; the others train a model to generate text."""

SIZE_CATEGORIES = (
    (1_000, "n<1K"),
    (10_000, "1K<n<10K"),
    (100_000, "10K<n<100K"),
    (1_000_000, "100K<n<1M"),
)

FEATURE_TYPES = {"text": "string", "integer": "int64", "number": "float64", "boolean": "bool"}

LIST_TYPES = {
    "texts": "string",
    "integers": "int64",
    "numbers": "float64",
    "images": "image",
    "audio": "audio",
}


def front_matter(export: ExportDescription) -> str:
    """Return the YAML that a card begins with."""
    loadable = [table for table in export.tables if table.has_typed_file]
    infos = [_dataset_info(table) for table in loadable]
    values: dict[str, Yaml] = {"pretty_name": export.name, **_description(export)}
    if loadable:
        values["configs"] = [_config(table, is_first=table is loadable[0]) for table in loadable]
        values["dataset_info"] = infos[0] if export.is_single else infos
    text = yaml.safe_dump(values, sort_keys=False, allow_unicode=True, width=1_000_000)
    return f"---\n{text}---\n"


def _description(export: ExportDescription) -> dict[str, Yaml]:
    """Return what the Hub lists datasets by; a license or language only if it is known."""
    described: dict[str, Yaml] = {}
    if licenses := export.details.licenses:
        described["license"] = licenses[0] if len(licenses) == 1 else list(licenses)
    if languages := export.details.languages:
        described["language"] = list(languages)
    formats = [table.format.name for table in export.tables if table.spooled_rows.row_count]
    tasks = dict.fromkeys(TASKS.get(name, TRAINING_TASK) for name in formats)
    if tasks:
        described["task_categories"] = list(tasks)
    rows = max((table.spooled_rows.row_count for table in export.tables), default=0)
    described["size_categories"] = [_size_category(rows)]
    return described


def _size_category(rows: int) -> str:
    """Return the Hub's name for a number of rows, such as `1K<n<10K`."""
    names = (name for bound, name in SIZE_CATEGORIES if rows < bound)
    return next(names, "n>1M")


def _config(table: WrittenTable, *, is_first: bool) -> dict[str, Yaml]:
    files: list[Yaml] = [
        {"split": split.name, "path": table.file_name(split, TYPED_FILE)}
        for split in table.spooled_rows.filled_splits
    ]
    default: dict[str, Yaml] = {"default": True} if is_first and not table.is_only_one else {}
    return {"config_name": table.config, **default, "data_files": files}


def _dataset_info(table: WrittenTable) -> dict[str, Yaml]:
    features = [_feature(column) for column in table.spooled_rows.columns]
    name: dict[str, Yaml] = {} if table.is_only_one else {"config_name": table.config}
    return {**name, "features": features}


def _feature(column: Column) -> dict[str, Yaml]:
    """Return a column in the notation of `datasets` (`Features._to_yaml_list`)."""
    return {"name": column.name, **_type_of(column)}


def _type_of(column: Column) -> dict[str, Yaml]:
    if column.type in LIST_TYPES:
        return {"list": LIST_TYPES[column.type]}
    if column.type in ("message", "messages", "conversations"):
        message = [_field(key, "string") for key in ("role", "content", *column.message_keys)]
        nested: dict[str, dict[str, Yaml]] = {
            "message": {"struct": message},
            "messages": {"list": message},
            "conversations": {"list": {"list": message}},
        }
        return nested[column.type]
    if column.type != "scores":
        return {"dtype": FEATURE_TYPES[column.type]}
    if not column.criteria:
        return {"dtype": "null"}
    return {"struct": [_field(criterion, "float64") for criterion in column.criteria]}


def _field(name: str, dtype: str) -> dict[str, Yaml]:
    return {"name": name, "dtype": dtype}
