"""Agreement over time."""

from __future__ import annotations

from datetime import date, timedelta

from bot.quality.agreement.periods import MAX_PERIODS, DailyTallies
from bot.quality.agreement.tally import Tally


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
