"""The ways a message can go out, against a workspace that refuses what Slack refuses."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from slack_sdk.errors import SlackApiError

from bot.slack import notes
from bot.slack.pace import LIMITS, Pace
from bot.slack.sending import CALLS, RESPONSE_URL_LIVES
from tests.slack.line import Line

HELLO = notes.plain_words("Hello.")
BYE = notes.plain_words("Bye.")


async def test_a_new_message_arrives_and_its_ts_comes_back(line: Line) -> None:
    ada = line.expert()
    ts = await line.sender.post(ada.dm, HELLO.text, HELLO.blocks)
    (message,) = ada.messages
    assert (message.ts, message.plain) == (ts, "Hello.")


async def test_no_link_in_a_message_is_ever_unfurled(line: Line) -> None:
    ada = line.expert()
    await line.sender.post(ada.dm, HELLO.text, HELLO.blocks)
    (call,) = [r for r in line.sandbox.traffic if "chat.postMessage" in str(r)]
    assert "'unfurl_links': False" in str(call)
    assert "'unfurl_media': False" in str(call)


async def test_a_reply_goes_into_its_thread(line: Line) -> None:
    ada = line.expert()
    ts = await line.sender.post(ada.dm, HELLO.text, HELLO.blocks)
    await line.sender.post(ada.dm, BYE.text, BYE.blocks, ts)
    assert [message.thread_ts for message in ada.messages] == [None, ts]


async def test_a_message_is_replaced_where_it_stands(line: Line) -> None:
    ada = line.expert()
    ts = await line.sender.post(ada.dm, HELLO.text, HELLO.blocks)
    assert await line.sender.update(ada.dm, ts, BYE.text, BYE.blocks)
    assert [message.plain for message in ada.messages] == ["Bye."]


async def test_a_notification_is_cut_to_what_an_update_takes(line: Line) -> None:
    ada = line.expert()
    ts = await line.sender.post(ada.dm, HELLO.text, HELLO.blocks)
    assert await line.sender.update(ada.dm, ts, "x" * 4_001, BYE.blocks)


@pytest.mark.parametrize(
    "word", ["message_not_found", "cant_update_message", "edit_window_closed", "is_inactive"]
)
async def test_a_message_that_is_gone_is_no_error(line: Line, word: str) -> None:
    line.sandbox.faults.error("chat.update", word)
    assert not await line.sender.update("D1", "1.2", BYE.text, BYE.blocks)


async def test_any_other_refusal_is_one(line: Line) -> None:
    line.sandbox.faults.error("chat.update", "fatal_error")
    with pytest.raises(SlackApiError, match="fatal_error"):
        await line.sender.update("D1", "1.2", BYE.text, BYE.blocks)


async def test_a_response_url_replaces_the_message_that_was_clicked_on(line: Line) -> None:
    assert await line.sender.replace(line.hook.url, line.now, BYE.text, BYE.blocks)
    assert line.hook.posted == [{"replace_original": True, "text": BYE.text, "blocks": BYE.blocks}]


@pytest.mark.parametrize("status", [400, 404, 500])
async def test_a_response_url_that_slack_does_not_take_is_said(line: Line, status: int) -> None:
    line.hook.status = status
    assert not await line.sender.replace(line.hook.url, line.now, BYE.text, BYE.blocks)


async def test_a_response_url_is_not_used_when_it_is_too_late(line: Line) -> None:
    since = line.now - RESPONSE_URL_LIVES - timedelta(seconds=1)
    assert timedelta(minutes=25) < RESPONSE_URL_LIVES < timedelta(minutes=30)
    assert not await line.sender.replace(line.hook.url, since, BYE.text, BYE.blocks)
    assert line.hook.posted == []


@pytest.mark.parametrize("url", ["http://127.0.0.1:9/actions", "nonsense", ""])
async def test_an_address_that_does_not_answer_is_no_error(line: Line, url: str) -> None:
    assert not await line.sender.respond(url, {"text": "x"})


async def test_the_conversation_with_a_person_is_opened_once(line: Line) -> None:
    ada = line.expert()
    channels = {await line.sender.direct_channel(ada.id) for _ in range(3)}
    assert channels == {ada.dm}
    assert line.sandbox.counts["conversations.open"] == 1


async def test_after_a_refusal_the_next_call_waits_by_itself(line: Line) -> None:
    ada = line.expert()
    line.sender.pace = Pace()
    line.sandbox.faults.ratelimit("chat.update", retry_after=1)
    with pytest.raises(SlackApiError):
        await line.sender.update(ada.dm, "1.2", BYE.text, BYE.blocks)
    assert line.sender.pace.take("chat.update", "", line.now) > line.now
    assert line.sender.pace.take("chat.postMessage", ada.dm, line.now) <= line.now


async def test_messages_to_one_channel_keep_to_one_a_second(line: Line) -> None:
    ada, grace = line.expert("ada"), line.expert("grace")
    line.sender.pace = Pace()
    begun = asyncio.get_running_loop().time()
    for person in (ada, grace, ada):
        await line.sender.post(person.dm, HELLO.text, HELLO.blocks)
    assert 0.9 < asyncio.get_running_loop().time() - begun < 3


def test_every_method_that_is_paced_can_be_called() -> None:
    assert set(LIMITS) <= set(CALLS)


async def test_no_token_shows_in_the_text_of_a_sender(line: Line) -> None:
    assert line.sandbox.bot_token not in repr(line.sender)
