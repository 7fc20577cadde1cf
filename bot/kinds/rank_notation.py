"""Rankings with ties as text: in `b>a=c`, b is first, and a and c tie for second place.

A partial ranking has only the names placed so far. A `=` at its end ties the next name to the last.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

RANK_SEPARATOR, TIE_SEPARATOR = ">", "="


def tie_groups(ranking: str) -> list[list[str]]:
    """Return the names grouped by rank, best first."""
    return [
        group.split(TIE_SEPARATOR)
        for group in ranking.removesuffix(TIE_SEPARATOR).split(RANK_SEPARATOR)
        if group
    ]


def ranks_of(ranking: str) -> dict[str, int]:
    """Return the rank of each name, 1 for the best. Ranks are dense: after two 1s comes 2."""
    groups = enumerate(tie_groups(ranking), start=1)
    return {name: rank for rank, group in groups for name in group}


def has_open_tie(ranking: str) -> bool:
    """Return whether the next name ties with the last."""
    return ranking.endswith(TIE_SEPARATOR)


def append_name(ranking: str, name: str) -> str:
    """Return the ranking with a name appended, unchanged if it has the name already."""
    if name in ranks_of(ranking):
        return ranking
    separator = "" if has_open_tie(ranking) or not ranking else RANK_SEPARATOR
    return f"{ranking}{separator}{name}"


def toggle_tie(ranking: str) -> str:
    """Return the ranking with an open tie added, or removed if there is one."""
    if has_open_tie(ranking) or not ranking:
        return ranking.removesuffix(TIE_SEPARATOR)
    return ranking + TIE_SEPARATOR


def undo_last(ranking: str) -> str:
    """Return the ranking without its open tie, or else without its last name."""
    if has_open_tie(ranking):
        return ranking.removesuffix(TIE_SEPARATOR)
    return ranking[: max(ranking.rfind(RANK_SEPARATOR), ranking.rfind(TIE_SEPARATOR), 0)]


def format_ranks(ranks: Mapping[str, int]) -> str:
    """Return the ranking with these ranks; gaps between ranks are closed."""
    used_ranks = sorted(set(ranks.values()))
    groups = (TIE_SEPARATOR.join(_names_at_rank(ranks, rank)) for rank in used_ranks)
    return RANK_SEPARATOR.join(groups)


def _names_at_rank(ranks: Mapping[str, int], rank: int) -> Sequence[str]:
    return sorted(name for name, own_rank in ranks.items() if own_rank == rank)
