"""Gold questions have an exact share, at reproducible positions that nobody can guess."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from bot.routing.gold_questions import count_gold_ahead, gold_sort_key, is_gold_turn

SHARES = st.floats(0, 1, allow_nan=False)


@given(seed=st.text(max_size=20), expert=st.integers(1, 10**9), share=SHARES)
def test_gold_share_is_exact_for_any_number_of_tasks(seed: str, expert: int, share: float) -> None:
    turns = [is_gold_turn(seed, expert, share, turn) for turn in range(300)]
    for count in range(1, 301):
        assert abs(sum(turns[:count]) - count * share) <= 1.05
    assert turns == [is_gold_turn(seed, expert, share, turn) for turn in range(300)]


def test_gold_positions_differ_between_experts() -> None:
    positions = {
        tuple(turn for turn in range(100) if is_gold_turn("seed", expert, 0.1, turn))
        for expert in range(20)
    }
    assert len(positions) == 20
    gaps = {b - a for turns in positions for a, b in pairwise(turns)}
    assert len(gaps) > 10, "a constant gap can be guessed"


def test_gold_order_differs_between_experts() -> None:
    orders = {
        tuple(sorted(range(8), key=lambda task: gold_sort_key("seed", expert, task)))
        for expert in range(20)
    }
    assert len(orders) == 20


@given(share=SHARES, turn=st.integers(0, 500), ordinary=st.integers(0, 40), gold=st.integers(0, 20))
def test_number_of_waiting_tasks_does_not_reveal_gold(
    share: float, turn: int, ordinary: int, gold: int
) -> None:
    def waiting(turn: int, ordinary: int, gold: int) -> int:
        return ordinary + count_gold_ahead("seed", 7, share, turn, ordinary=ordinary, gold=gold)

    remaining = waiting(turn, ordinary, gold)
    while ordinary:
        if gold and is_gold_turn("seed", 7, share, turn):
            gold -= 1
        else:
            ordinary -= 1
        turn += 1
        assert waiting(turn, ordinary, gold) == remaining - 1
        remaining -= 1
    assert waiting(turn, 0, gold) == 0
