"""A receiver of export webhooks, as a customer would write it with the official library."""

from __future__ import annotations

import asyncio
from base64 import b64decode
from collections import defaultdict
from hashlib import sha256
from threading import Event
from typing import Any

from aiohttp import web
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from tests.destinations.threaded_server import serve

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"  # noqa: S105 - published


class WebhookReceiver:
    """Stores the files of exports. `statuses` are answered instead, one for each request."""

    def __init__(self) -> None:
        """Start without exports."""
        self.statuses: list[int] = []
        self.url = ""
        self.has_request = Event()
        self.may_answer = Event()
        self.may_answer.set()
        self.events: list[tuple[str, dict[str, Any]]] = []
        self.completed: dict[str, dict[str, bytes]] = {}
        self._seen: set[str] = set()
        self._parts: dict[tuple[str, str], dict[int, bytes]] = defaultdict(dict)
        self._application = web.Application(client_max_size=1_000_000)
        self._application.router.add_post("/exports", self._receive)

    def serve(self) -> Any:  # noqa: ANN401 - a context manager
        """Serve on a free port; yield the URL."""
        return serve(self._application)

    def forget(self) -> None:
        """Forget every message, as if none had arrived."""
        self.events.clear()
        self.completed.clear()
        self._seen.clear()
        self._parts.clear()

    async def _receive(self, request: web.Request) -> web.Response:
        body = await request.text()
        self.has_request.set()
        await asyncio.to_thread(self.may_answer.wait, 60)
        try:
            event = Webhook(SECRET).verify(body, dict(request.headers))
        except WebhookVerificationError:
            return web.Response(status=401)
        if self.statuses and (status := self.statuses.pop(0)):
            return web.Response(status=status, headers={"Location": "/elsewhere"})
        message_id = request.headers["webhook-id"]
        if message_id not in self._seen:
            self._seen.add(message_id)
            self.events.append((message_id, event))
            self._store(event["type"], event["data"])
        return web.Response(status=204)

    def _store(self, event_type: str, data: dict[str, Any]) -> None:
        if event_type == "export.file":
            parts = self._parts[data["export"], data["file"]]
            parts[data["part"]] = b64decode(data["content"])
            return
        files = {file["name"]: file["sha256"] for file in data["files"]}
        contents = {name: self._join(data["export"], name) for name in files}
        assert {name: sha256(content).hexdigest() for name, content in contents.items()} == files
        self.completed[data["export"]] = contents

    def _join(self, export: str, name: str) -> bytes:
        parts = self._parts[export, name]
        return b"".join(parts[number] for number in sorted(parts))


def status_application(*statuses: int) -> web.Application:
    """Return an application that answers requests with these statuses in turn."""
    left = list(statuses)

    async def answer(_request: web.Request) -> web.Response:
        return web.Response(status=left.pop(0))

    application = web.Application()
    application.router.add_post("/events", answer)
    return application
