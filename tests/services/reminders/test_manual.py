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


def at_work(workshop: Scenario) -> None:
    """Let Ada and Bo hold a task each, on a Monday at eleven."""
    workshop.create_campaign(experts=[ADA, BO], overlap=2)
    workshop.import_rows("tone", [pair(1)])
    workshop.advance_clock(hours=2)
    assert workshop.assign_next(ADA)
    assert workshop.assign_next(BO)


def changes(workshop: Scenario, person: str, **columns: object) -> None:
    """Let something be known of somebody."""

    def change(session: Session) -> None:
        expert = session.exec(select(Expert).where(Expert.slack_id == person)).one()
        for name, value in columns.items():
            setattr(expert, name, value)
        session.add(expert)

    workshop.database.write_now(change)


def urges(workshop: Scenario) -> ReminderResult:
    """Remind by hand."""
    return workshop.run_for_campaign("tone", manual.remind_holders, workshop.by)


def test_who_holds_a_task_is_reminded_once_and_it_counts(workshop: Scenario) -> None:
    at_work(workshop)
    assert urges(workshop).reminded == [ADA, BO]
    assert [row.message_type for row in workshop.rows(OutboxMessage)].count("reminder") == 2
    assert len(workshop.rows(ReminderMessage)) == 2
    assert ("reminded", "campaign tone") in workshop.audit_log()


def test_caps_hold_for_reminders_by_hand_too(workshop: Scenario) -> None:
    at_work(workshop)
    workshop.database.write_now(
        update_settings, WorkspaceSettings(reminders_per_day=1), workshop.by
    )
    urges(workshop)
    assert urges(workshop).skipped == {ReminderSkipReason.REMINDER_CAP: [ADA, BO]}


def test_who_is_left_alone_is_told_with_the_reason(workshop: Scenario) -> None:
    at_work(workshop)
    changes(workshop, ADA, wants_reminders=False)
    changes(workshop, BO, dnd_until=workshop.now + timedelta(hours=1))
    urged = urges(workshop)
    assert urged.reminded == []
    assert urged.skipped == {
        ReminderSkipReason.REMINDERS_OFF: [ADA],
        ReminderSkipReason.NOT_REACHABLE: [BO],
    }
    assert workshop.rows(ReminderMessage) == []


def test_nobody_is_reminded_at_night_or_of_nothing(workshop: Scenario) -> None:
    workshop.create_campaign(experts=[ADA])
    assert urges(workshop) == ReminderResult()
    workshop.import_rows("tone", [pair(1)])
    workshop.assign_next(ADA)
    workshop.advance_clock(hours=14)
    assert urges(workshop).skipped == {ReminderSkipReason.NOT_REACHABLE: [ADA]}


def test_of_whom_slack_was_not_asked_lately_it_is_asked_first(workshop: Scenario) -> None:
    at_work(workshop)
    changes(workshop, ADA, dnd_at=workshop.now)
    unsure = workshop.database.read_now(manual.dnd_unknown_holders, None, workshop.now)
    assert unsure == [BO]
