"""One export, from labels to a folder: data files, a manifest, a card; all of it or nothing."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import file_digest
from pathlib import Path
from secrets import token_hex

from bot.errors import BotError
from bot.exports.card import CARD, card_of
from bot.exports.files import WRITERS, writer_of
from bot.exports.formats.format import Format
from bot.exports.labelled import Labelled
from bot.exports.manifest import MANIFEST, Contents, DataFile, manifest_of
from bot.exports.spool import Spooled, spool
from bot.exports.swapping import put_in_place, sync

SPOOL = "rows.spool"

LONGEST_NAME = 200
"""Bytes: file systems take 255, and the folder has a longer name while it is on its way."""


class BadExportNameError(BotError):
    """An export cannot be called “{name}”: it becomes the name of a folder."""


class OccupiedError(BotError):
    """“{name}” is there already and is not an export, so it is not replaced."""


@dataclass(frozen=True, slots=True)
class Written:
    """A finished export. `skipped` counts what was left out, by reason."""

    directory: Path
    files: tuple[DataFile, ...]
    rows: int
    skipped: Mapping[str, int]


def write_export(
    labels: Iterable[Labelled],
    *,
    format: Format,  # noqa: A002 - the word that people use for it
    directory: Path,
    name: str,
    facts: Mapping[str, object],
) -> Written:
    """Write the folder `directory/name` and return what is in it.

    One row an annotation, in the given order; memory stays flat. The same labels and facts give the
    same bytes. An earlier export of this name is replaced as a whole, once the new one is on disk;
    if anything fails before, it stays and nothing else is left behind.

    Args:
        labels: read once, lazily.
        format: the shape of the rows.
        directory: where exports go; made if need be.
        name: the name of the folder, and of the dataset.
        facts: what else the manifest and the card tell, in this order; anything JSON can say.

    Raises:
        BadExportNameError: if `name` cannot name a folder.
        OccupiedError: if something else goes by this name.
        OSError: if the disk is full or refuses.
    """
    target = directory / name
    _check(target, name)
    directory.mkdir(parents=True, exist_ok=True)
    with _folder_on_its_way(directory, name) as folder:
        spooled = spool(labels, format, folder / SPOOL)
        files = tuple(_data_file(folder, ending, spooled) for ending in WRITERS)
        (folder / SPOOL).unlink()
        _describe(folder, Contents(name, format, spooled, files, facts))
        _sync_all(folder)
        put_in_place(folder, target)
    return Written(target, files, spooled.rows, spooled.skipped)


def _check(target: Path, name: str) -> None:
    plain = name.isprintable() and len(name.encode()) <= LONGEST_NAME
    if not plain or name.startswith(".") or target.name != name:
        raise BadExportNameError(name=name)
    if target.is_symlink() or (target.exists() and not _may_be_replaced(target)):
        raise OccupiedError(name=name)


def _may_be_replaced(target: Path) -> bool:
    return target.is_dir() and ((target / MANIFEST).is_file() or not any(target.iterdir()))


@contextmanager
def _folder_on_its_way(directory: Path, name: str) -> Iterator[Path]:
    """Make a hidden sibling of the target; whatever of it is still there at the end is removed."""
    folder = directory / f".{name}.{token_hex(4)}"
    folder.mkdir()
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _data_file(folder: Path, ending: str, spooled: Spooled) -> DataFile:
    path = folder / f"data.{ending}"
    writer_of(ending)(folder / SPOOL, spooled.columns, path)
    with path.open("rb") as file:
        digest = file_digest(file, "sha256").hexdigest()
    return DataFile(path.name, path.stat().st_size, digest)


def _describe(folder: Path, contents: Contents) -> None:
    (folder / MANIFEST).write_bytes(manifest_of(contents))
    (folder / CARD).write_text(card_of(contents), encoding="utf-8", newline="\n")


def _sync_all(folder: Path) -> None:
    for path in (*folder.iterdir(), folder):
        sync(path)
