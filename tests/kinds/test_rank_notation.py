"""Orders with ties, written as a line: every way to make one gives the same."""

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


def tapped(ranks: dict[str, int]) -> str:
    """Return the line that somebody makes who taps in this order, ties and all."""
    line, before = "", 0
    for name in sorted(ranks, key=lambda one: (ranks[one], one)):
        line = append_name(toggle_tie(line) if ranks[name] == before else line, name)
        before = ranks[name]
    return line


@given(ranks=RANKS)
def test_tapping_and_a_window_make_the_same_line(ranks: dict[str, int]) -> None:
    assert tapped(ranks) == format_ranks(ranks)


@given(ranks=RANKS)
def test_ranks_are_dense_and_keep_who_is_before_whom(ranks: dict[str, int]) -> None:
    dense = ranks_of(format_ranks(ranks))
    assert dense.keys() == ranks.keys()
    assert set(dense.values()) == set(range(1, len(set(ranks.values())) + 1))
    for one, its in ranks.items():
        for other, rank in ranks.items():
            assert (dense[one] < dense[other]) == (its < rank)


@given(ranks=RANKS)
def test_one_back_after_another_leads_to_the_beginning(ranks: dict[str, int]) -> None:
    line = tapped(ranks)
    for left in range(len(ranks), 0, -1):
        assert len(ranks_of(line)) == left
        line = undo_last(line)
    assert line == undo_last(line) == ""


def test_a_tie_is_begun_and_given_up() -> None:
    assert toggle_tie("a") == "a="
    assert has_open_tie("a=")
    assert toggle_tie("a=") == undo_last("a=") == "a"
    assert toggle_tie("") == ""
    assert ranks_of("a=") == {"a": 1}
    assert append_name("a=", "b") == "a=b"
    assert append_name("a=b", "c") == "a=b>c"


@pytest.mark.parametrize("line", ["a", "a=", "b>a", "b=a>c="])
def test_who_is_placed_stays(line: str) -> None:
    assert append_name(line, "a") == line


def test_a_line_can_be_read() -> None:
    assert tie_groups("b>a=c") == [["b"], ["a", "c"]]
    assert tie_groups("") == []
    assert rank_notation.ranks_of("b>a=c>d") == {"b": 1, "a": 2, "c": 2, "d": 3}
