"""Kemeny consensus of rankings: the ranking that is nearest to those of all experts.

The distance of two rankings is that of Kemeny and Snell, *Mathematical Models in the Social
Sciences* (1962): a pair of candidates that they order differently counts 2, a pair that only one of
them ties counts 1. The consensus may tie candidates. It is exact: dynamic programming over sets of
candidates, best ranks first, as in Betzler et al., *Fixed-parameter algorithms for Kemeny rankings*
(2009), here with several candidates on one rank.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import NamedTuple

MAX_CANDIDATES = 10
"""Most candidates of an exact consensus: 3^10 sets of ranks take a tenth of a second."""

SAME = 1e-9
"""Two costs or weights that differ by less are the same."""


class PairShares(NamedTuple):
    """Share or weight of the experts who put the first candidate before, with or after another."""

    before: float
    tied: float
    after: float


BEFORE, AFTER = PairShares._fields.index("before"), PairShares._fields.index("after")

Pairs = dict[tuple[int, int], PairShares]
"""Shares by pair of candidates, positions from 0, the smaller one first; every pair is present."""


@dataclass(frozen=True, slots=True)
class KemenyConsensus:
    """The consensus of several rankings.

    Attributes:
        ranks: dense ranks, 1 is best. Candidates whose order differs between several nearest
            rankings share a rank. None if this gives no ranking: A is before B in all of them, but
            C can be before, between or after.
        is_unique: exactly one ranking is nearest.
        has_cycle: more experts prefer A to B than B to A, likewise B to C, and C to A.
        distance: sum of the distances to all rankings, weighted.
    """

    ranks: tuple[int, ...] | None
    is_unique: bool
    has_cycle: bool
    distance: float


def kemeny_consensus(count: int, pairs: Pairs) -> KemenyConsensus:
    """Return the consensus of rankings of `count` candidates, given their pairs.

    Raises:
        ValueError: there are more than `MAX_CANDIDATES` candidates.
    """
    if count > MAX_CANDIDATES:
        message = f"rankings of {count} candidates; the maximum is {MAX_CANDIDATES}"
        raise ValueError(message)
    simple = _consensus_by_pairs(count, pairs)
    return simple or _consensus_by_sets(count, pairs)


def pairs_of(rankings: Sequence[Sequence[int]], weights: Sequence[float] | None = None) -> Pairs:
    """Return the weight of each relation of each pair in rankings, each a rank per candidate."""
    weights = weights or [1.0] * len(rankings)
    pairs: Pairs = {}
    for first, second in combinations(range(len(rankings[0])), 2):
        sums = [0.0, 0.0, 0.0]
        for ranks, weight in zip(rankings, weights, strict=True):
            sums[1 + (ranks[first] > ranks[second]) - (ranks[first] < ranks[second])] += weight
        pairs[first, second] = PairShares(*sums)
    return pairs


def _costs(shares: PairShares) -> PairShares:
    """Return the distance to all experts of putting the first candidate before, with or after."""
    return PairShares(
        shares.tied + 2 * shares.after,
        shares.before + shares.after,
        shares.tied + 2 * shares.before,
    )


def _consensus_by_pairs(count: int, pairs: Pairs) -> KemenyConsensus | None:
    """Return the ranking that has the nearest relation of every pair, None if there is none.

    No other ranking is as near if the nearest relation of every pair is unique.
    """
    beaten, distance = [0] * count, 0.0
    relations: dict[tuple[int, int], int] = {}
    for (first, second), shares in pairs.items():
        costs = _costs(shares)
        best = min(costs)
        nearest = [place for place, cost in enumerate(costs) if cost - best < SAME]
        if len(nearest) > 1:
            return None
        relations[first, second] = nearest[0]
        beaten[first] += nearest[0] == AFTER
        beaten[second] += nearest[0] == BEFORE
        distance += best
    ranks = _dense(beaten)
    if any(_relation(ranks, *pair) != relation for pair, relation in relations.items()):
        return None
    return KemenyConsensus(ranks, is_unique=True, has_cycle=has_cycle(pairs), distance=distance)


def _relation(ranks: Sequence[int], first: int, second: int) -> int:
    return 1 + (ranks[first] > ranks[second]) - (ranks[first] < ranks[second])


def _dense(keys: Sequence[int]) -> tuple[int, ...]:
    places = {key: place for place, key in enumerate(sorted(set(keys)), start=1)}
    return tuple([places[key] for key in keys])


@dataclass(slots=True)
class _SetSearch:
    """Costs of sets of candidates, each a bit mask."""

    count: int
    pairs: Pairs
    before: list[list[float]] = field(default_factory=list)
    tied: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        single = [[0.0] * self.count for _ in range(self.count)]
        tied = [[0.0] * self.count for _ in range(self.count)]
        for (first, second), shares in self.pairs.items():
            costs = _costs(shares)
            single[first][second], single[second][first] = costs.before, costs.after
            tied[first][second] = tied[second][first] = costs.tied
        self.before = [_sums_by_mask(row) for row in single]
        tied_with = [_sums_by_mask(row) for row in tied]
        self.tied = [0.0]
        for mask in range(1, 1 << self.count):
            last = mask.bit_length() - 1
            rest = mask ^ (1 << last)
            self.tied.append(self.tied[rest] + tied_with[last][rest])

    def steps(self, placed: int) -> Iterator[tuple[int, float]]:
        """Yield each set that can share the next rank, and what that adds to the distance."""
        rest = ((1 << self.count) - 1) ^ placed
        group = rest
        while group:
            after = rest ^ group
            yield (
                group,
                self.tied[group] + sum(self.before[member][after] for member in _members(group)),
            )
            group = (group - 1) & rest


def _sums_by_mask(row: Sequence[float]) -> list[float]:
    sums = [0.0]
    for mask in range(1, 1 << len(row)):
        last = mask.bit_length() - 1
        sums.append(sums[mask ^ (1 << last)] + row[last])
    return sums


def _members(mask: int) -> Iterator[int]:
    while mask:
        yield mask.bit_length() - 1
        mask ^= 1 << (mask.bit_length() - 1)


def _consensus_by_sets(count: int, pairs: Pairs) -> KemenyConsensus:
    search, full = _SetSearch(count, pairs), (1 << count) - 1
    to_end, best_steps = _distances_to_end(search, full)
    reached = {0: 1}  # number of nearest rankings that begin with each set
    can_be_before: set[tuple[int, int]] = set()
    can_be_tied: set[tuple[int, int]] = set()
    for placed in range(full):
        for group in best_steps[placed] if placed in reached else ():
            reached[placed | group] = reached.get(placed | group, 0) + reached[placed]
            members, later = list(_members(group)), list(_members(full ^ placed ^ group))
            can_be_before.update((member, other) for member in members for other in later)
            can_be_tied.update((a, b) for a in members for b in members if a != b)
    forced = {
        (a, b)
        for a, b in can_be_before
        if (b, a) not in can_be_before and (a, b) not in can_be_tied
    }
    return KemenyConsensus(
        _ranks_of(count, forced),
        is_unique=reached[full] == 1,
        has_cycle=has_cycle(pairs),
        distance=to_end[0],
    )


def _distances_to_end(search: _SetSearch, full: int) -> tuple[list[float], list[list[int]]]:
    """Return for each placed set the least distance of the rest, and the steps that reach it."""
    to_end = [0.0] * (full + 1)
    best_steps: list[list[int]] = [[] for _ in range(full + 1)]
    for placed in range(full - 1, -1, -1):
        options = [(cost + to_end[placed | group], group) for group, cost in search.steps(placed)]
        best = min(options)[0]
        to_end[placed] = best
        best_steps[placed] = [group for cost, group in options if cost - best < SAME]
    return to_end, best_steps


def _ranks_of(count: int, forced: set[tuple[int, int]]) -> tuple[int, ...] | None:
    """Return ranks that order exactly the forced pairs, None if no ranking does."""
    ranks = _dense([sum((a, b) in forced for a in range(count)) for b in range(count)])
    is_exact = all(
        ((a, b) in forced) == (ranks[a] < ranks[b])
        for a in range(count)
        for b in range(count)
        if a != b
    )
    return ranks if is_exact else None


def has_cycle(pairs: Pairs) -> bool:
    """Return whether strict preferences of more experts than not form a cycle."""
    wins: dict[int, set[int]] = {}
    for (first, second), shares in pairs.items():
        if shares.before - shares.after > SAME:
            wins.setdefault(first, set()).add(second)
        elif shares.after - shares.before > SAME:
            wins.setdefault(second, set()).add(first)
    while wins:
        losers = set().union(*wins.values())
        unbeaten = [winner for winner in wins if winner not in losers]
        if not unbeaten:
            return True
        for winner in unbeaten:
            del wins[winner]
    return False
