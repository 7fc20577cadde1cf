"""Leases: they run in the person's working hours, and stop while somebody else has to answer."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlmodel import Session

from bot.services.assignments import leases
from storage.tables import Assignment
from tests.services.conftest import Scenario
from tests.services.tasks.test_scheduled_delivery import ADA, expire, open_campaign

FRIDAY = datetime(2026, 3, 6, 16, 0, tzinfo=UTC)


def at(scenario: Scenario, moment: datetime) -> datetime:
    """Return when the only lease ends, taken at a moment."""
    scenario.now = moment
    open_campaign(scenario, ADA, items=1, lease=timedelta(hours=2), reminders=())
    scenario.assign_next(ADA)
    return scenario.rows(Assignment)[0].leased_until  # type: ignore[no-any-return]  # any table


def test_a_weekend_does_not_count(scenario: Scenario) -> None:
    assert at(scenario, FRIDAY) == datetime(2026, 3, 9, 10, 0, tzinfo=UTC)
    scenario.advance_clock(days=2.7)
    assert expire(scenario) == 0
    scenario.advance_clock(hours=2)
    assert expire(scenario) == 1


def turn(scenario: Scenario, deed: object) -> None:
    """Stop the clock of the only task, or start it again."""
    assert callable(deed)

    def do(session: Session) -> None:
        deed(session, session.get_one(Assignment, 1), scenario.now)

    scenario.database.write_now(do)


def test_a_stopped_clock_runs_on_with_what_was_left(scenario: Scenario) -> None:
    at(scenario, FRIDAY)
    scenario.advance_clock(minutes=30)
    turn(scenario, leases.pause_lease)
    scenario.advance_clock(days=30)
    turn(scenario, leases.pause_lease)
    assert expire(scenario) == 0
    turn(scenario, leases.resume_lease)
    ends = scenario.rows(Assignment)[0].leased_until
    assert ends == datetime(2026, 4, 6, 10, 30, tzinfo=UTC), (
        "an hour and a half from Monday at nine"
    )
    turn(scenario, leases.resume_lease)
    assert scenario.rows(Assignment)[0].leased_until == ends
