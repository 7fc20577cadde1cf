"""Progress of one expert; today is a day in their time zone."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlmodel import Session

from bot.services.answers import submit
from bot.services.tasks import expert_progress
from bot.services.tasks.expert_progress import Progress
from bot.services.tasks.next_task import MAX_COUNTED_TASKS
from storage.tables import Expert
from tests.services.conftest import Scenario, pair

ADA = "U0ADA"


def progress_of_ada(scenario: Scenario) -> Progress:
    """Return Ada's progress."""
    progress = scenario.database.read_now(expert_progress.progress_of, ADA, scenario.now)
    assert progress is not None
    return progress


def set_time_zone(scenario: Scenario, tz: str) -> None:
    """Set Ada's time zone."""

    def update(session: Session) -> None:
        session.get_one(Expert, 1).tz = tz

    scenario.database.write_now(update)


def test_non_expert_has_no_progress(scenario: Scenario) -> None:
    assert scenario.database.read_now(expert_progress.progress_of, ADA, scenario.now) is None


def test_undone_answers_are_not_counted(scenario: Scenario) -> None:
    scenario.create_campaign(experts=[ADA], overlap=1)
    scenario.import_rows("tone", [pair(number) for number in range(1, 6)])
    for _ in range(3):
        scenario.submit_answer(ADA, scenario.assign_next(ADA) or 0, verdict="a")
    scenario.database.write_now(submit.undo, 1, scenario.interaction(ADA))
    scenario.database.write_now(submit.skip_task, 1, "unclear", scenario.interaction(ADA))
    assert progress_of_ada(scenario) == Progress(
        2, 2, waiting=2, has_more=False, estimated_minutes=1
    )


@pytest.mark.parametrize(
    ("tz", "answered_at", "requested_at", "answered_today"),
    [
        ("UTC", "2026-03-02 00:00", "2026-03-02 23:59", 1),
        ("UTC", "2026-03-01 23:59", "2026-03-02 00:00", 0),
        ("Pacific/Kiritimati", "2026-03-01 10:00", "2026-03-02 09:59", 1),
        ("Pacific/Kiritimati", "2026-03-01 10:00", "2026-03-02 10:00", 0),
        ("Pacific/Pago_Pago", "2026-03-01 11:00", "2026-03-02 10:59", 1),
        ("Pacific/Pago_Pago", "2026-03-01 11:00", "2026-03-02 11:00", 0),
        ("Europe/London", "2026-03-29 00:00", "2026-03-29 22:59", 1),
        ("Europe/London", "2026-03-29 00:00", "2026-03-29 23:00", 0),
        ("no/zone", "2026-03-02 00:00", "2026-03-02 23:59", 1),
    ],
)
def test_today_starts_at_midnight_in_experts_time_zone(
    scenario: Scenario, tz: str, answered_at: str, requested_at: str, answered_today: int
) -> None:
    scenario.now = datetime.fromisoformat(answered_at).replace(tzinfo=UTC)
    scenario.create_campaign(experts=[ADA], overlap=1)
    scenario.import_rows("tone", [pair(1)])
    set_time_zone(scenario, tz)
    scenario.submit_answer(ADA, scenario.assign_next(ADA) or 0, verdict="a")
    scenario.now = datetime.fromisoformat(requested_at).replace(tzinfo=UTC)
    progress = progress_of_ada(scenario)
    assert (progress.answered_today, progress.answered_total) == (answered_today, 1)


def test_counting_stops_at_maximum(scenario: Scenario) -> None:
    scenario.create_campaign(experts=[ADA], overlap=1)
    scenario.import_rows("tone", [pair(number) for number in range(MAX_COUNTED_TASKS)])
    assert progress_of_ada(scenario) == Progress(
        0, 0, MAX_COUNTED_TASKS, has_more=True, estimated_minutes=100
    )
