"""The export schedules of a campaign, as they are shown."""

from __future__ import annotations

from datetime import UTC, datetime

from syrupy.assertion import SnapshotAssertion

from bot.sandbox.blockkit import check_message
from bot.services.scheduling import ScheduleStatus
from bot.slack.planning import plans
from tests.slack.conftest import as_sent, told

DUE = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)
PLAN = ScheduleStatus("rating", "datasets", "0 6 * * *", "Asia/Tokyo", DUE, "C1GENERAL", 5)


def test_the_plans_of_a_campaign(snapshot: SnapshotAssertion) -> None:
    drawn = plans("jokes", [PLAN, ScheduleStatus("sft", "x", "0 6 * * 1", "UTC", DUE)], "Planned.")
    assert check_message({"text": drawn.text, "blocks": drawn.blocks}) == []
    assert as_sent(drawn) == snapshot


def test_no_plan_says_how_to_make_one() -> None:
    assert "is not exported by itself" in told(plans("jokes", []).blocks)


def test_slack_takes_very_many_plans() -> None:
    drawn = plans("jokes", [PLAN] * 100)
    assert check_message({"text": drawn.text, "blocks": drawn.blocks[:2]}) == []
    assert len(drawn.blocks) <= 50
