"""The web server: signed requests from Slack, and a health check.

Bolt's own HTTP adapter parses each form with `parse_qsl`, which takes longer than anything else,
and drops commands that contain the word “payload”. So this module verifies the signature on the raw
bytes, parses the form once, and passes a dict to Bolt, whose own verification is turned off.
"""

from __future__ import annotations

import logging
from binascii import a2b_qp
from collections.abc import Awaitable, Callable
from typing import Any, TypeAlias
from urllib.parse import parse_qsl, unquote_to_bytes

from aiohttp import web
from slack_bolt.async_app import AsyncApp
from slack_sdk.signature import SignatureVerifier

from bot.bolt_request import UnreadableBodyError, build_bolt_request
from bot.slack.parsing.action_ids import is_number
from bot.slack.parsing.json_body import InvalidJsonError, clean, parse_json_object

log = logging.getLogger(__name__)

MAX_REQUEST_BYTES = 4 * 1024 * 1024
"""Largest request in bytes; Slack's largest, a view of 250 kB, is far smaller."""

EVENTS_PATH = "/slack/events"
"""Path for all of Slack's requests: interactions, commands and events."""

FORM_TO_QUOTED_PRINTABLE = bytes.maketrans(b"+%", b" =")

NO_RETRY = {"X-Slack-No-Retry": "1"}
"""Header that stops Slack from sending a request again, because that would not help."""

HealthCheck: TypeAlias = Callable[[], Awaitable[dict[str, Any]]]


class BadRequestError(ValueError):
    """The body is not a form or JSON object as Slack sends them."""


def build_web_app(
    bolt_app: AsyncApp, signing_secret: str | None, check_health: HealthCheck
) -> web.Application:
    """Return the web application. Without a signing secret it has only the health check."""
    server = web.Application(client_max_size=MAX_REQUEST_BYTES)
    server.router.add_get("/health", _build_health_handler(check_health))
    if signing_secret:
        receive = _build_events_handler(bolt_app, SignatureVerifier(signing_secret))
        server.router.add_post(EVENTS_PATH, receive)
    return server


def _build_health_handler(
    check_health: HealthCheck,
) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def respond(_request: web.Request) -> web.Response:
        health = await check_health()
        return web.json_response(health, status=200 if health["ok"] else 503)

    return respond


def _build_events_handler(
    bolt_app: AsyncApp, verifier: SignatureVerifier
) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def receive(request: web.Request) -> web.Response:
        raw = await request.read()
        if not is_signed(verifier, request.headers, raw):
            return web.json_response({"error": "invalid request"}, status=401)
        try:
            body = parse_body(raw, request.content_type)
        except BadRequestError as error:
            return web.json_response({"error": str(error)}, status=400)
        if "ssl_check" in body:
            return web.Response()
        if body.get("type") == "url_verification":
            return web.Response(text=str(body.get("challenge", "")))
        return await _dispatch_to_bolt(bolt_app, body)

    return receive


async def _dispatch_to_bolt(bolt_app: AsyncApp, body: dict[str, Any]) -> web.Response:
    try:
        bolt_request = build_bolt_request(body)
    except UnreadableBodyError as error:
        log.warning("Slack sent a request that the bot cannot read: %s", error)
        return web.json_response({"error": "unreadable request"}, status=400, headers=NO_RETRY)
    bolt_response = await bolt_app.async_dispatch(bolt_request)
    return web.Response(
        status=bolt_response.status,
        text=bolt_response.body,
        content_type=_content_type(bolt_response.first_headers()),
    )


def _content_type(headers: dict[str, str]) -> str:
    value = next((value for name, value in headers.items() if name.lower() == "content-type"), "")
    return value.partition(";")[0].strip() or "text/plain"


def is_signed(verifier: SignatureVerifier, headers: Any, raw: bytes) -> bool:  # noqa: ANN401 - a CIMultiDict
    """Return whether Slack signed exactly these bytes, at most five minutes ago.

    Slack's signing secret, version 0: HMAC-SHA256 over `v0:timestamp:body`.
    """
    timestamp = headers.get("X-Slack-Request-Timestamp", "")
    signature = headers.get("X-Slack-Signature", "")
    if not (is_number(timestamp) and signature.isascii()):
        return False
    try:
        return verifier.is_valid(raw, timestamp, signature)
    except UnicodeDecodeError:  # Slack sends only UTF-8
        return False


def parse_body(raw: bytes, content_type: str) -> dict[str, Any]:
    """Parse a body: JSON (events), a form with a JSON `payload` (interactions), or a plain form.

    Raises:
        BadRequestError: the body is none of these.
    """
    if content_type == "application/json":
        return _parse_json_object(raw)
    if raw.startswith(b"payload=") and b"&" not in raw:
        return _parse_json_object(unquote_form(raw[8:]))
    fields = dict(parse_qsl(raw.decode("utf-8", "replace"), keep_blank_values=True))
    if "payload" in fields:
        return _parse_json_object(fields["payload"].encode())
    return {name: clean(value) for name, value in fields.items()}


def unquote_form(quoted: bytes) -> bytes:
    """Decode percent-encoding. With `=` for `%` it is quoted-printable, which is decoded in C.

    `urllib` loops in Python, and a click has a thousand quoted characters. `urllib` decodes
    characters that are special in quoted-printable, and invalid quoting.
    """
    if not any(special in quoted for special in (b"=", b"\n", b"\r")):
        decoded = a2b_qp(quoted.translate(FORM_TO_QUOTED_PRINTABLE))
        if len(decoded) == len(quoted) - 2 * quoted.count(b"%"):  # each `%` starts three bytes
            return decoded
    return unquote_to_bytes(quoted.replace(b"+", b" "))


def _parse_json_object(text: bytes) -> dict[str, Any]:
    try:
        return parse_json_object(text)
    except InvalidJsonError as error:
        raise BadRequestError(str(error)) from error
