"""Socket Mode delivery: tickets, hello and disconnect messages, envelopes."""

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

RECEIVE_TIMEOUT_SECONDS = 15


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
def connect(sandbox: Sandbox, session: aiohttp.ClientSession) -> Callable[[], Any]:
    """Return a function that opens a socket and reads the hello message."""

    @asynccontextmanager
    async def open_socket() -> AsyncIterator[Socket]:
        async with session.ws_connect(await socket_url(sandbox)) as socket:
            assert (await read_json(socket))["type"] == "hello"
            yield socket

    return open_socket


async def socket_url(sandbox: Sandbox) -> str:
    client = AsyncWebClient(base_url=sandbox.api_url)
    response = await client.apps_connections_open(app_token=sandbox.app_token)
    return str(response["url"])


async def read_json(socket: Socket) -> Json:
    message = await socket.receive(timeout=RECEIVE_TIMEOUT_SECONDS)
    assert message.type is aiohttp.WSMsgType.TEXT, message
    envelope: Json = json.loads(message.data)
    return envelope


async def acknowledge(socket: Socket, envelope: Json, **fields: object) -> None:
    await socket.send_json({"envelope_id": envelope["envelope_id"]} | fields)


async def test_ticket_opens_one_socket(sandbox: Sandbox, session: aiohttp.ClientSession) -> None:
    url = await socket_url(sandbox)
    assert url.startswith(f"ws://127.0.0.1:{sandbox.url.rpartition(':')[2]}/link/?ticket=")
    async with session.ws_connect(url) as socket:
        hello = await read_json(socket)
        assert hello["type"] == "hello"
        assert hello["num_connections"] == 1
        assert hello["connection_info"] == {"app_id": sandbox.app_id}
        assert hello["debug_info"]["approximate_connection_time"] == 3600
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await session.ws_connect(url)


async def test_ticket_expires(sandbox: Sandbox, session: aiohttp.ClientSession) -> None:
    url = await socket_url(sandbox)
    sandbox.clock.advance(timedelta(minutes=1))
    with pytest.raises(aiohttp.WSServerHandshakeError):
        await session.ws_connect(url)


async def test_each_payload_type_has_its_own_envelope(
    connect: Callable[[], Any], ada: SimulatedUser
) -> None:
    async with connect() as socket:
        ada.send_message("hello")
        event = await read_json(socket)
        await acknowledge(socket, event)
        action = asyncio.create_task(asyncio.to_thread(ada.send_message, "/plain hello"))
        command = await read_json(socket)
        await acknowledge(socket, command, payload={"text": "answered"})
        await action
        ada.wait_for_text("answered")
        action = asyncio.create_task(asyncio.to_thread(ada.use_shortcut, "ask"))
        shortcut = await read_json(socket)
        await acknowledge(socket, shortcut)
        await action
    assert (event["type"], event["accepts_response_payload"]) == ("events_api", False)
    assert (event["retry_attempt"], event["retry_reason"]) == (0, "")
    assert event["payload"]["event"]["text"] == "hello"
    assert (command["type"], command["accepts_response_payload"]) == ("slash_commands", True)
    assert (shortcut["type"], shortcut["accepts_response_payload"]) == ("interactive", True)
    assert "retry_attempt" not in command


async def test_unacknowledged_event_is_retried(
    connect: Callable[[], Any], ada: SimulatedUser
) -> None:
    async with connect() as socket:
        ada.send_message("hello")
        first = await read_json(socket)
        second = await read_json(socket)
        await acknowledge(socket, second)
    assert (second["retry_attempt"], second["retry_reason"]) == (1, "timeout")
    assert second["payload"] == first["payload"]
    assert second["envelope_id"] != first["envelope_id"]


async def test_unacknowledged_interaction_is_sent_three_times(
    connect: Callable[[], Any], ada: SimulatedUser
) -> None:
    async with connect() as socket:
        action = asyncio.create_task(asyncio.to_thread(ada.use_shortcut, "ask"))
        envelopes = [await read_json(socket) for _ in range(3)]
        with pytest.raises(NotAcknowledgedError, match="no ack for the envelope"):
            await action
        with pytest.raises(TimeoutError):
            await socket.receive(timeout=0.8)
    assert envelopes[0] == envelopes[1] == envelopes[2]


async def test_late_ack_stops_redelivery_of_interaction(
    connect: Callable[[], Any], ada: SimulatedUser
) -> None:
    async with connect() as socket:
        action = asyncio.create_task(asyncio.to_thread(ada.send_message, "/plain x"))
        first, second = await read_json(socket), await read_json(socket)
        await acknowledge(socket, second, payload={"text": "too late to be shown"})
        with pytest.raises(NotAcknowledgedError):
            await action
        with pytest.raises(TimeoutError):
            await socket.receive(timeout=0.8)
    assert first == second
    assert ada.messages == []


async def test_envelopes_are_sent_round_robin(
    connect: Callable[[], Any], ada: SimulatedUser
) -> None:
    async with connect() as first, connect() as second:
        for number in range(4):
            ada.send_message(str(number))
        for socket in (first, second) * 2:
            await acknowledge(socket, await read_json(socket))


async def test_eleventh_socket_is_disconnected(
    sandbox: Sandbox, session: aiohttp.ClientSession
) -> None:
    sockets = [await session.ws_connect(await socket_url(sandbox)) for _ in range(11)]
    await read_json(sockets[0])
    disconnect = await read_json(sockets[-1])
    assert (disconnect["type"], disconnect["reason"]) == ("disconnect", "too_many_websockets")
    assert sandbox.connection_count == 10
    for socket in sockets:
        await socket.close()


async def test_socket_to_be_refreshed_gets_no_envelopes(
    sandbox: Sandbox, connect: Callable[[], Any], ada: SimulatedUser
) -> None:
    async with connect() as old, connect() as other:
        sandbox.faults.disconnect("refresh_requested")
        for socket in (old, other):
            disconnect = await read_json(socket)
            assert (disconnect["type"], disconnect["reason"]) == ("disconnect", "refresh_requested")
        async with connect() as new:
            ada.send_message("hello")
            await acknowledge(new, await read_json(new))


async def test_warned_socket_still_works(
    sandbox: Sandbox, connect: Callable[[], Any], ada: SimulatedUser
) -> None:
    async with connect() as socket:
        sandbox.faults.disconnect("warning")
        assert (await read_json(socket))["reason"] == "warning"
        ada.send_message("hello")
        await acknowledge(socket, await read_json(socket))


async def test_sockets_can_be_dropped_without_disconnect_message(
    sandbox: Sandbox, connect: Callable[[], Any], ada: SimulatedUser
) -> None:
    async with connect() as socket:
        sandbox.faults.drop_sockets()
        assert (
            await socket.receive(timeout=RECEIVE_TIMEOUT_SECONDS)
        ).type is aiohttp.WSMsgType.CLOSE
    sandbox.wait_until(lambda: sandbox.connection_count == 0)
    with pytest.raises(NotAcknowledgedError, match="no Socket Mode connection"):
        await asyncio.to_thread(ada.use_shortcut, "ask")


async def test_pong_repeats_ping_payload(sandbox: Sandbox, session: aiohttp.ClientSession) -> None:
    async with session.ws_connect(await socket_url(sandbox), autoping=False) as socket:
        await read_json(socket)
        await socket.ping(b"sdk-ping-pong:1234")
        pong = await socket.receive(timeout=RECEIVE_TIMEOUT_SECONDS)
        assert (pong.type, bytes(pong.data)) == (aiohttp.WSMsgType.PONG, b"sdk-ping-pong:1234")


async def test_invalid_acks_are_ignored(
    sandbox: Sandbox, connect: Callable[[], Any], ada: SimulatedUser
) -> None:
    async with connect() as socket:
        ada.send_message("hello")
        envelope = await read_json(socket)
        for nonsense in ("no json", "[]", '{"envelope_id": "unknown"}', "{}"):
            await socket.send_str(nonsense)
        await acknowledge(socket, envelope, payload={"text": "an event takes no payload"})
        sandbox.wait_until(lambda: sandbox.request_counts["message"])
    assert (sandbox.traffic[-1].status, sandbox.traffic[-1].response) == (200, None)
    assert len(ada.messages) == 1
