"""How an item is known again: by its id in the file, or by what it holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from hashlib import blake2b

import orjson

from bot.imports.column_mapping import value_at
from bot.imports.row import InvalidRowError, describe_type
from bot.kinds.content import Candidate, Content

MAX_KEY_CHARS = 200
"""Characters an id may have: it is stored, indexed and exported with every row."""

DIGEST_BYTES = 16
"""Bytes of a digest: two different items share one with a chance of 1 in 10^26 among a million."""


def digest_of(content: Content) -> bytes:
    """Return a digest of all that an item holds.

    It is the same on every machine and in every later version, because an item imported again must
    be recognised: only what is there is written, under names that stay, keys sorted.
    """
    parts = {
        "prompt": [[turn.role, turn.content] for turn in content.prompt],
        "candidates": [_candidate_parts(candidate) for candidate in content.candidates],
        "draft": content.draft,
        "meta": content.meta,
        "media": [one.as_dict() for one in content.media],
        "author": content.author,
        "domains": content.domains,
        "language": content.language,
        "gold": content.gold,
    }
    present = {part: value for part, value in parts.items() if value}
    canonical = orjson.dumps(present, option=orjson.OPT_SORT_KEYS)
    return blake2b(canonical, digest_size=DIGEST_BYTES).digest()


def _candidate_parts(candidate: Candidate) -> list[object]:
    """Return what there is of a candidate; one of a text alone looks as it always did."""
    media = [one.as_dict() for one in candidate.media]
    more = [media, candidate.author] if media or candidate.author else []
    return [candidate.text, candidate.model, *more]


def key_of(row: Mapping[str, object], columns: Sequence[str], digest: bytes) -> str:
    """Return the key of an item: its id as text where a column is mapped, else its digest in hex.

    Raises:
        UnusableRowError: if the id is missing, too long, or neither a text nor a number.
    """
    if not columns:
        return digest.hex()
    value = value_at(row, columns[0])
    key = str(value).strip() if _can_be_key(value) else ""
    if not key:
        found = "blank" if value is None or isinstance(value, str) else describe_type(value)
        message = f"its id is {found}"
        raise InvalidRowError(message)
    if len(key) > MAX_KEY_CHARS:
        message = f"its id has {len(key):,} characters, where {MAX_KEY_CHARS} are allowed"
        raise InvalidRowError(message)
    return key


def _can_be_key(value: object) -> bool:
    return isinstance(value, (str, int, float)) and not isinstance(value, bool)
