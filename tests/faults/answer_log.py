"""People who answer tasks in the sandbox, and a log of the answers that were acknowledged."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import Lock
from typing import Any
from zlib import crc32

from bot.sandbox import (
    ActionRejectedError,
    MessageSnapshot,
    NotAcknowledgedError,
    NotVisibleError,
    SimulatedUser,
)
from bot.slack.parsing.action_ids import Action, UnknownActionError, parse_block_action

POLL_SECONDS = 0.05
"""Seconds between two looks at a person's messages."""

TASK_ACTIONS = ("answer", "write_answer")
"""Names of the buttons that a message with an open task has."""


@dataclass
class AnswerLog:
    """What people answered, by assignment: every attempt, and the acknowledged ones."""

    attempts: dict[int, dict[str, Any]] = field(default_factory=dict)
    acknowledged: dict[int, dict[str, Any]] = field(default_factory=dict)
    changed_at: float = field(default_factory=time.monotonic)
    _lock: Lock = field(default_factory=Lock)

    def record(self, assignment_id: int, value: dict[str, Any], *, is_acknowledged: bool) -> None:
        """Record an attempt, or its acknowledgment."""
        with self._lock:
            self.attempts[assignment_id] = value
            if is_acknowledged:
                self.acknowledged[assignment_id] = value
                self.changed_at = time.monotonic()


def answer_newest(person: SimulatedUser, answers: AnswerLog) -> bool:
    """Answer the newest task that a person sees and has not answered; tell whether there is one.

    Each task is a comparison. A tap that was not acknowledged is repeated later, with the same
    answer.
    """
    for message in reversed(person.messages):
        options = [
            action
            for action in task_actions(message)
            if action.name == "answer" and action.target_id not in answers.acknowledged
        ]
        if options:
            _tap(person, message, _choose(options), answers)
            return True
    return False


def answer_until(
    people: list[SimulatedUser], answers: AnswerLog, is_over: Callable[[], bool]
) -> None:
    """Let all people answer side by side until `is_over` returns True."""

    def work(person: SimulatedUser) -> None:
        while not is_over():
            if not answer_newest(person, answers):
                time.sleep(POLL_SECONDS)

    with ThreadPoolExecutor(len(people), thread_name_prefix="expert") as pool:
        for done in [pool.submit(work, person) for person in people]:
            done.result()


def task_actions(message: MessageSnapshot) -> Iterator[Action]:
    """Yield the actions of a message by which a task can be answered."""
    return actions_in(message.blocks)


def actions_in(blocks: list[dict[str, Any]]) -> Iterator[Action]:
    """Yield the actions of blocks by which a task can be answered."""
    for block in blocks:
        for element in block.get("elements", ()) if block.get("type") == "actions" else ():
            action = _parse_element(element)
            if action and action.name in TASK_ACTIONS:
                yield action


def _parse_element(element: dict[str, Any]) -> Action | None:
    try:
        return parse_block_action(element)
    except UnknownActionError:
        return None


def _choose(options: list[Action]) -> Action:
    """Choose an answer to the first task that depends only on the task."""
    task_id = options[0].target_id
    own_options = [action for action in options if action.target_id == task_id]
    return own_options[crc32(str(task_id).encode()) % len(own_options)]


def _tap(
    person: SimulatedUser, message: MessageSnapshot, action: Action, answers: AnswerLog
) -> None:
    value = {action.field or "verdict": action.option}
    answers.record(action.target_id, value, is_acknowledged=False)
    try:
        person.click(action.action_id, in_=message, within=1)
    except (NotAcknowledgedError, NotVisibleError, ActionRejectedError):
        time.sleep(POLL_SECONDS)
    else:
        answers.record(action.target_id, value, is_acknowledged=True)
