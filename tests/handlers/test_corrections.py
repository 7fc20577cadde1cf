"""Tests of corrections from Slack."""

from __future__ import annotations

import pytest
from sqlmodel import Session

from bot.slack.parsing.action_ids import Action
from storage.tables import QualityAlert
from tests.handlers.bolt_app import COORDINATOR, BoltApp
from tests.services.conftest import NOW


@pytest.mark.parametrize("action", ["unassign", "reopen", "exclude"])
async def test_correction_without_members_says_how_to_invite(bolt: BoltApp, action: str) -> None:
    bolt.slack.create_campaign()
    await bolt.click_button(COORDINATOR, Action(action, 1))
    assert bolt.ephemeral_texts() == [
        "“tone” has no experts yet. Use `/label invite @person tone` to add some."
    ]
    assert bolt.api_calls("views.open") == []


def _alert_of_a_week(session: Session) -> None:
    text = "took 2 sec per answer in the week of Mon 23 Feb, and 40 sec before"
    session.add(
        QualityAlert(
            id=5, campaign_id=1, expert_id=1, pattern="pace 2026-02-23", text=text, created_at=NOW
        )
    )


@pytest.mark.parametrize(
    ("alert_id", "day"), [("5", "2026-02-23"), ("99", "2026-03-02"), ("x", "2026-03-02")]
)
async def test_exclusion_from_an_alert_is_filled_in(bolt: BoltApp, alert_id: str, day: str) -> None:
    ada = bolt.slack.add_expert()
    bolt.slack.create_campaign(ada)
    bolt.slack.database.write_now(_alert_of_a_week)
    await bolt.click_button(COORDINATOR, Action("exclude", 1, "", alert_id))
    (opened,) = bolt.api_calls("views.open")
    blocks = {block.get("block_id"): block for block in opened["view"]["blocks"]}
    assert blocks["since"]["element"]["initial_date"] == day
    chosen = blocks["expert"]["element"].get("initial_option", {}).get("value")
    assert chosen == (ada.id if alert_id == "5" else None)
