"""What one expert did: today is a day in their own zone."""

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


def progress(workshop: Scenario) -> Progress:
    """Return how far Ada is."""
    found = workshop.database.read_now(expert_progress.progress_of, ADA, workshop.now)
    assert found is not None
    return found


def live_in(workshop: Scenario, tz: str) -> None:
    """Let Ada live in a zone."""

    def move(session: Session) -> None:
        session.get_one(Expert, 1).tz = tz

    workshop.database.write_now(move)


def test_a_stranger_has_no_progress(workshop: Scenario) -> None:
    assert workshop.database.read_now(expert_progress.progress_of, ADA, workshop.now) is None


def test_answers_are_counted_and_what_is_undone_is_not(workshop: Scenario) -> None:
    workshop.create_campaign(experts=[ADA], overlap=1)
    workshop.import_rows("tone", [pair(number) for number in range(1, 6)])
    for _ in range(3):
        workshop.submit_answer(ADA, workshop.assign_next(ADA) or 0, verdict="a")
    workshop.database.write_now(submit.undo, 1, workshop.interaction(ADA))
    workshop.database.write_now(submit.skip_task, 1, "unclear", workshop.interaction(ADA))
    assert progress(workshop) == Progress(2, 2, waiting=2, has_more=False, estimated_minutes=1)


@pytest.mark.parametrize(
    ("tz", "answered", "asked", "today"),
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
def test_today_begins_at_midnight_where_they_live(
    workshop: Scenario, tz: str, answered: str, asked: str, today: int
) -> None:
    workshop.now = datetime.fromisoformat(answered).replace(tzinfo=UTC)
    workshop.create_campaign(experts=[ADA], overlap=1)
    workshop.import_rows("tone", [pair(1)])
    live_in(workshop, tz)
    workshop.submit_answer(ADA, workshop.assign_next(ADA) or 0, verdict="a")
    workshop.now = datetime.fromisoformat(asked).replace(tzinfo=UTC)
    found = progress(workshop)
    assert (found.answered_today, found.answered_total) == (today, 1)


def test_more_than_can_be_counted_is_said_to_be_more(workshop: Scenario) -> None:
    workshop.create_campaign(experts=[ADA], overlap=1)
    workshop.import_rows("tone", [pair(number) for number in range(MAX_COUNTED_TASKS)])
    assert progress(workshop) == Progress(
        0, 0, MAX_COUNTED_TASKS, has_more=True, estimated_minutes=100
    )
