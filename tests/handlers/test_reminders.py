"""Reminding by hand, typed."""

from __future__ import annotations

import pytest

from bot.services.campaigns import campaigns
from bot.slack.parsing.action_ids import Action
from tests.handlers.bolt_app import COORDINATOR, BoltApp, assign_next_task, command_payload


async def test_those_who_hold_tasks_are_reminded_and_the_rest_is_told(bolt: BoltApp) -> None:
    ada = bolt.slack.add_expert()
    bolt.slack.create_campaign(ada)
    await assign_next_task(bolt, ada)
    bolt.slack.advance_clock(hours=2)
    for text in ("remind tone", "remind"):
        body = command_payload(COORDINATOR, text, response_url=bolt.slack.response_url_server.url)
        answer = await bolt.send(body)
        assert "who was left alone" in answer.body
    assert "1 expert reminded" in bolt.ephemeral_texts()[0]
    words = [row.message_type for row in await bolt.slack.outbox()]
    assert words.count("reminder") >= 1


@pytest.mark.parametrize("number", [0, 1])
async def test_a_button_reminds_as_well(bolt: BoltApp, number: int) -> None:
    ada = bolt.slack.add_expert()
    bolt.slack.create_campaign(ada)
    await assign_next_task(bolt, ada)
    bolt.slack.advance_clock(hours=2)
    await bolt.click_button(COORDINATOR, Action("remind", number))
    assert bolt.ephemeral_texts() == ["1 expert reminded."]


async def test_a_campaign_that_is_over_reminds_nobody(bolt: BoltApp) -> None:
    bolt.slack.create_campaign(bolt.slack.add_expert())
    bolt.slack.scenario.run_for_campaign("tone", campaigns.close, bolt.slack.scenario.actor)
    await bolt.click_button(COORDINATOR, Action("remind", 1))
    assert "is closed" in bolt.ephemeral_texts()[0]
