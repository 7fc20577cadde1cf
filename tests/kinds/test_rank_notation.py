"""Rank notation: taps and ranks give the same ranking, with or without ties."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.kinds import rank_notation
from bot.kinds.rank_notation import (
    append_name,
    format_ranks,
    has_open_tie,
    ranks_of,
    tie_groups,
    toggle_tie,
    undo_last,
)

RANKS = st.dictionaries(st.sampled_from("abcdefghij"), st.integers(1, 10), max_size=10)


def ranking_by_taps(ranks: dict[str, int]) -> str:
    """Return the ranking that results from taps in the order of these ranks, with ties."""
    ranking, previous_rank = "", 0
    for name in sorted(ranks, key=lambda key: (ranks[key], key)):
        ranking = toggle_tie(ranking) if ranks[name] == previous_rank else ranking
        ranking = append_name(ranking, name)
        previous_rank = ranks[name]
    return ranking


@given(ranks=RANKS)
def test_taps_and_ranks_give_the_same_ranking(ranks: dict[str, int]) -> None:
    assert ranking_by_taps(ranks) == format_ranks(ranks)


@given(ranks=RANKS)
def test_ranks_are_dense_and_in_the_same_order(ranks: dict[str, int]) -> None:
    dense = ranks_of(format_ranks(ranks))
    assert dense.keys() == ranks.keys()
    assert set(dense.values()) == set(range(1, len(set(ranks.values())) + 1))
    for first, first_rank in ranks.items():
        for second, second_rank in ranks.items():
            assert (dense[first] < dense[second]) == (first_rank < second_rank)


@given(ranks=RANKS)
def test_undo_removes_one_name_at_a_time(ranks: dict[str, int]) -> None:
    ranking = ranking_by_taps(ranks)
    for count in range(len(ranks), 0, -1):
        assert len(ranks_of(ranking)) == count
        ranking = undo_last(ranking)
    assert ranking == undo_last(ranking) == ""


def test_open_tie_is_toggled_and_undone() -> None:
    assert toggle_tie("a") == "a="
    assert has_open_tie("a=")
    assert toggle_tie("a=") == undo_last("a=") == "a"
    assert toggle_tie("") == ""
    assert ranks_of("a=") == {"a": 1}
    assert append_name("a=", "b") == "a=b"
    assert append_name("a=b", "c") == "a=b>c"


@pytest.mark.parametrize("ranking", ["a", "a=", "b>a", "b=a>c="])
def test_appending_a_ranked_name_changes_nothing(ranking: str) -> None:
    assert append_name(ranking, "a") == ranking


def test_ranking_is_parsed() -> None:
    assert tie_groups("b>a=c") == [["b"], ["a", "c"]]
    assert tie_groups("") == []
    assert rank_notation.ranks_of("b>a=c>d") == {"b": 1, "a": 2, "c": 2, "d": 3}
