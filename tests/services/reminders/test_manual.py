"""Manual reminders: experts who cannot be reminded are reported with the reason."""

from __future__ import annotations

from datetime import timedelta

from sqlmodel import Session, select

from bot.services.reminders import manual
from bot.services.reminders.manual import ReminderResult, ReminderSkipReason
from bot.services.settings.workspace_settings import WorkspaceSettings, update_settings
from storage.tables import Expert, OutboxMessage, ReminderMessage
from tests.services.conftest import Scenario, pair

ADA, BO = "U0ADA", "U0BO"


def assign_tasks(scenario: Scenario) -> None:
    """Assign a task to Ada and one to Bo, on a Monday at eleven."""
    scenario.create_campaign(experts=[ADA, BO], overlap=2)
    scenario.import_rows("tone", [pair(1)])
    scenario.sync_profiles()
    scenario.advance_clock(hours=2)
    assert scenario.assign_next(ADA)
    assert scenario.assign_next(BO)


def update_expert(scenario: Scenario, slack_id: str, **columns: object) -> None:
    """Set columns of an expert."""

    def update(session: Session) -> None:
        expert = session.exec(select(Expert).where(Expert.slack_id == slack_id)).one()
        for name, value in columns.items():
            setattr(expert, name, value)
        session.add(expert)

    scenario.database.write_now(update)


def remind(scenario: Scenario) -> ReminderResult:
    """Send manual reminders."""
    return scenario.run_for_campaign("tone", manual.remind_holders, scenario.actor)


def test_each_assignee_is_reminded_once(scenario: Scenario) -> None:
    assign_tasks(scenario)
    assert remind(scenario).reminded == [ADA, BO]
    assert [row.message_type for row in scenario.rows(OutboxMessage)].count("reminder") == 2
    assert len(scenario.rows(ReminderMessage)) == 2
    assert ("sent reminders", "campaign tone") in scenario.audit_log()


def test_expert_without_a_time_zone_is_skipped(scenario: Scenario) -> None:
    """Their default hours are no reason to write to them: it may be night."""
    assign_tasks(scenario)
    update_expert(scenario, ADA, profile_synced_at=None)
    result = remind(scenario)
    assert (result.reminded, result.skipped) == ([BO], {ReminderSkipReason.ZONE_UNKNOWN: [ADA]})


def test_caps_apply_to_manual_reminders(scenario: Scenario) -> None:
    assign_tasks(scenario)
    scenario.database.write_now(
        update_settings, WorkspaceSettings(reminders_per_day=1), scenario.actor
    )
    remind(scenario)
    assert remind(scenario).skipped == {ReminderSkipReason.REMINDER_CAP: [ADA, BO]}


def test_skipped_experts_are_reported_with_reason(scenario: Scenario) -> None:
    assign_tasks(scenario)
    update_expert(scenario, ADA, wants_reminders=False)
    update_expert(scenario, BO, dnd_until=scenario.now + timedelta(hours=1))
    result = remind(scenario)
    assert result.reminded == []
    assert result.skipped == {
        ReminderSkipReason.REMINDERS_OFF: [ADA],
        ReminderSkipReason.NOT_REACHABLE: [BO],
    }
    assert scenario.rows(ReminderMessage) == []


def test_no_reminder_at_night_or_without_task(scenario: Scenario) -> None:
    scenario.create_campaign(experts=[ADA])
    assert remind(scenario) == ReminderResult()
    scenario.import_rows("tone", [pair(1)])
    scenario.sync_profiles()
    scenario.assign_next(ADA)
    scenario.advance_clock(hours=14)
    assert remind(scenario).skipped == {ReminderSkipReason.NOT_REACHABLE: [ADA]}


def test_unknown_dnd_status_is_fetched_first(scenario: Scenario) -> None:
    assign_tasks(scenario)
    update_expert(scenario, ADA, dnd_checked_at=scenario.now)
    unknown_ids = scenario.database.read_now(manual.dnd_unknown_holders, None, scenario.now)
    assert unknown_ids == [BO]
