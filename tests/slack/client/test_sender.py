"""The sender: new messages, updates and response_urls, against a strict sandbox."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from slack_sdk.errors import SlackApiError

from bot.slack.blockkit.message_size import MAX_MESSAGE_CHARACTERS, count_characters
from bot.slack.client.api_methods import API_METHODS
from bot.slack.client.call_budget import ProcessBudget
from bot.slack.client.rate_limiter import METHOD_LIMITS, LimitReachedError
from bot.slack.client.sender import RESPONSE_URL_LIFETIME
from bot.slack.views import short_messages
from tests.slack.slack_fixture import SlackFixture

HELLO = short_messages.render_text("Hello.")
BYE = short_messages.render_text("Bye.")


async def test_new_message_is_posted_and_its_ts_returned(slack: SlackFixture) -> None:
    ada = slack.add_expert()
    ts = await slack.sender.post(ada.dm, HELLO.text, HELLO.blocks)
    (message,) = ada.messages
    assert (message.ts, message.plain_text) == (ts, "Hello.")


async def test_links_are_not_unfurled(slack: SlackFixture) -> None:
    ada = slack.add_expert()
    await slack.sender.post(ada.dm, HELLO.text, HELLO.blocks)
    (call,) = [call for call in slack.sandbox.traffic if "chat.postMessage" in str(call)]
    assert "'unfurl_links': False" in str(call)
    assert "'unfurl_media': False" in str(call)


async def test_reply_is_posted_in_its_thread(slack: SlackFixture) -> None:
    ada = slack.add_expert()
    ts = await slack.sender.post(ada.dm, HELLO.text, HELLO.blocks)
    await slack.sender.post(ada.dm, BYE.text, BYE.blocks, ts)
    assert [message.thread_ts for message in ada.messages] == [None, ts]


async def test_message_is_updated_in_place(slack: SlackFixture) -> None:
    ada = slack.add_expert()
    ts = await slack.sender.post(ada.dm, HELLO.text, HELLO.blocks)
    assert await slack.sender.update(ada.dm, ts, BYE.text, BYE.blocks)
    assert [message.plain_text for message in ada.messages] == ["Bye."]


async def test_notification_text_is_cut_for_an_update(slack: SlackFixture) -> None:
    ada = slack.add_expert()
    ts = await slack.sender.post(ada.dm, HELLO.text, HELLO.blocks)
    assert await slack.sender.update(ada.dm, ts, "x" * 4_001, BYE.blocks)


@pytest.mark.parametrize(
    "code", ["message_not_found", "cant_update_message", "edit_window_closed", "is_inactive"]
)
async def test_update_of_a_deleted_message_returns_false(slack: SlackFixture, code: str) -> None:
    slack.sandbox.faults.error("chat.update", code)
    assert not await slack.sender.update("D1", "1.2", BYE.text, BYE.blocks)


async def test_other_errors_of_an_update_are_raised(slack: SlackFixture) -> None:
    slack.sandbox.faults.error("chat.update", "fatal_error")
    with pytest.raises(SlackApiError, match="fatal_error"):
        await slack.sender.update("D1", "1.2", BYE.text, BYE.blocks)


async def test_response_url_replaces_its_message(slack: SlackFixture) -> None:
    assert await slack.sender.replace(
        slack.response_url_server.url, slack.now, BYE.text, BYE.blocks
    )
    assert slack.response_url_server.posted == [
        {"replace_original": True, "text": BYE.text, "blocks": BYE.blocks}
    ]


@pytest.mark.parametrize("status", [400, 404, 500])
async def test_refused_response_url_returns_false(slack: SlackFixture, status: int) -> None:
    slack.response_url_server.status = status
    assert not await slack.sender.replace(
        slack.response_url_server.url, slack.now, BYE.text, BYE.blocks
    )


@pytest.mark.parametrize(
    ("body", "is_success"),
    [
        ("ok", True),
        (" ok\n", True),
        ('{"ok": true}', True),
        ('{"ok": false, "error": "expired_url"}', False),
        ('{"ok": "true"}', False),
        ("no_text", False),
        ("expired_url", False),
        ("<!DOCTYPE html><html>ok</html>", False),
        ("[true]", False),
        ("", False),
    ],
)
async def test_response_url_succeeds_only_if_slack_says_so(
    slack: SlackFixture, body: str, *, is_success: bool
) -> None:
    slack.response_url_server.body = body
    url = slack.response_url_server.url
    assert await slack.sender.respond(url, {"text": "x"}) == is_success


async def test_message_that_is_too_long_is_shortened(slack: SlackFixture) -> None:
    ada = slack.add_expert()
    message = short_messages.render_text("word " * 10_000)
    ts = await slack.sender.post(ada.dm, message.text, message.blocks)
    assert await slack.sender.update(ada.dm, ts, message.text, message.blocks)
    await slack.sender.respond(
        slack.response_url_server.url, {"text": "x", "blocks": message.blocks}
    )
    (posted,) = slack.response_url_server.posted
    for blocks in (ada.messages[0].blocks, posted["blocks"]):
        assert count_characters(blocks) <= MAX_MESSAGE_CHARACTERS


async def test_call_that_would_wait_long_is_refused(slack: SlackFixture) -> None:
    slack.sender.budget = ProcessBudget(slack.clock)
    await slack.sender.budget.back_off("users.info", 30)
    hasty = replace(slack.sender, max_wait=timedelta(seconds=2))
    with pytest.raises(LimitReachedError) as caught:
        await hasty.call("users.info", {"user": "U1"})
    assert timedelta(seconds=29) < caught.value.wait <= timedelta(seconds=30)
    assert slack.sandbox.request_counts["users.info"] == 0


async def test_expired_response_url_is_not_used(slack: SlackFixture) -> None:
    received_at = slack.now - RESPONSE_URL_LIFETIME - timedelta(seconds=1)
    assert timedelta(minutes=25) < RESPONSE_URL_LIFETIME < timedelta(minutes=30)
    assert not await slack.sender.replace(
        slack.response_url_server.url, received_at, BYE.text, BYE.blocks
    )
    assert slack.response_url_server.posted == []


@pytest.mark.parametrize("url", ["http://127.0.0.1:9/actions", "nonsense", ""])
async def test_unreachable_response_url_returns_false(slack: SlackFixture, url: str) -> None:
    assert not await slack.sender.respond(url, {"text": "x"})


async def test_dm_is_opened_once(slack: SlackFixture) -> None:
    ada = slack.add_expert()
    channels = {await slack.sender.direct_channel(ada.id) for _ in range(3)}
    assert channels == {ada.dm}
    assert slack.sandbox.request_counts["conversations.open"] == 1


async def test_dm_that_cannot_be_opened_now_is_addressed_by_its_person(slack: SlackFixture) -> None:
    ada = slack.add_expert()
    slack.sender.budget = ProcessBudget(slack.clock)
    await slack.sender.budget.back_off("conversations.open", 30)
    hasty = replace(slack.sender, max_wait=timedelta(seconds=2))
    await hasty.post(await hasty.direct_channel(ada.id), HELLO.text, HELLO.blocks)
    assert len(ada.messages) == 1
    assert await hasty.direct_channel(ada.id) == ada.dm


async def test_rate_limited_method_waits_before_the_next_call(slack: SlackFixture) -> None:
    ada = slack.add_expert()
    slack.sender.budget = ProcessBudget(slack.clock)
    slack.sandbox.faults.ratelimit("chat.update", retry_after=1)
    with pytest.raises(SlackApiError):
        await slack.sender.update(ada.dm, "1.2", BYE.text, BYE.blocks)
    for method, has_to_wait in (("chat.update", True), ("chat.postMessage", False)):
        wait = await slack.sender.budget.reserve(method, ada.dm, None, is_update=False)
        assert (wait > timedelta()) == has_to_wait


@pytest.mark.slow
async def test_messages_to_a_channel_are_one_second_apart(slack: SlackFixture) -> None:
    ada, grace = slack.add_expert("ada"), slack.add_expert("grace")
    slack.sender.budget = ProcessBudget(slack.clock)
    start = asyncio.get_running_loop().time()
    for person in (ada, grace, ada):
        await slack.sender.post(person.dm, HELLO.text, HELLO.blocks)
    assert 0.9 < asyncio.get_running_loop().time() - start < 3


def test_every_limited_method_can_be_called() -> None:
    assert set(METHOD_LIMITS) <= set(API_METHODS)


async def test_repr_of_a_sender_hides_the_token(slack: SlackFixture) -> None:
    assert slack.sandbox.bot_token not in repr(slack.sender)
