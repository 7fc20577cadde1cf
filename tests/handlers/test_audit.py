"""The audit trail in Slack, turned page by page."""

from __future__ import annotations

from bot.slack.parsing.action_ids import Action
from bot.slack.views.audit_log import PAGE_SIZE
from tests.handlers.bolt_app import COORDINATOR, BoltApp


async def test_the_older_page_follows_the_newest(front: BoltApp) -> None:
    front.slack.create_campaign(
        *(front.slack.add_expert(f"e{number}") for number in range(PAGE_SIZE + 2))
    )
    assert "newest first" in await front.send_command(COORDINATOR, "audit tone")
    await front.click_button(COORDINATOR, Action("trail", 1, "", "4"))
    await front.click_button(COORDINATOR, Action("trail", 0, "", "4"))
    await front.click_button(COORDINATOR, Action("trail", 0, "", "nonsense"))
    await front.click_button(COORDINATOR, Action("trail", 1))
    pages = [str(said["blocks"]) for said in front.slack.response_url_server.posted]
    assert pages[0] == pages[1]
    assert "created" in pages[0]
    assert "That was all." in pages[2]
    assert "Older" in pages[3]
