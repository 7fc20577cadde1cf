"""Item keys: the id in the file, else a digest of the content."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from hashlib import blake2b

import orjson

from bot.imports.column_mapping import value_at
from bot.imports.row import InvalidRowError, describe_type
from bot.kinds.content import Candidate, Content

MAX_KEY_CHARS = 200
"""Longest id: it is stored, indexed and exported with every row."""

DIGEST_BYTES = 16
"""Size of a digest. Among a million items, the chance of a collision is about 1 in 10^26."""


def digest_of(content: Content) -> bytes:
    """Return a digest of the whole content of an item.

    It must be the same on every machine and in every later version, because items imported again
    are recognized by it. So absent parts are left out, keys are sorted and the names of the parts
    below must not change.
    """
    parts = {
        "prompt": [[turn.role, turn.content] for turn in content.prompt],
        "candidates": [_candidate_parts(candidate) for candidate in content.candidates],
        "draft": content.draft,
        "meta": content.meta,
        "media": [entry.as_dict() for entry in content.media],
        "author": content.author,
        "domains": content.domains,
        "language": content.language,
        "gold": content.gold,
    }
    present = {part: value for part, value in parts.items() if value}
    canonical = orjson.dumps(present, option=orjson.OPT_SORT_KEYS)
    return blake2b(canonical, digest_size=DIGEST_BYTES).digest()


def _candidate_parts(candidate: Candidate) -> list[object]:
    """Return the parts of a candidate; absent media and author are left out to keep old digests."""
    media = [entry.as_dict() for entry in candidate.media]
    extra = [media, candidate.author] if media or candidate.author else []
    return [candidate.text, candidate.model, *extra]


def key_of(row: Mapping[str, object], columns: Sequence[str], digest: bytes) -> str:
    """Return the key of an item: its id as text if a column is mapped, else its digest in hex.

    Raises:
        InvalidRowError: the id is blank, too long, or neither text nor a number.
    """
    if not columns:
        return digest.hex()
    value = value_at(row, columns[0])
    key = str(value).strip() if _can_be_key(value) else ""
    if not key:
        is_blank = value is None or isinstance(value, str)
        flaw = "is blank" if is_blank else f"must be text or a number, not {describe_type(value)}"
        message = f"the id {flaw}"
        raise InvalidRowError(message)
    if len(key) > MAX_KEY_CHARS:
        message = f"the id has {len(key):,} characters; the limit is {MAX_KEY_CHARS}"
        raise InvalidRowError(message)
    return key


def _can_be_key(value: object) -> bool:
    return isinstance(value, (str, int, float)) and not isinstance(value, bool)
