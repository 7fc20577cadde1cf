"""Simulated experts who answer all their tasks, through real Slack payloads.

Answers depend only on the task's id, so that a run can be repeated. A click that was not
acknowledged is repeated, as a person would.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Lock
from typing import Any
from zlib import crc32

from bot.kinds.form import RESTART, TIE, UNDO
from bot.sandbox import (
    ActionRejectedError,
    MessageSnapshot,
    NotAcknowledgedError,
    NotVisibleError,
    SimulatedUser,
    ViewSnapshot,
)
from bot.slack.parsing.action_ids import Action, UnknownActionError, parse_block_action

POLL_SECONDS = 0.02
"""Seconds between two checks of an expert's messages."""

DONE_CHECK_SECONDS = 0.2
"""Seconds between two calls of `is_done`, which counts all answers."""

MAX_IDLE_SECONDS = 3.0
"""Seconds without a task after which an expert asks for the next one."""

VERDICT_OPTIONS = 3
"""Number of options of a curation verdict: keep, fix, drop."""

NON_RANKING_OPTIONS = (TIE, UNDO, RESTART)
"""Buttons of a ranking that do not rank a candidate."""

WRITE_ACTION = "write_answer"
"""Name of the action that opens the modal to write, and callback id of that modal."""

DoneCheck = Callable[[], bool]
Attempts = set[tuple[int, str]]
"""What an expert has already clicked: assignment ids, each with a field or a ranked candidate."""


def answer_everything(experts: list[SimulatedUser], is_done: DoneCheck) -> None:
    """Let all experts answer in parallel until `is_done` returns True.

    Raises:
        Exception: the first error of any expert.
    """
    throttled_check = _ThrottledCheck(is_done)
    with ThreadPoolExecutor(len(experts), thread_name_prefix="expert") as pool:
        futures = [pool.submit(_run_expert, expert, throttled_check) for expert in experts]
        for future in futures:
            future.result()


class _ThrottledCheck:
    """A `DoneCheck` that is evaluated a few times a second, however often it is called."""

    def __init__(self, is_done: DoneCheck) -> None:
        self._is_done = is_done
        self._lock = Lock()
        self._next_check_at = 0.0
        self._result = False

    def __call__(self) -> bool:
        with self._lock:
            if not self._result and time.monotonic() >= self._next_check_at:
                self._result = self._is_done()
                self._next_check_at = time.monotonic() + DONE_CHECK_SECONDS
            return self._result


def _run_expert(expert: SimulatedUser, is_done: DoneCheck) -> None:
    attempts: Attempts = set()
    active_at = time.monotonic()
    while not is_done():
        if _answer_next(expert, attempts):
            active_at = time.monotonic()
        elif time.monotonic() - active_at > MAX_IDLE_SECONDS:
            active_at = time.monotonic()
            attempts.clear()
            _request_task(expert)
        time.sleep(POLL_SECONDS)


def _answer_next(expert: SimulatedUser, attempts: Attempts) -> bool:
    """Submit the open modal, else answer the newest task; return whether there was either."""
    with suppress(NotAcknowledgedError, NotVisibleError, ActionRejectedError):
        modal = expert.modal
        if modal and modal.callback_id == WRITE_ACTION:
            expert.submit_modal(**_fill_inputs(modal, expert.name))
            return True
        task = _newest_task(expert)
        if task is None:
            return False
        pending = [
            action for action in _pending_actions(task) if _attempt_key(action) not in attempts
        ]
        for action in pending:
            expert.click(_button_name(task, action), in_=task)
            # If the answer needs text, the click opens the modal: do not click "write" as well.
            attempts.update({_attempt_key(action), (action.target_id, "")})
        return bool(pending)
    return False


def _request_task(expert: SimulatedUser) -> None:
    if expert.modal:
        with suppress(NotAcknowledgedError, NotVisibleError):
            expert.close_modal(all_modals=True)
    with suppress(NotAcknowledgedError):
        expert.send_message("/label next")


def _newest_task(expert: SimulatedUser) -> MessageSnapshot | None:
    """Return the newest message that still needs an answer."""
    return next((m for m in reversed(expert.messages) if _pending_actions(m)), None)


def _attempt_key(action: Action) -> tuple[int, str]:
    is_ranked = action.name == "answer" and len(action.option) == 1 and action.option.isalpha()
    return action.target_id, f"{action.field}:{action.option}" if is_ranked else action.field


def _pending_actions(task: MessageSnapshot) -> list[Action]:
    """Return one action for each unanswered field, and the button for required text."""
    marked_fields = {action.field for action, is_marked in _answer_buttons(task) if is_marked}
    ranked_fields = {
        action.field for action in _actions_of(task) if action.name == WRITE_ACTION and action.field
    }
    options_by_field: dict[str, list[Action]] = {}
    for action, is_marked in _answer_buttons(task):
        is_open = (
            not is_marked if action.field in ranked_fields else action.field not in marked_fields
        )
        if is_open and action.option not in NON_RANKING_OPTIONS:
            options_by_field.setdefault(action.field, []).append(action)
    return [*map(_choose_option, options_by_field.values()), *_required_write_actions(task)]


def _choose_option(options: list[Action]) -> Action:
    """Choose an option; of a verdict mostly the first, because the others open modals.

    Slack limits `views.open` to a hundred calls a minute.
    """
    number = _stable_number(options[0])
    is_first = len(options) == VERDICT_OPTIONS and number % 2
    return options[0] if is_first else options[number // 2 % len(options)]


def _stable_number(action: Action) -> int:
    return crc32(f"{action.target_id}/{action.field}/{action.option}".encode())


def _answer_buttons(task: MessageSnapshot) -> Iterator[tuple[Action, bool]]:
    """Yield the action of every answer button, and whether it is marked as chosen."""
    for element in _action_elements(task):
        action = _parse_element(element)
        if action and action.name == "answer":
            yield action, element.get("style") == "primary"


def _required_write_actions(task: MessageSnapshot) -> list[Action]:
    """Return the button to write if text is required; it is then primary."""
    primary = (_parse_element(e) for e in _action_elements(task) if e.get("style") == "primary")
    return [action for action in primary if action and action.name == WRITE_ACTION]


def _button_name(task: MessageSnapshot, action: Action) -> str:
    """Return the action id, or the label if the receipt may have a button with the same id."""
    labels = (e["text"]["text"] for e in _action_elements(task) if _parse_element(e) == action)
    return next(labels) if action.name == WRITE_ACTION else action.action_id


def _actions_of(task: MessageSnapshot) -> Iterator[Action]:
    return (action for element in _action_elements(task) if (action := _parse_element(element)))


def _parse_element(element: dict[str, Any]) -> Action | None:
    try:
        return parse_block_action(element)
    except UnknownActionError:
        return None


def _action_elements(message: MessageSnapshot) -> Iterator[dict[str, Any]]:
    for block in message.blocks:
        if block["type"] == "actions":
            yield from block["elements"]


def _fill_inputs(modal: ViewSnapshot, name: str) -> dict[str, Any]:
    """Return a value for every required input."""
    inputs = [b for b in modal.blocks if b["type"] == "input" and not b.get("optional")]
    return {block["block_id"]: _input_value(block["element"], name) for block in inputs}


def _input_value(element: dict[str, Any], name: str) -> str:
    if element["type"] != "plain_text_input":
        return str(element["options"][crc32(name.encode()) % len(element["options"])]["value"])
    return f"What {name} would write.\n\n- one\n- **two**"
