"""Media in Parquet: structs with bytes and path, as `datasets` reads its types Image and Audio.

Feature types: https://huggingface.co/docs/datasets/package_reference/main_classes#datasets.Image
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pyarrow as pa

from bot.errors import BotError
from bot.exports.files.media_loader import MediaLoader
from bot.kinds.media import STORED_PREFIX

MEDIA_TYPE = pa.list_(pa.struct([("bytes", pa.binary()), ("path", pa.string())]))

MAX_BATCH_BYTES = 32 * 1024 * 1024
"""Media in memory at a time. Each batch becomes a row group."""


class MissingMediaError(BotError):
    """The file {reference} of an item is no longer stored. Import the item again, or delete it."""


def with_media(table: pa.Table, columns: Sequence[str], load: MediaLoader) -> Iterator[pa.Table]:
    """Yield a table of references in parts, with the files of these columns in their place.

    A link stays a path without bytes.

    Raises:
        MissingMediaError: a stored file is missing.
    """
    if not columns:
        yield table
        return
    cells = {name: list[object]() for name in columns}
    start = size = 0
    for place in range(table.num_rows):
        for name in columns:
            files = [_read(reference, load) for reference in table[name][place].as_py()]
            cells[name].append(files)
            size += sum(len(file["bytes"] or b"") for file in files)
        if size >= MAX_BATCH_BYTES or place == table.num_rows - 1:
            yield _replace(table.slice(start, place + 1 - start), cells)
            cells, start, size = {name: [] for name in columns}, place + 1, 0


def _read(reference: str, load: MediaLoader) -> dict[str, bytes | str | None]:
    if not reference.startswith(STORED_PREFIX):
        return {"bytes": None, "path": reference}
    content = load(reference)
    if content is None:
        raise MissingMediaError(reference=reference)
    return {"bytes": content, "path": reference.removeprefix(STORED_PREFIX)}


def _replace(table: pa.Table, cells: dict[str, list[object]]) -> pa.Table:
    for name, values in cells.items():
        place = table.schema.get_field_index(name)
        table = table.set_column(place, pa.field(name, MEDIA_TYPE), pa.array(values, MEDIA_TYPE))
    return table
