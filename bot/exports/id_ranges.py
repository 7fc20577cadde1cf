"""Sets of ids as text: `1-50,60` are the numbers from 1 to 50, and 60."""

from __future__ import annotations

from collections.abc import Iterable, Iterator


def write_ranges(ids: Iterable[int]) -> str:
    """Return ids in ascending order as ranges, the ends included."""
    ranges: list[list[int]] = []
    for number in sorted(ids):
        if ranges and number == ranges[-1][1] + 1:
            ranges[-1][1] = number
        else:
            ranges.append([number, number])
    return ",".join(f"{start}-{end}" if start < end else f"{start}" for start, end in ranges)


def read_ranges(text: str) -> Iterator[int]:
    """Yield the ids of a text that `write_ranges` returned."""
    for part in filter(None, text.split(",")):
        start, _, end = part.partition("-")
        yield from range(int(start), int(end or start) + 1)
