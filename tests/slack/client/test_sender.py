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


async def test_a_new_message_arrives_and_its_ts_comes_back(line: SlackFixture) -> None:
    ada = line.add_expert()
    ts = await line.sender.post(ada.dm, HELLO.text, HELLO.blocks)
    (message,) = ada.messages
    assert (message.ts, message.plain_text) == (ts, "Hello.")


async def test_no_link_in_a_message_is_ever_unfurled(line: SlackFixture) -> None:
    ada = line.add_expert()
    await line.sender.post(ada.dm, HELLO.text, HELLO.blocks)
    (call,) = [r for r in line.sandbox.traffic if "chat.postMessage" in str(r)]
    assert "'unfurl_links': False" in str(call)
    assert "'unfurl_media': False" in str(call)


async def test_a_reply_goes_into_its_thread(line: SlackFixture) -> None:
    ada = line.add_expert()
    ts = await line.sender.post(ada.dm, HELLO.text, HELLO.blocks)
    await line.sender.post(ada.dm, BYE.text, BYE.blocks, ts)
    assert [message.thread_ts for message in ada.messages] == [None, ts]


async def test_a_message_is_replaced_where_it_stands(line: SlackFixture) -> None:
    ada = line.add_expert()
    ts = await line.sender.post(ada.dm, HELLO.text, HELLO.blocks)
    assert await line.sender.update(ada.dm, ts, BYE.text, BYE.blocks)
    assert [message.plain_text for message in ada.messages] == ["Bye."]


async def test_a_notification_is_cut_to_what_an_update_takes(line: SlackFixture) -> None:
    ada = line.add_expert()
    ts = await line.sender.post(ada.dm, HELLO.text, HELLO.blocks)
    assert await line.sender.update(ada.dm, ts, "x" * 4_001, BYE.blocks)


@pytest.mark.parametrize(
    "word", ["message_not_found", "cant_update_message", "edit_window_closed", "is_inactive"]
)
async def test_a_message_that_is_gone_is_no_error(line: SlackFixture, word: str) -> None:
    line.sandbox.faults.error("chat.update", word)
    assert not await line.sender.update("D1", "1.2", BYE.text, BYE.blocks)


async def test_any_other_refusal_is_one(line: SlackFixture) -> None:
    line.sandbox.faults.error("chat.update", "fatal_error")
    with pytest.raises(SlackApiError, match="fatal_error"):
        await line.sender.update("D1", "1.2", BYE.text, BYE.blocks)


async def test_a_response_url_replaces_the_message_that_was_clicked_on(line: SlackFixture) -> None:
    assert await line.sender.replace(line.response_url_server.url, line.now, BYE.text, BYE.blocks)
    assert line.response_url_server.posted == [
        {"replace_original": True, "text": BYE.text, "blocks": BYE.blocks}
    ]


@pytest.mark.parametrize("status", [400, 404, 500])
async def test_a_response_url_that_slack_does_not_take_is_said(
    line: SlackFixture, status: int
) -> None:
    line.response_url_server.status = status
    assert not await line.sender.replace(
        line.response_url_server.url, line.now, BYE.text, BYE.blocks
    )


async def test_a_response_url_is_not_used_when_it_is_too_late(line: SlackFixture) -> None:
    since = line.now - RESPONSE_URL_LIFETIME - timedelta(seconds=1)
    assert timedelta(minutes=25) < RESPONSE_URL_LIFETIME < timedelta(minutes=30)
    assert not await line.sender.replace(line.response_url_server.url, since, BYE.text, BYE.blocks)
    assert line.response_url_server.posted == []


@pytest.mark.parametrize("url", ["http://127.0.0.1:9/actions", "nonsense", ""])
async def test_an_address_that_does_not_answer_is_no_error(line: SlackFixture, url: str) -> None:
    assert not await line.sender.respond(url, {"text": "x"})


async def test_the_conversation_with_a_person_is_opened_once(line: SlackFixture) -> None:
    ada = line.add_expert()
    channels = {await line.sender.direct_channel(ada.id) for _ in range(3)}
    assert channels == {ada.dm}
    assert line.sandbox.request_counts["conversations.open"] == 1


async def test_after_a_refusal_the_next_call_waits_by_itself(line: SlackFixture) -> None:
    ada = line.add_expert()
    line.sender.rate_limiter = RateLimiter()
    line.sandbox.faults.ratelimit("chat.update", retry_after=1)
    with pytest.raises(SlackApiError):
        await line.sender.update(ada.dm, "1.2", BYE.text, BYE.blocks)
    assert line.sender.rate_limiter.reserve("chat.update", "", line.now) > line.now
    assert line.sender.rate_limiter.reserve("chat.postMessage", ada.dm, line.now) <= line.now


async def test_messages_to_one_channel_keep_to_one_a_second(line: SlackFixture) -> None:
    ada, grace = line.add_expert("ada"), line.add_expert("grace")
    line.sender.rate_limiter = RateLimiter()
    begun = asyncio.get_running_loop().time()
    for person in (ada, grace, ada):
        await line.sender.post(person.dm, HELLO.text, HELLO.blocks)
    assert 0.9 < asyncio.get_running_loop().time() - begun < 3


def test_every_method_that_is_paced_can_be_called() -> None:
    assert set(METHOD_LIMITS) <= set(API_METHODS)


async def test_no_token_shows_in_the_text_of_a_sender(line: SlackFixture) -> None:
    assert line.sandbox.bot_token not in repr(line.sender)
