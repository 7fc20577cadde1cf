"""Delivery by signed HTTP requests to the app's request URL."""

from __future__ import annotations

import asyncio
import time
from urllib.parse import quote_plus, urlencode

import aiohttp
from slack_sdk.signature import SignatureVerifier

from ..json_codec import Json, decode, encode
from . import Ack, Envelope

USER_AGENT = "Slackbot 1.0 (+https://api.slack.com/robots)"
MAX_REDIRECTS = 2
FORM_TYPE = "application/x-www-form-urlencoded"


class HttpTransport:
    """Posts to one request URL and evaluates the responses as Slack does."""

    def __init__(self, url: str, signing_secret: str, ack_timeout: float) -> None:
        """Create the client session; call this on the event loop.

        Requests are signed with `signing_secret`. A response that takes longer than `ack_timeout`
        seconds counts as missing.
        """
        self.url = url
        self._ack_timeout = ack_timeout
        self._signer = SignatureVerifier(signing_secret)
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=0),
            timeout=aiohttp.ClientTimeout(total=ack_timeout),
            trust_env=False,  # sandbox traffic must not go through a proxy of the machine
        )

    async def send(self, envelope: Envelope) -> Ack:
        """Post `envelope` once and return the response."""
        body, content_type = _encode_body(envelope)
        try:
            return await self._post(body, self._headers(envelope, body, content_type))
        except TimeoutError:
            return _failed_ack("http_timeout", f"no answer within {self._ack_timeout:g} s")
        except aiohttp.TooManyRedirects:
            return _failed_ack("too_many_redirects", f"more than {MAX_REDIRECTS} redirects")
        except (aiohttp.ClientError, ConnectionError) as error:
            return _failed_ack("connection_failed", f"cannot reach {self.url}: {error}")

    async def close(self) -> None:
        """Close the session with its kept-alive connections."""
        await self._session.close()
        await asyncio.sleep(0)

    async def _post(self, body: bytes, headers: dict[str, str]) -> Ack:
        async with self._session.post(
            self.url, data=body, headers=headers, max_redirects=MAX_REDIRECTS
        ) as response:
            response_body = _parse_body(await response.read())
            is_final = response.headers.get("x-slack-no-retry") == "1"
            if 200 <= response.status < 300:  # noqa: PLR2004 - HTTP success statuses
                return Ack(response.status, response_body, is_final=is_final)
            problem = f"HTTP {response.status}: {response_body!r}"
            return Ack(response.status, response_body, problem, "http_error", is_final=is_final)

    def _headers(self, envelope: Envelope, body: bytes, content_type: str) -> dict[str, str]:
        """Return the headers, signed with the real time instead of the sandbox clock.

        The app compares the timestamp with the clock of its machine and rejects a request that is
        more than five minutes off.
        """
        now = str(int(time.time()))
        headers = {
            "Content-Type": content_type,
            "User-Agent": USER_AGENT,
            "X-Slack-Request-Timestamp": now,
            "X-Slack-Signature": self._signer.generate_signature(timestamp=now, body=body) or "",
        }
        if envelope.retry_attempt:
            headers["X-Slack-Retry-Num"] = str(envelope.retry_attempt)
            headers["X-Slack-Retry-Reason"] = envelope.retry_reason
        return headers


def _failed_ack(reason: str, problem: str) -> Ack:
    """Return the ack of a request without a response; `reason` is Slack's retry reason."""
    return Ack(0, problem=problem, retry_reason=reason)


def _encode_body(envelope: Envelope) -> tuple[bytes, str]:
    if envelope.type == "events_api":
        return encode(envelope.payload), "application/json"
    if envelope.type == "interactive":
        return b"payload=" + quote_plus(encode(envelope.payload)).encode(), FORM_TYPE
    return urlencode(_flatten(envelope.payload)).encode(), FORM_TYPE


def _flatten(payload: Json) -> Json:
    return {key: str(value) for key, value in payload.items()}


def _parse_body(raw: bytes) -> object:
    try:
        return decode(raw) if raw else None
    except ValueError:
        return raw.decode(errors="replace")
