"""Tests of the audit log in Slack."""

from __future__ import annotations

import json

from bot.services.actors.actor import Actor
from bot.slack.blockkit.message_size import MAX_MESSAGE_CHARACTERS, count_characters
from bot.slack.parsing.action_ids import Action
from bot.slack.views.audit_log import PAGE_SIZE
from tests.handlers.bolt_app import COORDINATOR, BoltApp, command_payload


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


async def test_reply_to_a_command_is_no_longer_than_slack_accepts(bolt: BoltApp) -> None:
    details = {f"detail {number}": "x" * 120 for number in range(12)}
    for _ in range(PAGE_SIZE):
        actor = Actor(COORDINATOR, "command line", bolt.slack.now)
        await bolt.slack.database.write(
            lambda session, actor: actor.record(
                session, "did", "it", ids=[*range(40_000)], **details
            ),
            actor,
        )
    response = await bolt.send(command_payload(COORDINATOR, "audit"))
    reply = json.loads(response.body)
    assert " and 39,950 more" in str(reply["blocks"])
    assert 0.9 < count_characters(reply["blocks"]) / MAX_MESSAGE_CHARACTERS <= 1
