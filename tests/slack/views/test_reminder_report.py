"""The report of a manual reminder."""

from __future__ import annotations

from syrupy.assertion import SnapshotAssertion

from bot.sandbox.blockkit import check_message
from bot.services.reminders.manual import ReminderResult, ReminderSkipReason
from bot.slack.views.reminder_report import NOBODY_TO_REMIND, render_reminder_report
from tests.slack.conftest import message_yaml, visible_text


def test_report_lists_skipped_experts_by_reason(snapshot: SnapshotAssertion) -> None:
    result = ReminderResult(
        ["U1ADA"],
        {
            ReminderSkipReason.NOT_REACHABLE: ["U1BO", "U1CY"],
            ReminderSkipReason.REMINDER_CAP: ["U1DI"],
        },
    )
    message = render_reminder_report(result)
    assert check_message({"text": message.text, "blocks": message.blocks}) == []
    assert message_yaml(message) == snapshot


def test_report_without_open_tasks() -> None:
    assert visible_text(render_reminder_report(ReminderResult()).blocks) == NOBODY_TO_REMIND


def test_long_list_of_skipped_experts_is_cut() -> None:
    slack_ids = [f"U{number:04}" for number in range(30)]
    message = render_reminder_report(
        ReminderResult([], {ReminderSkipReason.REMINDERS_OFF: slack_ids})
    )
    assert "and 10 more" in visible_text(message.blocks)
