"""The weekly summary: once a week, made up for once, never twice, and only if it is wanted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlmodel import Session

from bot.recurring import BadCronError, Rhythm
from bot.services import campaigning, choosing, digesting
from bot.services.choosing import Choices
from bot.services.digesting import USUAL, Plan
from storage.tables import Outbox, Role, RoleGrant
from tests.services.conftest import NOW, Workshop, pair

CORA, DAN = "U0CORA", "U0DAN"
NEXT_MONDAY = datetime(2026, 3, 9, 9, 0, tzinfo=UTC)


def ticks(workshop: Workshop, by_setting: Sequence[str] = (CORA,)) -> bool:
    """Let the clock look once."""
    return workshop.database.write_now(digesting.queue_due, workshop.now, by_setting)


def lanes(workshop: Workshop) -> list[str]:
    """Return to whom summaries were queued."""
    return [row.lane for row in workshop.rows(Outbox) if row.word == "digest"]


def chooses(workshop: Workshop, **wanted: object) -> None:
    """Let a coordinator choose for the workspace."""
    chosen = replace(Choices(), **wanted)  # type: ignore[arg-type]  # the test knows
    workshop.database.write_now(choosing.choose, chosen, workshop.by)


def test_the_first_comes_on_the_next_monday_morning(workshop: Workshop) -> None:
    assert workshop.database.read_now(digesting.is_due, NOW), "nobody knows yet when it is due"
    assert not ticks(workshop)
    assert not workshop.database.read_now(digesting.is_due, NOW)
    assert workshop.database.read_now(digesting.plan) == Plan(
        is_on=True, channel=None, rhythm=USUAL, due_at=NEXT_MONDAY
    )
    workshop.passes(days=6, hours=23)
    assert not ticks(workshop)
    workshop.passes(hours=1)
    assert ticks(workshop)
    assert lanes(workshop) == [CORA]


def test_a_week_is_told_once_however_often_the_clock_looks(workshop: Workshop) -> None:
    ticks(workshop)
    workshop.passes(days=7)
    assert [ticks(workshop) for _ in range(3)] == [True, False, False]
    workshop.passes(days=7)
    assert ticks(workshop)


def test_weeks_without_a_bot_are_made_up_for_by_one(workshop: Workshop) -> None:
    ticks(workshop)
    workshop.passes(days=23)
    assert [ticks(workshop) for _ in range(2)] == [True, False]
    due = workshop.database.read_now(digesting.plan).due_at
    assert due == datetime(2026, 3, 30, 9, 0, tzinfo=UTC)


def test_it_goes_to_the_channel_or_else_to_every_coordinator(workshop: Workshop) -> None:
    def grant(session: Session) -> None:
        for person, role in ((DAN, Role.COORDINATOR), ("U0EVE", Role.SENIOR)):
            session.add(RoleGrant(slack_id=person, role=role, source=CORA, created_at=NOW))

    workshop.database.write_now(grant)
    ticks(workshop)
    workshop.passes(days=7)
    ticks(workshop)
    assert lanes(workshop) == [CORA, DAN]
    chooses(workshop, channel="C0DESK")
    workshop.passes(days=7)
    ticks(workshop)
    assert lanes(workshop)[2:] == ["C0DESK"]
    assert workshop.rows(Outbox)[-1].facts == {"channel": "C0DESK"}


def test_switched_off_it_does_not_come_and_switched_on_it_waits_for_its_day(
    workshop: Workshop,
) -> None:
    ticks(workshop)
    chooses(workshop, digest=False)
    workshop.passes(days=7)
    assert not ticks(workshop)
    chooses(workshop, digest=True)
    workshop.passes(days=1)
    assert not ticks(workshop)
    assert lanes(workshop) == []
    workshop.passes(days=6)
    assert ticks(workshop)


def test_the_time_can_be_chosen_in_a_zone(workshop: Workshop) -> None:
    wanted = Plan(
        is_on=True, channel="C0DESK", rhythm=Rhythm("30 8 * * fri", "Asia/Tokyo"), due_at=None
    )
    changed = workshop.database.write_now(digesting.change, wanted, workshop.by)
    assert changed.due_at == datetime(2026, 3, 5, 23, 30, tzinfo=UTC)
    assert (changed.channel, changed.rhythm) == ("C0DESK", wanted.rhythm)
    workshop.passes(days=4)
    ticks(workshop)
    assert lanes(workshop) == ["C0DESK"]


def test_what_does_not_change_the_time_leaves_it_alone(workshop: Workshop) -> None:
    ticks(workshop)
    workshop.passes(days=8)
    before = workshop.database.read_now(digesting.plan)
    workshop.database.write_now(digesting.change, replace(before, channel="C0"), workshop.by)
    assert workshop.database.read_now(digesting.plan).due_at == before.due_at, "it is overdue"


def test_nonsense_changes_nothing(workshop: Workshop) -> None:
    wanted = Plan(is_on=False, channel=None, rhythm=Rhythm("whenever"), due_at=None)
    with pytest.raises(BadCronError):
        workshop.database.write_now(digesting.change, wanted, workshop.by)
    assert workshop.database.read_now(digesting.plan) == Plan(
        is_on=True, channel=None, rhythm=USUAL, due_at=None
    )


def test_a_week_has_campaigns_that_go_on_and_who_answered_in_it(workshop: Workshop) -> None:
    workshop.creates("old", experts=["U0ADA"])
    workshop.creates(overlap=1, experts=["U0ADA", "U0BOB"])
    workshop.imports("tone", [pair(number) for number in range(6)])
    workshop.answers("U0ADA", workshop.asks("U0ADA") or 0, verdict="a")
    workshop.passes(days=6)
    for _ in range(2):
        workshop.answers("U0BOB", workshop.asks("U0BOB") or 0, verdict="a")
    workshop.directs("old", campaigning.close, workshop.by)

    def told() -> tuple[list[str], list[int]]:
        week = workshop.database.read_now(digesting.week, workshop.now)
        names = [one.status.name for one in week.campaigns]
        return names, [count for _name, count in week.thanks]

    assert told() == (["tone"], [2, 1])
    workshop.passes(days=2)
    assert told() == (["tone"], [2])
