"""An order with ties, written as a line: `b>a=c` is b first, a and c together behind it.

A line that is begun holds only what was placed so far. With a `=` at its end, the next one ties.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

NEXT, TIED = ">", "="


def groups_of(line: str) -> list[list[str]]:
    """Return who stands together, best first."""
    return [group.split(TIED) for group in line.removesuffix(TIED).split(NEXT) if group]


def ranks_of(line: str) -> dict[str, int]:
    """Return the rank of each, 1 is best. Ranks are dense: after two on 1 comes 2."""
    groups = enumerate(groups_of(line), start=1)
    return {name: rank for rank, group in groups for name in group}


def is_tying(line: str) -> bool:
    """Say whether the next one placed ties with the last."""
    return line.endswith(TIED)


def placed(line: str, name: str) -> str:
    """Return the line with one more at its end; who stands in it already stays."""
    if name in ranks_of(line):
        return line
    return line + name if is_tying(line) or not line else f"{line}{NEXT}{name}"


def tying(line: str) -> str:
    """Return the line with a tie begun, or given up again."""
    return line.removesuffix(TIED) if is_tying(line) or not line else line + TIED


def without_last(line: str) -> str:
    """Return the line without the last one placed, or without the tie begun after it."""
    if is_tying(line):
        return line.removesuffix(TIED)
    return line[: max(line.rfind(NEXT), line.rfind(TIED), 0)]


def from_ranks(ranks: Mapping[str, int]) -> str:
    """Return the line that these ranks make; a rank that nobody has is passed over."""
    used = sorted(set(ranks.values()))
    return NEXT.join(TIED.join(_on(ranks, rank)) for rank in used)


def _on(ranks: Mapping[str, int], rank: int) -> Sequence[str]:
    return sorted(name for name, its in ranks.items() if its == rank)
