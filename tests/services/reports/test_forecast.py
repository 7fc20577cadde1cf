"""Forecasts of campaigns from the database."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import text
from sqlmodel import Session

from bot.quality.answer_quotas import AnswerQuotas, ExpertQuota
from bot.services.reports import campaign_status, forecast
from bot.services.reports.forecast import CampaignForecast
from storage.queries import needs_attention, votes
from tests.services.conftest import Scenario, pair

ADA, BOB = "U0ADA", "U0BOB"
MONDAY = date(2026, 3, 2)


def forecast_only_campaign(session: Session, now: datetime) -> CampaignForecast:
    """Return the forecast of the only campaign."""
    (status,) = campaign_status.list_statuses(session)
    activity = forecast.recent_activity(session, now)
    members = needs_attention.active_members(session)
    return forecast.forecast_campaign(status, activity, members, now)


def get_forecast(scenario: Scenario) -> CampaignForecast:
    """Return the forecast of the only campaign in a read transaction."""
    return scenario.database.read_now(forecast_only_campaign, scenario.now)


def submit_answers(scenario: Scenario, slack_id: str, count: int) -> None:
    """Submit answers of an expert."""
    for _ in range(count):
        scenario.submit_answer(slack_id, scenario.assign_next(slack_id) or 0, verdict="tie")


def test_campaign_without_answers_has_no_forecast(scenario: Scenario) -> None:
    scenario.create_campaign(overlap=2, experts=[ADA])
    scenario.import_rows("tone", [pair(1), pair(2)])
    campaign_forecast = get_forecast(scenario)
    assert (
        campaign_forecast.remaining,
        campaign_forecast.forecast,
        campaign_forecast.suggestions,
        campaign_forecast.answers_this_week,
    ) == (
        4,
        None,
        (),
        0,
    )


def test_forecast_follows_from_answers_per_day(scenario: Scenario) -> None:
    scenario.create_campaign(overlap=2, experts=[ADA, BOB])
    scenario.import_rows("tone", [pair(number) for number in range(40)])
    for _ in range(4):
        submit_answers(scenario, ADA, 3)
        submit_answers(scenario, BOB, 2)
        scenario.advance_clock(days=1)
    campaign_forecast = get_forecast(scenario)
    assert campaign_forecast.pace.daily_answers == (5, 5, 5, 5)
    assert (
        campaign_forecast.pace.experts,
        campaign_forecast.remaining,
        campaign_forecast.answers_this_week,
    ) == (2, 60, 20)
    assert campaign_forecast.forecast is not None
    assert abs((campaign_forecast.forecast.likely - date(2026, 3, 23)).days) <= 3, (
        "twelve more working days"
    )
    assert {
        (suggestion.extra_experts, suggestion.overlap_reduction)
        for suggestion in campaign_forecast.suggestions
    } == {
        (1, 0),
        (2, 0),
        (0, 1),
    }


def test_overlap_of_one_cannot_be_reduced(scenario: Scenario) -> None:
    scenario.create_campaign(overlap=1, experts=[ADA])
    scenario.import_rows("tone", [pair(number) for number in range(30)])
    submit_answers(scenario, ADA, 3)
    scenario.advance_clock(days=1)
    assert all(
        suggestion.overlap_reduction == 0 for suggestion in get_forecast(scenario).suggestions
    )


def test_remaining_answers_with_less_overlap_are_counted_by_item(scenario: Scenario) -> None:
    scenario.create_campaign(overlap=3, experts=[ADA, BOB, "U0CAT"])
    scenario.import_rows("tone", [pair(1), pair(2), pair(3)])
    submit_answers(scenario, ADA, 2)
    submit_answers(scenario, BOB, 2)
    submit_answers(scenario, "U0CAT", 1)
    assert scenario.database.read_now(votes.remaining_with_less_overlap) == {1: 2}, (
        "two answers of the third item"
    )


def test_days_are_utc_days_whatever_the_server_time_zone(scenario: Scenario) -> None:
    scenario.create_campaign(overlap=1, experts=[ADA])
    scenario.import_rows("tone", [pair(1), pair(2)])
    submit_answers(scenario, ADA, 1)
    scenario.advance_clock(hours=14, minutes=30)
    submit_answers(scenario, ADA, 1)

    def count_by_day(session: Session) -> dict[date, int]:
        if session.connection().dialect.name == "postgresql":
            session.connection().execute(text("SET LOCAL TIME ZONE 'Asia/Tokyo'"))
        return votes.answers_by_day(session)[1]

    assert scenario.database.read_now(count_by_day) == {MONDAY: 2}


def test_working_days_are_those_of_members(scenario: Scenario) -> None:
    scenario.create_campaign(overlap=1, experts=[ADA])
    scenario.import_rows("tone", [pair(number) for number in range(9)])
    submit_answers(scenario, ADA, 1)
    scenario.database.write_now(
        lambda session: session.connection().execute(text("UPDATE expert SET work_days = '[1]'"))
    )
    scenario.advance_clock(days=1)
    campaign_forecast = get_forecast(scenario)
    assert campaign_forecast.forecast is not None
    assert campaign_forecast.forecast.likely.isoweekday() == 1
    assert campaign_forecast.forecast.likely - MONDAY >= timedelta(weeks=4)


def test_forecast_knows_what_each_expert_may_still_give(scenario: Scenario) -> None:
    scenario.create_campaign(
        overlap=2, experts=[ADA, BOB], max_answers=30, max_answers_per_day=4, gold_share=0.5
    )
    scenario.import_rows("tone", [pair(number) for number in range(40)])
    for _ in range(3):
        submit_answers(scenario, ADA, 3)
        submit_answers(scenario, BOB, 1)
        scenario.advance_clock(days=1)
    found = get_forecast(scenario)
    assert found.pace.quotas == AnswerQuotas(
        (ExpertQuota(0.75, 10.5), ExpertQuota(0.25, 13.5)), per_expert=15, per_day=2
    )
    assert (found.remaining, found.answers_left, found.forecast) == (68, 24, None)


def test_campaign_without_quota_has_no_limit_in_its_forecast(scenario: Scenario) -> None:
    scenario.create_campaign(overlap=2, experts=[ADA, BOB])
    scenario.import_rows("tone", [pair(1)])
    found = get_forecast(scenario)
    assert (found.pace.quotas, found.answers_left) == (None, None)
