"""Tests of manual reminders."""

from __future__ import annotations

import pytest

from bot.services.campaigns import campaigns
from bot.slack.parsing.action_ids import Action
from tests.handlers.bolt_app import COORDINATOR, BoltApp, assign_next_task, command_payload


async def test_command_reminds_and_reports_the_result(bolt: BoltApp) -> None:
    ada = bolt.slack.add_expert()
    bolt.slack.create_campaign(ada)
    bolt.slack.scenario.sync_profiles()
    await assign_next_task(bolt, ada)
    bolt.slack.advance_clock(hours=2)
    for text in ("remind tone", "remind"):
        body = command_payload(COORDINATOR, text, response_url=bolt.slack.response_url_server.url)
        response = await bolt.send(body)
        assert "who was skipped" in response.body
    assert "1 expert reminded" in bolt.ephemeral_texts()[0]
    message_types = [row.message_type for row in await bolt.slack.outbox()]
    assert message_types.count("reminder") >= 1


@pytest.mark.parametrize("campaign_id", [0, 1])
async def test_button_reminds_in_one_campaign_or_in_all(bolt: BoltApp, campaign_id: int) -> None:
    ada = bolt.slack.add_expert()
    bolt.slack.create_campaign(ada)
    bolt.slack.scenario.sync_profiles()
    await assign_next_task(bolt, ada)
    bolt.slack.advance_clock(hours=2)
    await bolt.click_button(COORDINATOR, Action("remind", campaign_id))
    assert bolt.ephemeral_texts() == ["1 expert reminded."]


async def test_closed_campaign_reminds_nobody(bolt: BoltApp) -> None:
    bolt.slack.create_campaign(bolt.slack.add_expert())
    bolt.slack.scenario.run_for_campaign("tone", campaigns.close, bolt.slack.scenario.actor)
    await bolt.click_button(COORDINATOR, Action("remind", 1))
    assert "is closed" in bolt.ephemeral_texts()[0]
