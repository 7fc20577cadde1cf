"""Send a signed webhook: once, to a checked address, with a clear reason if it fails.

Protects against server-side request forgery (SSRF) as downloads do: the host is resolved once, all
its addresses must be public unless the settings allow private ones, and the request goes to the
address that was checked. Redirects are not followed.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import cache
from typing import TYPE_CHECKING

from bot import __version__
from bot.errors import BotError
from bot.host_lookup import resolve_host
from bot.lazy_module import LazyModule
from bot.public_address import Address, is_public
from bot.webhooks.events import WebhookEvent
from bot.webhooks.signature import signed_headers

if TYPE_CHECKING:
    import httpx
else:
    httpx = LazyModule("httpx")  # the bot rarely needs it

TIMEOUT_SECONDS = 30.0
"""Seconds for one attempt. The specification recommends 15 to 30."""

MAX_RETRY_AFTER_SECONDS = 3_600
"""Longest wait that a receiver may ask for."""

PERMANENT_STATUSES = frozenset(range(300, 500)) - {408, 409, 425, 429}
"""Statuses after which the same request fails again: redirects and errors of the request."""

GONE = 410
"""Status by which a receiver says that it wants no webhooks any more."""

SIGNATURE_STATUSES = (401, 403)
"""Statuses by which a receiver says that it does not accept the signature."""

REMEDIES = {
    **dict.fromkeys(
        SIGNATURE_STATUSES,
        "the receiver does not accept the signature; compare the secret with its own",
    ),
    404: "nothing is at this address; check it",
    GONE: "the receiver no longer wants webhooks; remove what sends them",
    413: "the receiver accepts no request of this size; let it accept 1 MB",
}


class WebhookError(BotError):
    """The webhook of {host} failed: {reason}."""

    def __init__(
        self,
        host: str,
        reason: str,
        *,
        is_permanent: bool = False,
        status: int | None = None,
        retry_after: timedelta | None = None,
    ) -> None:
        """Take the host and the reason; `is_permanent`: another attempt cannot help.

        `status` is that of the response, None without one; `retry_after` is its header, in seconds.
        """
        super().__init__(host=host, reason=reason)
        self.reason = reason
        self.is_permanent = is_permanent
        self.status, self.retry_after = status, retry_after


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


async def send_webhook(endpoint: WebhookEndpoint, event: WebhookEvent, now: datetime) -> int:
    """Send an event once; return the status, from 200 to 299: the receiver has it.

    Nothing after the headers of the response is read, however long the receiver says it is.

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
            response = await _post(url.copy_with(host=str(address)), url.host, headers, body)
    except TimeoutError as error:
        reason = f"the receiver did not answer within {endpoint.timeout_seconds:.0f} seconds"
        raise WebhookError(url.host, reason) from error
    except (httpx.HTTPError, OSError) as error:
        raise WebhookError(url.host, _describe_failure(error)) from error
    if not response.is_success:
        raise _status_error(url.host, response, now)
    return response.status_code


def _describe_failure(error: Exception) -> str:
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return f"its certificate is not valid ({cause.verify_message}); renew it"
        cause = cause.__cause__ or cause.__context__
    return f"the receiver cannot be reached ({type(error).__name__}); check the address"


def _parse_url(text: str) -> httpx.URL:
    try:
        return httpx.URL(text)
    except httpx.InvalidURL as error:
        reason = "it is not a URL; write https://example.org/path"
        raise WebhookError(text[:100], reason, is_permanent=True) from error


async def _resolve_address(url: httpx.URL, endpoint: WebhookEndpoint) -> Address:
    """Return an IP address of the host; all its addresses must be allowed."""
    if url.scheme != "https" and not (url.scheme == "http" and endpoint.allows_private):
        reason = "the address must begin with https:// without LABELBOT_WEBHOOK_ALLOW_PRIVATE=true"
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


@cache
def _ssl_context() -> ssl.SSLContext:
    """Return the context of all requests: to load the certificates takes longer than a request.

    SSL_CERT_FILE and SSL_CERT_DIR name other certificates, such as those of a private network.
    """
    return httpx.create_ssl_context(trust_env=True)


async def _post(url: httpx.URL, host: str, headers: dict[str, str], body: bytes) -> httpx.Response:
    """Send the request to the checked address, with the original name in Host and TLS."""
    async with (
        httpx.AsyncClient(verify=_ssl_context(), trust_env=False, timeout=None) as client,
        client.stream(
            "POST", url, content=body, headers=headers, extensions={"sni_hostname": host}
        ) as response,
    ):
        return response


def _status_error(host: str, response: httpx.Response, now: datetime) -> WebhookError:
    status = response.status_code
    remedy = REMEDIES.get(status)
    if remedy is None and response.is_redirect:
        remedy = "redirects are not followed; use the address that it names"
    reason = f"it answered with status {status}" + (f": {remedy}" if remedy else "")
    return WebhookError(
        host,
        reason,
        is_permanent=status in PERMANENT_STATUSES,
        status=status,
        retry_after=_retry_after(response, now),
    )


def _retry_after(response: httpx.Response, now: datetime) -> timedelta | None:
    """Return how long to wait by the header, seconds or a date; None without a valid one."""
    text = response.headers.get("Retry-After", "").strip()
    if text.isascii() and text.isdigit():
        return timedelta(seconds=min(int(text[:9]), MAX_RETRY_AFTER_SECONDS))
    try:
        at = parsedate_to_datetime(text)
    except (TypeError, ValueError, OverflowError):
        return None
    wait = at.replace(tzinfo=at.tzinfo or UTC) - now
    return max(min(wait, timedelta(seconds=MAX_RETRY_AFTER_SECONDS)), timedelta(0))
