"""Pairs from ratings: two responses to one prompt, of which one has the better scores.

UltraFeedback (Cui and others, 2023) makes pairs of scores in this way.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import combinations
from statistics import fmean
from typing import NamedTuple

from bot.exports.formats.format import LeftOutLabel
from bot.exports.label_record import LabelRecord
from bot.exports.rating_position import position_of
from bot.exports.response_pairs import LARGEST_MARGIN
from bot.kinds.label import Preference, Rating
from bot.quality.aggregation.shares import PointShares, point_shares
from bot.quality.consensus import LEAST_CERTAIN_FIRST, ConsensusSource
from bot.quality.votes import WINNER

ORIGIN_RATED = "rated"
"""Origin of a pair: both responses were rated."""

SMALLEST_GAP = 0.25
"""Difference of two scores from which one response is better: one point of five."""

ROUNDING = 1e-9

KEY_SEPARATOR = " + "
"""Between the keys of the two items that a pair is made of."""

BY_TURN = "rated turn by turn"
NO_OTHER = "no other response to the same prompt was rated"
TOO_CLOSE = "no other response to the same prompt has scores different enough"


def pair_ratings(
    labels: Iterable[LabelRecord | LeftOutLabel], gap: float, *, by_expert: bool
) -> Iterator[LabelRecord | LeftOutLabel]:
    """Yield a preference for each two ratings of one prompt whose positions differ by `gap`.

    Args:
        labels: ratings, those of one prompt one after the other.
        gap: smallest difference of two positions, 0 to 1.
        by_expert: compare only ratings of the same expert, who judges by one standard.
    """
    group: list[LabelRecord] = []
    for label in labels:
        if isinstance(label, LeftOutLabel):
            yield label
            continue
        if group and _prompt_of(group[-1]) != _prompt_of(label):
            yield from _pair_group(group, gap, by_expert=by_expert)
            group = []
        group.append(label)
    yield from _pair_group(group, gap, by_expert=by_expert)


def _prompt_of(record: LabelRecord) -> object:
    return record.label.prompt, tuple(record.media[0]) if record.media else ()


class _Rated(NamedTuple):
    """A record whose label is a rating."""

    record: LabelRecord
    rating: Rating


def _pair_group(
    group: Sequence[LabelRecord], gap: float, *, by_expert: bool
) -> Iterator[LabelRecord | LeftOutLabel]:
    """Yield the pairs among the ratings of a prompt, and the ratings without one."""
    rated = [_Rated(one, one.label) for one in group if isinstance(one.label, Rating)]
    unpaired = {id(one): one for one in rated}
    compared: set[int] = set()
    for first, second in combinations(rated, 2):
        if not _can_compare(first, second, by_expert=by_expert):
            continue
        compared |= {id(first), id(second)}
        lead = _position(first) - _position(second)
        if abs(lead) < max(gap - ROUNDING, ROUNDING):
            continue
        better, worse = (first, second) if lead > 0 else (second, first)
        counted = [unpaired.pop(id(one), None) for one in (better, worse)]
        answers = sum(one.record.answers for one in counted if one)
        yield replace(_pair(better, worse, abs(lead)), answers=answers)
    for key, one in unpaired.items():
        reason = TOO_CLOSE if key in compared else NO_OTHER
        yield LeftOutLabel(BY_TURN if one.rating.turns else reason, one.record.answers)


def _can_compare(first: _Rated, second: _Rated, *, by_expert: bool) -> bool:
    if first.rating.turns or second.rating.turns:
        return False
    if by_expert and first.record.expert != second.record.expert:
        return False
    return first.rating.candidate != second.rating.candidate


def _position(one: _Rated) -> float:
    return position_of(one.rating, one.record.scales)


def _pair(first: _Rated, second: _Rated, lead: float) -> LabelRecord:
    """Return a preference for the response with the better scores, the first, placed left."""
    better, worse = first.record, second.record
    share = _share_of_better(first, second)
    candidates = first.rating.candidate, second.rating.candidate
    both = (better, worse)
    return replace(
        better,
        label=Preference(better.label.prompt, *candidates, "left", strength=None),
        item_key=f"{better.item_key}{KEY_SEPARATOR}{worse.item_key}",
        expert=better.expert if better.expert == worse.expert else "",
        media=[*better.media[:2], *worse.media[1:2]] if better.media and worse.media else (),
        source=min((one.source for one in both), key=_certainty_of),
        is_with_majority=all(one.is_with_majority for one in both),
        votes=sum(one.votes for one in both),
        agreement=min(one.agreement for one in both),
        shares={(WINNER, ""): {"left": share, "right": 1 - share}},
        margin=LARGEST_MARGIN * lead,
        pair_origin=ORIGIN_RATED,
    )


def _certainty_of(source: ConsensusSource) -> int:
    return LEAST_CERTAIN_FIRST.index(source) if source in LEAST_CERTAIN_FIRST else 99


def _share_of_better(better: _Rated, worse: _Rated) -> float:
    """Return how often a score of the better response is above one of the other; a tie counts half.

    This is the probability of superiority, as the mean of all criteria.
    """
    first, second = _shares_by_criterion(better), _shares_by_criterion(worse)
    return fmean(_superiority(first[key], second[key]) for key in first if key in second)


def _shares_by_criterion(one: _Rated) -> dict[str, PointShares]:
    return {
        key: point_shares(one.record.shares.get((key, ""), {score: 1.0}))
        for key, score in one.rating.scores
    }


def _superiority(first: PointShares, second: PointShares) -> float:
    return sum(
        share * other_share * ((point > other) + (point == other) / 2)
        for point, share in first.items()
        for other, other_share in second.items()
    )
