"""The message with the scheduled exports of a campaign."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from syrupy.assertion import SnapshotAssertion

from bot.sandbox.blockkit import check_message
from bot.services.exports.schedules import LastRun, ScheduleStatus
from bot.slack.views.export_schedules import render_schedules
from tests.slack.conftest import message_yaml, visible_text

DUE = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)
DUE_IN_TOKYO = datetime(2026, 3, 2, 21, 0, tzinfo=UTC)
DAILY = ScheduleStatus(
    "rating", "datasets", "0 6 * * *", "Asia/Tokyo", DUE_IN_TOKYO, "C1GENERAL", 5
)


def test_schedules_match_snapshot(snapshot: SnapshotAssertion) -> None:
    weekly = ScheduleStatus("sft", "x", "0 6 * * 1", "UTC", DUE, id=6)
    monthly = ScheduleStatus("sft", "x", "0 6 1 * *", "UTC", DUE, id=7)
    answers = ScheduleStatus("sft", "x", "", "UTC", None, id=8, after_answers=500, new_answers=320)
    complete = ScheduleStatus("sft", "x", "", "UTC", None, id=9)
    message = render_schedules(
        "jokes", [DAILY, weekly, monthly, answers, complete], "Schedule added."
    )
    assert check_message({"text": message.text, "blocks": message.blocks}) == []
    assert message_yaml(message) == snapshot


def test_campaign_without_schedules_shows_how_to_add_one() -> None:
    text = visible_text(render_schedules("jokes", []).blocks)
    assert text.startswith("“jokes” has no scheduled exports.")
    assert "/label schedule jokes daily 06:00" in text


def test_next_run_is_shown_in_the_time_zone_of_the_schedule() -> None:
    text = visible_text(render_schedules("jokes", [DAILY]).blocks)
    assert "rating: daily at 06:00 (Asia/Tokyo), next Tue 3 Mar 06:00" in text


def test_slack_accepts_very_many_schedules() -> None:
    message = render_schedules("jokes", [DAILY] * 100)
    assert check_message({"text": message.text, "blocks": message.blocks[:2]}) == []
    assert len(message.blocks) <= 50


@pytest.mark.parametrize(
    ("last_run", "text"),
    [
        (LastRun(DUE), "Last run Mon 2 Mar 15:00."),
        (LastRun(DUE, missed_runs=2), "Last run Mon 2 Mar 15:00, in place of 3 missed runs."),
        (LastRun(DUE, "no disk."), "Last run Mon 2 Mar 15:00 failed: no disk."),
    ],
)
def test_last_run_is_shown_in_the_time_zone_of_the_schedule(last_run: LastRun, text: str) -> None:
    message = render_schedules("jokes", [replace(DAILY, last_run=last_run)])
    assert check_message({"text": message.text, "blocks": message.blocks}) == []
    assert text in visible_text(message.blocks)
