"""The pace of bulk work: while experts answer, it pauses for as long as it works."""

from __future__ import annotations

import time
from collections.abc import Callable

from storage.database import Database
from storage.queries import answer_feed

MAX_PAUSE_SECONDS = 1.0

STREAMED_ANSWERS = 250
"""Answers that are read at once: in between, the bot has the processor."""


class BulkPace:
    """The pauses between the steps of one request."""

    def __init__(self, database: Database, sleep: Callable[[float], object] = time.sleep) -> None:
        """Begin the first step."""
        self._database, self._sleep = database, sleep
        self._newest_id = database.read_now(answer_feed.newest_id)
        self._started = time.monotonic()
        self._resume_at = 0.0

    def end_step(self) -> None:
        """End a step. If an answer was stored since the last one, the next step comes later."""
        now = time.monotonic()
        newest_id = self._database.read_now(answer_feed.newest_id)
        if newest_id != self._newest_id:
            self._newest_id = newest_id
            self._resume_at = now + min(now - self._started, MAX_PAUSE_SECONDS)

    def begin_step(self) -> None:
        """Pause if it is too early, and begin the next step."""
        if (seconds := self._resume_at - time.monotonic()) > 0:
            self._sleep(seconds)
        self._started = time.monotonic()

    def next_step(self) -> None:
        """End a step and begin the next one."""
        self.end_step()
        self.begin_step()
