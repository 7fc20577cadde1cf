"""Leases run in the expert's working hours and can be paused."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from sqlmodel import Session

from bot.services.assignments import leases
from storage.tables import Assignment
from tests.services.conftest import Scenario
from tests.services.tasks.test_scheduled_delivery import (
    ADA,
    expire,
    open_campaign,
    update_experts,
)

FRIDAY = datetime(2026, 3, 6, 16, 0, tzinfo=UTC)


def assign_at(scenario: Scenario, time: datetime) -> datetime:
    """Assign the only task at `time`, with a lease of two hours; return when the lease ends."""
    scenario.now = time
    open_campaign(scenario, ADA, items=1, lease=timedelta(hours=2), reminders=())
    scenario.assign_next(ADA)
    return scenario.rows(Assignment)[0].leased_until  # type: ignore[no-any-return]  # any table


def test_weekend_does_not_count(scenario: Scenario) -> None:
    assert assign_at(scenario, FRIDAY) == datetime(2026, 3, 9, 10, 0, tzinfo=UTC)
    scenario.advance_clock(days=2.7)
    assert expire(scenario) == 0
    scenario.advance_clock(hours=2)
    assert expire(scenario) == 1


def update_lease(
    scenario: Scenario, action: Callable[[Session, Assignment, datetime], None]
) -> None:
    """Pause or resume the lease of the only assignment."""
    scenario.database.write_now(
        lambda session: action(session, session.get_one(Assignment, 1), scenario.now)
    )


def test_resumed_lease_has_its_remaining_time(scenario: Scenario) -> None:
    assign_at(scenario, FRIDAY)
    scenario.advance_clock(minutes=30)
    update_lease(scenario, leases.pause_lease)
    scenario.advance_clock(days=30)
    update_lease(scenario, leases.pause_lease)
    assert expire(scenario) == 0
    update_lease(scenario, leases.resume_lease)
    lease_end = scenario.rows(Assignment)[0].leased_until
    assert lease_end == datetime(2026, 4, 6, 10, 30, tzinfo=UTC), "90 minutes after Monday 09:00"
    update_lease(scenario, leases.resume_lease)
    assert scenario.rows(Assignment)[0].leased_until == lease_end


def test_only_working_days_and_hours_of_the_expert_count(scenario: Scenario) -> None:
    open_campaign(scenario, ADA, items=1, lease=timedelta(hours=2), reminders=())
    update_experts(
        scenario,
        tz="America/New_York",
        work_starts_minute=10 * 60,
        work_ends_minute=11 * 60,
        work_days=[6, 7],
    )
    scenario.now = FRIDAY
    scenario.assign_next(ADA)
    lease_end = scenario.rows(Assignment)[0].leased_until
    assert lease_end == datetime(2026, 3, 8, 15, 0, tzinfo=UTC), "Sunday 11:00 in New York"
