"""Summaries of votes: kept for items with the same answers, and always those of the answers."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.quality.ballot_summary import BallotSummaries
from bot.quality.ballots import Ballots, ballot_with
from bot.quality.consensus import find_consensus
from bot.quality.disagreement import disagreement_of
from bot.quality.votes import Vote, values_by_question

SCALES = {"humor": 5}

winners = st.sampled_from(["left", "right", "tie", "both_bad"])
comparison = st.builds(lambda winner: (Vote("winner", "nominal", winner, is_sided=True),), winners)
points = st.integers(1, 5)
rating = st.builds(lambda point: (Vote("humor", "ordinal", point),), points)
items = st.lists(
    st.one_of(st.lists(comparison, max_size=5), st.lists(rating, max_size=5)).map(tuple),
    max_size=30,
)


@settings(max_examples=40)
@given(items)
def test_summary_is_that_of_the_answers(asked: list[tuple[tuple[Vote, ...], ...]]) -> None:
    summaries = BallotSummaries(SCALES)
    for ballots in [*asked, *asked]:
        summary = summaries.summary_of(tuple(map(ballot_with, ballots)))
        assert summary.values == values_by_question(ballots)
        assert summary.source == find_consensus(ballots, SCALES).source
        assert summary.disagreement == disagreement_of(ballots, SCALES)
        assert sum(map(len, summary.units.values())) == len(summary.values)


def ballots_with(number: int) -> Ballots:
    """Return two answers, of which the second has this many points."""
    return tuple([ballot_with((Vote("length", "ratio", points),)) for points in (0, number)])


def test_agreement_is_the_share_of_equal_pairs() -> None:
    summaries = BallotSummaries({})
    ballots = tuple(
        [ballot_with((Vote("winner", "nominal", one),)) for one in ("left", "left", "tie")]
    )
    assert summaries.summary_of(ballots).agreement == pytest.approx(1 / 3)
    assert summaries.summary_of(ballots[:1]).agreement is None


def test_number_of_kept_summaries_is_limited() -> None:
    summaries = BallotSummaries({}, limit=3)
    first = summaries.summary_of(ballots_with(0))
    for number in range(3):
        summaries.summary_of(ballots_with(number))
    assert summaries.summary_of(ballots_with(0)) is first
    summaries.summary_of(ballots_with(3))
    assert summaries.summary_of(ballots_with(0)) is not first
