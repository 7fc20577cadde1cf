"""What is suspicious about an expert's answers, and what is not."""

from __future__ import annotations

from collections import Counter
from random import Random

from bot.quality.reliability.false_discovery import discoveries
from bot.quality.reliability.patterns import (
    ExpertPattern,
    FastAnswers,
    PositionBias,
    RepeatedAnswer,
    find_patterns,
)


def of_sides(first: int, second: int) -> ExpertPattern:
    """Return a pattern with so many choices of each side."""
    return ExpertPattern(sides=Counter({0: first, 1: second}))


def test_always_the_first_response_is_found_by_the_twelfth_answer() -> None:
    pool = {expert: of_sides(10, 10) for expert in range(1, 10)}
    assert find_patterns({0: of_sides(12, 0), **pool}) == {0: [PositionBias(0, 12, 12)]}
    assert find_patterns({0: of_sides(0, 80)}) == {0: [PositionBias(1, 80, 80)]}


def test_usual_imbalance_is_no_bias() -> None:
    assert find_patterns({1: of_sides(60, 40), 2: of_sides(8, 2), 3: of_sides(0, 9)}) == {}


def test_honest_experts_are_rarely_accused() -> None:
    rng = Random(17)  # noqa: S311 - seeded, not for cryptography
    accused = 0
    for _ in range(200):
        firsts = [sum(rng.random() < 0.5 for _ in range(60)) for _ in range(10)]
        pool = {expert: of_sides(first, 60 - first) for expert, first in enumerate(firsts)}
        accused += len(find_patterns(pool))
    assert accused / 2_000 < 0.02


def test_same_answer_to_every_item_is_found() -> None:
    honest = ExpertPattern(answers=Counter({"3/3/4": 10, "2/4/4": 12, "1/1/1": 2, "5/4/4": 8}))
    careless = ExpertPattern(answers=Counter({"1/1/1": 32}))
    (finding,) = find_patterns({1: honest, 2: careless})[2]
    assert finding == RepeatedAnswer(32, 32, 3 / 34)


def test_answer_that_everybody_gives_is_no_pattern() -> None:
    pool = {
        expert: ExpertPattern(answers=Counter({"good": 96 + expert, "bad": 1}))
        for expert in range(3)
    }
    assert find_patterns(pool) == {}


def test_fast_answers_are_compared_with_others() -> None:
    fast, usual = ExpertPattern(seconds=[3] * 32), ExpertPattern(seconds=[24] * 32)
    assert find_patterns({1: fast, 2: usual, 3: usual}) == {1: [FastAnswers(3, 24)]}
    assert find_patterns({1: ExpertPattern(seconds=[1] * 32)}) == {1: [FastAnswers(1, None)]}
    hasty = {1: ExpertPattern(seconds=[0] * 32), 2: ExpertPattern(seconds=[0] * 32)}
    assert find_patterns(hasty) == {1: [FastAnswers(0, None)], 2: [FastAnswers(0, None)]}
    assert find_patterns({1: fast}) == {}
    assert find_patterns({1: ExpertPattern(seconds=[3] * 9), 2: usual}) == {}


def test_discoveries_follow_benjamini_and_hochberg() -> None:
    """The example of their paper: 15 p-values, four discoveries at a rate of 0.05."""
    p_values = [
        0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262,
        0.5719, 0.6528, 0.7590, 1.0000,
    ]  # fmt: skip
    assert discoveries(dict(enumerate(p_values)), 0.05) == {0, 1, 2, 3}
    assert discoveries({}) == set()
