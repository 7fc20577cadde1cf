"""Replay of an export: the same data files from the database, whatever has changed since."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

from sqlmodel import Session

from bot.errors import BotError
from bot.exports.atomic_replace import replace_folder
from bot.exports.export_folder import ExportResult, FolderContent, write_export
from bot.exports.media_columns import MediaTypes
from bot.exports.row_comparison import find_changes
from bot.exports.row_options import parse_row_options
from bot.exports.snapshot import ExportSnapshot
from bot.exports.temporary_folder import temporary_folder
from bot.exports.written_manifest import (
    ManifestQuery,
    ManifestRead,
    WrittenManifest,
    manifest_path_of,
    read_manifest,
)
from bot.exports.written_rows import MissingDataError, UnreadableDataError
from bot.services.exports import pseudonym_keys, snapshots
from bot.services.exports.dataset import is_new_of
from bot.services.exports.erased_rows import find_erased
from bot.services.exports.evidence import versions_of
from bot.services.exports.export_tables import ExportQuery, build_tables
from storage.database import Database
from storage.queries import media_files
from storage.snapshot import read_one_snapshot
from storage.tables import Campaign

MAX_NAMED_ITEMS = 10


class NoSnapshotError(BotError):
    """{path} does not say what was read: an older version of labelbot wrote it. Export again."""


class ErasedRowsError(BotError):
    """The export cannot be replayed; erased since: {rows}. Nothing was written."""


class DifferentReplayError(BotError):
    """The replay differs from the export in {files}: {reason}. Nothing was written."""


@dataclass(frozen=True, slots=True)
class Replay:
    """A replayed export: its folder, and the data files that equal those of the manifest."""

    directory: Path
    files: tuple[str, ...]
    row_count: int


def replay_export(database: Database, path: Path, directory: Path) -> Replay:
    """Write the data files of an export again, from what it read, into a folder in `directory`.

    Raises:
        MissingManifestError, InvalidManifestError, NewerManifestError: there is no manifest.
        NoSnapshotError, UnknownSnapshotError: what was read is not known.
        ErasedRowsError: rows were erased since.
        DifferentReplayError: the files differ from those of the manifest.
        OSError: the folder cannot be written.
    """
    manifest = read_manifest(path)
    if manifest.read is None or manifest.query is None:
        raise NoSnapshotError(path=path)
    source = _ReplaySource(manifest_path_of(path).parent, manifest, manifest.query, manifest.read)
    directory.mkdir(parents=True, exist_ok=True)
    with temporary_folder(directory, manifest.name) as folder:
        result = database.read_now(_write, source, folder)
        _check_files(source, result)
        replace_folder(result.directory, directory / manifest.name)
    files = tuple(file.name for file in manifest.files if file.rows is not None)
    return Replay(directory / manifest.name, files, result.row_count)


@dataclass(frozen=True, slots=True)
class _ReplaySource:
    """The folder of an export, its manifest, and the parts of it that a replay needs."""

    folder: Path
    manifest: WrittenManifest
    query: ManifestQuery
    read: ManifestRead


def _write(session: Session, source: _ReplaySource, folder: Path) -> ExportResult:
    read_one_snapshot(session)
    snapshot = snapshots.load_snapshot(session, source.read.snapshot)
    erased = find_erased(session, snapshot)
    if erased:
        raise ErasedRowsError(rows=erased)
    options = parse_row_options(source.query.options)
    earlier = source.read.after.snapshot if source.read.after else None
    query = ExportQuery(
        campaign_in_state(snapshot),
        source.query.format,
        options,
        snapshot,
        only_final=source.query.freeze,
        is_replay=True,
        is_new=is_new_of(session, options, snapshot, earlier),
        pseudonymizer=pseudonym_keys.pseudonymizer_of(
            session, options.pseudonyms, snapshot.campaign.id, source.query.pseudonyms_of
        ),
        media=MediaTypes(
            frozenset(source.query.prompt_media), frozenset(source.query.response_media)
        ),
    )
    built = build_tables(session, query)
    metadata = {**source.manifest.metadata, "replayed": True}
    content = FolderContent(
        source.manifest.name,
        query.format_name,
        built.tables,
        metadata,
        options.splits,
        load_media=partial(media_files.content_of_file, session),
    )
    return write_export(content, folder)


def campaign_in_state(snapshot: ExportSnapshot) -> Campaign:
    """Return the campaign as the export read it; it is not stored."""
    state = asdict(snapshot.campaign)
    return Campaign(**state, title="", overlap=0, lease_minutes=0, seed="")


def _check_files(source: _ReplaySource, result: ExportResult) -> None:
    """Compare the data files with those of the manifest.

    Raises:
        DifferentReplayError: one differs.
    """
    written = {file.name: file.sha256 for file in result.files if file.rows is not None}
    expected = {file.name: file.sha256 for file in source.manifest.files if file.rows is not None}
    names = sorted(
        name for name in written.keys() | expected.keys() if written.get(name) != expected.get(name)
    )
    if names:
        reason = "; ".join(_reasons(source, result.directory))
        raise DifferentReplayError(files=", ".join(names), reason=reason)


def _reasons(source: _ReplaySource, replayed: Path) -> Iterator[str]:
    """Yield what can explain a difference: another version, or changed content."""
    now = versions_of(tuple(parse_row_options(source.query.options).redact))
    before = source.manifest.versions
    others = [
        f"{name} {_short(before[name])} wrote the export, this is {_short(now[name])}"
        for name in now
        if name in before and before[name] != now[name]
    ]
    if others:
        yield f"another version may write other bytes ({', '.join(others)})"
    items = _differing_items(source, replayed)
    if items:
        yield f"the rows of these items differ: {', '.join(items)}"
    elif not others:
        yield "the manifest, or content in the database, was changed by other means than labelbot"


def _differing_items(source: _ReplaySource, replayed: Path) -> list[str]:
    """Return the first items whose rows differ, if the files of the export can still be read."""
    try:
        changes = find_changes(source.folder, replayed)
    except (MissingDataError, UnreadableDataError):
        return []
    return list(dict.fromkeys(change.item for change in changes))[:MAX_NAMED_ITEMS]


def _short(version: str) -> str:
    return version[:12]
