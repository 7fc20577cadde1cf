"""The requests that the web server answers: signed ones from Slack, and health checks.

Bolt's own HTTP adapter parses each form with `parse_qsl`, which takes longer than anything else,
and drops commands that contain the word “payload”. So this module verifies the signature on the raw
bytes, parses the form once, and passes a dict to Bolt, whose own verification is turned off.
"""

from __future__ import annotations

import logging
from binascii import a2b_qp
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, TypeAlias
from urllib.parse import parse_qsl, unquote_to_bytes

from aiohttp import web
from slack_bolt.async_app import AsyncApp
from slack_sdk.signature import SignatureVerifier

from bot.bolt_request import UnreadableBodyError, dispatch
from bot.health import HealthReport
from bot.http_connections import Handler, IncompleteRequestError, read_body
from bot.slack.parsing.action_ids import is_number
from bot.slack.parsing.json_body import InvalidJsonError, clean, parse_json_object

log = logging.getLogger(__name__)

EVENTS_PATH = "/slack/events"
"""Path for all of Slack's requests: interactions, commands and events."""

FORM_TO_QUOTED_PRINTABLE = bytes.maketrans(b"+%", b" =")

NO_RETRY = {"X-Slack-No-Retry": "1"}
"""Header that stops Slack from sending a request again, because that would not help."""

HealthCheck: TypeAlias = Callable[[], Awaitable[HealthReport]]


class BadRequestError(ValueError):
    """The body is not a form or JSON object as Slack sends them."""


def build_handler(
    bolt_app: AsyncApp, signing_secret: str | None, check_health: HealthCheck
) -> Handler:
    """Return the handler of all requests. Without a signing secret it serves only health checks.

    Several secrets, separated by spaces, are all accepted, and so is one that contains spaces.
    """
    routes: dict[str, tuple[str, Handler]] = {
        "/livez": ("GET", _report_alive),
        "/readyz": ("GET", _build_health_handler(check_health, lambda health: health.is_ready)),
        "/health": ("GET", _build_health_handler(check_health, lambda health: health.ok)),
    }
    if signing_secret:
        secrets = dict.fromkeys([signing_secret, *signing_secret.split()])
        verifiers = [SignatureVerifier(secret) for secret in secrets]
        receive = _build_events_handler(bolt_app, verifiers)
        routes[EVENTS_PATH] = ("POST", receive)

    async def respond(request: web.BaseRequest) -> web.StreamResponse:
        method, handler = routes.get(request.path, ("", None))
        if handler is None:
            return _text_response(web.HTTPNotFound.status_code, "not found")
        if request.method != method and (request.method, method) != ("HEAD", "GET"):
            return _text_response(web.HTTPMethodNotAllowed.status_code, "method not allowed")
        try:
            return await handler(request)
        except IncompleteRequestError:
            return _text_response(web.HTTPRequestTimeout.status_code, "incomplete request")

    return respond


def _text_response(status: int, text: str) -> web.Response:
    response = web.Response(status=status, text=text)
    response.force_close()
    return response


async def _report_alive(_request: web.BaseRequest) -> web.Response:
    return web.json_response({"ok": True})


def _build_health_handler(
    check_health: HealthCheck, is_ok: Callable[[HealthReport], bool]
) -> Handler:
    async def respond(_request: web.BaseRequest) -> web.Response:
        health = await check_health()
        return web.json_response(health.to_json(), status=200 if is_ok(health) else 503)

    return respond


def _build_events_handler(bolt_app: AsyncApp, verifiers: Sequence[SignatureVerifier]) -> Handler:
    async def receive(request: web.BaseRequest) -> web.Response:
        raw = await read_body(request)
        if not any(is_signed(verifier, request.headers, raw) for verifier in verifiers):
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
        bolt_response = await dispatch(bolt_app, body)
    except UnreadableBodyError as error:
        log.warning("Slack sent a request that the bot cannot read: %s", error)
        return web.json_response({"error": "unreadable request"}, status=400, headers=NO_RETRY)
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
