"""Reminding by hand: who may be reminded is, and who may not is told with the reason."""

from __future__ import annotations

from datetime import timedelta

from sqlmodel import Session, select

from bot.services.reminders import manual
from bot.services.reminders.manual import ReminderResult, ReminderSkipReason
from bot.services.settings.workspace_settings import WorkspaceSettings, update_settings
from storage.tables import Expert, OutboxMessage, ReminderMessage
from tests.services.conftest import Scenario, pair

ADA, BO = "U0ADA", "U0BO"


def at_work(scenario: Scenario) -> None:
    """Let Ada and Bo hold a task each, on a Monday at eleven."""
    scenario.create_campaign(experts=[ADA, BO], overlap=2)
    scenario.import_rows("tone", [pair(1)])
    scenario.advance_clock(hours=2)
    assert scenario.assign_next(ADA)
    assert scenario.assign_next(BO)


def changes(scenario: Scenario, person: str, **columns: object) -> None:
    """Let something be known of somebody."""

    def change(session: Session) -> None:
        expert = session.exec(select(Expert).where(Expert.slack_id == person)).one()
        for name, value in columns.items():
            setattr(expert, name, value)
        session.add(expert)

    scenario.database.write_now(change)


def urges(scenario: Scenario) -> ReminderResult:
    """Remind by hand."""
    return scenario.run_for_campaign("tone", manual.remind_holders, scenario.actor)


def test_who_holds_a_task_is_reminded_once_and_it_counts(scenario: Scenario) -> None:
    at_work(scenario)
    assert urges(scenario).reminded == [ADA, BO]
    assert [row.message_type for row in scenario.rows(OutboxMessage)].count("reminder") == 2
    assert len(scenario.rows(ReminderMessage)) == 2
    assert ("reminded", "campaign tone") in scenario.audit_log()


def test_caps_hold_for_reminders_by_hand_too(scenario: Scenario) -> None:
    at_work(scenario)
    scenario.database.write_now(
        update_settings, WorkspaceSettings(reminders_per_day=1), scenario.actor
    )
    urges(scenario)
    assert urges(scenario).skipped == {ReminderSkipReason.REMINDER_CAP: [ADA, BO]}


def test_who_is_left_alone_is_told_with_the_reason(scenario: Scenario) -> None:
    at_work(scenario)
    changes(scenario, ADA, wants_reminders=False)
    changes(scenario, BO, dnd_until=scenario.now + timedelta(hours=1))
    urged = urges(scenario)
    assert urged.reminded == []
    assert urged.skipped == {
        ReminderSkipReason.REMINDERS_OFF: [ADA],
        ReminderSkipReason.NOT_REACHABLE: [BO],
    }
    assert scenario.rows(ReminderMessage) == []


def test_nobody_is_reminded_at_night_or_of_nothing(scenario: Scenario) -> None:
    scenario.create_campaign(experts=[ADA])
    assert urges(scenario) == ReminderResult()
    scenario.import_rows("tone", [pair(1)])
    scenario.assign_next(ADA)
    scenario.advance_clock(hours=14)
    assert urges(scenario).skipped == {ReminderSkipReason.NOT_REACHABLE: [ADA]}


def test_of_whom_slack_was_not_asked_lately_it_is_asked_first(scenario: Scenario) -> None:
    at_work(scenario)
    changes(scenario, ADA, dnd_checked_at=scenario.now)
    unsure = scenario.database.read_now(manual.dnd_unknown_holders, None, scenario.now)
    assert unsure == [BO]
