"""The weekly summary."""

from __future__ import annotations

from bot.messages.digests import DigestMessage
from tests.slack.slack_fixture import SlackFixture


async def test_summary_is_posted_unless_nothing_happened(
    slack: SlackFixture,
) -> None:
    ada, cora = slack.add_expert(), slack.sandbox.add_user("cora")
    channel = slack.sandbox.add_channel("coordinators", members=[cora]).id
    await slack.enqueue(DigestMessage(channel), channel)
    await slack.deliver_all()
    assert slack.api_calls("chat.postMessage") == []
    slack.create_campaign(ada, items=6)
    slack.scenario.submit_answer(ada.id, slack.scenario.assign_next(ada.id) or 0, verdict="a")
    await slack.enqueue(DigestMessage(channel), channel)
    await slack.enqueue(DigestMessage(), cora.id)
    await slack.deliver_all()
    cora.wait_for_text("1 answer by 1 expert.")
    assert {call["channel"] for call in slack.api_calls("chat.postMessage")} > {channel, cora.dm}
