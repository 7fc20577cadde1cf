"""Tables of an export folder: the labels of each before it is written, and its rows afterwards."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bot.exports.formats.format import Format, FormatFile, LeftOutLabel, WrittenFiles
from bot.exports.label_record import LabelRecord
from bot.exports.row_options import Aggregate
from bot.exports.row_templates import RowBatch
from bot.exports.splits import TRAIN
from bot.exports.spool import SpooledRows, SpooledSplit

TYPED_FILE = FormatFile("data.parquet", "parquet")
"""The file that `datasets` loads. From a JSON file it would infer types."""

SPLIT_STEMS = ("data", TRAIN)
"""Names of data files without their extension that the name of a split replaces."""

DEFAULT_CONFIG = "default"
"""The configuration that `datasets` loads if none is named."""


@dataclass(frozen=True, slots=True)
class ExportTable:
    """A table to write: its schema, and its labels or finished rows, which are read once.

    `aggregate` says how the labels came about, for the manifest and the card.
    """

    format: Format
    labels: Iterable[LabelRecord | LeftOutLabel | RowBatch]
    aggregate: Aggregate = Aggregate.NONE


@dataclass(frozen=True, slots=True)
class DataFile:
    """One file of an export; `name` with its folder, `size` in bytes, `sha256` in hex.

    `rows` is the number of rows of a data file, None for a document.
    """

    name: str
    size: int
    sha256: str
    rows: int | None = None


@dataclass(frozen=True, slots=True)
class WrittenTable:
    """A table of an export folder with its files; `config` is its name for `datasets`."""

    config: str
    format: Format
    aggregate: Aggregate
    spooled_rows: SpooledRows
    files: tuple[DataFile, ...] = ()

    @property
    def is_only_one(self) -> bool:
        """Return whether the folder has no other table, so that its files are in it directly."""
        return self.config == DEFAULT_CONFIG

    @property
    def format_files(self) -> tuple[FormatFile, ...]:
        """Return the data files that the table has; of several tables, each has Parquet alone."""
        if self.is_only_one:
            return self.format.files
        return (TYPED_FILE,) if self.spooled_rows.row_count else ()

    @property
    def has_typed_file(self) -> bool:
        """Return whether `datasets` can find the table."""
        return TYPED_FILE in self.format_files

    @property
    def documents(self) -> Mapping[str, bytes]:
        """Return the files that describe the data files; none if the folder has other tables."""
        if not self.is_only_one:
            return {}
        names = {
            split.name: {file.name: self.file_name(split, file) for file in self.format_files}
            for split in self.spooled_rows.filled_splits
        }
        return self.format.documents(WrittenFiles(names, self.spooled_rows.columns))

    def file_name(self, split: SpooledSplit, file: FormatFile) -> str:
        """Return the name of a data file of a split: `test.jsonl` instead of `data.jsonl`."""
        folder = "" if self.is_only_one else f"{self.config}/"
        if len(self.spooled_rows.splits) == 1:
            return f"{folder}{file.name}"
        stem, _, extension = file.name.partition(".")
        name = split.name if stem in SPLIT_STEMS else f"{split.name}-{stem}"
        return f"{folder}{name}.{extension}"
