"""A run in which people answer while the bot is killed and started again."""

from __future__ import annotations

import random
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from threading import Event, Thread

from bot.sandbox import NotAcknowledgedError, SimulatedUser, WaitTimeoutError
from tests.faults.answer_log import answer_until
from tests.faults.bot_process import BotProcess
from tests.faults.fault_case import FaultCase
from tests.faults.promises import broken_promises, check_now

EXPERTS = 8

START_SECONDS = 20

RECOVERY_SECONDS = 30
"""Longest time after the last kill until everyone has answered everything and nothing waits."""

SHARE_OF_KILLS_AT_START = 0.2
"""Share of kills while the bot starts."""

REQUESTS_BETWEEN_KILLS = 80
"""Most requests between the bot and Slack before the next kill."""

PEOPLE_WHO_ASK = 3
"""People who ask for their task again between two kills."""

CHECK_SECONDS = 0.2
"""Seconds between two checks of all promises, which read the whole database."""

Wait = Callable[[BotProcess], None]


class KillRun:
    """A campaign of eight experts, and random moments at which the bot is killed."""

    def __init__(self, case: FaultCase, moments: random.Random, items: int) -> None:
        """Create the campaign. `moments` is seeded, so that the run can be repeated."""
        self._case = case
        self._moments = moments
        self._experts = case.add_people(*(f"expert{number}" for number in range(EXPERTS)))
        self._answers_in_all = EXPERTS * items
        case.create_comparison(self._experts, items=items)
        self._clock_offset = case.clock.now() - datetime.now(UTC)
        self._port = free_port()
        if case.transport == "http":
            case.sandbox.use_http_delivery(f"http://127.0.0.1:{self._port}/slack/events")

    def kill_repeatedly(self, kills: int, wait: Wait) -> None:
        """Kill the bot after each `wait` while people answer, and check every promise at the end.

        Raises:
            AssertionError: A promise is broken half a minute after the last kill.
        """
        is_over = Event()
        work = Thread(target=answer_until, args=(self._experts, self._case.answers, is_over.is_set))
        work.start()
        try:
            for _ in range(kills):
                with self._run_bot() as process:
                    wait(process)
            with self._run_bot() as process:
                assert process.has_started(START_SECONDS), "the bot does not start after a kill"
                self._wait_until_finished()
                check_now(self._case)
                process.stop()
        finally:
            is_over.set()
            work.join()
        assert self._case.answered_count() == self._answers_in_all

    def wait_for_random_moment(self, process: BotProcess) -> None:
        """Wait for a moment during the start, or until a number of requests have passed."""
        if self._moments.random() < SHARE_OF_KILLS_AT_START:
            time.sleep(self._moments.uniform(0, 0.3))
            return
        process.has_started(START_SECONDS)
        target = self._request_count() + self._moments.randint(1, REQUESTS_BETWEEN_KILLS)
        with suppress(WaitTimeoutError):
            self._case.sandbox.wait_until(lambda: self._request_count() >= target, within=3)
        time.sleep(self._moments.uniform(0, 0.03))

    def let_people_ask(self, process: BotProcess) -> None:
        """Let some people ask for their task, and wait a moment."""
        process.has_started(START_SECONDS)
        for expert in self._moments.sample(self._experts, PEOPLE_WHO_ASK):
            _ask_for_task(expert)
        time.sleep(self._moments.uniform(0, 0.3))

    def _run_bot(self) -> BotProcess:
        return BotProcess(self._case.settings(), self._clock_offset, self._port)

    def _request_count(self) -> int:
        return sum(self._case.sandbox.request_counts.values())

    def _wait_until_finished(self) -> None:
        """Wait until everyone has answered everything and no promise is broken, or time is up."""

        def is_finished() -> bool:
            time.sleep(CHECK_SECONDS)
            is_complete = self._case.answered_count() >= self._answers_in_all
            return is_complete and not broken_promises(self._case)

        with suppress(WaitTimeoutError):
            self._case.sandbox.wait_until(is_finished, within=RECOVERY_SECONDS)


def _ask_for_task(expert: SimulatedUser) -> None:
    with suppress(NotAcknowledgedError):
        expert.send_message("/label next")


def free_port() -> int:
    """Return a port on which nothing listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
