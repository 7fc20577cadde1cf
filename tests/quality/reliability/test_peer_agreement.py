"""Agreement of one expert with the others, and alpha without the expert."""

from __future__ import annotations

from collections import defaultdict
from typing import Literal

import pytest

from bot.quality.agreement.tally import Tally
from bot.quality.ballots import ballot_with, compare_ballots
from bot.quality.reliability.peer_agreement import PeerAgreement, PeerAgreementCounter
from bot.quality.votes import Vote, VoteValue
from tests.quality.agreement.examples import compute_agreement

Level = Literal["nominal", "ordinal"]


def agreement_of(
    rows: list[tuple[VoteValue, ...]], expert: int, level: Level = "nominal", *, sided: bool = False
) -> PeerAgreement:
    """Return the agreement of one expert; each row has one item's value by expert."""
    counter, tally = PeerAgreementCounter(), Tally(level, sided)
    for row in rows:
        ballots = tuple([ballot_with((Vote("q", level, v, is_sided=sided),)) for v in row])
        for key, ballot in enumerate(compare_ballots(ballots)):
            counter.add(key, ballot)
        tally.add([row])
    return counter.agreement_of(expert, "q", tally)


def test_agreement_of_two_is_cohens_kappa() -> None:
    rows: list[tuple[VoteValue, ...]] = [("a", "a")] * 20
    rows += [("a", "b")] * 5 + [("b", "a")] * 10 + [("b", "b")] * 15
    found = agreement_of(rows, 0)
    assert found.agreement.value == pytest.approx(0.4)  # Cohen's kappa of this table
    assert found.agreement.low is not None
    assert found.agreement.high is not None
    assert found.agreement.low < 0.4 < found.agreement.high
    assert (found.items, found.alpha_without) == (50, None)


def test_reversed_scale_has_negative_agreement_and_lowers_alpha() -> None:
    rows: list[tuple[VoteValue, ...]] = [(n % 5 + 1, n % 5 + 1, 5 - n % 5) for n in range(30)]
    found = agreement_of(rows, 2, "ordinal")
    assert found.agreement.value == pytest.approx(-1)
    assert found.alpha_without == pytest.approx(1)
    assert found.alpha_change is not None
    assert found.alpha_change < -0.5


def test_alpha_without_an_expert_is_that_of_the_rest() -> None:
    rows: list[tuple[VoteValue, ...]] = [("left", "left", "right"), ("right", "right", "right")]
    rows += [("left", "tie", "left"), ("tie", "tie", "right"), ("left", "right", "left")]
    for expert in range(3):
        rest = [[v for key, v in enumerate(row) if key != expert] for row in rows]
        expected = compute_agreement(rest, "nominal", is_sided=True).alpha.value
        assert agreement_of(rows, expert, sided=True).alpha_without == pytest.approx(expected)


def test_exchanging_the_sides_of_an_item_changes_nothing() -> None:
    opposite = defaultdict(lambda: "tie", left="right", right="left")
    rows: list[tuple[VoteValue, ...]] = [("left", "left", "right"), ("right", "tie", "right")]
    rows += [("left", "right", "left")] * 3
    exchanged: list[tuple[VoteValue, ...]]
    exchanged = [
        tuple(opposite[str(v)] for v in row) if i % 2 else row for i, row in enumerate(rows)
    ]
    assert agreement_of(rows, 0, sided=True) == agreement_of(exchanged, 0, sided=True)


def test_single_answers_say_nothing() -> None:
    single: list[tuple[VoteValue, ...]] = [("a",), ("b",)]
    found = agreement_of(single, 0)
    assert (found.items, found.agreement.value) == (0, None)
