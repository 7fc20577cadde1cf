"""A request URL of an app that does nothing but remember what it was sent."""

from __future__ import annotations

import json
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx

Json = dict[str, Any]


@dataclass
class Delivery:
    """One HTTP request that the sandbox sent to the app."""

    headers: dict[str, str]
    body: str

    @property
    def payload(self) -> Json:
        """What was delivered, out of its wrapping."""
        body = self.body if self.body.startswith("{") else self.fields.get("payload", "{}")
        payload: Json = json.loads(body)
        return payload

    @property
    def fields(self) -> dict[str, str]:
        """The fields of a form."""
        return dict(httpx.QueryParams(self.body))


@dataclass
class ReceiverResponse:
    """How the app answers one of them."""

    status: int = 200
    body: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    after: float = 0.0


def _build_response(body: object, more: Json) -> ReceiverResponse:
    if isinstance(body, str):
        return ReceiverResponse(body=body, **more)
    return ReceiverResponse(
        body=json.dumps(body), headers={"Content-Type": "application/json"}, **more
    )


def _event_type(payload: Json) -> object:
    return payload.get("event", {}).get("type")


class Receiver:
    """A request URL that keeps what it is sent, and answers as it is told."""

    def __init__(self) -> None:
        """Start to listen."""
        self.deliveries: list[Delivery] = []
        self._queued_responses: list[ReceiverResponse] = []
        self._default_response = ReceiverResponse()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self._server.server_port}/slack/events"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()

    def close(self) -> None:
        """Stop listening."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def respond_with(self, body: object = "", **more: Any) -> None:  # noqa: ANN401 - those of Answer
        """Answer everything with `body` from now on: a text, or an object to write as JSON."""
        self._default_response = _build_response(body, more)

    def respond_once_with(self, body: object = "", **more: Any) -> None:  # noqa: ANN401 - likewise
        """Answer one delivery so, before any later ones."""
        self._queued_responses.append(_build_response(body, more))

    def next_response(self) -> ReceiverResponse:
        """Return the answer to the next delivery."""
        return self._queued_responses.pop(0) if self._queued_responses else self._default_response

    def payloads(self, kind: str) -> list[Json]:
        """Return the payloads of this `type` that came so far."""
        found = [delivery.payload for delivery in self.deliveries]
        return [payload for payload in found if kind in {payload.get("type"), _event_type(payload)}]

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                headers = {key.lower(): value for key, value in self.headers.items()}
                answer = receiver.next_response()
                receiver.deliveries.append(Delivery(headers, body))
                time.sleep(answer.after)
                with suppress(ConnectionError):  # nobody waits for late answers
                    self._write(answer)

            def _write(self, answer: ReceiverResponse) -> None:
                self.send_response(answer.status)
                for name, value in answer.headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(answer.body.encode())

            def log_message(self, *_args: object) -> None:
                """Be quiet."""

        return Handler
