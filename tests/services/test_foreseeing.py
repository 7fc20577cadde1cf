"""When campaigns will be done, from what is stored."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import text
from sqlmodel import Session

from bot.services import foreseeing, reporting
from bot.services.foreseeing import Outlook
from storage.queries import attention, votes
from tests.services.conftest import Workshop, pair

ADA, BOB = "U0ADA", "U0BOB"
MONDAY = date(2026, 3, 2)


def foreseen(session: Session, workshop: Workshop) -> list[Outlook]:
    """Return how all campaigns go on."""
    known, members = foreseeing.lately(session, workshop.now), attention.members(session)
    return [
        foreseeing.outlook(
            one, known, [m for m in members if m.campaign_id == one.id], workshop.now
        )
        for one in reporting.statuses(session)
    ]


def outlook(workshop: Workshop) -> Outlook:
    """Return how the only campaign goes on."""
    (only,) = workshop.database.read_now(foreseen, workshop)
    return only


def answers(workshop: Workshop, slack_id: str, count: int) -> None:
    """Let an expert answer some tasks."""
    for _ in range(count):
        workshop.answers(slack_id, workshop.asks(slack_id) or 0, verdict="tie")


def test_a_campaign_without_answers_has_no_end_in_sight(workshop: Workshop) -> None:
    workshop.creates(overlap=2, experts=[ADA])
    workshop.imports("tone", [pair(1), pair(2)])
    seen = outlook(workshop)
    assert (seen.left, seen.forecast, seen.helps, seen.this_week) == (4, None, (), 0)


def test_the_end_follows_from_the_days_so_far(workshop: Workshop) -> None:
    workshop.creates(overlap=2, experts=[ADA, BOB])
    workshop.imports("tone", [pair(number) for number in range(40)])
    for _ in range(4):
        answers(workshop, ADA, 3)
        answers(workshop, BOB, 2)
        workshop.passes(days=1)
    seen = outlook(workshop)
    assert seen.pace.days == (5, 5, 5, 5)
    assert (seen.pace.experts, seen.left, seen.this_week) == (2, 60, 20)
    assert seen.forecast is not None
    assert abs((seen.forecast.likely - date(2026, 3, 23)).days) <= 3, "twelve working days more"
    assert {(one.experts, one.less_overlap) for one in seen.helps} == {(1, 0), (2, 0), (0, 1)}


def test_less_overlap_is_no_help_where_one_answer_is_wanted(workshop: Workshop) -> None:
    workshop.creates(overlap=1, experts=[ADA])
    workshop.imports("tone", [pair(number) for number in range(30)])
    answers(workshop, ADA, 3)
    workshop.passes(days=1)
    assert all(one.less_overlap == 0 for one in outlook(workshop).helps)


def test_what_is_left_with_less_overlap_is_counted_item_by_item(workshop: Workshop) -> None:
    workshop.creates(overlap=3, experts=[ADA, BOB, "U0CAT"])
    workshop.imports("tone", [pair(1), pair(2), pair(3)])
    answers(workshop, ADA, 2)
    answers(workshop, BOB, 2)
    answers(workshop, "U0CAT", 1)
    assert workshop.database.read_now(votes.left_with_less) == {1: 2}, "the third item's two"


def test_days_are_those_of_utc_whatever_the_server_thinks(workshop: Workshop) -> None:
    workshop.creates(overlap=1, experts=[ADA])
    workshop.imports("tone", [pair(1), pair(2)])
    answers(workshop, ADA, 1)
    workshop.passes(hours=14, minutes=30)
    answers(workshop, ADA, 1)

    def counted(session: Session) -> dict[date, int]:
        if session.connection().dialect.name == "postgresql":
            session.connection().execute(text("SET LOCAL TIME ZONE 'Asia/Tokyo'"))
        return votes.by_day(session)[1]

    assert workshop.database.read_now(counted) == {MONDAY: 2}


def test_working_days_are_those_of_the_pool(workshop: Workshop) -> None:
    workshop.creates(overlap=1, experts=[ADA])
    workshop.imports("tone", [pair(number) for number in range(9)])
    answers(workshop, ADA, 1)
    workshop.database.write_now(
        lambda session: session.connection().execute(text("UPDATE expert SET days = '[1]'"))
    )
    workshop.passes(days=1)
    seen = outlook(workshop)
    assert seen.forecast is not None
    assert seen.forecast.likely.isoweekday() == 1
    assert seen.forecast.likely - MONDAY >= timedelta(weeks=4)
