"""What the clock makes happen: work and reminders in working hours, and leases that end."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session, col, select

from bot.services.answers import submit
from bot.services.campaigns import campaigns
from bot.services.tasks import scheduled_delivery
from storage.queries import outbox
from storage.tables import Assignment, Expert, OutboxMessage, OutboxState, Task
from tests.services.conftest import NOW, Scenario, pair, run_notifications
from tests.services.invariants import check_counts

ADA, BOB = "U0ADA", "U0BOB"


def opened(workshop: Scenario, *experts: str, items: int = 3, **wanted: Any) -> None:  # noqa: ANN401 - whatever a campaign may choose
    """Open a campaign whose experts' profiles are known."""
    workshop.create_campaign(experts=experts or [ADA], **{"overlap": 1, **wanted})
    workshop.import_rows("tone", [pair(number) for number in range(1, items + 1)])
    changes(workshop, profile_at=NOW)


def changes(workshop: Scenario, **columns: object) -> None:
    """Change what is known of every expert."""

    def change(session: Session) -> None:
        for expert in session.exec(select(Expert)):
            for column, value in columns.items():
                setattr(expert, column, value)

    workshop.database.write_now(change)


def words(workshop: Scenario, word: str) -> list[OutboxMessage]:
    """Return what is to be said with this word."""
    return [row for row in workshop.rows(OutboxMessage) if row.message_type == word]


def said(workshop: Scenario) -> None:
    """Say everything that waits."""

    def settle(session: Session) -> None:
        waiting = select(OutboxMessage.id).where(col(OutboxMessage.state) == OutboxState.WAITING)
        for number in session.exec(waiting).all():
            outbox.record_outcome(session, number or 0, OutboxState.SENT, workshop.now)

    workshop.database.write_now(settle)


def dispatched(workshop: Scenario) -> int:
    """Give out work, and say it. Slack says of everybody that they may be disturbed."""
    count = run_notifications(workshop, scheduled_delivery.dispatch_tasks)
    said(workshop)
    return count


def test_everybody_idle_and_at_work_is_given_one_task(workshop: Scenario) -> None:
    opened(workshop, ADA, BOB)
    assert dispatched(workshop) == 2
    assert [row.state for row in workshop.rows(Assignment)] == ["queued", "queued"]
    assert {row.recipient for row in words(workshop, "task")} == {ADA, BOB}
    assert dispatched(workshop) == 0


def test_whoever_has_a_message_on_its_way_is_not_sent_another(workshop: Scenario) -> None:
    opened(workshop, ADA)
    workshop.database.write_now(
        outbox.enqueue, "turn", recipient=ADA, payload={"assignment": None}, now=workshop.now
    )
    assert run_notifications(workshop, scheduled_delivery.dispatch_tasks) == 0
    said(workshop)
    assert dispatched(workshop) == 1


@pytest.mark.parametrize(
    ("known", "count"),
    [
        ({}, 1),
        ({"away_since": NOW}, 0),
        ({"profile_at": None}, 0),
        ({"tz": "Pacific/Kiritimati"}, 0),
        ({"tz": "Asia/Kathmandu"}, 1),
        ({"days": []}, 0),
        ({"days": [2, 3, 4, 5]}, 0),
        ({"day_starts": 9 * 60 + 1}, 0),
        ({"day_starts": 22 * 60, "day_ends": 9 * 60 + 1, "days": [7]}, 1),
    ],
)
def test_work_comes_when_they_are_at_work(
    workshop: Scenario, known: dict[str, object], count: int
) -> None:
    opened(workshop, ADA)
    changes(workshop, **known)
    assert dispatched(workshop) == count
    assert workshop.count("assignment") == count


@pytest.mark.parametrize("move", [campaigns.pause, campaigns.close])
def test_a_campaign_that_is_not_open_sends_nothing(workshop: Scenario, move: Any) -> None:  # noqa: ANN401 - a move
    opened(workshop, ADA)
    workshop.run_for_campaign("tone", move, workshop.by)
    assert dispatched(workshop) == 0


def test_nobody_is_written_to_when_nothing_is_left(workshop: Scenario) -> None:
    opened(workshop, ADA, BOB, items=1)
    assert dispatched(workshop) == 1
    assert dispatched(workshop) == 0


def expire(workshop: Scenario) -> int:
    """Let leases end."""
    return workshop.database.write_now(scheduled_delivery.expire_leases, workshop.now)


def test_a_task_moves_on_at_the_end_of_its_lease_and_its_expert_is_left_in_peace(
    workshop: Scenario,
) -> None:
    opened(workshop, ADA, BOB, items=1, lease=timedelta(hours=5), reminders=())
    given = workshop.assign_next(ADA)
    workshop.advance_clock(hours=4.99)
    assert expire(workshop) == 0
    workshop.advance_clock(hours=0.01)
    assert expire(workshop) == 1
    assert expire(workshop) == 0
    assert workshop.rows(Assignment)[0].state == "expired"
    assert workshop.rows(Expert)[0].away_since == workshop.now
    assert [(row.recipient, row.payload) for row in words(workshop, "expired")] == [
        (ADA, {"assignment": given})
    ]
    assert ("expired", f"assignment {given}") in workshop.audit_log()
    said(workshop)
    assert dispatched(workshop) == 1
    assert [row.recipient for row in words(workshop, "task")] == [BOB]
    check_counts(workshop)


def test_what_was_never_seen_expires_too(workshop: Scenario) -> None:
    opened(workshop, ADA)
    dispatched(workshop)
    workshop.advance_clock(days=3)
    assert expire(workshop) == 1
    check_counts(workshop)


def test_what_is_answered_or_skipped_does_not_expire(workshop: Scenario) -> None:
    opened(workshop, ADA, items=2)
    workshop.submit_answer(ADA, workshop.assign_next(ADA) or 0, verdict="a")
    second = workshop.assign_next(ADA) or 0
    workshop.database.write_now(submit.skip_task, second, "unclear", workshop.interaction(ADA))
    workshop.advance_clock(days=9)
    assert expire(workshop) == 0


def test_a_pause_stops_the_leases(workshop: Scenario) -> None:
    opened(workshop, ADA)
    workshop.assign_next(ADA)
    workshop.run_for_campaign("tone", campaigns.pause, workshop.by)
    workshop.advance_clock(days=3)
    assert expire(workshop) == 0
    assert workshop.rows(Expert)[0].away_since is None


def test_since_when_somebody_is_away_is_not_moved_on(workshop: Scenario) -> None:
    opened(workshop, ADA, items=1)
    workshop.assign_next(ADA)
    changes(workshop, away_since=NOW)
    workshop.advance_clock(days=3)
    assert expire(workshop) == 1
    assert workshop.rows(Expert)[0].away_since == NOW


def test_many_leases_end_at_once(workshop: Scenario) -> None:
    experts = [f"U0EXPERT{number}" for number in range(9)]
    opened(workshop, *experts, overlap=9, items=1)
    for expert in experts:
        workshop.assign_next(expert)
    workshop.advance_clock(days=3)
    assert expire(workshop) == 9
    assert workshop.rows(Task)[0].slots_taken == 0
    check_counts(workshop)
