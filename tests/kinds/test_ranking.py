"""Ranking: ranks follow the texts that the expert saw, whatever the order, ties and all."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.kinds.base import BadContentError, Reading, Value, WrongAnswerError
from bot.kinds.content import Candidate, Content, Order, Turn
from bot.kinds.form import BACK, EQUAL, OVER
from bot.kinds.label import Ranking
from bot.kinds.ordering import from_ranks
from bot.kinds.ranking import MOST, RANKING, RankingSettings

TIES = RankingSettings()
STRICT = RankingSettings(ties=False)


def several(count: int) -> Content:
    """Return a prompt with so many responses."""
    texts = (Candidate(f"Response {number}", f"m{number}") for number in range(count))
    return Content((Turn("user", "Which?"),), tuple(texts))


def tap(*taps: object, count: int = 3, chosen: RankingSettings = TIES) -> Reading:
    """Read one tap after the other."""
    value: Value = {}
    reading = Reading({}, complete=False)
    for one in taps:
        reading = RANKING.read({"ranks": one}, value, chosen, range(count))
        value = reading.value
    return reading


@st.composite
def ranked(draw: st.DrawFn) -> tuple[Content, Order, dict[str, int]]:
    """Draw an item, an order in which it is shown, and ranks for what was shown."""
    count = draw(st.integers(3, MOST))
    order = draw(st.permutations(range(count)))
    ranks = {name: draw(st.integers(1, count)) for name in "abcdefghij"[:count]}
    return several(count), order, ranks


@given(drawn=ranked())
def test_the_ranks_go_with_the_texts_the_expert_saw(
    drawn: tuple[Content, Order, dict[str, int]],
) -> None:
    content, order, ranks = drawn
    shown = {p.key: p.text for p in RANKING.form(content, TIES, order).passages}
    label = RANKING.label(content, {"ranks": from_ranks(ranks)}, order)
    assert isinstance(label, Ranking)
    assert label.candidates == content.candidates
    texts = [candidate.text for candidate in content.candidates]
    stood = dict(zip(texts, label.ranks, strict=True))
    for one, its in ranks.items():
        for other, rank in ranks.items():
            assert (its < rank) == (stood[shown[one]] < stood[shown[other]])


@given(drawn=ranked())
def test_a_window_says_the_same_as_the_line(drawn: tuple[Content, Order, dict[str, int]]) -> None:
    content, order, ranks = drawn
    given_back = {"ranks": {name: str(rank) for name, rank in ranks.items()}}
    reading = RANKING.read(given_back, {}, TIES, order)
    assert reading == Reading({"ranks": from_ranks(ranks)}, complete=True)
    assert RANKING.read(reading.value, {}, TIES, order) == reading
    RANKING.accept(content, TIES)


def test_every_tap_gives_the_next_rank_and_the_last_one_ends_it() -> None:
    assert tap("b") == Reading({"ranks": "b"}, complete=False)
    assert tap("b", "a") == Reading({"ranks": "b>a"}, complete=False)
    assert tap("b", "a", "c") == Reading({"ranks": "b>a>c"}, complete=True)
    assert tap("b", "b") == tap("b")


def test_a_tie_a_step_back_and_a_new_beginning() -> None:
    assert tap("b", EQUAL, "a").value == {"ranks": "b=a"}
    assert tap("b", EQUAL, EQUAL, "a").value == {"ranks": "b>a"}
    assert tap("b", "a", BACK).value == {"ranks": "b"}
    assert tap("b", "a", OVER).value == {}
    assert tap(EQUAL).value == tap(BACK).value == tap(OVER).value == {}


def test_without_ties_the_last_one_is_placed_by_itself() -> None:
    assert tap("b", "c", chosen=STRICT) == Reading({"ranks": "b>c>a"}, complete=True)
    with pytest.raises(WrongAnswerError):
        tap("b", EQUAL, chosen=STRICT)
    with pytest.raises(WrongAnswerError):
        tap("a=b>c", chosen=STRICT)


TWICE: list[tuple[Mapping[str, object], str, str]] = [
    ({"a": "1", "b": "2", "c": "1"}, "c", "A has rank 1 already"),
    ({"a": "1", "c": "2"}, "b", "Please give B a rank"),
    ({"a": "1", "b": "4", "c": "2"}, "b", "Please give B a rank"),
    ({"a": "1", "b": "2", "c": None}, "c", "Please give C a rank"),
]


@pytest.mark.parametrize(("ranks", "part", "said"), TWICE)
def test_a_rank_given_twice_or_not_at_all_is_told_where_it_stands(
    ranks: Mapping[str, object], part: str, said: str
) -> None:
    with pytest.raises(WrongAnswerError, match=said) as caught:
        tap(ranks, chosen=STRICT)
    assert (caught.value.field, caught.value.part) == ("ranks", part)


def test_gaps_are_closed() -> None:
    assert tap({"a": "3", "b": "1", "c": "3"}).value == {"ranks": "b>a=c"}


@pytest.mark.parametrize(
    "answer", ["d", "ab", "a>d", "a>a", "a>>b", ">a", "a=", "A", "", None, 3, ["a"], "equal=a"]
)
def test_only_what_is_on_the_task_can_be_ranked(answer: object) -> None:
    if answer == "a=":
        assert tap(answer).value == {"ranks": "a="}
        return
    with pytest.raises(WrongAnswerError):
        tap(answer)


@pytest.mark.parametrize("count", [0, 1, 2, 11])
def test_a_ranking_is_of_three_to_ten(count: int) -> None:
    with pytest.raises(BadContentError, match=f"3 to 10 candidates and has {count}"):
        RANKING.accept(several(count), TIES)


def test_what_is_the_same_twice_can_only_tie() -> None:
    twice = Content(candidates=(Candidate("Same."), Candidate("Other."), Candidate(" Same.\n")))
    RANKING.accept(twice, TIES)
    with pytest.raises(BadContentError, match="identical, and it has no ties"):
        RANKING.accept(twice, STRICT)
    with pytest.raises(BadContentError, match="all identical"):
        RANKING.accept(Content(candidates=(Candidate("Same."),) * 3), TIES)


def test_the_receipt_says_who_stands_where() -> None:
    assert RANKING.receipt({"ranks": "b>a=c"}, TIES) == "B, then A and C"
