"""When campaigns will be done, from what is stored."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import text
from sqlmodel import Session

from bot.services.reports import campaign_status, forecast
from bot.services.reports.forecast import CampaignForecast
from storage.queries import needs_attention, votes
from tests.services.conftest import Scenario, pair

ADA, BOB = "U0ADA", "U0BOB"
MONDAY = date(2026, 3, 2)


def foreseen(session: Session, scenario: Scenario) -> list[CampaignForecast]:
    """Return how all campaigns go on."""
    known, members = (
        forecast.recent_activity(session, scenario.now),
        needs_attention.active_members(session),
    )
    return [
        forecast.forecast_campaign(
            one, known, [m for m in members if m.campaign_id == one.id], scenario.now
        )
        for one in campaign_status.list_statuses(session)
    ]


def outlook(scenario: Scenario) -> CampaignForecast:
    """Return how the only campaign goes on."""
    (only,) = scenario.database.read_now(foreseen, scenario)
    return only


def answers(scenario: Scenario, slack_id: str, count: int) -> None:
    """Let an expert answer some tasks."""
    for _ in range(count):
        scenario.submit_answer(slack_id, scenario.assign_next(slack_id) or 0, verdict="tie")


def test_a_campaign_without_answers_has_no_end_in_sight(scenario: Scenario) -> None:
    scenario.create_campaign(overlap=2, experts=[ADA])
    scenario.import_rows("tone", [pair(1), pair(2)])
    seen = outlook(scenario)
    assert (seen.remaining, seen.forecast, seen.suggestions, seen.answers_this_week) == (
        4,
        None,
        (),
        0,
    )


def test_the_end_follows_from_the_days_so_far(scenario: Scenario) -> None:
    scenario.create_campaign(overlap=2, experts=[ADA, BOB])
    scenario.import_rows("tone", [pair(number) for number in range(40)])
    for _ in range(4):
        answers(scenario, ADA, 3)
        answers(scenario, BOB, 2)
        scenario.advance_clock(days=1)
    seen = outlook(scenario)
    assert seen.pace.daily_answers == (5, 5, 5, 5)
    assert (seen.pace.experts, seen.remaining, seen.answers_this_week) == (2, 60, 20)
    assert seen.forecast is not None
    assert abs((seen.forecast.likely - date(2026, 3, 23)).days) <= 3, "twelve working days more"
    assert {(one.extra_experts, one.overlap_reduction) for one in seen.suggestions} == {
        (1, 0),
        (2, 0),
        (0, 1),
    }


def test_less_overlap_is_no_help_where_one_answer_is_wanted(scenario: Scenario) -> None:
    scenario.create_campaign(overlap=1, experts=[ADA])
    scenario.import_rows("tone", [pair(number) for number in range(30)])
    answers(scenario, ADA, 3)
    scenario.advance_clock(days=1)
    assert all(one.overlap_reduction == 0 for one in outlook(scenario).suggestions)


def test_what_is_left_with_less_overlap_is_counted_item_by_item(scenario: Scenario) -> None:
    scenario.create_campaign(overlap=3, experts=[ADA, BOB, "U0CAT"])
    scenario.import_rows("tone", [pair(1), pair(2), pair(3)])
    answers(scenario, ADA, 2)
    answers(scenario, BOB, 2)
    answers(scenario, "U0CAT", 1)
    assert scenario.database.read_now(votes.remaining_with_less_overlap) == {1: 2}, (
        "the third item's two"
    )


def test_days_are_those_of_utc_whatever_the_server_thinks(scenario: Scenario) -> None:
    scenario.create_campaign(overlap=1, experts=[ADA])
    scenario.import_rows("tone", [pair(1), pair(2)])
    answers(scenario, ADA, 1)
    scenario.advance_clock(hours=14, minutes=30)
    answers(scenario, ADA, 1)

    def counted(session: Session) -> dict[date, int]:
        if session.connection().dialect.name == "postgresql":
            session.connection().execute(text("SET LOCAL TIME ZONE 'Asia/Tokyo'"))
        return votes.answers_by_day(session)[1]

    assert scenario.database.read_now(counted) == {MONDAY: 2}


def test_working_days_are_those_of_the_pool(scenario: Scenario) -> None:
    scenario.create_campaign(overlap=1, experts=[ADA])
    scenario.import_rows("tone", [pair(number) for number in range(9)])
    answers(scenario, ADA, 1)
    scenario.database.write_now(
        lambda session: session.connection().execute(text("UPDATE expert SET work_days = '[1]'"))
    )
    scenario.advance_clock(days=1)
    seen = outlook(scenario)
    assert seen.forecast is not None
    assert seen.forecast.likely.isoweekday() == 1
    assert seen.forecast.likely - MONDAY >= timedelta(weeks=4)
