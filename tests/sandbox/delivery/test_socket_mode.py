"""Socket Mode on the wire: tickets, greetings, envelopes, farewells."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox import NotAcknowledgedError, Sandbox, SimulatedUser

Json = dict[str, Any]
Socket = aiohttp.ClientWebSocketResponse

PATIENCE = 15


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
def connect(sandbox: Sandbox, session: aiohttp.ClientSession) -> Callable[[], Any]:
    """Return what opens a socket and reads the greeting."""

    @asynccontextmanager
    async def open_one() -> AsyncIterator[Socket]:
        async with session.ws_connect(await link(sandbox)) as socket:
            assert (await read(socket))["type"] == "hello"
            yield socket

    return open_one


async def link(sandbox: Sandbox) -> str:
    client = AsyncWebClient(base_url=sandbox.api_url)
    answer = await client.apps_connections_open(app_token=sandbox.app_token)
    return str(answer["url"])


async def read(socket: Socket) -> Json:
    message = await socket.receive(timeout=PATIENCE)
    assert message.type is aiohttp.WSMsgType.TEXT, message
    envelope: Json = json.loads(message.data)
    return envelope


async def acknowledge(socket: Socket, envelope: Json, **more: object) -> None:
    await socket.send_json({"envelope_id": envelope["envelope_id"]} | more)


async def test_a_ticket_opens_one_socket_which_says_hello(
    sandbox: Sandbox, session: aiohttp.ClientSession
) -> None:
    url = await link(sandbox)
    assert url.startswith(f"ws://127.0.0.1:{sandbox.url.rpartition(':')[2]}/link/?ticket=")
    async with session.ws_connect(url) as socket:
        hello = await read(socket)
        assert hello["type"] == "hello"
        assert hello["num_connections"] == 1
        assert hello["connection_info"] == {"app_id": sandbox.app_id}
        assert hello["debug_info"]["approximate_connection_time"] == 3600
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await session.ws_connect(url)


async def test_a_ticket_grows_old(sandbox: Sandbox, session: aiohttp.ClientSession) -> None:
    url = await link(sandbox)
    sandbox.clock.advance(timedelta(minutes=1))
    with pytest.raises(aiohttp.WSServerHandshakeError):
        await session.ws_connect(url)


async def test_each_kind_comes_in_its_own_envelope(
    connect: Callable[[], Any], ada: SimulatedUser
) -> None:
    async with connect() as socket:
        ada.send_message("hello")
        event = await read(socket)
        await acknowledge(socket, event)
        waiting = asyncio.create_task(asyncio.to_thread(ada.send_message, "/plain hello"))
        command = await read(socket)
        await acknowledge(socket, command, payload={"text": "answered"})
        await waiting
        ada.wait_for_text("answered")
        waiting = asyncio.create_task(asyncio.to_thread(ada.use_shortcut, "ask"))
        shortcut = await read(socket)
        await acknowledge(socket, shortcut)
        await waiting
    assert (event["type"], event["accepts_response_payload"]) == ("events_api", False)
    assert (event["retry_attempt"], event["retry_reason"]) == (0, "")
    assert event["payload"]["event"]["text"] == "hello"
    assert (command["type"], command["accepts_response_payload"]) == ("slash_commands", True)
    assert (shortcut["type"], shortcut["accepts_response_payload"]) == ("interactive", True)
    assert "retry_attempt" not in command


async def test_an_unacknowledged_event_comes_again(
    connect: Callable[[], Any], ada: SimulatedUser
) -> None:
    async with connect() as socket:
        ada.send_message("hello")
        first = await read(socket)
        second = await read(socket)
        await acknowledge(socket, second)
    assert (second["retry_attempt"], second["retry_reason"]) == (1, "timeout")
    assert second["payload"] == first["payload"]
    assert second["envelope_id"] != first["envelope_id"]


async def test_an_unacknowledged_interaction_comes_up_to_three_times(
    connect: Callable[[], Any], ada: SimulatedUser
) -> None:
    async with connect() as socket:
        waiting = asyncio.create_task(asyncio.to_thread(ada.use_shortcut, "ask"))
        envelopes = [await read(socket) for _ in range(3)]
        with pytest.raises(NotAcknowledgedError, match="no ack for the envelope"):
            await waiting
        with pytest.raises(TimeoutError):
            await socket.receive(timeout=0.8)
    assert envelopes[0] == envelopes[1] == envelopes[2]


async def test_an_interaction_acknowledged_late_does_not_come_a_third_time(
    connect: Callable[[], Any], ada: SimulatedUser
) -> None:
    async with connect() as socket:
        waiting = asyncio.create_task(asyncio.to_thread(ada.send_message, "/plain x"))
        first, second = await read(socket), await read(socket)
        await acknowledge(socket, second, payload={"text": "too late to be shown"})
        with pytest.raises(NotAcknowledgedError):
            await waiting
        with pytest.raises(TimeoutError):
            await socket.receive(timeout=0.8)
    assert first == second
    assert ada.messages == []


async def test_the_sockets_take_turns(connect: Callable[[], Any], ada: SimulatedUser) -> None:
    async with connect() as one, connect() as other:
        for number in range(4):
            ada.send_message(str(number))
        for socket in (one, other) * 2:
            await acknowledge(socket, await read(socket))


async def test_an_eleventh_socket_is_sent_away(
    sandbox: Sandbox, session: aiohttp.ClientSession
) -> None:
    sockets = [await session.ws_connect(await link(sandbox)) for _ in range(11)]
    await read(sockets[0])
    farewell = await read(sockets[-1])
    assert (farewell["type"], farewell["reason"]) == ("disconnect", "too_many_websockets")
    assert sandbox.connection_count == 10
    for socket in sockets:
        await socket.close()


async def test_a_socket_that_is_to_be_refreshed_gets_no_more_envelopes(
    sandbox: Sandbox, connect: Callable[[], Any], ada: SimulatedUser
) -> None:
    async with connect() as old, connect() as other:
        sandbox.faults.disconnect("refresh_requested")
        for socket in (old, other):
            farewell = await read(socket)
            assert (farewell["type"], farewell["reason"]) == ("disconnect", "refresh_requested")
        async with connect() as new:
            ada.send_message("hello")
            await acknowledge(new, await read(new))


async def test_a_warned_socket_still_works(
    sandbox: Sandbox, connect: Callable[[], Any], ada: SimulatedUser
) -> None:
    async with connect() as socket:
        sandbox.faults.disconnect("warning")
        assert (await read(socket))["reason"] == "warning"
        ada.send_message("hello")
        await acknowledge(socket, await read(socket))


async def test_sockets_can_be_cut_without_a_word(
    sandbox: Sandbox, connect: Callable[[], Any], ada: SimulatedUser
) -> None:
    async with connect() as socket:
        sandbox.faults.drop_sockets()
        assert (await socket.receive(timeout=PATIENCE)).type is aiohttp.WSMsgType.CLOSE
    sandbox.wait_until(lambda: sandbox.connection_count == 0)
    with pytest.raises(NotAcknowledgedError, match="no Socket Mode connection"):
        await asyncio.to_thread(ada.use_shortcut, "ask")


async def test_pings_are_answered_with_their_own_words(
    sandbox: Sandbox, session: aiohttp.ClientSession
) -> None:
    async with session.ws_connect(await link(sandbox), autoping=False) as socket:
        await read(socket)
        await socket.ping(b"sdk-ping-pong:1234")
        pong = await socket.receive(timeout=PATIENCE)
        assert (pong.type, bytes(pong.data)) == (aiohttp.WSMsgType.PONG, b"sdk-ping-pong:1234")


async def test_what_is_no_acknowledgement_is_passed_over(
    sandbox: Sandbox, connect: Callable[[], Any], ada: SimulatedUser
) -> None:
    async with connect() as socket:
        ada.send_message("hello")
        envelope = await read(socket)
        for nonsense in ("no json", "[]", '{"envelope_id": "unknown"}', "{}"):
            await socket.send_str(nonsense)
        await acknowledge(socket, envelope, payload={"text": "an event takes no payload"})
        sandbox.wait_until(lambda: sandbox.request_counts["message"])
    assert (sandbox.traffic[-1].status, sandbox.traffic[-1].response) == (200, None)
    assert len(ada.messages) == 1
