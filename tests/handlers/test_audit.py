"""Tests of the audit log in Slack."""

from __future__ import annotations

from bot.slack.parsing.action_ids import Action
from bot.slack.views.audit_log import PAGE_SIZE
from tests.handlers.bolt_app import COORDINATOR, BoltApp


async def test_button_shows_older_events(bolt: BoltApp) -> None:
    bolt.slack.create_campaign(
        *(bolt.slack.add_expert(f"e{number}") for number in range(PAGE_SIZE + 2))
    )
    assert "newest first" in await bolt.send_command(COORDINATOR, "audit tone")
    await bolt.click_button(COORDINATOR, Action("older_audit_events", 1, "", "4"))
    await bolt.click_button(COORDINATOR, Action("older_audit_events", 0, "", "4"))
    await bolt.click_button(COORDINATOR, Action("older_audit_events", 0, "", "nonsense"))
    await bolt.click_button(COORDINATOR, Action("older_audit_events", 1))
    pages = [str(message["blocks"]) for message in bolt.slack.response_url_server.posted]
    assert pages[0] == pages[1]
    assert "created" in pages[0]
    assert "No older events." in pages[2]
    assert "Show older events" in pages[3]
