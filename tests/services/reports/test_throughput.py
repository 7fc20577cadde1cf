"""Throughput: answers by week, or by day while a campaign is young."""

from __future__ import annotations

from datetime import date, timedelta

from bot.services.reports import overview, quality_report
from bot.services.reports.documents import report_document
from bot.services.reports.throughput import (
    ThroughputPeriod,
    format_throughput,
    throughput_of,
)
from tests.services.conftest import Scenario, pair

FRIDAY = date(2026, 3, 6)
MONDAY = date(2026, 3, 2)


def test_campaign_without_answers_has_none() -> None:
    assert throughput_of({}, FRIDAY) == ()
    assert not format_throughput(())


def test_young_campaign_is_shown_by_day_with_days_without_answers() -> None:
    periods = throughput_of({MONDAY: 1_200, date(2026, 3, 4): 3}, date(2026, 3, 4))
    assert [(one.days, one.answers) for one in periods] == [(1, 1_200), (1, 0), (1, 3)]
    assert format_throughput(periods) == (
        "Answers per day: Mon 2 Mar 1,200, Tue 3 Mar 0, Wed 4 Mar 3 so far"
    )


def test_seven_days_are_shown_at_most() -> None:
    counts = {MONDAY + timedelta(days=offset): offset + 1 for offset in range(14)}
    periods = throughput_of(counts, MONDAY + timedelta(days=13))
    assert [one.answers for one in periods] == [8, 9, 10, 11, 12, 13, 14]


def test_older_campaign_is_shown_by_week() -> None:
    counts = {
        MONDAY - timedelta(days=1): 5,
        MONDAY - timedelta(days=15): 4,
        MONDAY: 3,
        FRIDAY: 2,
    }
    periods = throughput_of(counts, FRIDAY)
    assert periods == (
        ThroughputPeriod(date(2026, 2, 9), 7, 4),
        ThroughputPeriod(date(2026, 2, 16), 7, 0),
        ThroughputPeriod(date(2026, 2, 23), 7, 5),
        ThroughputPeriod(MONDAY, 7, 5),
    )
    assert format_throughput(periods).startswith(
        "Answers per week, from Monday on: Mon 9 Feb 4, Mon 16 Feb 0,"
    )


def test_eight_weeks_are_shown_at_most() -> None:
    periods = throughput_of({MONDAY - timedelta(weeks=30): 9, MONDAY: 1}, FRIDAY)
    assert [one.answers for one in periods] == [0] * 7 + [1]


def test_reports_have_the_throughput(scenario: Scenario) -> None:
    scenario.create_campaign(experts=["U0ADA"], overlap=1)
    scenario.import_rows("tone", [pair(number) for number in range(3)])
    assert scenario.answer_all("U0ADA", verdict="a") == 3
    expected = (ThroughputPeriod(scenario.now.date(), 1, 3),)
    status = scenario.run_for_campaign("tone", overview.build_campaign_report, scenario.now)
    assert status.overview.throughput == expected
    report = scenario.run_for_campaign("tone", quality_report.build_report, scenario.now)
    assert report_document(report)["throughput"] == expected
