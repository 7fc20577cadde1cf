"""Weekly digest: once a week, missed digests sent once, never twice, only if enabled."""

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


def queue_due(scenario: Scenario, coordinators: Sequence[str] = (CORA,)) -> bool:
    """Queue the digest if it is due."""
    return scenario.database.write_now(digest.queue_due, scenario.now, coordinators)


def recipients(scenario: Scenario) -> list[str]:
    """Return the recipients of queued digests."""
    return [row.recipient for row in scenario.rows(OutboxMessage) if row.message_type == "digest"]


def change_settings(scenario: Scenario, **changes: object) -> None:
    """Change settings of the workspace."""
    settings = replace(WorkspaceSettings(), **changes)  # type: ignore[arg-type]  # field values
    scenario.database.write_now(workspace_settings.update_settings, settings, scenario.actor)


def test_first_digest_is_due_next_monday(scenario: Scenario) -> None:
    assert scenario.database.read_now(digest.is_due, NOW), "it is not scheduled yet"
    assert not queue_due(scenario)
    assert not scenario.database.read_now(digest.is_due, NOW)
    assert scenario.database.read_now(digest.digest_settings) == DigestSettings(
        is_enabled=True, channel=None, schedule=DEFAULT_SCHEDULE, due_at=NEXT_MONDAY
    )
    scenario.advance_clock(days=6, hours=23)
    assert not queue_due(scenario)
    scenario.advance_clock(hours=1)
    assert queue_due(scenario)
    assert recipients(scenario) == [CORA]


def test_digest_is_queued_once_a_week(scenario: Scenario) -> None:
    queue_due(scenario)
    scenario.advance_clock(days=7)
    assert [queue_due(scenario) for _ in range(3)] == [True, False, False]
    scenario.advance_clock(days=7)
    assert queue_due(scenario)


def test_missed_digests_are_sent_once(scenario: Scenario) -> None:
    queue_due(scenario)
    scenario.advance_clock(days=23)
    assert [queue_due(scenario) for _ in range(2)] == [True, False]
    due_at = scenario.database.read_now(digest.digest_settings).due_at
    assert due_at == datetime(2026, 3, 30, 9, 0, tzinfo=UTC)


def test_digest_is_sent_to_channel_or_all_coordinators(scenario: Scenario) -> None:
    def grant(session: Session) -> None:
        for slack_id, role in ((DAN, Role.COORDINATOR), ("U0EVE", Role.SENIOR)):
            session.add(RoleGrant(slack_id=slack_id, role=role, source=CORA, created_at=NOW))

    scenario.database.write_now(grant)
    queue_due(scenario)
    scenario.advance_clock(days=7)
    queue_due(scenario)
    assert recipients(scenario) == [CORA, DAN]
    change_settings(scenario, channel="C0DESK")
    scenario.advance_clock(days=7)
    queue_due(scenario)
    assert recipients(scenario)[2:] == ["C0DESK"]
    assert scenario.rows(OutboxMessage)[-1].payload == {"channel": "C0DESK"}


def test_disabled_digest_is_not_sent(scenario: Scenario) -> None:
    queue_due(scenario)
    change_settings(scenario, digest=False)
    scenario.advance_clock(days=7)
    assert not queue_due(scenario)
    change_settings(scenario, digest=True)
    scenario.advance_clock(days=1)
    assert not queue_due(scenario)
    assert recipients(scenario) == []
    scenario.advance_clock(days=6)
    assert queue_due(scenario)


def test_schedule_has_time_zone(scenario: Scenario) -> None:
    new_settings = DigestSettings(
        is_enabled=True,
        channel="C0DESK",
        schedule=CronSchedule("30 8 * * fri", "Asia/Tokyo"),
        due_at=None,
    )
    settings = scenario.database.write_now(
        digest.update_digest_settings, new_settings, scenario.actor
    )
    assert settings.due_at == datetime(2026, 3, 5, 23, 30, tzinfo=UTC)
    assert (settings.channel, settings.schedule) == ("C0DESK", new_settings.schedule)
    scenario.advance_clock(days=4)
    queue_due(scenario)
    assert recipients(scenario) == ["C0DESK"]


def test_other_settings_keep_due_time(scenario: Scenario) -> None:
    queue_due(scenario)
    scenario.advance_clock(days=8)
    before = scenario.database.read_now(digest.digest_settings)
    scenario.database.write_now(
        digest.update_digest_settings, replace(before, channel="C0"), scenario.actor
    )
    assert scenario.database.read_now(digest.digest_settings).due_at == before.due_at, (
        "it is overdue"
    )


def test_invalid_schedule_changes_nothing(scenario: Scenario) -> None:
    new_settings = DigestSettings(
        is_enabled=False, channel=None, schedule=CronSchedule("whenever"), due_at=None
    )
    with pytest.raises(InvalidCronError):
        scenario.database.write_now(digest.update_digest_settings, new_settings, scenario.actor)
    assert scenario.database.read_now(digest.digest_settings) == DigestSettings(
        is_enabled=True, channel=None, schedule=DEFAULT_SCHEDULE, due_at=None
    )


def test_digest_has_open_campaigns_and_answers_of_week(scenario: Scenario) -> None:
    scenario.create_campaign("old", experts=["U0ADA"])
    scenario.create_campaign(overlap=1, experts=["U0ADA", "U0BOB"])
    scenario.import_rows("tone", [pair(number) for number in range(6)])
    scenario.submit_answer("U0ADA", scenario.assign_next("U0ADA") or 0, verdict="a")
    scenario.advance_clock(days=6)
    for _ in range(2):
        scenario.submit_answer("U0BOB", scenario.assign_next("U0BOB") or 0, verdict="a")
    scenario.run_for_campaign("old", campaigns.close, scenario.actor)

    def digest_content() -> tuple[list[str], list[int]]:
        weekly_digest = scenario.database.read_now(digest.weekly_digest, scenario.now)
        names = [campaign.status.name for campaign in weekly_digest.campaigns]
        return names, [count for _name, count in weekly_digest.answer_counts]

    assert digest_content() == (["tone"], [2, 1])
    scenario.advance_clock(days=2)
    assert digest_content() == (["tone"], [2])
