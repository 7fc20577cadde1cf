"""The leaderboard: groups, intervals and possible ranks."""

from __future__ import annotations

from collections import Counter

from bot.quality.agreement.interval import MIN_ITEMS
from bot.quality.ranking.contests import ContestTally, Order
from bot.quality.ranking.leaderboard import build_leaderboard, is_separable


def tally_of(wins: dict[tuple[str, str], int]) -> ContestTally:
    """Return contests by winner and loser, each in an item of its own."""
    return ContestTally(
        Counter({(((winner,), (loser,)),): count for (winner, loser), count in wins.items()})
    )


def test_unconnected_groups_are_ranked_apart() -> None:
    ranked = build_leaderboard(
        tally_of({("a", "b"): 30, ("b", "a"): 10, ("c", "d"): 30, ("d", "c"): 5, ("e", "c"): 20})
    )
    groups = {model.name: model.group for model in ranked}
    assert groups == {"c": 1, "d": 1, "e": 1, "a": 2, "b": 2}
    for group in (1, 2):
        strengths = [m.strength or 0 for m in ranked if m.group == group]
        assert abs(sum(strengths)) < 1e-9
        assert strengths == sorted(strengths, reverse=True)
    assert max(m.rank_high or 0 for m in ranked if m.group == 2) == 2


def test_clear_winner_has_one_rank() -> None:
    best, worst = build_leaderboard(tally_of({("a", "b"): 90, ("b", "a"): 10}))
    assert (best.name, best.rank_low, best.rank_high) == ("a", 1, 1)
    assert (worst.name, worst.rank_low, worst.rank_high) == ("b", 2, 2)
    assert is_separable([best, worst], 1)


def test_equal_models_are_not_separable_yet() -> None:
    ranked = build_leaderboard(tally_of({("a", "b"): 21, ("b", "a"): 19}))
    assert [(model.rank_low, model.rank_high) for model in ranked] == [(1, 2), (1, 2)]
    assert not is_separable(ranked, 1)


def test_few_items_have_neither_intervals_nor_ranks() -> None:
    ranked = build_leaderboard(tally_of({("a", "b"): MIN_ITEMS - 1}))
    assert all(model.low is model.rank_low is None for model in ranked)
    assert ranked[0].strength is not None
    assert not is_separable(ranked, 1)


def test_model_with_few_items_takes_no_interval_from_the_others() -> None:
    ranked = build_leaderboard(tally_of({("a", "b"): 90, ("b", "a"): 10, ("b", "new"): 3}))
    found = {model.name: model for model in ranked}
    assert (found["new"].low, found["new"].rank_low) == (None, None)
    assert (found["a"].rank_low, found["a"].rank_high) == (1, 2), "the new one can be better"
    assert (found["b"].rank_low, found["b"].rank_high) == (2, 3), "or the worst"


def test_model_that_always_wins_a_few_times_is_not_certain() -> None:
    best, _ = build_leaderboard(tally_of({("a", "b"): MIN_ITEMS}))
    assert best.low is not None
    assert best.low < 0, "the interval is wide, because the odds are not known"


def test_pairs_of_which_both_are_bad_are_counted_apart() -> None:
    tally = tally_of({("a", "b"): 30, ("b", "a"): 20})
    plain = build_leaderboard(tally)
    tally.add([], both_bad=[("a", "b"), ("a", "z")])
    found = {model.name: model for model in build_leaderboard(tally)}
    assert [found[model.name].strength for model in plain] == [model.strength for model in plain]
    assert {name: model.both_bad for name, model in found.items()} == {"a": 2, "b": 1, "z": 1}
    assert (found["z"].group, found["z"].strength) == (None, None)


def test_model_is_not_compared_with_itself() -> None:
    tally = ContestTally()
    order: Order = (("a",), ("a",))
    tally.add([order])
    assert build_leaderboard(tally) == []
