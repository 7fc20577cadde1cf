"""What several experts say together."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.kinds.label import Demonstration, Winner
from bot.quality.consensus import Consensus, consensus_by_question, consensus_of, consensus_source
from bot.quality.votes import MeasurementLevel, VoteValue, votes_of
from tests.quality.test_votes import preference, rating

VALUES = st.lists(st.integers(1, 5), min_size=1, max_size=7)


@pytest.mark.parametrize(
    ("values", "level", "found"),
    [
        (["left"], "nominal", Consensus("single", "left")),
        (["left", "left"], "nominal", Consensus("unanimous", "left")),
        (["left", "tie", "left"], "nominal", Consensus("majority", "left")),
        (["left", "right"], "nominal", Consensus("split", None)),
        (["left", "left", "right", "tie"], "nominal", Consensus("split", None)),
        ([3], "ordinal", Consensus("single", 3)),
        ([4, 4, 4], "ordinal", Consensus("unanimous", 4)),
        ([5, 1, 5], "ordinal", Consensus("majority", 5)),
        ([1, 3, 5], "ordinal", Consensus("split", 3)),
        ([2, 5], "ordinal", Consensus("split", 3.5)),
    ],
)
def test_the_consensus_says_what_and_how_sure(
    values: list[VoteValue], level: MeasurementLevel, found: Consensus
) -> None:
    assert consensus_of(values, level) == found


def test_nobody_has_no_consensus() -> None:
    with pytest.raises(ValueError, match="nobody"):
        consensus_of([], "nominal")


@given(values=VALUES, order=st.randoms())
def test_who_said_what_does_not_matter(values: list[int], order: Random) -> None:
    shuffled = order.sample(values, len(values))
    assert consensus_of(values, "nominal") == consensus_of(shuffled, "nominal")
    assert consensus_of(values, "ordinal") == consensus_of(shuffled, "ordinal")


@given(values=VALUES)
def test_a_majority_stays_one_when_more_say_the_same(values: list[int]) -> None:
    found = consensus_of(values, "nominal")
    if found.source != "split" and isinstance(found.value, int):
        more = consensus_of([*values, found.value], "nominal")
        assert (more.source in ("unanimous", "majority"), more.value) == (True, found.value)


@given(values=VALUES)
def test_a_median_has_as_many_above_as_below(values: list[int]) -> None:
    middle = consensus_of(values, "ordinal").value
    assert isinstance(middle, int | float)
    below, above = (sum(v < middle for v in values), sum(v > middle for v in values))
    assert 2 * max(below, above) <= len(values)


def test_a_median_is_the_majoritys_point_where_there_is_one() -> None:
    assert consensus_of([5, 5, 5, 1, 2], "ordinal") == Consensus("majority", 5)


def test_the_question_they_agree_on_least_speaks_for_the_item() -> None:
    labels = [rating(humor=5, clarity=3), rating(humor=5, clarity=1), rating(humor=5, clarity=2)]
    assert {
        asked.question: one.source
        for asked, one in consensus_by_question([votes_of(x) for x in labels]).items()
    } == {
        "humor": "unanimous",
        "clarity": "split",
    }
    ballots = [votes_of(label) for label in labels]
    assert consensus_source(ballots) == "split"
    assert consensus_source(ballots[:1]) == "single"
    assert consensus_source(ballots[:1] * 2) == "unanimous"


def test_both_bad_and_tie_are_no_majority_together() -> None:
    winners: tuple[Winner, ...] = ("tie", "both_bad", "left")
    assert consensus_source([votes_of(preference(winner)) for winner in winners]) == "split"


def test_what_is_written_stands_for_itself() -> None:
    written = Demonstration((), "One.", None), Demonstration((), "Another.", None)
    assert consensus_source([votes_of(label) for label in written]) == "single"
