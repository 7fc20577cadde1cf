"""Earlier rows of a file: a row that asks the same as one of them is a duplicate."""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import blake2b

import orjson

from bot.imports.keys import (
    DIGEST_BYTES,
    MAX_KEY_CHARS,
    digest_of,
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
    in another order there. `has_other_meta`: its unmapped columns have other values. `spare_key` is
    for an item with the id of a question, which another item may have, as in MT-Bench.
    """

    key: str
    digest: bytes
    first: str | None = None
    is_exchanged: bool = False
    has_other_meta: bool = False
    spare_key: str | None = None


@dataclass(slots=True)
class EarlierRows:
    """The rows read so far. It stores digests with the place of the first row, to save memory."""

    mapping: CompiledMapping
    places_by_key: dict[bytes, bytes] = field(default_factory=dict)
    places_by_content: dict[bytes, bytes] = field(default_factory=dict)

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
        key = own_id or digest_of(content).hex()
        spare_key = None
        if self.mapping.has_question_id:
            spare_key = f"{key}-{shown.hex()}"[-MAX_KEY_CHARS:]
            if not self.places_by_key.get(_key_digest(key), shown).startswith(shown):
                key = spare_key
        key_digest = _key_digest(key)
        place = place_of(row.line, row.file)
        order, meta = _order_digest(content), _meta_digest(content)
        earlier = self.places_by_content.get(shown)
        same_key = self.places_by_key.get(key_digest)
        if same_key is not None and not same_key.startswith(shown):
            first = same_key[DIGEST_BYTES:].decode()
            message = f"{first} has the same id {quote_name(key)} with other content"
            raise InvalidRowError(message)
        if earlier is not None:
            start = len(order) + len(meta)
            is_exchanged = not earlier.startswith(order)
            has_other_meta = earlier[len(order) : start] != meta
            first = earlier[start:].decode()
            return ComparedRow(key, shown, first, is_exchanged, has_other_meta)
        self.places_by_content[shown] = order + meta + place.encode()
        self.places_by_key[key_digest] = shown + place.encode()
        return ComparedRow(key, shown, spare_key=spare_key)

    def _digest_of(self, content: Content, own_id: str | None) -> bytes:
        """Return the digest of what experts see, or of what an item without texts is about."""
        if self.mapping.textless_candidates:
            return textless_digest_of(content, own_id)
        return shown_digest_of(content)


def _key_digest(key: str) -> bytes:
    return blake2b(key.encode(), digest_size=DIGEST_BYTES).digest()


def _meta_digest(content: Content) -> bytes:
    return _short_digest(orjson.dumps(content.meta, option=orjson.OPT_SORT_KEYS))


def _order_digest(content: Content) -> bytes:
    """Return a short digest of the first candidate, which tells an exchanged pair."""
    return _short_digest(content.candidates[0].text.strip() if content.candidates else "")


def _short_digest(value: str | bytes) -> bytes:
    """Return four bytes that are the same for equal values in this process."""
    return (hash(value) & 0xFFFF_FFFF).to_bytes(4, "big")
