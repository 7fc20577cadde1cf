"""A workspace with people, a bot and a fault: what each test of the suite works on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from threading import Thread

from bot.app import Bot
from bot.clock import AdjustableClock
from bot.sandbox import ChannelRef, SimulatedUser, WaitTimeoutError
from bot.settings import Settings
from tests.faults.answer_log import AnswerLog, answer_newest
from tests.journeys.journey import Journey

IDLE_STEPS = 6
"""Steps of a minute in which people wait for tasks."""

IDLE_SECONDS = 3
"""Longest real time of such a step, also on a busy machine."""

CALL_SECONDS = 40
"""Longest wait for a call and its response: a little more than the timeout of a call."""

CONNECT_SECONDS = 60
"""Longest real time until Socket Mode connects: Slack's client may wait 30 seconds to try again."""

START_SECONDS = 20
"""Longest start of a bot after the end of a failure."""


class SettableClock(AdjustableClock):
    """A clock that can also be set back."""

    def set_back(self, duration: timedelta) -> None:
        """Set the clock back, as an administrator or a time server does; nothing is notified."""
        with self._lock:
            self._offset -= duration


@dataclass
class FaultCase(Journey):
    """A workspace, a bot, and what people answered.

    `allowed_repeats` is how often one message may be posted again: once for each kill, and once for
    each response of Slack that was lost. `may_refuse` says that the fault is a permanent refusal,
    so that messages may fail.
    """

    answers: AnswerLog = field(default_factory=AnswerLog)
    people: list[SimulatedUser] = field(default_factory=list)
    allowed_repeats: int = 0
    may_refuse: bool = False
    api_url: str = ""
    coordinator_group: str | None = None
    channel: ChannelRef | None = None
    start_error: Exception | None = None
    proxy_counts: Counter[str] = field(default_factory=Counter)
    _start_thread: Thread | None = None

    def settings(self) -> Settings:
        """Return the settings of the bot, with this case's URL of the Web API and user group."""
        changes = {
            "api_url": self.api_url or self.sandbox.api_url,
            "coordinator_group": self.coordinator_group,
        }
        return super().settings().model_copy(update=changes)

    def add_people(self, *names: str) -> list[SimulatedUser]:
        """Add people to the workspace, and return them."""
        added = [self.add_user(name) for name in names]
        self.people += added
        return added

    def create_comparison(
        self,
        experts: list[SimulatedUser],
        items: int = 2,
        long_text: str = "Left answer.",
        image: str = "",
    ) -> None:
        """Create a campaign of comparisons in which every expert answers every item.

        `image` is the URL of an image that every item shows.
        """
        rows = [
            {
                "id": f"pair-{number}",
                "prompt": f"Question {number}?",
                "response_left": long_text,
                "response_right": f"Right answer {number}.",
                **({"image": image} if image else {}),
            }
            for number in range(1, items + 1)
        ]
        self.create_campaign("comparison", experts, rows, overlap=len(experts))

    def start_during_fault(self) -> None:
        """Start the bot in a thread, because it may wait for Slack."""
        self._start_thread = Thread(target=self._start_or_keep_error, daemon=True)
        self._start_thread.start()

    def finish_start(self) -> None:
        """Wait until the bot runs. If it refused to start, start it again, as an operator would.

        Raises:
            AssertionError: It did not start although the failure is over.
        """
        assert self._start_thread is not None
        self._start_thread.join(START_SECONDS)
        assert not self._start_thread.is_alive(), "the bot does not start after the failure"
        if self.start_error is not None:
            self.start_bot()
        if self.transport == "socket":
            self.sandbox.wait_until(lambda: self.sandbox.connection_count, within=CONNECT_SECONDS)

    def _start_or_keep_error(self) -> None:
        try:
            self.start_bot()
        except Exception as error:  # noqa: BLE001 - any reason not to start
            self.start_error = error
            self.bot = None

    def wait_for_call(self, method: str, previous_count: int) -> None:
        """Wait until the bot has called a method once more.

        Raises:
            AssertionError: It did not.
        """
        try:
            self.sandbox.wait_until(
                lambda: self.call_count(method) > previous_count, within=CALL_SECONDS
            )
        except WaitTimeoutError:
            message = f"the bot never called {method}"
            raise AssertionError(message) from None

    def call_count(self, method: str) -> int:
        """Return a number that grows with each call of a method, also a failed one."""
        if method == "upload":  # the sandbox records no uploads, only that a fault was used
            active = self.sandbox.faults.active()
            return -sum(fault.times for fault in active if fault.method == method)
        return self.sandbox.request_counts[method] + self.proxy_counts[method]

    def answer_once(self) -> bool:
        """Let every person answer one task; tell whether anyone saw one."""
        seen = [answer_newest(person, self.answers) for person in self.people]
        return any(seen)

    def answer_all(self, is_done: Callable[[], bool]) -> None:
        """Let people answer what they see, until `is_done` or nothing comes for a minute."""
        idle_steps = 0
        while not is_done() and idle_steps < IDLE_STEPS:
            count = len(self.answers.acknowledged)
            with suppress(WaitTimeoutError):
                self.sandbox.wait_until(
                    lambda: not self.answer_once() and is_done(), within=IDLE_SECONDS
                )
            if len(self.answers.acknowledged) == count:
                idle_steps += 1
                self.advance_clock(seconds=60 / IDLE_STEPS)

    def answered_count(self) -> int:
        """Return the number of answered assignments."""
        return len(self.answer_values())

    def running_bot(self) -> Bot:
        """Return the running bot."""
        assert self.bot is not None
        return self.bot.bot
