"""A minimal stand-in for Slack, independent of the sandbox: few methods and no validation."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from threading import Condition, Thread
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from slack_sdk.signature import SignatureVerifier

Json = dict[str, Any]

TIMEOUT_SECONDS = 20
"""Seconds to wait for a call from the bot."""

MINIMAL_RESPONSES: dict[str, Json] = {
    "auth.test": {"user_id": "U0BOT", "team_id": "T1"},
    "users.info": {"user": {"id": "U1"}},
    "views.open": {"view": {"id": "V1"}},
}
"""Response fields in addition to `ok`, by method. Messages get a `ts` and a `channel`; any other
method is refused as unknown."""


@dataclass
class MinimalSlack:
    """A server that records the bot's calls in `calls`, as pairs of method and arguments.

    A request to a `response_url` counts as method `reply`.
    """

    calls: list[tuple[str, Json]] = field(default_factory=list)
    call_arrived: Condition = field(default_factory=Condition)
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def __post_init__(self) -> None:
        """Start listening in a background thread."""
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _build_handler(self))
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        Thread(target=self._server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        """Stop listening."""
        self._server.shutdown()
        self._server.server_close()

    def respond(self, method: str, arguments: Json) -> str:
        """Record a call and return the minimal response."""
        with self.call_arrived:
            self.calls.append((method, arguments))
            self.call_arrived.notify_all()
        if method == "reply":
            return "ok" if len(self.calls) % 2 else ""
        if method in ("chat.postMessage", "chat.update"):
            ts = arguments.get("ts", f"1700000000.{next(self._numbers):06}")
            channel = arguments["channel"].replace("U", "D", 1)  # a user id opens a DM
            return json.dumps({"ok": True, "ts": ts, "channel": channel})
        if method in MINIMAL_RESPONSES:
            return json.dumps({"ok": True, **MINIMAL_RESPONSES[method]})
        return json.dumps({"ok": False, "error": "unknown_method"})

    def wait_for_call(self, method: str, number: int = 1, text: str = "") -> Json:
        """Wait for call number `number` of a method with this text, and return its arguments."""
        with self.call_arrived:
            is_called = self.call_arrived.wait_for(
                lambda: len(self._calls_of(method, text)) >= number, TIMEOUT_SECONDS
            )
            found = self._calls_of(method, text)
            assert is_called, f"{method} was called {len(found)} times: {self.calls}"
            return found[number - 1]

    def _calls_of(self, method: str, text: str) -> list[Json]:
        return [
            arguments
            for called, arguments in self.calls
            if called == method and text in str(arguments)
        ]


def _build_handler(slack: MinimalSlack) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
            address = urlsplit(self.path)
            is_json = "json" in self.headers.get("Content-Type", "")
            arguments = json.loads(body) if is_json else dict(parse_qsl(f"{body}&{address.query}"))
            response = slack.respond(address.path.rpartition("/")[2], arguments).encode()
            self.send_response(200)
            self.send_header(
                "Content-Type", "application/json" if b"{" in response else "text/plain"
            )
            self.send_header("Content-Length", str(len(response)))
            self.end_headers()
            self.wfile.write(response)

        do_GET = do_POST  # noqa: N815 - the library's name

        def log_message(self, *_: object) -> None:
            """Log nothing."""

    return Handler


def send_signed_request(url: str, secret: str, form: Mapping[str, str]) -> tuple[int, str]:
    """Send a signed request to the bot; return the status and the body of the response."""
    address, body, timestamp = urlsplit(url), urlencode(form), str(int(time.time()))
    signature = SignatureVerifier(secret).generate_signature(timestamp=timestamp, body=body)
    connection = HTTPConnection(address.hostname or "", address.port)
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "X-Slack-Request-Timestamp": timestamp,
        "X-Slack-Signature": str(signature),
    }
    connection.request("POST", address.path, body, headers)
    response = connection.getresponse()
    result = response.status, response.read().decode()
    connection.close()
    return result


def buttons_by_text(message: Json) -> dict[str, Json]:
    """Return the buttons of a message by their text, each as Slack sends it in a payload."""
    return {
        element["text"]["text"]: {
            "type": "button",
            "block_id": block["block_id"],
            "action_id": element["action_id"],
            "value": element["value"],
        }
        for block in _blocks_of(message)
        if block["type"] == "actions"
        for element in block["elements"]
        if element["type"] == "button"
    }


def state_values(view: Json, text: str) -> Json:
    """Return the `values` of a view with `text` entered in every input."""
    return {
        block["block_id"]: {
            block["element"]["action_id"]: {"type": block["element"]["type"], "value": text}
        }
        for block in view["blocks"]
        if block["type"] == "input"
    }


def _blocks_of(message: Json) -> list[Json]:
    blocks = message["blocks"]
    parsed: list[Json] = json.loads(blocks) if isinstance(blocks, str) else blocks
    return parsed
