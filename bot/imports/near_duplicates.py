"""Near-duplicates: items whose texts share most of their three-word sequences.

The share is estimated with MinHash (Broder, 1997): the part of equal minima of random hash
functions is that of the sequences that two texts have in common. Items that share a band of minima
are compared.
"""

from __future__ import annotations

import re
from random import Random
from zlib import crc32

from bot.kinds.content import Content

MIN_SIMILARITY = 0.7
"""Share of common sequences from which items are near-duplicates: one word in ten differs."""

BANDS, BAND_SIZE = 16, 3
SEQUENCE_WORDS = 3
PRIME = 2**32 - 5

_random = Random(0)  # noqa: S311 - not for security; the same functions in every process
HASHES = [(_random.randrange(1, PRIME), _random.randrange(PRIME)) for _ in range(BANDS * BAND_SIZE)]

Signature = tuple[int, ...]


class NearDuplicates:
    """The items of a file so far. Memory is about 2 KB per item."""

    def __init__(self) -> None:
        """Start without items."""
        self._places: dict[tuple[int, Signature], list[int]] = {}
        self._items: list[tuple[Signature, str]] = []

    def add(self, content: Content, place: str) -> str | None:
        """Add an item; return the place of an earlier one that is nearly the same, else None."""
        signature = _signature_of(content)
        bands = [
            (band, signature[band * BAND_SIZE : (band + 1) * BAND_SIZE]) for band in range(BANDS)
        ]
        candidates = {index for band in bands for index in self._places.get(band, ())}
        near = next(
            (index for index in sorted(candidates) if self._is_near(index, signature)), None
        )
        for band in bands:
            self._places.setdefault(band, []).append(len(self._items))
        self._items.append((signature, place))
        return None if near is None else self._items[near][1]

    def _is_near(self, index: int, signature: Signature) -> bool:
        pairs = zip(self._items[index][0], signature, strict=True)
        return sum(a == b for a, b in pairs) >= MIN_SIMILARITY * len(signature)


def _signature_of(content: Content) -> Signature:
    hashes = {
        crc32(" ".join(words[start : start + SEQUENCE_WORDS]).encode())
        for text in _texts_of(content)
        for words in [re.findall(r"\w+", text.casefold()) or [text]]
        for start in range(max(1, len(words) - SEQUENCE_WORDS + 1))
    }
    return tuple(min((a * h + b) % PRIME for h in hashes) for a, b in HASHES)


def _texts_of(content: Content) -> list[str]:
    texts = [turn.content for turn in content.prompt]
    texts += [candidate.text for candidate in content.candidates]
    return [*texts, content.draft] if content.draft else texts or [""]
