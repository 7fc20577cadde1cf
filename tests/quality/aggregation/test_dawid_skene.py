"""The model of Dawid and Skene: published estimates, simulated experts, gold questions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from random import Random

import pytest

from bot.quality.aggregation.dawid_skene import fit
from bot.quality.aggregation.posterior import DawidSkeneModel
from bot.quality.aggregation.vote_arrays import VoteArrays
from bot.quality.votes import VoteValue, mirror

Ballot = list[tuple[str, VoteValue]]

ANESTHETISTS = """
1111111 3334334 1122122 2223121 2223222 2223322 1222111 3333433 2222223 2322223 4444444 2223343
1111111 2223212 1211111 1112111 1111111 1111111 2222221 2221322 2222222 2222221 2223222 2212222
1111111 1111111 2322222 1111111 1111111 1121121 1111111 3333233 1111111 2222222 2223232 4334343
2212232 2323233 3333432 1111111 1111111 1212111 2322222 1211111 2222222
"""
"""Table 1 of Dawid and Skene (1979): fitness of 45 patients for anesthesia, 1 to 4. Each has three
reports by the first observer and one by each of four others."""

OBSERVERS = ("1", "1", "1", "2", "3", "4", "5")


def test_estimates_are_those_of_the_paper() -> None:
    votes = VoteArrays()
    ballots = [list(zip(OBSERVERS, map(int, codes), strict=True)) for codes in ANESTHETISTS.split()]
    for ballot in ballots:
        votes.add(ballot)
    model = fit(votes, prior_answers=0.0)
    places = [model.classes.index(value) for value in (1, 2, 3, 4)]
    assert [round(model.prior[place], 2) for place in places] == [0.40, 0.42, 0.11, 0.07]
    first = [[round(model.confusions["1"][a][b], 2) for b in places] for a in places]
    assert first[:3] == [[0.89, 0.11, 0, 0], [0.07, 0.88, 0.05, 0], [0, 0.34, 0.66, 0]]


def simulate(
    accuracies: Sequence[float], items: int, classes: Sequence[VoteValue], seed: int
) -> tuple[list[VoteValue], list[Ballot]]:
    """Return true classes, and the answers of experts who are right with these probabilities."""
    random = Random(seed)  # noqa: S311 - simulated experts
    truth = [random.choice(classes) for _ in range(items)]
    ballots = [
        [
            (
                f"expert-{number}",
                true if random.random() < accuracy else wrong(true, classes, random),
            )
            for number, accuracy in enumerate(accuracies)
        ]
        for true in truth
    ]
    return truth, ballots


def wrong(true: VoteValue, classes: Sequence[VoteValue], random: Random) -> VoteValue:
    """Return one of the other classes."""
    return random.choice([value for value in classes if value != true])


def fit_to(
    ballots: Sequence[Ballot], gold: Sequence[VoteValue] = (), *, is_sided: bool = False
) -> DawidSkeneModel:
    """Return the model of these answers; the first items have known classes."""
    votes = VoteArrays(is_sided)
    for number, ballot in enumerate(ballots):
        votes.add(ballot, gold[number] if number < len(gold) else None)
    return fit(votes)


def best(model: DawidSkeneModel, ballot: Ballot) -> VoteValue:
    """Return the most probable class."""
    posterior = model.posterior(ballot)
    return max(posterior, key=lambda value: posterior[value])


def share_right(found: Sequence[VoteValue], truth: Sequence[VoteValue]) -> float:
    """Return the share of items whose class was found."""
    return sum(a == b for a, b in zip(found, truth, strict=True)) / len(truth)


def test_bad_experts_outvote_the_good_ones_in_a_majority_only() -> None:
    truth, ballots = simulate((0.95, 0.85, 0.3, 0.2, 0.1), 600, ("good", "bad", "corrected"), 7)
    model = fit_to(ballots)
    majority = [Counter(value for _, value in ballot).most_common(1)[0][0] for ballot in ballots]
    found = [best(model, ballot) for ballot in ballots]
    assert share_right(found, truth) > share_right(majority, truth) + 0.1
    assert model.confusions["expert-0"][0][0] == pytest.approx(0.95, abs=0.08)


def test_gold_questions_fix_which_class_is_which() -> None:
    """Three of four experts mean the opposite; without gold the majority defines what is right."""
    truth, ballots = simulate((0.9, 0.1, 0.15, 0.1), 300, ("good", "bad"), 3)
    gold, rest = truth[:20], truth[20:]
    anchored = fit_to(ballots, gold)
    assert share_right([best(anchored, ballot) for ballot in ballots[20:]], rest) > 0.9
    free = fit_to(ballots)
    assert share_right([best(free, ballot) for ballot in ballots[20:]], rest) < 0.2


def test_order_of_items_and_experts_does_not_matter() -> None:
    _truth, ballots = simulate((0.9, 0.7, 0.5), 80, (1, 2, 3), 5)
    random = Random(1)  # noqa: S311 - an order
    shuffled = [ballot[::-1] for ballot in random.sample(ballots, len(ballots))]
    first, second = fit_to(ballots), fit_to(shuffled)
    for ballot in ballots[:20]:
        assert second.posterior(ballot) == pytest.approx(first.posterior(ballot), abs=1e-5)


def test_sides_of_single_items_do_not_matter() -> None:
    _truth, ballots = simulate((0.9, 0.7, 0.5), 80, ("left", "right", "tie"), 5)
    turned = [
        [(expert, mirror(value)) for expert, value in ballot] if number % 3 else ballot
        for number, ballot in enumerate(ballots)
    ]
    first, second = fit_to(ballots, is_sided=True), fit_to(turned, is_sided=True)
    for ballot in ballots[:20]:
        assert second.posterior(ballot) == pytest.approx(first.posterior(ballot), abs=1e-5)


def test_unknown_expert_counts_as_a_usual_one() -> None:
    model = fit_to([[("ada", "good")], [("ada", "bad")]])
    assert model.posterior([("bob", "good")])["good"] == pytest.approx(2 / 3)


def test_only_class_is_certain() -> None:
    assert fit_to([[("ada", "good")]]).posterior([("ada", "good")]) == {"good": 1.0}
