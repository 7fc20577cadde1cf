"""Contests between models: what experts preferred, item by item."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple, TypeAlias

Order: TypeAlias = tuple[tuple[str, ...], ...]
"""Models from best to worst; tied models share a place."""

ContestProfile: TypeAlias = tuple[Order, ...]
"""The sorted orders that experts gave for one item."""

Outcome: TypeAlias = tuple[str, ...]
"""Who is best: one model, or two models that tie."""


CACHED_CHOICES = 16_384
"""Orders of two models whose choice is kept: 100 models have 14,850."""


class Choice(NamedTuple):
    """One choice of a best model: the first outcome was chosen, the others were not."""

    outcomes: tuple[Outcome, ...]


@dataclass(slots=True)
class ContestTally:
    """Contests of a campaign.

    Attributes:
        profiles: number of items by what experts preferred.
        both_bad: how often each model was in a pair of which both were bad. Such an answer says
            nothing about who is better, so it counts for no strength.
    """

    profiles: Counter[ContestProfile] = field(default_factory=Counter)
    both_bad: Counter[str] = field(default_factory=Counter)

    def add(
        self, orders: Iterable[Order], both_bad: Iterable[Sequence[str]] = ()
    ) -> ContestProfile:
        """Count one item: the order that each expert gave, and the pairs that were bad.

        Returns:
            What experts preferred; empty if there is no contest.
        """
        profile = profile_of(orders)
        self.add_profile(profile, both_bad)
        return profile

    def add_profile(
        self, profile: ContestProfile, both_bad: Iterable[Sequence[str]], items: int = 1
    ) -> None:
        """Count so many items by their profile and the pairs that were bad."""
        if profile:
            self.profiles[profile] += items
        for models in both_bad:
            for model in set(models):
                self.both_bad[model] += items


def profile_of(orders: Iterable[Order]) -> ContestProfile:
    """Return what experts preferred, from the order that each gave; empty without a contest."""
    return tuple(sorted(contest for contest in map(_contest_of, orders) if contest))


@lru_cache(maxsize=CACHED_CHOICES)
def _contest_of(order: Order) -> Order | None:
    """Return the order with tied models sorted; None without two models, or with one twice."""
    models = [model for place in order for model in place]
    if len(models) < 2 or len(set(models)) < len(models):  # noqa: PLR2004 - two models
        return None
    return tuple(tuple(sorted(place)) for place in order)


def connected_groups(profiles: Iterable[ContestProfile]) -> list[list[str]]:
    """Return the groups of models that contests connect, the largest first.

    Between two groups there is no contest, direct or indirect, so nothing says who is better.
    """
    neighbors: defaultdict[str, set[str]] = defaultdict(set)
    for order in {order for profile in profiles for order in profile}:
        for model, other in pairwise([model for place in order for model in place]):
            neighbors[model].add(other)
            neighbors[other].add(model)
    groups: list[list[str]] = []
    unseen = set(neighbors)
    while unseen:
        group = _reachable(min(unseen), neighbors)
        unseen -= group
        groups.append(sorted(group))
    return sorted(groups, key=lambda group: (-len(group), group))


def _reachable(start: str, neighbors: dict[str, set[str]]) -> set[str]:
    found, waiting = {start}, [start]
    while waiting:
        new = neighbors[waiting.pop()] - found
        found |= new
        waiting.extend(new)
    return found


def choices_of(order: Order, *, has_tie_outcome: bool) -> Iterator[tuple[Choice, float]]:
    """Yield the choices that an order consists of, with their weights.

    A pair is one choice. With `has_tie_outcome` (Roger Davidson, *On Extending the Bradley-Terry
    Model to Accommodate Ties*, 1970) a tie is a third outcome; otherwise it is half a win for each.

    An order of more models is a sequence of choices: who is best, who is best of the rest, and so
    on (Robin Plackett, *The Analysis of Permutations*, 1975). Tied models count in equal parts in
    several orders, so that each of them has every place equally often.
    """
    models = [model for place in order for model in place]
    if len(models) == 2 and has_tie_outcome:  # noqa: PLR2004 - a pair
        yield _davidson_choice(order), 1.0
        return
    sequences = _untied_sequences(order)
    for sequence in sequences:
        for start in range(len(sequence) - 1):
            best, *rest = sequence[start:]
            outcomes = ((best,), *((model,) for model in sorted(rest)))
            yield Choice(outcomes), 1 / len(sequences)


@lru_cache(maxsize=CACHED_CHOICES)
def _davidson_choice(order: Order) -> Choice:
    first, second = (model for place in order for model in place)
    tie = (first, second) if first < second else (second, first)
    if len(order) == 1:
        return Choice((tie, (tie[0],), (tie[1],)))
    return Choice(((first,), (second,), tie))


def _untied_sequences(order: Order) -> list[tuple[str, ...]]:
    """Return orders without ties: every rotation of each tied place, in both directions."""
    length = 1
    for place in order:
        length = max(length, 2 * len(place) if len(place) > 1 else 1)
    sequences = []
    for shift in range(length):
        sequence: list[str] = []
        for place in order:
            turned = place[::-1] if shift % 2 else place
            offset = shift // 2 % len(place)
            sequence += [*turned[offset:], *turned[:offset]]
        sequences.append(tuple(sequence))
    return sequences
