"""The ways a message can go out, against a workspace that refuses what Slack refuses."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from slack_sdk.errors import SlackApiError

from bot.slack.client.rate_limiter import METHOD_LIMITS, RateLimiter
from bot.slack.client.sender import API_METHODS, RESPONSE_URL_LIFETIME
from bot.slack.views import short_messages
from tests.slack.slack_fixture import SlackFixture

HELLO = short_messages.render_text("Hello.")
BYE = short_messages.render_text("Bye.")


async def test_a_new_message_arrives_and_its_ts_comes_back(slack: SlackFixture) -> None:
    ada = slack.add_expert()
    ts = await slack.sender.post(ada.dm, HELLO.text, HELLO.blocks)
    (message,) = ada.messages
    assert (message.ts, message.plain_text) == (ts, "Hello.")


async def test_no_link_in_a_message_is_ever_unfurled(slack: SlackFixture) -> None:
    ada = slack.add_expert()
    await slack.sender.post(ada.dm, HELLO.text, HELLO.blocks)
    (call,) = [r for r in slack.sandbox.traffic if "chat.postMessage" in str(r)]
    assert "'unfurl_links': False" in str(call)
    assert "'unfurl_media': False" in str(call)


async def test_a_reply_goes_into_its_thread(slack: SlackFixture) -> None:
    ada = slack.add_expert()
    ts = await slack.sender.post(ada.dm, HELLO.text, HELLO.blocks)
    await slack.sender.post(ada.dm, BYE.text, BYE.blocks, ts)
    assert [message.thread_ts for message in ada.messages] == [None, ts]


async def test_a_message_is_replaced_where_it_stands(slack: SlackFixture) -> None:
    ada = slack.add_expert()
    ts = await slack.sender.post(ada.dm, HELLO.text, HELLO.blocks)
    assert await slack.sender.update(ada.dm, ts, BYE.text, BYE.blocks)
    assert [message.plain_text for message in ada.messages] == ["Bye."]


async def test_a_notification_is_cut_to_what_an_update_takes(slack: SlackFixture) -> None:
    ada = slack.add_expert()
    ts = await slack.sender.post(ada.dm, HELLO.text, HELLO.blocks)
    assert await slack.sender.update(ada.dm, ts, "x" * 4_001, BYE.blocks)


@pytest.mark.parametrize(
    "word", ["message_not_found", "cant_update_message", "edit_window_closed", "is_inactive"]
)
async def test_a_message_that_is_gone_is_no_error(slack: SlackFixture, word: str) -> None:
    slack.sandbox.faults.error("chat.update", word)
    assert not await slack.sender.update("D1", "1.2", BYE.text, BYE.blocks)


async def test_any_other_refusal_is_one(slack: SlackFixture) -> None:
    slack.sandbox.faults.error("chat.update", "fatal_error")
    with pytest.raises(SlackApiError, match="fatal_error"):
        await slack.sender.update("D1", "1.2", BYE.text, BYE.blocks)


async def test_a_response_url_replaces_the_message_that_was_clicked_on(slack: SlackFixture) -> None:
    assert await slack.sender.replace(
        slack.response_url_server.url, slack.now, BYE.text, BYE.blocks
    )
    assert slack.response_url_server.posted == [
        {"replace_original": True, "text": BYE.text, "blocks": BYE.blocks}
    ]


@pytest.mark.parametrize("status", [400, 404, 500])
async def test_a_response_url_that_slack_does_not_take_is_said(
    slack: SlackFixture, status: int
) -> None:
    slack.response_url_server.status = status
    assert not await slack.sender.replace(
        slack.response_url_server.url, slack.now, BYE.text, BYE.blocks
    )


async def test_a_response_url_is_not_used_when_it_is_too_late(slack: SlackFixture) -> None:
    since = slack.now - RESPONSE_URL_LIFETIME - timedelta(seconds=1)
    assert timedelta(minutes=25) < RESPONSE_URL_LIFETIME < timedelta(minutes=30)
    assert not await slack.sender.replace(
        slack.response_url_server.url, since, BYE.text, BYE.blocks
    )
    assert slack.response_url_server.posted == []


@pytest.mark.parametrize("url", ["http://127.0.0.1:9/actions", "nonsense", ""])
async def test_an_address_that_does_not_answer_is_no_error(slack: SlackFixture, url: str) -> None:
    assert not await slack.sender.respond(url, {"text": "x"})


async def test_the_conversation_with_a_person_is_opened_once(slack: SlackFixture) -> None:
    ada = slack.add_expert()
    channels = {await slack.sender.direct_channel(ada.id) for _ in range(3)}
    assert channels == {ada.dm}
    assert slack.sandbox.request_counts["conversations.open"] == 1


async def test_after_a_refusal_the_next_call_waits_by_itself(slack: SlackFixture) -> None:
    ada = slack.add_expert()
    slack.sender.rate_limiter = RateLimiter()
    slack.sandbox.faults.ratelimit("chat.update", retry_after=1)
    with pytest.raises(SlackApiError):
        await slack.sender.update(ada.dm, "1.2", BYE.text, BYE.blocks)
    assert slack.sender.rate_limiter.reserve("chat.update", "", slack.now) > slack.now
    assert slack.sender.rate_limiter.reserve("chat.postMessage", ada.dm, slack.now) <= slack.now


async def test_messages_to_one_channel_keep_to_one_a_second(slack: SlackFixture) -> None:
    ada, grace = slack.add_expert("ada"), slack.add_expert("grace")
    slack.sender.rate_limiter = RateLimiter()
    begun = asyncio.get_running_loop().time()
    for person in (ada, grace, ada):
        await slack.sender.post(person.dm, HELLO.text, HELLO.blocks)
    assert 0.9 < asyncio.get_running_loop().time() - begun < 3


def test_every_method_that_is_paced_can_be_called() -> None:
    assert set(METHOD_LIMITS) <= set(API_METHODS)


async def test_no_token_shows_in_the_text_of_a_sender(slack: SlackFixture) -> None:
    assert slack.sandbox.bot_token not in repr(slack.sender)
