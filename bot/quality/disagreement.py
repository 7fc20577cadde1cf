"""Disagreement: which items a reviewer should see, and the worst of them first."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from statistics import fmean
from typing import cast

from bot.quality.consensus import has_cycle, has_majority
from bot.quality.gold import MIN_TAU
from bot.quality.scales import Scales, points_of
from bot.quality.votes import (
    ORDER,
    Vote,
    VoteQuestion,
    VoteValue,
    main_votes,
    values_by_question,
)

MIN_SPREAD = 2
"""Points between the lowest and the highest answer from which experts disagree. One point is usual
between careful people."""

MAX_DIFFERENT_PAIRS = (1 - MIN_TAU) / 2
"""Share of differently ordered pairs up to which rankings agree: a correlation of `MIN_TAU`."""


def disagreement_of(ballots: Sequence[Sequence[Vote]], scales: Scales) -> float:
    """Return how much the answers to an item disagree, 0 (no review needed) to 1.

    Nominal answers disagree if they are not all the same: the share of pairs that differ. Points
    disagree from a spread of `MIN_SPREAD`, or at both ends of a scale with two points: the spread
    as a share of the scale. Rankings disagree if more than `MAX_DIFFERENT_PAIRS` of the pairs of
    candidates are ordered differently, or if their majorities form a cycle. An item with several
    questions takes the highest.
    """
    values = values_by_question([main_votes(ballot) for ballot in ballots])
    groups: defaultdict[str, list[tuple[VoteQuestion, list[VoteValue]]]] = defaultdict(list)
    for question, given in values.items():
        groups[question.question].append((question, given))
    return max((_disagreement(group, scales) for group in groups.values()), default=0.0)


def _disagreement(group: Sequence[tuple[VoteQuestion, list[VoteValue]]], scales: Scales) -> float:
    question, values = group[0]
    if question.level != "nominal":
        return _spread_share(
            [cast("float", v) for v in values], points_of(question.question, scales)
        )
    share = fmean(_different_share(given) for _, given in group)
    if not (question.question == ORDER and question.is_sided):
        return share
    is_cyclic = has_cycle(
        {pair: Counter(given).most_common(1)[0][0] for pair, given in group if has_majority(given)}
    )
    return share if share > MAX_DIFFERENT_PAIRS or is_cyclic else 0.0


def _spread_share(points: Sequence[float], scale_points: int) -> float:
    spread, longest = max(points) - min(points), max(scale_points - 1, 1)
    return spread / max(longest, spread) if spread >= min(MIN_SPREAD, longest) else 0.0


def _different_share(values: Sequence[VoteValue]) -> float:
    pairs = len(values) * (len(values) - 1)
    same = sum(count * (count - 1) for count in Counter(values).values())
    return 1 - same / pairs if pairs else 0.0
