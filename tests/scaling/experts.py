"""Simulated experts: each thinks, taps an answer, and waits until the next task appears."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from bot.sandbox import (
    ActionRejectedError,
    MessageSnapshot,
    NotAcknowledgedError,
    NotVisibleError,
    SimulatedUser,
)
from bot.slack.parsing.action_ids import Action
from tests.faults.answer_log import AnswerLog, task_actions

THINK_SECONDS = (20.0, 40.0)

LOOK_SECONDS = 0.03
"""Seconds between two looks of an expert who waits for the next task."""

PATIENCE_SECONDS = 10.0
"""After so long without a task, an expert asks for one or taps again."""


@dataclass
class Experts:
    """The experts, what they answered, and how long each waited for the next task."""

    people: list[SimulatedUser]
    answers: AnswerLog = field(default_factory=AnswerLog)
    waits: list[tuple[float, float]] = field(default_factory=list)
    unacknowledged: int = 0
    _is_over: threading.Event = field(default_factory=threading.Event)

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """Let the experts work, each in a thread, while the context is open."""
        threads = [
            threading.Thread(target=self._work, args=(person, random.Random(number)))  # noqa: S311 - not a secret
            for number, person in enumerate(self.people)
        ]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            self._is_over.set()
            for thread in threads:
                thread.join()

    def _work(self, person: SimulatedUser, moments: random.Random) -> None:
        self._is_over.wait(moments.uniform(0, THINK_SECONDS[1]))
        answered: set[int] = set()
        task = self._ask(person, answered)
        while task and not self._is_over.wait(moments.uniform(*THINK_SECONDS)):
            tapped_at = time.monotonic()
            if not self._tap(person, *task):
                continue
            answered.add(task[1].target_id)
            task = self._next_task(person, answered, PATIENCE_SECONDS)
            if task:
                self.waits.append((time.monotonic(), time.monotonic() - tapped_at))
            else:
                self.waits.append((time.monotonic(), PATIENCE_SECONDS))
                task = self._ask(person, answered)

    def _ask(
        self, person: SimulatedUser, answered: set[int]
    ) -> tuple[MessageSnapshot, Action] | None:
        """Ask for a task until one appears; None at the end."""
        while not self._is_over.is_set():
            with suppress(NotAcknowledgedError):
                person.send_message("/label next")
            if task := self._next_task(person, answered, PATIENCE_SECONDS):
                return task
        return None

    def _next_task(
        self, person: SimulatedUser, answered: set[int], patience: float
    ) -> tuple[MessageSnapshot, Action] | None:
        """Wait until the newest message shows a task that was not answered."""
        end = time.monotonic() + patience
        while time.monotonic() < end and not self._is_over.is_set():
            message = person.latest
            options = [
                action
                for action in (task_actions(message) if message else ())
                if action.name == "answer" and action.target_id not in answered
            ]
            if message and options:
                return message, options[options[0].target_id % 2]
            time.sleep(LOOK_SECONDS)
        return None

    def _tap(self, person: SimulatedUser, message: MessageSnapshot, action: Action) -> bool:
        """Tap; return whether that was acknowledged. If not, the expert taps again later."""
        value = {action.field or "verdict": action.option}
        self.answers.record(action.target_id, value, is_acknowledged=False)
        try:
            person.click(action.action_id, in_=message, within=1)
        except (NotAcknowledgedError, NotVisibleError, ActionRejectedError):
            self.unacknowledged += 1
            return False
        self.answers.record(action.target_id, value, is_acknowledged=True)
        return True
