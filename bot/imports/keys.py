"""Item keys: the id in the file, else a digest of the content."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from hashlib import blake2b

import orjson

from bot.imports.row import InvalidRowError, describe_type
from bot.kinds.content import Candidate, Content, ConversationTurn

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
        "prompt": [_turn_parts(turn) for turn in content.prompt],
        "candidates": [_candidate_parts(candidate) for candidate in content.candidates],
        "draft": content.draft,
        "meta": content.meta,
        "media": [entry.as_dict() for entry in content.media],
        "author": content.author,
        "domains": content.domains,
        "language": content.language,
        "gold": content.gold,
    }
    return _digest_of_json({part: value for part, value in parts.items() if value})


def digest_of_texts(
    prompt: str,
    texts: Sequence[str],
    models: Sequence[str | None],
    meta: Mapping[str, object],
) -> bytes:
    """Return what `digest_of` returns for an item with nothing else than these texts."""
    parts = {
        "prompt": [["user", prompt]],
        "candidates": list(zip(texts, models, strict=True)),
        "meta": meta,
    }
    return _digest_of_json({part: value for part, value in parts.items() if value})


def _digest_of_json(parts: object) -> bytes:
    canonical = orjson.dumps(parts, option=orjson.OPT_SORT_KEYS)
    return blake2b(canonical, digest_size=DIGEST_BYTES).digest()


def _candidate_parts(candidate: Candidate) -> list[object]:
    """Return the parts of a candidate; absent media and author are left out to keep old digests."""
    media = [entry.as_dict() for entry in candidate.media]
    turns = [_turn_parts(turn) for turn in candidate.turns]
    extra = [media, candidate.author] if media or candidate.author else []
    own = [{"turns": turns, "extra": candidate.extra}] if turns or candidate.extra else []
    return [candidate.text, candidate.model, *extra, *own]


def _turn_parts(turn: ConversationTurn) -> list[object]:
    return [turn.role, turn.content, *([turn.extra] if turn.extra else [])]


def shown_digest_of(content: Content) -> bytes:
    """Return a digest of what experts see of an item, whatever the order of its candidates.

    Two items with the same digest ask the same question twice. Models, authors and metadata do not
    count; a gold answer does, because a gold question is not an ordinary task.
    """
    responses = sorted(map(_dump_shown, content.candidates))
    parts = [
        [_turn_parts(turn) for turn in content.prompt],
        [response.hex() for response in responses],
        content.draft,
        [entry.url for entry in content.media],
        content.gold,
    ]
    return _digest_of_json(parts)


def shown_digest_of_texts(prompt: str, texts: Iterable[str]) -> bytes:
    """Return what `shown_digest_of` returns for an item of nothing but (stripped) texts."""
    responses = sorted(map(_dump_shown_text, texts))
    hexed = [response.hex() for response in responses]
    return _digest_of_json([[["user", prompt]], hexed, None, [], None])


def _dump_shown_text(text: str) -> bytes:
    return orjson.dumps([text, [], {}, []])


def _dump_shown(candidate: Candidate) -> bytes:
    """Return what experts see of a candidate: its text, own turns, tool calls and media."""
    if not (candidate.turns or candidate.extra or candidate.media):
        return _dump_shown_text(candidate.text.strip())
    turns = [_turn_parts(turn) for turn in candidate.turns]
    urls = [entry.url for entry in candidate.media]
    shown = [candidate.text.strip(), turns, candidate.extra, urls]
    return orjson.dumps(shown, option=orjson.OPT_SORT_KEYS)


def textless_digest_of(content: Content, key: str | None) -> bytes:
    """Return a digest of an item whose candidates have no texts, whatever their order.

    Such an item is what its prompt, its models and its id (if the file has one) say it is.
    """
    parts = [
        "without text",
        [_turn_parts(turn) for turn in content.prompt],
        sorted(candidate.model or "" for candidate in content.candidates),
        key,
        content.gold,
    ]
    return _digest_of_json(parts)


def response_digest_of(candidate: Candidate) -> bytes:
    """Return what distinguishes a candidate of an item: what is shown, else its model."""
    return orjson.dumps(
        [
            candidate.text.strip(),
            [_turn_parts(turn) for turn in candidate.turns],
            candidate.extra,
            [entry.url for entry in candidate.media],
            "" if has_text(candidate) else candidate.model,
        ],
        option=orjson.OPT_SORT_KEYS,
    )


def has_text(candidate: Candidate) -> bool:
    """Return whether experts can judge a candidate: it has a text, turns, media or tool calls."""
    return bool(candidate.text or candidate.turns or candidate.media or candidate.extra)


def key_of(*values: object) -> str:
    """Return the key of an item from its id in the file, which may have several parts.

    Raises:
        InvalidRowError: the id is blank, too long, or neither text nor a number.
    """
    key = "-".join(filter(None, map(_key_part_of, values)))
    if not key:
        message = "the id is blank"
        raise InvalidRowError(message)
    if len(key) > MAX_KEY_CHARS:
        message = f"the id has {len(key):,} characters; the limit is {MAX_KEY_CHARS}"
        raise InvalidRowError(message)
    return key


def digest_of_key(key: str) -> bytes:
    """Return a digest of a key, which takes less memory than a long key."""
    return blake2b(key.encode(), digest_size=DIGEST_BYTES).digest()


def _key_part_of(value: object) -> str:
    if isinstance(value, str):
        return value.strip()
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, int | float):
        message = f"the id must be text or a number, not {describe_type(value)}"
        raise InvalidRowError(message)
    return str(value)
