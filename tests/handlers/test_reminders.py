"""Reminding by hand, typed."""

from __future__ import annotations

import pytest

from bot.services.campaigns import campaigns
from bot.slack.parsing.action_ids import Action
from tests.handlers.bolt_app import COORDINATOR, BoltApp, assign_next_task, command_payload


async def test_those_who_hold_tasks_are_reminded_and_the_rest_is_told(front: BoltApp) -> None:
    ada = front.slack.add_expert()
    front.slack.create_campaign(ada)
    await assign_next_task(front, ada)
    front.slack.advance_clock(hours=2)
    for text in ("remind tone", "remind"):
        body = command_payload(COORDINATOR, text, response_url=front.slack.response_url_server.url)
        answer = await front.send(body)
        assert "who was left alone" in answer.body
    assert "1 person reminded" in front.ephemeral_texts()[0]
    words = [row.message_type for row in await front.slack.outbox()]
    assert words.count("reminder") >= 1


@pytest.mark.parametrize("number", [0, 1])
async def test_a_button_reminds_as_well(front: BoltApp, number: int) -> None:
    ada = front.slack.add_expert()
    front.slack.create_campaign(ada)
    await assign_next_task(front, ada)
    front.slack.advance_clock(hours=2)
    await front.click_button(COORDINATOR, Action("remind", number))
    assert front.ephemeral_texts() == ["1 person reminded."]


async def test_a_campaign_that_is_over_reminds_nobody(front: BoltApp) -> None:
    front.slack.create_campaign(front.slack.add_expert())
    front.slack.scenario.run_for_campaign("tone", campaigns.close, front.slack.scenario.by)
    await front.click_button(COORDINATOR, Action("remind", 1))
    assert "is closed" in front.ephemeral_texts()[0]
