"""Informative pairs: the plan of votes, votes needed, and votes saved in simulated campaigns."""

from __future__ import annotations

from collections import Counter
from itertools import combinations, permutations
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.routing.informative_pairs import PairDesign, PairVotes, plan_votes, votes_needed
from tests.routing.pair_simulation import STRENGTHS, simulate_votes

MODELS = ["ant", "bee", "cat"]
PAIRS = list(combinations(MODELS, 2))


def seeded() -> Random:
    """Return a random generator that is the same in every run."""
    return Random(4)  # noqa: S311 - seeded, not for cryptography


def design_of(**wins: float) -> PairDesign:
    """Return a design of three models from wins such as `ant_bee=3`."""
    votes = {(name.split("_")[0], name.split("_")[1]): count for name, count in wins.items()}
    return PairDesign(MODELS, PairVotes(votes))


def test_pair_whose_order_is_uncertain_informs_most() -> None:
    design = design_of(ant_bee=21, bee_ant=20, ant_cat=39, cat_ant=2, bee_cat=39, cat_bee=2)
    scores = design.scores(PAIRS)
    assert max(scores, key=scores.__getitem__) == ("ant", "bee")
    plan = plan_votes(design, dict.fromkeys(PAIRS, 100), 50, 0.0, seeded())
    assert Counter(plan).most_common(1)[0][0] == ("ant", "bee")


def test_without_votes_all_pairs_are_equally_informative() -> None:
    scores = design_of().scores(PAIRS)
    assert len({round(score, 9) for score in scores.values()}) == 1


def test_separated_models_need_no_votes() -> None:
    wins = {f"{a}_{b}": 300.0 if a < b else 100.0 for a, b in permutations(MODELS, 2)}
    wins |= {"ant_cat": 360.0, "cat_ant": 40.0}
    design = design_of(**wins)
    assert design.is_separated()
    assert design.order() == MODELS
    assert votes_needed(design, PAIRS) == 0
    assert set(design.scores(PAIRS).values()) == {0.0}


def test_models_that_are_surely_close_need_no_votes() -> None:
    wins = {f"{a}_{b}": 20_000.0 for a, b in permutations(MODELS, 2)}
    assert design_of(**wins).is_separated()


def test_votes_needed_fall_as_votes_arrive() -> None:
    few = design_of(ant_bee=12, bee_ant=8, bee_cat=12, cat_bee=8, ant_cat=14, cat_ant=6)
    many = design_of(ant_bee=30, bee_ant=20, bee_cat=30, cat_bee=20, ant_cat=35, cat_ant=15)
    before, after = votes_needed(few, PAIRS), votes_needed(many, PAIRS)
    assert before is not None
    assert after is not None
    assert 0 < after < before


def test_pairs_that_cannot_separate_the_models_never_do() -> None:
    assert votes_needed(design_of(ant_bee=5, bee_ant=3), []) is None


@settings(max_examples=30)
@given(
    open_votes=st.dictionaries(st.sampled_from(PAIRS), st.integers(0, 30)),
    count=st.integers(0, 60),
    random_share=st.sampled_from([0.0, 0.3, 1.0]),
)
def test_plan_never_exceeds_the_open_votes(
    open_votes: dict[tuple[str, str], int], count: int, random_share: float
) -> None:
    plan = plan_votes(design_of(ant_bee=4, bee_ant=1), open_votes, count, random_share, seeded())
    assert len(plan) == min(count, sum(open_votes.values()))
    assert all(votes <= open_votes[pair] for pair, votes in Counter(plan).items())


def test_random_share_reaches_every_pair() -> None:
    wins = {f"{a}_{b}": 300.0 if a < b else 100.0 for a, b in permutations(MODELS, 2)}
    plan = plan_votes(design_of(**wins), dict.fromkeys(PAIRS, 500), 300, 0.1, seeded())
    assert len(Counter(plan)) == 3


def test_added_votes_have_the_information_of_real_ones() -> None:
    """The rank-one update gives what a new fit with the same shares of wins gives."""
    planned = design_of(ant_bee=500, bee_ant=500, bee_cat=500, cat_bee=500)
    planned.add_votes(("ant", "cat"), 1000)
    fitted = design_of(ant_bee=500, bee_ant=500, bee_cat=500, cat_bee=500, ant_cat=500, cat_ant=500)
    for pair, score in fitted.scores(PAIRS).items():
        assert planned.scores(PAIRS)[pair] == pytest.approx(score)


def test_informative_pairs_separate_models_with_fewer_votes() -> None:
    strengths = STRENGTHS["evenly spaced"]
    uniform = sum(simulate_votes(strengths, seed, is_informative=False).votes for seed in range(3))
    chosen = sum(simulate_votes(strengths, seed, is_informative=True).votes for seed in range(3))
    assert chosen <= 0.7 * uniform
