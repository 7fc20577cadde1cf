"""More updates of older messages than Slack allows."""

from __future__ import annotations

import threading
from itertools import cycle
from types import TracebackType
from typing import Self

import httpx
from slack_sdk import WebClient

from bot.messages.tasks import SupersededMessage
from bot.sandbox import Sandbox
from storage.queries import outbox
from tests.journeys.journey import Journey

SPECTATORS = 40

UPDATES_PER_SECOND = 2.0
"""Slack allows 50 in a minute."""


class Spectators:
    """People with a message each, which is to be updated again and again; a context manager."""

    def __init__(self, journey: Journey) -> None:
        """Post a message to each. The bots do not know of these calls, so they do not count."""
        _set_rate_limits(journey.sandbox, "none")
        client = WebClient(journey.sandbox.bot_token, base_url=journey.sandbox.api_url)
        people = [journey.add_user(f"spectator{number}") for number in range(SPECTATORS)]
        posted = [client.chat_postMessage(channel=person.dm, text="Hello.") for person in people]
        _set_rate_limits(journey.sandbox, "slack")
        self._messages = [
            (person.id, SupersededMessage(person.dm, str(response["ts"])))
            for person, response in zip(people, posted, strict=True)
        ]
        self._journey = journey
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._queue_updates)

    def _queue_updates(self) -> None:
        for recipient, message in cycle(self._messages):
            now = self._journey.clock.now()
            self._journey.database.write_now(outbox.enqueue, message, recipient=recipient, now=now)
            if self._is_over.wait(1 / UPDATES_PER_SECOND):
                return

    def __enter__(self) -> Self:
        """Begin to queue updates."""
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Queue no more."""
        self._is_over.set()
        self._thread.join()


def _set_rate_limits(sandbox: Sandbox, preset: str) -> None:
    httpx.post(
        f"{sandbox.url}/control/rate_limits", json={"rate_limits": preset}
    ).raise_for_status()
