"""Comparison of the rows of two exports: which were added, removed or changed.

Rows are compared by item. First only a hash of each row is kept, then the rows of the items that
differ are read again.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Literal, TypeAlias

import orjson

from bot.errors import BotError
from bot.exports.written_manifest import WrittenManifest, read_manifest
from bot.exports.written_rows import Row, read_rows

ItemKey: TypeAlias = tuple[str, str]
"""The configuration of a row, "" for the only one, and the key of its item."""

Change = Literal["added", "removed", "changed"]

DIGEST_BYTES = 16

EXPERT = "expert"


class DifferentFormatsError(BotError):
    """{first} has the format {first_format}, {second} has {second_format}; compare the same."""


class DifferentCampaignsError(BotError):
    """{first} and {second} are exports of different campaigns; compare exports of one campaign."""


@dataclass(frozen=True, slots=True)
class RowChange:
    """A row that two exports do not share.

    Attributes:
        change: what happened to it from the first export to the second.
        config: the table, "" for the only one.
        item: key of its item.
        expert: pseudonym of its expert; empty if it stands for several.
        columns: the columns whose cells changed.
    """

    change: Change
    config: str
    item: str
    expert: str
    columns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Export:
    """An export folder with its manifest; `ignored` columns are not compared."""

    folder: Path
    manifest: WrittenManifest
    ignored: frozenset[str] = frozenset()

    def rows(self, is_wanted: Callable[[ItemKey], bool]) -> Iterator[tuple[ItemKey, Row]]:
        """Yield the rows of wanted items.

        Raises:
            IncomparableFormatError, MissingDataError, UnreadableDataError: as `read_rows`.
        """
        for config in self.manifest.tables:
            for item, row in read_rows(self.folder, self.manifest, config):
                key = (config, item)
                if is_wanted(key):
                    yield key, {k: cell for k, cell in row.items() if k not in self.ignored}


def find_changes(first: Path, second: Path) -> list[RowChange]:
    """Return the rows that two exports of a campaign in one format do not share, by item.

    Raises:
        MissingManifestError, InvalidManifestError, NewerManifestError: one is no export.
        DifferentFormatsError, DifferentCampaignsError, IncomparableFormatError, MissingDataError,
            UnreadableDataError: they cannot be compared.
    """
    manifests = read_manifest(first), read_manifest(second)
    _check_comparable((first, second), manifests)
    ignored = frozenset({EXPERT}) if any(map(_has_own_pseudonyms, manifests)) else frozenset()
    before, after = (
        _Export(path if path.is_dir() else path.parent, manifest, ignored)
        for path, manifest in zip((first, second), manifests, strict=True)
    )
    old_digests, new_digests = _digests_of(before), _digests_of(after)
    keys = old_digests.keys() | new_digests.keys()
    differing = {key for key in keys if old_digests.get(key) != new_digests.get(key)}
    old_rows, new_rows = _rows_of(before, differing), _rows_of(after, differing)
    return [
        change
        for key in sorted(differing)
        for change in _compare_item(key, old_rows[key], new_rows[key])
    ]


def _check_comparable(
    paths: tuple[Path, Path], manifests: tuple[WrittenManifest, WrittenManifest]
) -> None:
    (first, second), (old, new) = paths, manifests
    if old.format != new.format:
        raise DifferentFormatsError(
            first=first, first_format=old.format, second=second, second_format=new.format
        )
    if old.metadata.get("campaign") != new.metadata.get("campaign"):
        raise DifferentCampaignsError(first=first, second=second)


def _has_own_pseudonyms(manifest: WrittenManifest) -> bool:
    return manifest.query is not None and "pseudonyms" in manifest.query.options


def _dump(row: Row) -> bytes:
    return orjson.dumps(row, option=orjson.OPT_SORT_KEYS, default=repr)


def _digests_of(export: _Export) -> dict[ItemKey, Counter[bytes]]:
    digests: defaultdict[ItemKey, Counter[bytes]] = defaultdict(Counter)
    for key, row in export.rows(lambda _key: True):
        digests[key][blake2b(_dump(row), digest_size=DIGEST_BYTES).digest()] += 1
    return digests


def _rows_of(export: _Export, keys: set[ItemKey]) -> defaultdict[ItemKey, list[Row]]:
    rows: defaultdict[ItemKey, list[Row]] = defaultdict(list)
    for key, row in export.rows(keys.__contains__):
        rows[key].append(row)
    return rows


def _compare_item(key: ItemKey, before: list[Row], after: list[Row]) -> Iterator[RowChange]:
    """Yield the changes of one item: a row of the same expert and content counts as changed."""
    old = _without_shared(before, after)
    new = _without_shared(after, before)
    for row in old:
        match = _best_match(row, new)
        if match is None:
            yield _describe("removed", key, row)
        else:
            new.remove(match)
            yield _describe("changed", key, match, _changed_columns(row, match))
    for row in new:
        yield _describe("added", key, row)


def _without_shared(rows: list[Row], others: list[Row]) -> list[Row]:
    shared = Counter(map(_dump, others))
    left = []
    for row in rows:
        content = _dump(row)
        if shared[content]:
            shared[content] -= 1
        else:
            left.append(row)
    return left


def _best_match(row: Row, candidates: list[Row]) -> Row | None:
    """Return the row of the same expert with the fewest changed columns, None if there is none."""
    same = [one for one in candidates if one.get(EXPERT, "") == row.get(EXPERT, "")]
    return min(same, key=lambda one: len(_changed_columns(row, one)), default=None)


def _changed_columns(row: Row, other: Row) -> tuple[str, ...]:
    names = dict.fromkeys((*row, *other))
    return tuple(name for name in names if row.get(name) != other.get(name))


def _describe(change: Change, key: ItemKey, row: Row, columns: tuple[str, ...] = ()) -> RowChange:
    config, item = key
    return RowChange(change, config, item, str(row.get(EXPERT, "")), columns)
