"""Leases: they run in the person's working hours, and stop while somebody else has to answer."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlmodel import Session

from bot.services.assignments import leases
from storage.tables import Assignment
from tests.services.conftest import Scenario
from tests.services.tasks.test_scheduled_delivery import ADA, expire, opened

FRIDAY = datetime(2026, 3, 6, 16, 0, tzinfo=UTC)


def at(workshop: Scenario, moment: datetime) -> datetime:
    """Return when the only lease ends, taken at a moment."""
    workshop.now = moment
    opened(workshop, ADA, items=1, lease=timedelta(hours=2), reminders=())
    workshop.assign_next(ADA)
    return workshop.rows(Assignment)[0].leased_until  # type: ignore[no-any-return]  # any table


def test_a_weekend_does_not_count(workshop: Scenario) -> None:
    assert at(workshop, FRIDAY) == datetime(2026, 3, 9, 10, 0, tzinfo=UTC)
    workshop.advance_clock(days=2.7)
    assert expire(workshop) == 0
    workshop.advance_clock(hours=2)
    assert expire(workshop) == 1


def turn(workshop: Scenario, deed: object) -> None:
    """Stop the clock of the only task, or start it again."""
    assert callable(deed)

    def do(session: Session) -> None:
        deed(session, session.get_one(Assignment, 1), workshop.now)

    workshop.database.write_now(do)


def test_a_stopped_clock_runs_on_with_what_was_left(workshop: Scenario) -> None:
    at(workshop, FRIDAY)
    workshop.advance_clock(minutes=30)
    turn(workshop, leases.pause_lease)
    workshop.advance_clock(days=30)
    turn(workshop, leases.pause_lease)
    assert expire(workshop) == 0
    turn(workshop, leases.resume_lease)
    ends = workshop.rows(Assignment)[0].leased_until
    assert ends == datetime(2026, 4, 6, 10, 30, tzinfo=UTC), (
        "an hour and a half from Monday at nine"
    )
    turn(workshop, leases.resume_lease)
    assert workshop.rows(Assignment)[0].leased_until == ends
