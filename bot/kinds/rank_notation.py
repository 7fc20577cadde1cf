"""An order with ties, written as a line: `b>a=c` is b first, a and c together behind it.

A line that is begun holds only what was placed so far. With a `=` at its end, the next one ties.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

RANK_SEPARATOR, TIE_SEPARATOR = ">", "="


def tie_groups(line: str) -> list[list[str]]:
    """Return who stands together, best first."""
    return [
        group.split(TIE_SEPARATOR)
        for group in line.removesuffix(TIE_SEPARATOR).split(RANK_SEPARATOR)
        if group
    ]


def ranks_of(line: str) -> dict[str, int]:
    """Return the rank of each, 1 is best. Ranks are dense: after two on 1 comes 2."""
    groups = enumerate(tie_groups(line), start=1)
    return {name: rank for rank, group in groups for name in group}


def has_open_tie(line: str) -> bool:
    """Say whether the next one placed ties with the last."""
    return line.endswith(TIE_SEPARATOR)


def append_name(line: str, name: str) -> str:
    """Return the line with one more at its end; who stands in it already stays."""
    if name in ranks_of(line):
        return line
    return line + name if has_open_tie(line) or not line else f"{line}{RANK_SEPARATOR}{name}"


def toggle_tie(line: str) -> str:
    """Return the line with a tie begun, or given up again."""
    return (
        line.removesuffix(TIE_SEPARATOR) if has_open_tie(line) or not line else line + TIE_SEPARATOR
    )


def undo_last(line: str) -> str:
    """Return the line without the last one placed, or without the tie begun after it."""
    if has_open_tie(line):
        return line.removesuffix(TIE_SEPARATOR)
    return line[: max(line.rfind(RANK_SEPARATOR), line.rfind(TIE_SEPARATOR), 0)]


def format_ranks(ranks: Mapping[str, int]) -> str:
    """Return the line that these ranks make; a rank that nobody has is passed over."""
    used = sorted(set(ranks.values()))
    return RANK_SEPARATOR.join(TIE_SEPARATOR.join(_names_at_rank(ranks, rank)) for rank in used)


def _names_at_rank(ranks: Mapping[str, int], rank: int) -> Sequence[str]:
    return sorted(name for name, its in ranks.items() if its == rank)
