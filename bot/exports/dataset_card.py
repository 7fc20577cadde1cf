"""Dataset card of an export: describes the dataset to people and its schema to `datasets`.

The YAML front matter (dataset card metadata of the Hugging Face Hub) names the data files and the
type of every column, so that no type is inferred on loading.
"""

from __future__ import annotations

from collections.abc import Callable

from bot.exports.card_agreement import describe_agreement
from bot.exports.card_front_matter import front_matter
from bot.exports.card_markdown import escape, section, table
from bot.exports.manifest import MANIFEST_FILE, ExportDescription
from bot.exports.row_options import Aggregate
from bot.exports.spool import SpooledRows
from bot.exports.tables import TYPED_FILE, WrittenTable

CARD_FILE = "README.md"

EMPTY_NOTICE = """\
This export has **no rows**. Its files are valid: pyarrow, pandas and
`datasets.load_dataset(..., streaming=True)` read them with all their columns. Without streaming,
`datasets` cannot load a dataset without rows.
"""

EMPTY_FOLDER_NOTICE = "This export has **no rows**, and so no data files.\n"

COLUMN_NOTES = (
    "Unknown or unasked values are an empty string or 0. Only a criterion that does not apply "
    "to a row is null. An item without a prompt has one user message with empty content.\n"
)

SPLIT_NOTES = (
    "A hash of the prompt decides the split of a row: all rows of a prompt are in one split, and "
    "stay in it when the dataset grows.\n"
)


def build_card(export: ExportDescription) -> str:
    """Return the card as Markdown with YAML front matter."""
    parts = (
        front_matter(export),
        f"# {escape(export.name)}\n",
        _summary(export),
        _empty_notice(export),
        section("Configurations", "" if export.is_single else _config_table(export)),
        section("Splits", _split_table(export)),
        section("About", table(("property", "value"), export.metadata.items())),
        section("Origin of the items", _provenance_table(export)),
        section("Left out", _for_each_table(export, _left_out_table)),
        section("Agreement", describe_agreement(export.evidence)),
        section("Columns", _for_each_table(export, _column_table) + "\n" + COLUMN_NOTES),
        section("Loading", _loading(export)),
    )
    return "\n".join(part for part in parts if part)


def _summary(export: ExportDescription) -> str:
    if not export.is_single:
        configs = f"{len(export.tables)} configurations"
        return f"Every answer, and the training data made of them, in {configs}.\n"
    (table,) = export.tables
    description = f"Format `{table.format.name}`: {table.format.description}."
    return (
        f"{description} {_count_rows(export.row_count)}. {AGGREGATE_SENTENCES[table.aggregate]}\n"
    )


def _empty_notice(export: ExportDescription) -> str:
    if export.row_count:
        return ""
    if not export.is_single:
        return EMPTY_FOLDER_NOTICE
    return EMPTY_NOTICE if export.tables[0].has_typed_file else ""


def _count_rows(count: int) -> str:
    return f"{count:,} row{'' if count == 1 else 's'}"


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


def _config_table(export: ExportDescription) -> str:
    rows = ((table.config, _describe_content(table)) for table in export.tables)
    empty = [f"`{table.config}`" for table in export.tables if not table.files]
    notes = f"\nWithout rows, and so without a file: {', '.join(empty)}.\n" if empty else ""
    return table(("configuration", "content"), rows) + notes


def _describe_content(table: WrittenTable) -> str:
    rows = _count_rows(table.spooled_rows.row_count)
    return f"{rows}: {table.format.description}. {AGGREGATE_SENTENCES[table.aggregate]}"


def _split_table(export: ExportDescription) -> str:
    if all(len(table.spooled_rows.splits) == 1 for table in export.tables):
        return ""
    rows = (
        (f"{'' if export.is_single else f'{table.config}: '}{split.name}", f"{split.row_count:,}")
        for table in export.tables
        for split in table.spooled_rows.splits
    )
    return f"{SPLIT_NOTES}\n{table(('split', 'rows'), rows)}"


def _provenance_table(export: ExportDescription) -> str:
    """Return how many labels each imported license and source has."""
    provenance = export.tables[-1].spooled_rows.provenance
    rows = (
        (f"{name}: {value}", f"{count:,}")
        for name, counts in provenance.items()
        for value, count in counts.items()
    )
    return table(("imported column", "answers"), rows)


def _for_each_table(export: ExportDescription, describe: Callable[[SpooledRows], str]) -> str:
    """Return the description of the only table, or of each under its name."""
    if export.is_single:
        return describe(export.tables[0].spooled_rows)
    return "\n".join(
        f"### {table.config}\n\n{describe(table.spooled_rows)}" for table in export.tables
    )


def _left_out_table(spooled: SpooledRows) -> str:
    """Return how many answers have no row, by reason; a reviewer's decision counts as an answer."""
    left_out = sum(spooled.left_out.values())
    counts = f"Of {spooled.answers + left_out:,} answers, {left_out:,} are left out.\n"
    if not left_out:
        return counts
    return f"{counts}\n{table(('reason', 'answers'), spooled.left_out.items())}"


def _column_table(spooled: SpooledRows) -> str:
    return table(("column", "description"), ((c.name, c.description) for c in spooled.columns))


CHECKSUMS_SENTENCE = f"`{MANIFEST_FILE}` has counts and SHA-256 checksums.\n"


def _loading(export: ExportDescription) -> str:
    parts = (
        export.tables[0].format.loading if export.is_single else "",
        _loading_code(export),
        CHECKSUMS_SENTENCE,
    )
    return "\n".join(part for part in parts if part)


def _loading_code(export: ExportDescription) -> str:
    loadable = [table for table in export.tables if table.has_typed_file]
    if not loadable:
        return ""
    code = "\n\n".join(map(_loading_example, loadable))
    typed = {
        table.file_name(split, TYPED_FILE)
        for table in loadable
        for split in table.spooled_rows.splits
    }
    names = (file.name for table in loadable for file in table.files if file.name not in typed)
    others = ", ".join(f"`{name}`" for name in names)
    same = f"\nThe same rows are in {others}.\n" if others else ""
    return f"```python\nimport datasets\n\n{code}\n```\n{same}"


def _loading_example(table: WrittenTable) -> str:
    config = "" if table.is_only_one else f', "{table.config}"'
    line = f'dataset = datasets.load_dataset("path/to/this/folder"{config}, split="train")'
    return f"{line}\n{table.format.training_code}".rstrip()
