"""What the clock makes happen: work and reminders in working hours, and leases that end."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session, col, select

from bot.services import answering, campaigning, pushing
from storage.queries import telling
from storage.tables import Assignment, Expert, Outbox, OutboxState, Task
from tests.services.conftest import NOW, Workshop, pair, speaks
from tests.services.keeping_count import check_counts

ADA, BOB = "U0ADA", "U0BOB"


def opened(workshop: Workshop, *experts: str, items: int = 3, **wanted: Any) -> None:  # noqa: ANN401 - whatever a campaign may choose
    """Open a campaign whose experts' profiles are known."""
    workshop.creates(experts=experts or [ADA], **{"overlap": 1, **wanted})
    workshop.imports("tone", [pair(number) for number in range(1, items + 1)])
    changes(workshop, profile_at=NOW)


def changes(workshop: Workshop, **columns: object) -> None:
    """Change what is known of every expert."""

    def change(session: Session) -> None:
        for expert in session.exec(select(Expert)):
            for column, value in columns.items():
                setattr(expert, column, value)

    workshop.database.write_now(change)


def words(workshop: Workshop, word: str) -> list[Outbox]:
    """Return what is to be said with this word."""
    return [row for row in workshop.rows(Outbox) if row.word == word]


def said(workshop: Workshop) -> None:
    """Say everything that waits."""

    def settle(session: Session) -> None:
        waiting = select(Outbox.id).where(col(Outbox.state) == OutboxState.WAITING)
        for number in session.exec(waiting).all():
            telling.settle(session, number or 0, OutboxState.SENT, workshop.now)

    workshop.database.write_now(settle)


def dispatched(workshop: Workshop) -> int:
    """Give out work, and say it. Slack says of everybody that they may be disturbed."""
    count = speaks(workshop, pushing.dispatch)
    said(workshop)
    return count


def test_everybody_idle_and_at_work_is_given_one_task(workshop: Workshop) -> None:
    opened(workshop, ADA, BOB)
    assert dispatched(workshop) == 2
    assert [row.state for row in workshop.rows(Assignment)] == ["queued", "queued"]
    assert {row.lane for row in words(workshop, "task")} == {ADA, BOB}
    assert dispatched(workshop) == 0


def test_whoever_has_a_message_on_its_way_is_not_sent_another(workshop: Workshop) -> None:
    opened(workshop, ADA)
    workshop.database.write_now(
        telling.put, "turn", lane=ADA, facts={"assignment": None}, now=workshop.now
    )
    assert speaks(workshop, pushing.dispatch) == 0
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
    workshop: Workshop, known: dict[str, object], count: int
) -> None:
    opened(workshop, ADA)
    changes(workshop, **known)
    assert dispatched(workshop) == count
    assert workshop.count("assignment") == count


@pytest.mark.parametrize("move", [campaigning.pause, campaigning.close])
def test_a_campaign_that_is_not_open_sends_nothing(workshop: Workshop, move: Any) -> None:  # noqa: ANN401 - a move
    opened(workshop, ADA)
    workshop.directs("tone", move, workshop.by)
    assert dispatched(workshop) == 0


def test_nobody_is_written_to_when_nothing_is_left(workshop: Workshop) -> None:
    opened(workshop, ADA, BOB, items=1)
    assert dispatched(workshop) == 1
    assert dispatched(workshop) == 0


def expire(workshop: Workshop) -> int:
    """Let leases end."""
    return workshop.database.write_now(pushing.expire, workshop.now)


def test_a_task_moves_on_at_the_end_of_its_lease_and_its_expert_is_left_in_peace(
    workshop: Workshop,
) -> None:
    opened(workshop, ADA, BOB, items=1, lease=timedelta(hours=5), reminders=())
    given = workshop.asks(ADA)
    workshop.passes(hours=4.99)
    assert expire(workshop) == 0
    workshop.passes(hours=0.01)
    assert expire(workshop) == 1
    assert expire(workshop) == 0
    assert workshop.rows(Assignment)[0].state == "expired"
    assert workshop.rows(Expert)[0].away_since == workshop.now
    assert [(row.lane, row.facts) for row in words(workshop, "expired")] == [
        (ADA, {"assignment": given})
    ]
    assert ("expired", f"assignment {given}") in workshop.deeds()
    said(workshop)
    assert dispatched(workshop) == 1
    assert [row.lane for row in words(workshop, "task")] == [BOB]
    check_counts(workshop)


def test_what_was_never_seen_expires_too(workshop: Workshop) -> None:
    opened(workshop, ADA)
    dispatched(workshop)
    workshop.passes(days=3)
    assert expire(workshop) == 1
    check_counts(workshop)


def test_what_is_answered_or_skipped_does_not_expire(workshop: Workshop) -> None:
    opened(workshop, ADA, items=2)
    workshop.answers(ADA, workshop.asks(ADA) or 0, verdict="a")
    second = workshop.asks(ADA) or 0
    workshop.database.write_now(answering.skip, second, "unclear", workshop.click(ADA))
    workshop.passes(days=9)
    assert expire(workshop) == 0


def test_a_pause_stops_the_leases(workshop: Workshop) -> None:
    opened(workshop, ADA)
    workshop.asks(ADA)
    workshop.directs("tone", campaigning.pause, workshop.by)
    workshop.passes(days=3)
    assert expire(workshop) == 0
    assert workshop.rows(Expert)[0].away_since is None


def test_since_when_somebody_is_away_is_not_moved_on(workshop: Workshop) -> None:
    opened(workshop, ADA, items=1)
    workshop.asks(ADA)
    changes(workshop, away_since=NOW)
    workshop.passes(days=3)
    assert expire(workshop) == 1
    assert workshop.rows(Expert)[0].away_since == NOW


def test_many_leases_end_at_once(workshop: Workshop) -> None:
    experts = [f"U0EXPERT{number}" for number in range(9)]
    opened(workshop, *experts, overlap=9, items=1)
    for expert in experts:
        workshop.asks(expert)
    workshop.passes(days=3)
    assert expire(workshop) == 9
    assert workshop.rows(Task)[0].taken == 0
    check_counts(workshop)
