"""Ranking: ranks follow the texts that the expert saw, whatever the order, ties and all."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.kinds.base import AnswerValue, InvalidAnswerError, InvalidContentError, ParsedAnswer
from bot.kinds.content import Candidate, Content, ConversationTurn, Order
from bot.kinds.form import RESTART, TIE, UNDO
from bot.kinds.label import Ranking
from bot.kinds.rank_notation import format_ranks
from bot.kinds.ranking import MAX_CANDIDATES, RANKING, RankingSettings

TIES = RankingSettings()
STRICT = RankingSettings(ties=False)


def several(count: int) -> Content:
    """Return a prompt with so many responses."""
    texts = (Candidate(f"Response {number}", f"m{number}") for number in range(count))
    return Content((ConversationTurn("user", "Which?"),), tuple(texts))


def tap(*taps: object, count: int = 3, chosen: RankingSettings = TIES) -> ParsedAnswer:
    """Read one tap after the other."""
    value: AnswerValue = {}
    reading = ParsedAnswer({}, complete=False)
    for one in taps:
        reading = RANKING.parse_answer({"ranks": one}, value, chosen, range(count))
        value = reading.value
    return reading


@st.composite
def ranked(draw: st.DrawFn) -> tuple[Content, Order, dict[str, int]]:
    """Draw an item, an order in which it is shown, and ranks for what was shown."""
    count = draw(st.integers(3, MAX_CANDIDATES))
    order = draw(st.permutations(range(count)))
    ranks = {name: draw(st.integers(1, count)) for name in "abcdefghij"[:count]}
    return several(count), order, ranks


@given(drawn=ranked())
def test_the_ranks_go_with_the_texts_the_expert_saw(
    message: tuple[Content, Order, dict[str, int]],
) -> None:
    content, order, ranks = message
    shown = {p.key: p.text for p in RANKING.build_form(content, TIES, order).passages}
    label = RANKING.to_label(content, {"ranks": format_ranks(ranks)}, order)
    assert isinstance(label, Ranking)
    assert label.candidates == content.candidates
    texts = [candidate.text for candidate in content.candidates]
    stood = dict(zip(texts, label.ranks, strict=True))
    for one, its in ranks.items():
        for other, rank in ranks.items():
            assert (its < rank) == (stood[shown[one]] < stood[shown[other]])


@given(drawn=ranked())
def test_a_window_says_the_same_as_the_line(message: tuple[Content, Order, dict[str, int]]) -> None:
    content, order, ranks = message
    given_back = {"ranks": {name: str(rank) for name, rank in ranks.items()}}
    reading = RANKING.parse_answer(given_back, {}, TIES, order)
    assert reading == ParsedAnswer({"ranks": format_ranks(ranks)}, complete=True)
    assert RANKING.parse_answer(reading.value, {}, TIES, order) == reading
    RANKING.validate_content(content, TIES)


def test_every_tap_gives_the_next_rank_and_the_last_one_ends_it() -> None:
    assert tap("b") == ParsedAnswer({"ranks": "b"}, complete=False)
    assert tap("b", "a") == ParsedAnswer({"ranks": "b>a"}, complete=False)
    assert tap("b", "a", "c") == ParsedAnswer({"ranks": "b>a>c"}, complete=True)
    assert tap("b", "b") == tap("b")


def test_a_tie_a_step_back_and_a_new_beginning() -> None:
    assert tap("b", TIE, "a").value == {"ranks": "b=a"}
    assert tap("b", TIE, TIE, "a").value == {"ranks": "b>a"}
    assert tap("b", "a", UNDO).value == {"ranks": "b"}
    assert tap("b", "a", RESTART).value == {}
    assert tap(TIE).value == tap(UNDO).value == tap(RESTART).value == {}


def test_without_ties_the_last_one_is_placed_by_itself() -> None:
    assert tap("b", "c", chosen=STRICT) == ParsedAnswer({"ranks": "b>c>a"}, complete=True)
    with pytest.raises(InvalidAnswerError):
        tap("b", TIE, chosen=STRICT)
    with pytest.raises(InvalidAnswerError):
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
    with pytest.raises(InvalidAnswerError, match=said) as caught:
        tap(ranks, chosen=STRICT)
    assert (caught.value.field, caught.value.option) == ("ranks", part)


def test_gaps_are_closed() -> None:
    assert tap({"a": "3", "b": "1", "c": "3"}).value == {"ranks": "b>a=c"}


@pytest.mark.parametrize(
    "answer", ["d", "ab", "a>d", "a>a", "a>>b", ">a", "a=", "A", "", None, 3, ["a"], "equal=a"]
)
def test_only_what_is_on_the_task_can_be_ranked(answer: object) -> None:
    if answer == "a=":
        assert tap(answer).value == {"ranks": "a="}
        return
    with pytest.raises(InvalidAnswerError):
        tap(answer)


@pytest.mark.parametrize("count", [0, 1, 2, 11])
def test_a_ranking_is_of_three_to_ten(count: int) -> None:
    with pytest.raises(InvalidContentError, match=f"3 to 10 candidates and has {count}"):
        RANKING.validate_content(several(count), TIES)


def test_what_is_the_same_twice_can_only_tie() -> None:
    twice = Content(candidates=(Candidate("Same."), Candidate("Other."), Candidate(" Same.\n")))
    RANKING.validate_content(twice, TIES)
    with pytest.raises(InvalidContentError, match="identical, and it has no ties"):
        RANKING.validate_content(twice, STRICT)
    with pytest.raises(InvalidContentError, match="all identical"):
        RANKING.validate_content(Content(candidates=(Candidate("Same."),) * 3), TIES)


def test_the_receipt_says_who_stands_where() -> None:
    assert RANKING.summarize({"ranks": "b>a=c"}, TIES) == "B, then A and C"
