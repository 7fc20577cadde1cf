"""Sending of webhooks: only to addresses that were checked, and with a reason for a failure."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from ipaddress import ip_address

import pytest
from aiohttp import web

from bot.public_address import Address
from bot.webhooks.events import WebhookEvent
from bot.webhooks.sender import WebhookEndpoint, WebhookError, send_webhook
from bot.webhooks.signature import parse_secrets
from tests.destinations.threaded_server import serve
from tests.destinations.webhook_receiver import SECRET, WebhookReceiver

NOW = datetime.now(UTC)
EVENT = WebhookEvent("msg_1", "answer.created", NOW, {"text": "U+2028: \u2028"})
KEYS = parse_secrets(SECRET)


def resolve_to(*addresses: str) -> Callable[[str, int], Awaitable[list[Address]]]:
    """Return a resolver of every host to the same addresses."""

    async def resolve(_host: str, _port: int) -> list[Address]:
        return [ip_address(address) for address in addresses]

    return resolve


@pytest.mark.parametrize(
    "addresses",
    [("127.0.0.1",), ("10.0.0.5",), ("169.254.169.254",), ("::1",), ("93.184.216.34", "10.0.0.5")],
)
async def test_private_address_is_refused(addresses: tuple[str, ...]) -> None:
    endpoint = WebhookEndpoint("https://example.org/x", KEYS, resolve=resolve_to(*addresses))
    with pytest.raises(WebhookError, match="not on the public internet") as caught:
        await send_webhook(endpoint, EVENT, NOW)
    assert caught.value.is_permanent


async def test_unencrypted_address_is_refused() -> None:
    endpoint = WebhookEndpoint("http://example.org/x", KEYS, resolve=resolve_to("93.184.216.34"))
    with pytest.raises(WebhookError, match="must begin with https://"):
        await send_webhook(endpoint, EVENT, NOW)


async def test_host_without_address_may_have_one_later() -> None:
    endpoint = WebhookEndpoint("https://example.org/x", KEYS, resolve=resolve_to())
    with pytest.raises(WebhookError, match="has no address") as caught:
        await send_webhook(endpoint, EVENT, NOW)
    assert not caught.value.is_permanent


async def test_request_goes_to_the_checked_address_with_the_name_of_the_host() -> None:
    hosts: list[str] = []

    async def receive(request: web.Request) -> web.Response:
        hosts.append(request.headers["Host"])
        return web.Response(status=202)

    application = web.Application()
    application.router.add_post("/x", receive)
    with serve(application) as url:
        port = url.rpartition(":")[2]
        named = f"http://receiver.example:{port}/x"
        endpoint = WebhookEndpoint(
            named, KEYS, allows_private=True, resolve=resolve_to("127.0.0.1")
        )
        await send_webhook(endpoint, EVENT, NOW)
    assert hosts == [f"receiver.example:{port}"]


async def test_receiver_that_does_not_answer_is_not_waited_for() -> None:
    receiver = WebhookReceiver()
    receiver.may_answer.clear()
    with receiver.serve() as url:
        endpoint = WebhookEndpoint(f"{url}/exports", KEYS, allows_private=True, timeout_seconds=0.1)
        with pytest.raises(WebhookError, match="did not answer within") as caught:
            await send_webhook(endpoint, EVENT, NOW)
        receiver.may_answer.set()
    assert not caught.value.is_permanent


def test_keys_are_not_shown() -> None:
    assert "keys" not in repr(WebhookEndpoint("https://example.org/x", KEYS))
