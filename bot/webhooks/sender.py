"""Send a signed webhook: once, to a checked address, with a clear reason if it fails.

Protects against server-side request forgery (SSRF) as downloads do: the host is resolved once, all
its addresses must be public unless the settings allow private ones, and the request goes to the
address that was checked. Redirects are not followed.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime

import httpx
import orjson

from bot import __version__
from bot.errors import BotError
from bot.public_address import Address, is_public
from bot.url_download import resolve_host
from bot.webhooks.signature import signed_headers

TIMEOUT_SECONDS = 30.0
"""Seconds for one attempt. The specification recommends 15 to 30."""

PERMANENT_STATUSES = frozenset(range(300, 500)) - {408, 409, 425, 429}
"""Statuses after which the same request fails again: redirects and errors of the request."""

REMEDIES = {
    401: "the receiver does not accept the signature; compare LABELBOT_WEBHOOK_SECRET with its own",
    403: "the receiver does not accept the signature; compare LABELBOT_WEBHOOK_SECRET with its own",
    404: "nothing is at this address; check it",
    410: "the receiver no longer wants webhooks; remove the schedule",
    413: "the receiver accepts no request of this size; let it accept 1 MB",
}


class WebhookError(BotError):
    """The webhook of {host} failed: {reason}."""

    def __init__(self, host: str, reason: str, *, is_permanent: bool = False) -> None:
        """Take the host and the reason; `is_permanent`: another attempt cannot help."""
        super().__init__(host=host, reason=reason)
        self.reason = reason
        self.is_permanent = is_permanent


@dataclass(frozen=True, slots=True)
class WebhookEndpoint:
    """Where webhooks go, and the keys that sign them (`parse_secrets`).

    `allows_private`: addresses that are not on the public internet, and http://, are allowed.
    """

    url: str
    keys: tuple[bytes, ...] = field(repr=False)
    allows_private: bool = False
    resolve: Callable[[str, int], Awaitable[list[Address]]] = resolve_host
    timeout_seconds: float = TIMEOUT_SECONDS


@dataclass(frozen=True, slots=True)
class WebhookEvent:
    """What is sent: `data`, which JSON can express, with a type such as `export.completed`.

    `id` is the same in each attempt. `happened_at` is aware.
    """

    id: str
    type: str
    happened_at: datetime
    data: object

    def to_body(self) -> bytes:
        """Return the event as JSON, as the specification recommends."""
        return orjson.dumps({"type": self.type, "timestamp": self.happened_at, "data": self.data})


async def send_webhook(endpoint: WebhookEndpoint, event: WebhookEvent, now: datetime) -> None:
    """Send an event once. A status from 200 to 299 means that the receiver has it.

    Raises:
        WebhookError: the settings forbid the address, or the receiver did not accept the event.
    """
    url = _parse_url(endpoint.url)
    body = event.to_body()
    headers = {
        **signed_headers(endpoint.keys, event.id, int(now.timestamp()), body),
        "Content-Type": "application/json",
        "User-Agent": f"labelbot/{__version__}",
        "Host": url.netloc.decode("ascii"),
    }
    try:
        async with asyncio.timeout(endpoint.timeout_seconds):
            address = await _resolve_address(url, endpoint)
            status = await _post(url.copy_with(host=str(address)), url.host, headers, body)
    except TimeoutError as error:
        reason = f"the receiver did not answer within {endpoint.timeout_seconds:.0f} seconds"
        raise WebhookError(url.host, reason) from error
    except (httpx.HTTPError, OSError) as error:
        reason = f"the receiver cannot be reached ({type(error).__name__}); check the address"
        raise WebhookError(url.host, reason) from error
    if not httpx.codes.is_success(status):
        raise _status_error(url.host, status)


def _parse_url(text: str) -> httpx.URL:
    try:
        return httpx.URL(text)
    except httpx.InvalidURL as error:
        reason = "it is not a URL; write https://example.org/path"
        raise WebhookError(text[:100], reason, is_permanent=True) from error


async def _resolve_address(url: httpx.URL, endpoint: WebhookEndpoint) -> Address:
    """Return an IP address of the host; all its addresses must be allowed."""
    if url.scheme != "https" and not (url.scheme == "http" and endpoint.allows_private):
        reason = "the address must begin with https://"
        raise WebhookError(url.host, reason, is_permanent=True)
    port = url.port or (443 if url.scheme == "https" else 80)
    addresses = await endpoint.resolve(url.host, port)
    if not addresses:
        raise WebhookError(url.host, "the name of the host has no address; check it")
    if not endpoint.allows_private and not all(map(is_public, addresses)):
        reason = (
            "the address is not on the public internet; to allow private addresses, set "
            "LABELBOT_WEBHOOK_ALLOW_PRIVATE=true"
        )
        raise WebhookError(url.host, reason, is_permanent=True)
    return addresses[0]


async def _post(url: httpx.URL, host: str, headers: dict[str, str], body: bytes) -> int:
    """Send the request to the checked address, with the original name in Host and TLS."""
    async with (
        httpx.AsyncClient(trust_env=False, timeout=None) as client,  # noqa: S113 - the caller has one
        client.stream(
            "POST", url, content=body, headers=headers, extensions={"sni_hostname": host}
        ) as response,
    ):
        return response.status_code


def _status_error(host: str, status: int) -> WebhookError:
    remedy = REMEDIES.get(status)
    if remedy is None and httpx.codes.is_redirect(status):
        remedy = "redirects are not followed; use the address that it names"
    reason = f"it answered with status {status}" + (f": {remedy}" if remedy else "")
    return WebhookError(host, reason, is_permanent=status in PERMANENT_STATUSES)
