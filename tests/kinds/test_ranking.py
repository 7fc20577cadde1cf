"""Ranking: ranks refer to the texts that the expert saw, in any order, with ties."""

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


def content_with(count: int) -> Content:
    """Return content with this many candidates."""
    texts = (Candidate(f"Response {number}", f"m{number}") for number in range(count))
    return Content((ConversationTurn("user", "Which?"),), tuple(texts))


def tap(*taps: object, count: int = 3, settings: RankingSettings = TIES) -> ParsedAnswer:
    """Return the answer after several taps."""
    value: AnswerValue = {}
    answer = ParsedAnswer({}, complete=False)
    for option in taps:
        answer = RANKING.parse_answer({"ranks": option}, value, settings, range(count))
        value = answer.value
    return answer


@st.composite
def ranked_items(draw: st.DrawFn) -> tuple[Content, Order, dict[str, int]]:
    """Draw content, the order in which it is shown, and ranks by the letters shown."""
    count = draw(st.integers(3, MAX_CANDIDATES))
    order = draw(st.permutations(range(count)))
    ranks = {name: draw(st.integers(1, count)) for name in "abcdefghij"[:count]}
    return content_with(count), order, ranks


@given(ranked_item=ranked_items())
def test_ranks_refer_to_the_texts_that_the_expert_saw(
    ranked_item: tuple[Content, Order, dict[str, int]],
) -> None:
    content, order, ranks = ranked_item
    shown = {p.key: p.text for p in RANKING.build_form(content, TIES, order).passages}
    label = RANKING.to_label(content, {"ranks": format_ranks(ranks)}, order)
    assert isinstance(label, Ranking)
    assert label.candidates == content.candidates
    texts = [candidate.text for candidate in content.candidates]
    rank_by_text = dict(zip(texts, label.ranks, strict=True))
    for first, first_rank in ranks.items():
        for second, second_rank in ranks.items():
            is_better = rank_by_text[shown[first]] < rank_by_text[shown[second]]
            assert is_better == (first_rank < second_rank)


@given(ranked_item=ranked_items())
def test_modal_ranks_give_the_same_answer_as_the_notation(
    ranked_item: tuple[Content, Order, dict[str, int]],
) -> None:
    content, order, ranks = ranked_item
    modal_input = {"ranks": {name: str(rank) for name, rank in ranks.items()}}
    answer = RANKING.parse_answer(modal_input, {}, TIES, order)
    assert answer == ParsedAnswer({"ranks": format_ranks(ranks)}, complete=True)
    assert RANKING.parse_answer(answer.value, {}, TIES, order) == answer
    RANKING.validate_content(content, TIES)


def test_each_tap_assigns_the_next_rank_and_the_last_completes_the_answer() -> None:
    assert tap("b") == ParsedAnswer({"ranks": "b"}, complete=False)
    assert tap("b", "a") == ParsedAnswer({"ranks": "b>a"}, complete=False)
    assert tap("b", "a", "c") == ParsedAnswer({"ranks": "b>a>c"}, complete=True)
    assert tap("b", "b") == tap("b")


def test_tie_undo_and_restart() -> None:
    assert tap("b", TIE, "a").value == {"ranks": "b=a"}
    assert tap("b", TIE, TIE, "a").value == {"ranks": "b>a"}
    assert tap("b", "a", UNDO).value == {"ranks": "b"}
    assert tap("b", "a", RESTART).value == {}
    assert tap(TIE).value == tap(UNDO).value == tap(RESTART).value == {}


def test_last_candidate_is_ranked_automatically_without_ties() -> None:
    assert tap("b", "c", settings=STRICT) == ParsedAnswer({"ranks": "b>c>a"}, complete=True)
    with pytest.raises(InvalidAnswerError):
        tap("b", TIE, settings=STRICT)
    with pytest.raises(InvalidAnswerError):
        tap("a=b>c", settings=STRICT)


INVALID_RANKS: list[tuple[Mapping[str, object], str, str]] = [
    ({"a": "1", "b": "2", "c": "1"}, "c", "A already has rank 1"),
    ({"a": "1", "c": "2"}, "b", "Choose a rank for B"),
    ({"a": "1", "b": "4", "c": "2"}, "b", "Choose a rank for B"),
    ({"a": "1", "b": "2", "c": None}, "c", "Choose a rank for C"),
]


@pytest.mark.parametrize(("ranks", "option", "error"), INVALID_RANKS)
def test_error_of_a_missing_or_duplicate_rank_names_its_option(
    ranks: Mapping[str, object], option: str, error: str
) -> None:
    with pytest.raises(InvalidAnswerError, match=error) as caught:
        tap(ranks, settings=STRICT)
    assert (caught.value.field, caught.value.option) == ("ranks", option)


def test_gaps_between_ranks_are_closed() -> None:
    assert tap({"a": "3", "b": "1", "c": "3"}).value == {"ranks": "b>a=c"}


@pytest.mark.parametrize(
    "answer", ["d", "ab", "a>d", "a>a", "a>>b", ">a", "a=", "A", "", None, 3, ["a"], "equal=a"]
)
def test_unknown_options_are_rejected(answer: object) -> None:
    if answer == "a=":
        assert tap(answer).value == {"ranks": "a="}
        return
    with pytest.raises(InvalidAnswerError):
        tap(answer)


@pytest.mark.parametrize("count", [0, 1, 2, 11])
def test_ranking_needs_three_to_ten_candidates(count: int) -> None:
    with pytest.raises(InvalidContentError, match=f"3 to 10 candidates and has {count}"):
        RANKING.validate_content(content_with(count), TIES)


def test_identical_candidates_need_ties() -> None:
    duplicates = Content(
        candidates=(Candidate("Same."), Candidate("Other."), Candidate(" Same.\n"))
    )
    RANKING.validate_content(duplicates, TIES)
    with pytest.raises(InvalidContentError, match="identical, and the campaign allows no ties"):
        RANKING.validate_content(duplicates, STRICT)
    with pytest.raises(InvalidContentError, match="all identical"):
        RANKING.validate_content(Content(candidates=(Candidate("Same."),) * 3), TIES)


def test_summary_lists_the_candidates_by_rank() -> None:
    assert RANKING.summarize({"ranks": "b>a=c"}, TIES) == "B, then A and C"
