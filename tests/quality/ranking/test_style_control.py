"""The style of responses, and strengths that are controlled for it."""

from __future__ import annotations

from random import Random

import pytest

from bot.quality.ranking.contests import ContestTally, Order
from bot.quality.ranking.leaderboard import (
    MIN_STYLE_ITEMS,
    RankedModel,
    StyleEffect,
    build_leaderboard,
    control_style,
)
from bot.quality.ranking.style import Style, style_of
from bot.quality.ranking.style_tally import StyleTally


@pytest.mark.parametrize(
    ("text", "counts"),
    [
        ("", {}),
        ("Plain *text*, 2 - 1 = 1", {}),
        ("- one\n* two\n+ three\n1. four\n  2) five", {"lists": 5}),
        ("**bold** and __bold__, not ** this **", {"bold": 2}),
        ("# One\n\n###### Six\n#hashtag\n####### seven", {"headings": 2}),
        ("```python\n- no item\n# no heading\n```\n- item", {"lists": 1, "code": 1}),
        ("~~~\n**x**\n~~~\n```\nnever closed\n- y", {"code": 2}),
    ],
)
def test_style_counts_what_a_reader_sees(text: str, counts: dict[str, int]) -> None:
    assert style_of(text) == Style(len(text), **counts)


def simulate(items: int, *, long_wins: float) -> tuple[list[RankedModel], list[StyleEffect]]:
    """Return a leaderboard of two equal models, one of which writes long responses more often.

    Experts prefer the longer response with probability `long_wins`, whichever model wrote it.
    """
    rng, contests, styles = Random(7), ContestTally(), StyleTally()  # noqa: S311 - a simulation
    for _ in range(items):
        talker_is_long = rng.random() < 0.75
        longer, shorter = ("talker", "terse") if talker_is_long else ("terse", "talker")
        long_won = rng.random() < long_wins
        order: Order = ((longer,), (shorter,)) if long_won else ((shorter,), (longer,))
        profile = contests.add([order])
        styles.add(profile, {longer: Style(900, lists=1), shorter: Style(300, lists=1)})
    return control_style(build_leaderboard(contests), styles)


def test_style_explains_the_lead_of_a_model_that_writes_more() -> None:
    (best, _), (effect,) = simulate(600, long_wins=0.8)
    assert best.name == "talker"
    assert (best.rank_low, best.rank_high) == (1, 1), "it seems better"
    controlled = best.style_controlled
    assert controlled is not None
    assert controlled.strength < best.strength / 2  # type: ignore[operator]  # it has one
    assert (controlled.rank_low, controlled.rank_high) == (1, 2), "its length explains it"
    assert effect.feature == "length", "all responses have one list item"
    assert 0 < effect.low < effect.effect < effect.high


def test_style_without_effect_changes_little() -> None:
    models, (effect,) = simulate(600, long_wins=0.5)
    assert effect.low < 0 < effect.high
    for model in models:
        assert model.style_controlled is not None
        assert abs(model.style_controlled.strength - (model.strength or 0)) < 0.2


def test_few_items_are_not_controlled_for_style() -> None:
    models, effects = simulate(MIN_STYLE_ITEMS - 1, long_wins=0.8)
    assert effects == []
    assert [model.style_controlled for model in models] == [None, None]


def test_equal_styles_are_not_controlled() -> None:
    contests, styles = ContestTally(), StyleTally()
    order: Order = (("a",), ("b",))
    for _ in range(MIN_STYLE_ITEMS):
        styles.add(contests.add([order]), {"a": Style(10), "b": Style(10)})
    models, effects = control_style(build_leaderboard(contests), styles)
    assert (effects, models[0].style_controlled) == ([], None)


def test_rankings_ties_and_groups_are_controlled_for_style() -> None:
    """Three responses, tied pairs, and two groups that never met; the order of adding is free."""
    rng, contests, styles = Random(3), ContestTally(), StyleTally()  # noqa: S311 - a simulation
    for number in range(3 * MIN_STYLE_ITEMS):
        names = ("a", "b", "c") if number % 2 else ("x", "y")
        lengths = {name: rng.randint(100, 1000) for name in names}
        best_first = sorted(names, key=lambda name: -lengths[name] - rng.randint(0, 900))
        order: Order = tuple((name,) for name in best_first)
        if number % 8 == 0:
            order = (tuple(best_first),)
        profile = contests.add([order, order])
        styles.add(profile, {name: Style(length) for name, length in lengths.items()})
    models, effects = control_style(build_leaderboard(contests), styles)
    assert [(effect.group, effect.feature) for effect in effects] == [(1, "length"), (2, "length")]
    assert all(effect.low > 0 for effect in effects)
    for group in (1, 2):
        strengths = [
            m.style_controlled.strength for m in models if m.style_controlled and m.group == group
        ]
        assert len(strengths) == {1: 3, 2: 2}[group]
        assert sum(strengths) == pytest.approx(0, abs=1e-9)
