"""Earlier rows of a file: a row that asks the same as one of them is a duplicate."""

from __future__ import annotations

from array import array
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

import orjson

from bot.imports.digest_numbers import DigestNumbers
from bot.imports.keys import (
    MAX_KEY_CHARS,
    digest_of,
    digest_of_key,
    key_of,
    shown_digest_of,
    textless_digest_of,
)
from bot.imports.mapping import CompiledMapping
from bot.imports.plan import ShapedRow
from bot.imports.row import InvalidRowError, place_of, quote_name
from bot.kinds.content import Content


@dataclass(frozen=True, slots=True)
class ComparedRow:
    """A row compared with those before it.

    `key` is its id, or a digest of its content; `digest` is what experts see of it. `first` is the
    place of the row that shows the same, None if there is none. `is_exchanged`: the candidates are
    in another order there. `has_other_meta`: its unmapped columns have other values (only if rows
    have answers). `spare_key` is for an item with the id of a question, which another item may
    have, as in MT-Bench.
    """

    key: str
    digest: bytes
    first: str | None = None
    is_exchanged: bool = False
    has_other_meta: bool = False
    spare_key: str | None = None


class Place(Protocol):
    """A row, or what was made of it: its line and its file."""

    @property
    def line(self) -> int:
        """Return the line where it starts."""

    @property
    def file(self) -> str:
        """Return its file inside a folder or an archive, "" for a single file."""


class FirstRow(NamedTuple):
    """The earlier row that shows the same as a row: its place, None if there is none.

    `is_exchanged` and `has_other_meta` are as in `ComparedRow`.
    """

    place: str | None
    is_exchanged: bool = False
    has_other_meta: bool = False


NO_FIRST_ROW = FirstRow(None)


@dataclass(slots=True)
class EarlierRows:
    """The rows read so far: to save memory, only digests and numbers of the first of each item.

    Both are numbered alike, because each content that is added has a key that was not there before.
    """

    mapping: CompiledMapping
    has_answers: bool = False
    lines: array[int] = field(default_factory=lambda: array("q"))
    files: list[str] = field(default_factory=list)
    first_candidates: array[int] = field(default_factory=lambda: array("q"))
    metas: array[int] = field(default_factory=lambda: array("q"))
    keys: DigestNumbers = field(default_factory=DigestNumbers)
    contents: DigestNumbers = field(default_factory=DigestNumbers)

    def compare(self, row: ShapedRow, content: Content, repetition: int = 0) -> ComparedRow:
        """Add a row; return what it is and which earlier row shows the same.

        Args:
            row: the row.
            content: its content.
            repetition: how many items with this content, but without texts and ids, come before it.

        Raises:
            InvalidRowError: an earlier row has the same id with other content.
        """
        has_id = self.mapping.has("id")
        own_id = key_of(*self.mapping.values(row.fields, "id")) if has_id else None
        if repetition:
            own_id = f"{textless_digest_of(content, None).hex()}-{repetition + 1}"
        shown = self._digest_of(content, own_id)
        key, spare_key = own_id or digest_of(content).hex(), None
        if self.mapping.has_question_id:
            spare_key = f"{key}-{shown.hex()}"[-MAX_KEY_CHARS:]
            key = spare_key if self._is_key_of_other(digest_of_key(key), shown) else key
        meta = _hash_of_meta(content) if self.has_answers else 0
        first = self.add(row, key, shown, _hash_of_first_candidate(content), meta)
        is_first = first.place is None
        return ComparedRow(key, shown, *first, spare_key=spare_key if is_first else None)

    def add(
        self, row: Place, key: str, shown: bytes, first_candidate: int, meta: int = 0
    ) -> FirstRow:
        """Add a row by its key and digest, and hashes of its first candidate and metadata.

        Raises:
            InvalidRowError: an earlier row has the same key with other content.
        """
        own_key = digest_of_key(key)
        if self._is_key_of_other(own_key, shown):
            place = self._place_of(self.keys.add(own_key))
            message = f"{place} has the same id {quote_name(key)} with other content"
            raise InvalidRowError(message)
        count = len(self.lines)
        number = self.contents.add(shown)
        if number < count:
            is_exchanged = self.first_candidates[number] != first_candidate
            return FirstRow(self._place_of(number), is_exchanged, self.metas[number] != meta)
        self.keys.add(own_key)
        self.lines.append(row.line)
        self.files.append(row.file)
        self.first_candidates.append(first_candidate)
        self.metas.append(meta)
        return NO_FIRST_ROW

    def _is_key_of_other(self, key: bytes, shown: bytes) -> bool:
        number = self.keys.number_of(key)
        return number is not None and number != self.contents.number_of(shown)

    def _place_of(self, number: int) -> str:
        return place_of(self.lines[number], self.files[number])

    def _digest_of(self, content: Content, own_id: str | None) -> bytes:
        """Return the digest of what experts see, or of what an item without texts is about."""
        if self.mapping.textless_candidates:
            return textless_digest_of(content, own_id)
        return shown_digest_of(content)


def _hash_of_meta(content: Content) -> int:
    """Return a number that is the same for equal metadata in this process."""
    return hash(orjson.dumps(content.meta, option=orjson.OPT_SORT_KEYS))


def _hash_of_first_candidate(content: Content) -> int:
    """Return a number that tells an exchanged pair."""
    return hash(content.candidates[0].text.strip()) if content.candidates else 0
