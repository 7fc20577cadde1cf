"""The export schedules of a campaign, as they are shown."""

from __future__ import annotations

from datetime import UTC, datetime

from syrupy.assertion import SnapshotAssertion

from bot.sandbox.blockkit import check_message
from bot.services.exports.jobs import ScheduleStatus
from bot.slack.views.export_schedules import render_schedules
from tests.slack.conftest import message_yaml, visible_text

DUE = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)
PLAN = ScheduleStatus("rating", "datasets", "0 6 * * *", "Asia/Tokyo", DUE, "C1GENERAL", 5)


def test_the_plans_of_a_campaign(snapshot: SnapshotAssertion) -> None:
    message = render_schedules(
        "jokes", [PLAN, ScheduleStatus("sft", "x", "0 6 * * 1", "UTC", DUE)], "Planned."
    )
    assert check_message({"text": message.text, "blocks": message.blocks}) == []
    assert message_yaml(message) == snapshot


def test_no_plan_says_how_to_make_one() -> None:
    assert "is not exported by itself" in visible_text(render_schedules("jokes", []).blocks)


def test_slack_takes_very_many_plans() -> None:
    message = render_schedules("jokes", [PLAN] * 100)
    assert check_message({"text": message.text, "blocks": message.blocks[:2]}) == []
    assert len(message.blocks) <= 50
