"""Parts of the quality report: each two experts, confusion, and agreement over time."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from bot.quality.agreement.confusion import confusion_of
from bot.quality.agreement.expert_pairs import MAX_PAIRS, ExpertPairs
from bot.quality.agreement.interval import MIN_ITEMS
from bot.quality.agreement.periods import MAX_PERIODS, DailyTallies
from bot.quality.agreement.tally import Tally
from bot.quality.votes import ORDER, VoteQuestion

QUALITY = VoteQuestion("quality", "ordinal", "", is_sided=False)


def test_confusion_counts_each_answer_once_against_the_others() -> None:
    """The coincidence matrix of two units, worked by hand: {1, 1, 2} and {2, 3}."""
    tally = Tally("ordinal")
    tally.add([[1, 2, 1]])
    tally.add([[3, 2]])
    found = confusion_of(tally)
    assert found.values == (1, 2, 3)
    assert found.counts == ((1, 1, 0), (1, 0, 1), (0, 1, 0))
    assert found.shares()[0] == [0.5, 0.5, 0]


def test_confusion_of_sides_does_not_depend_on_the_side() -> None:
    tally, other = (Tally("nominal", is_sided=True) for _ in range(2))
    tally.add([["left", "tie"]])
    other.add([["right", "tie"]])
    assert confusion_of(tally) == confusion_of(other)


def test_value_that_nobody_else_could_meet_has_no_shares() -> None:
    tally = Tally("nominal")
    tally.add([["pass"]])
    assert confusion_of(tally).shares() == [[None]]


def test_each_two_experts_have_every_coefficient() -> None:
    pairs = ExpertPairs({})
    for item in range(MIN_ITEMS):
        pairs.add_item([1, 2])
        pairs.add(QUALITY, [(1, 1 + item % 3), (2, 1 + item % 2)])
        pairs.add_rankings([(1, (1, 2, 3)), (2, (2, 1, 3) if item % 2 else (1, 2, 3))])
    found = {row.metric: row for row in pairs.coefficients()}
    assert set(found) == {
        *("percent", "alpha", "fleiss_kappa", "gwet_ac2"),
        *("cohen_kappa", "cohen_kappa_linear", "cohen_kappa_quadratic", "kendall_tau_b"),
    }
    assert {row.experts for row in found.values()} == {(1, 2)}
    assert {row.units for row in found.values()} == {MIN_ITEMS}
    assert all(row.estimate.low is not None for row in found.values())
    assert found["kendall_tau_b"].question == ORDER
    share = pairs.share("quality", (1, 2))
    assert found["percent"].estimate.value == pytest.approx(share.equal / share.total)


def test_pairs_with_the_most_items_in_common_are_listed() -> None:
    pairs = ExpertPairs({})
    experts = range(1, 17)  # 120 pairs
    pairs.add_item(experts)
    pairs.add_item([15, 16])
    assert len(pairs.items) > MAX_PAIRS == len(pairs.frequent_pairs())
    assert pairs.frequent_pairs()[0] == (15, 16)


def test_days_are_merged_into_a_few_periods() -> None:
    days, total = DailyTallies(), Tally("nominal")
    start = date(2026, 1, 1)
    for offset in (0, 1, 24):
        day = start + timedelta(days=offset)
        days.add(day, 2, {"verdict": [["pass", "pass" if offset else "fail"]]}, {"verdict": total})
    periods = list(days.periods())
    assert len(periods) <= MAX_PERIODS
    assert (periods[0].first, periods[-1].last) == (start, start + timedelta(days=24))
    assert [period.answers for period in periods] == [4, *[0] * (len(periods) - 2), 2]
    assert periods[0].questions["verdict"].percent.value == 0.5
    assert periods[1].questions == {}
    assert total.profiles.total() == 0, "the tally of all days is only an example"


def test_no_answers_have_no_periods() -> None:
    assert list(DailyTallies().periods()) == []
