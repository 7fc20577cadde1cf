"""What a coordinator hears of reminders by hand."""

from __future__ import annotations

from syrupy.assertion import SnapshotAssertion

from bot.sandbox.blockkit import check_message
from bot.services.reminders.manual import ReminderResult, ReminderSkipReason
from bot.slack.views.reminder_report import NOBODY_TO_REMIND, render_reminder_report
from tests.slack.conftest import message_yaml, visible_text


def test_who_was_reminded_and_who_was_not(snapshot: SnapshotAssertion) -> None:
    what = ReminderResult(
        ["U1ADA"],
        {
            ReminderSkipReason.NOT_REACHABLE: ["U1BO", "U1CY"],
            ReminderSkipReason.REMINDER_CAP: ["U1DI"],
        },
    )
    message = render_reminder_report(what)
    assert check_message({"text": message.text, "blocks": message.blocks}) == []
    assert message_yaml(message) == snapshot


def test_nobody_and_very_many() -> None:
    assert visible_text(render_reminder_report(ReminderResult()).blocks) == NOBODY_TO_REMIND
    many = render_reminder_report(
        ReminderResult(
            [], {ReminderSkipReason.REMINDERS_OFF: [f"U{number:04}" for number in range(30)]}
        )
    )
    assert "and 10 more" in visible_text(many.blocks)
