"""A stub app: a request URL that records deliveries and returns prepared responses."""

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
        """The JSON payload, from the body or from its form field."""
        body = self.body if self.body.startswith("{") else self.fields.get("payload", "{}")
        payload: Json = json.loads(body)
        return payload

    @property
    def fields(self) -> dict[str, str]:
        """The fields of the form."""
        return dict(httpx.QueryParams(self.body))


@dataclass
class ReceiverResponse:
    """The response to a delivery, sent after a delay."""

    status: int = 200
    body: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    delay_seconds: float = 0.0


def _build_response(body: object, options: Json) -> ReceiverResponse:
    if isinstance(body, str):
        return ReceiverResponse(body=body, **options)
    return ReceiverResponse(
        body=json.dumps(body), headers={"Content-Type": "application/json"}, **options
    )


def _event_type(payload: Json) -> object:
    return payload.get("event", {}).get("type")


class Receiver:
    """A request URL that records deliveries and returns prepared responses."""

    def __init__(self) -> None:
        """Start listening."""
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

    def respond_with(self, body: object = "", **options: Any) -> None:  # noqa: ANN401 - fields of ReceiverResponse
        """Respond to all deliveries with `body`: a string, or an object to send as JSON."""
        self._default_response = _build_response(body, options)

    def respond_once_with(self, body: object = "", **options: Any) -> None:  # noqa: ANN401 - fields of ReceiverResponse
        """Queue `body` as the response to one delivery."""
        self._queued_responses.append(_build_response(body, options))

    def next_response(self) -> ReceiverResponse:
        """Return the response to the next delivery: the oldest queued one, or the default."""
        return self._queued_responses.pop(0) if self._queued_responses else self._default_response

    def payloads(self, payload_type: str) -> list[Json]:
        """Return the payloads of this type or event type that were received so far."""
        payloads = [delivery.payload for delivery in self.deliveries]
        return [
            payload
            for payload in payloads
            if payload_type in {payload.get("type"), _event_type(payload)}
        ]

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                headers = {key.lower(): value for key, value in self.headers.items()}
                response = receiver.next_response()
                receiver.deliveries.append(Delivery(headers, body))
                time.sleep(response.delay_seconds)
                with suppress(ConnectionError):  # the sandbox does not wait for late responses
                    self._write(response)

            def _write(self, response: ReceiverResponse) -> None:
                self.send_response(response.status)
                for name, value in response.headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(response.body.encode())

            def log_message(self, *_args: object) -> None:
                """Log nothing."""

        return Handler
