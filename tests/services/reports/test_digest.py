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


def ticks(scenario: Scenario, by_setting: Sequence[str] = (CORA,)) -> bool:
    """Let the clock look once."""
    return scenario.database.write_now(digest.queue_due, scenario.now, by_setting)


def lanes(scenario: Scenario) -> list[str]:
    """Return to whom summaries were queued."""
    return [row.recipient for row in scenario.rows(OutboxMessage) if row.message_type == "digest"]


def chooses(scenario: Scenario, **wanted: object) -> None:
    """Let a coordinator choose for the workspace."""
    chosen = replace(WorkspaceSettings(), **wanted)  # type: ignore[arg-type]  # the test knows
    scenario.database.write_now(workspace_settings.update_settings, chosen, scenario.actor)


def test_the_first_comes_on_the_next_monday_morning(scenario: Scenario) -> None:
    assert scenario.database.read_now(digest.is_due, NOW), "nobody knows yet when it is due"
    assert not ticks(scenario)
    assert not scenario.database.read_now(digest.is_due, NOW)
    assert scenario.database.read_now(digest.digest_settings) == DigestSettings(
        is_enabled=True, channel=None, schedule=DEFAULT_SCHEDULE, due_at=NEXT_MONDAY
    )
    scenario.advance_clock(days=6, hours=23)
    assert not ticks(scenario)
    scenario.advance_clock(hours=1)
    assert ticks(scenario)
    assert lanes(scenario) == [CORA]


def test_a_week_is_told_once_however_often_the_clock_looks(scenario: Scenario) -> None:
    ticks(scenario)
    scenario.advance_clock(days=7)
    assert [ticks(scenario) for _ in range(3)] == [True, False, False]
    scenario.advance_clock(days=7)
    assert ticks(scenario)


def test_weeks_without_a_bot_are_made_up_for_by_one(scenario: Scenario) -> None:
    ticks(scenario)
    scenario.advance_clock(days=23)
    assert [ticks(scenario) for _ in range(2)] == [True, False]
    due = scenario.database.read_now(digest.digest_settings).due_at
    assert due == datetime(2026, 3, 30, 9, 0, tzinfo=UTC)


def test_it_goes_to_the_channel_or_else_to_every_coordinator(scenario: Scenario) -> None:
    def grant(session: Session) -> None:
        for person, role in ((DAN, Role.COORDINATOR), ("U0EVE", Role.SENIOR)):
            session.add(RoleGrant(slack_id=person, role=role, source=CORA, created_at=NOW))

    scenario.database.write_now(grant)
    ticks(scenario)
    scenario.advance_clock(days=7)
    ticks(scenario)
    assert lanes(scenario) == [CORA, DAN]
    chooses(scenario, channel="C0DESK")
    scenario.advance_clock(days=7)
    ticks(scenario)
    assert lanes(scenario)[2:] == ["C0DESK"]
    assert scenario.rows(OutboxMessage)[-1].payload == {"channel": "C0DESK"}


def test_switched_off_it_does_not_come_and_switched_on_it_waits_for_its_day(
    scenario: Scenario,
) -> None:
    ticks(scenario)
    chooses(scenario, digest=False)
    scenario.advance_clock(days=7)
    assert not ticks(scenario)
    chooses(scenario, digest=True)
    scenario.advance_clock(days=1)
    assert not ticks(scenario)
    assert lanes(scenario) == []
    scenario.advance_clock(days=6)
    assert ticks(scenario)


def test_the_time_can_be_chosen_in_a_zone(scenario: Scenario) -> None:
    wanted = DigestSettings(
        is_enabled=True,
        channel="C0DESK",
        schedule=CronSchedule("30 8 * * fri", "Asia/Tokyo"),
        due_at=None,
    )
    changed = scenario.database.write_now(digest.update_digest_settings, wanted, scenario.actor)
    assert changed.due_at == datetime(2026, 3, 5, 23, 30, tzinfo=UTC)
    assert (changed.channel, changed.schedule) == ("C0DESK", wanted.schedule)
    scenario.advance_clock(days=4)
    ticks(scenario)
    assert lanes(scenario) == ["C0DESK"]


def test_what_does_not_change_the_time_leaves_it_alone(scenario: Scenario) -> None:
    ticks(scenario)
    scenario.advance_clock(days=8)
    before = scenario.database.read_now(digest.digest_settings)
    scenario.database.write_now(
        digest.update_digest_settings, replace(before, channel="C0"), scenario.actor
    )
    assert scenario.database.read_now(digest.digest_settings).due_at == before.due_at, (
        "it is overdue"
    )


def test_nonsense_changes_nothing(scenario: Scenario) -> None:
    wanted = DigestSettings(
        is_enabled=False, channel=None, schedule=CronSchedule("whenever"), due_at=None
    )
    with pytest.raises(InvalidCronError):
        scenario.database.write_now(digest.update_digest_settings, wanted, scenario.actor)
    assert scenario.database.read_now(digest.digest_settings) == DigestSettings(
        is_enabled=True, channel=None, schedule=DEFAULT_SCHEDULE, due_at=None
    )


def test_a_week_has_campaigns_that_go_on_and_who_answered_in_it(scenario: Scenario) -> None:
    scenario.create_campaign("old", experts=["U0ADA"])
    scenario.create_campaign(overlap=1, experts=["U0ADA", "U0BOB"])
    scenario.import_rows("tone", [pair(number) for number in range(6)])
    scenario.submit_answer("U0ADA", scenario.assign_next("U0ADA") or 0, verdict="a")
    scenario.advance_clock(days=6)
    for _ in range(2):
        scenario.submit_answer("U0BOB", scenario.assign_next("U0BOB") or 0, verdict="a")
    scenario.run_for_campaign("old", campaigns.close, scenario.actor)

    def told() -> tuple[list[str], list[int]]:
        week = scenario.database.read_now(digest.weekly_digest, scenario.now)
        names = [one.status.name for one in week.campaigns]
        return names, [count for _name, count in week.answer_counts]

    assert told() == (["tone"], [2, 1])
    scenario.advance_clock(days=2)
    assert told() == (["tone"], [2])
