"""The weekly summary: once a week, made up for once, never twice, and only if it is wanted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlmodel import Session

from bot.cron import CronSchedule, InvalidCronError
from bot.services.campaigns import campaigns
from bot.services.reports import digest
from bot.services.reports.digest import DEFAULT_SCHEDULE, DigestSettings
from bot.services.settings import workspace_settings
from bot.services.settings.workspace_settings import WorkspaceSettings
from storage.tables import OutboxMessage, Role, RoleGrant
from tests.services.conftest import NOW, Scenario, pair

CORA, DAN = "U0CORA", "U0DAN"
NEXT_MONDAY = datetime(2026, 3, 9, 9, 0, tzinfo=UTC)


def ticks(workshop: Scenario, by_setting: Sequence[str] = (CORA,)) -> bool:
    """Let the clock look once."""
    return workshop.database.write_now(digest.queue_due, workshop.now, by_setting)


def lanes(workshop: Scenario) -> list[str]:
    """Return to whom summaries were queued."""
    return [row.recipient for row in workshop.rows(OutboxMessage) if row.message_type == "digest"]


def chooses(workshop: Scenario, **wanted: object) -> None:
    """Let a coordinator choose for the workspace."""
    chosen = replace(WorkspaceSettings(), **wanted)  # type: ignore[arg-type]  # the test knows
    workshop.database.write_now(workspace_settings.update_settings, chosen, workshop.by)


def test_the_first_comes_on_the_next_monday_morning(workshop: Scenario) -> None:
    assert workshop.database.read_now(digest.is_due, NOW), "nobody knows yet when it is due"
    assert not ticks(workshop)
    assert not workshop.database.read_now(digest.is_due, NOW)
    assert workshop.database.read_now(digest.digest_settings) == DigestSettings(
        is_enabled=True, channel=None, schedule=DEFAULT_SCHEDULE, due_at=NEXT_MONDAY
    )
    workshop.advance_clock(days=6, hours=23)
    assert not ticks(workshop)
    workshop.advance_clock(hours=1)
    assert ticks(workshop)
    assert lanes(workshop) == [CORA]


def test_a_week_is_told_once_however_often_the_clock_looks(workshop: Scenario) -> None:
    ticks(workshop)
    workshop.advance_clock(days=7)
    assert [ticks(workshop) for _ in range(3)] == [True, False, False]
    workshop.advance_clock(days=7)
    assert ticks(workshop)


def test_weeks_without_a_bot_are_made_up_for_by_one(workshop: Scenario) -> None:
    ticks(workshop)
    workshop.advance_clock(days=23)
    assert [ticks(workshop) for _ in range(2)] == [True, False]
    due = workshop.database.read_now(digest.digest_settings).due_at
    assert due == datetime(2026, 3, 30, 9, 0, tzinfo=UTC)


def test_it_goes_to_the_channel_or_else_to_every_coordinator(workshop: Scenario) -> None:
    def grant(session: Session) -> None:
        for person, role in ((DAN, Role.COORDINATOR), ("U0EVE", Role.SENIOR)):
            session.add(RoleGrant(slack_id=person, role=role, source=CORA, created_at=NOW))

    workshop.database.write_now(grant)
    ticks(workshop)
    workshop.advance_clock(days=7)
    ticks(workshop)
    assert lanes(workshop) == [CORA, DAN]
    chooses(workshop, channel="C0DESK")
    workshop.advance_clock(days=7)
    ticks(workshop)
    assert lanes(workshop)[2:] == ["C0DESK"]
    assert workshop.rows(OutboxMessage)[-1].payload == {"channel": "C0DESK"}


def test_switched_off_it_does_not_come_and_switched_on_it_waits_for_its_day(
    workshop: Scenario,
) -> None:
    ticks(workshop)
    chooses(workshop, digest=False)
    workshop.advance_clock(days=7)
    assert not ticks(workshop)
    chooses(workshop, digest=True)
    workshop.advance_clock(days=1)
    assert not ticks(workshop)
    assert lanes(workshop) == []
    workshop.advance_clock(days=6)
    assert ticks(workshop)


def test_the_time_can_be_chosen_in_a_zone(workshop: Scenario) -> None:
    wanted = DigestSettings(
        is_enabled=True,
        channel="C0DESK",
        schedule=CronSchedule("30 8 * * fri", "Asia/Tokyo"),
        due_at=None,
    )
    changed = workshop.database.write_now(digest.update_digest_settings, wanted, workshop.by)
    assert changed.due_at == datetime(2026, 3, 5, 23, 30, tzinfo=UTC)
    assert (changed.channel, changed.schedule) == ("C0DESK", wanted.schedule)
    workshop.advance_clock(days=4)
    ticks(workshop)
    assert lanes(workshop) == ["C0DESK"]


def test_what_does_not_change_the_time_leaves_it_alone(workshop: Scenario) -> None:
    ticks(workshop)
    workshop.advance_clock(days=8)
    before = workshop.database.read_now(digest.digest_settings)
    workshop.database.write_now(
        digest.update_digest_settings, replace(before, channel="C0"), workshop.by
    )
    assert workshop.database.read_now(digest.digest_settings).due_at == before.due_at, (
        "it is overdue"
    )


def test_nonsense_changes_nothing(workshop: Scenario) -> None:
    wanted = DigestSettings(
        is_enabled=False, channel=None, schedule=CronSchedule("whenever"), due_at=None
    )
    with pytest.raises(InvalidCronError):
        workshop.database.write_now(digest.update_digest_settings, wanted, workshop.by)
    assert workshop.database.read_now(digest.digest_settings) == DigestSettings(
        is_enabled=True, channel=None, schedule=DEFAULT_SCHEDULE, due_at=None
    )


def test_a_week_has_campaigns_that_go_on_and_who_answered_in_it(workshop: Scenario) -> None:
    workshop.create_campaign("old", experts=["U0ADA"])
    workshop.create_campaign(overlap=1, experts=["U0ADA", "U0BOB"])
    workshop.import_rows("tone", [pair(number) for number in range(6)])
    workshop.submit_answer("U0ADA", workshop.assign_next("U0ADA") or 0, verdict="a")
    workshop.advance_clock(days=6)
    for _ in range(2):
        workshop.submit_answer("U0BOB", workshop.assign_next("U0BOB") or 0, verdict="a")
    workshop.run_for_campaign("old", campaigns.close, workshop.by)

    def told() -> tuple[list[str], list[int]]:
        week = workshop.database.read_now(digest.weekly_digest, workshop.now)
        names = [one.status.name for one in week.campaigns]
        return names, [count for _name, count in week.answer_counts]

    assert told() == (["tone"], [2, 1])
    workshop.advance_clock(days=2)
    assert told() == (["tone"], [2])
