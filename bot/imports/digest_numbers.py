"""Numbers of digests: what a dictionary has, in a fifth of its memory."""

from __future__ import annotations

from array import array

from bot.imports.keys import DIGEST_BYTES

MIN_SLOTS, GROWTH = 1_024, 4

MAX_LOAD = 0.5
"""Share of slots that are taken at most: the fuller a table, the longer the search for a slot."""


class DigestNumbers:
    """Numbers digests in the order in which they are added, from 0.

    A hash table with open addressing. A slot has the number of a digest, counted from 1, or 0 if it
    is free. A digest is in the slot that its hash names, or in the first free one after it.
    """

    def __init__(self) -> None:
        """Start without digests."""
        self._digests = bytearray()
        self._slots = array("I", [0]) * MIN_SLOTS
        self._last = MIN_SLOTS - 1
        self._count = 0

    def number_of(self, digest: bytes) -> int | None:
        """Return the number of a digest, None if it was not added."""
        number = self._slots[self._slot_of(digest)]
        return number - 1 if number else None

    def add(self, digest: bytes) -> int:
        """Add a digest unless it was added before; return its number."""
        slot = self._slot_of(digest)
        if number := self._slots[slot]:
            return number - 1
        number = self._count
        self._digests += digest
        self._slots[slot] = self._count = number + 1
        if number > MAX_LOAD * self._last:
            self._grow()
        return number

    def _slot_of(self, digest: bytes) -> int:
        """Return the slot that has a digest, or the free one where it belongs."""
        slots, last = self._slots, self._last
        slot = hash(digest) & last
        while number := slots[slot]:
            end = number * DIGEST_BYTES
            if self._digests[end - DIGEST_BYTES : end] == digest:
                break
            slot = (slot + 1) & last
        return slot

    def _grow(self) -> None:
        self._slots = array("I", [0]) * (GROWTH * len(self._slots))
        self._last = len(self._slots) - 1
        for number, start in enumerate(range(0, len(self._digests), DIGEST_BYTES), start=1):
            digest = bytes(self._digests[start : start + DIGEST_BYTES])
            self._slots[self._slot_of(digest)] = number
