"""Pretend experts who answer everything they are given, through real Slack payloads.

They are not clever: what they answer follows from the task's number, so a run can be repeated. They
are persistent: what is not acknowledged they tap again, as a person would.
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
"""Seconds between two looks at Slack."""

DONE_CHECK_SECONDS = 0.2
"""Seconds between two looks at whether all is done: all answers are counted for it."""

MAX_IDLE_SECONDS = 3.0
"""Seconds without a task after which an expert asks for the next one."""

VERDICT_OPTIONS = 3
"""Options of a verdict: good, bad, to be mended."""

NON_RANKING_OPTIONS = (TIE, UNDO, RESTART)
"""Buttons of an order that place nothing."""

DoneCheck = Callable[[], bool]
Attempts = set[tuple[int, str]]
"""What an expert tapped already: an assignment, and a field or an option of an order."""


def answer_everything(people: list[SimulatedUser], is_done: DoneCheck) -> None:
    """Let all experts answer side by side until `done` says that nothing is left.

    Raises:
        Exception: whatever went wrong in any of them.
    """
    throttled = _ThrottledCheck(is_done)
    with ThreadPoolExecutor(len(people), thread_name_prefix="expert") as pool:
        futures = [pool.submit(_run_expert, person, throttled) for person in people]
        for future in futures:
            future.result()


class _ThrottledCheck:
    """Whether all is done, looked up a few times a second however many ask."""

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


def _run_expert(person: SimulatedUser, is_done: DoneCheck) -> None:
    tried: Attempts = set()
    active_at = time.monotonic()
    while not is_done():
        if _answer_next(person, tried):
            active_at = time.monotonic()
        elif time.monotonic() - active_at > MAX_IDLE_SECONDS:
            active_at = time.monotonic()
            tried.clear()
            _request_task(person)
        time.sleep(POLL_SECONDS)


def _answer_next(person: SimulatedUser, tried: Attempts) -> bool:
    """Fill the modal that is open, else answer what the newest task asks; say if there was any."""
    with suppress(NotAcknowledgedError, NotVisibleError, ActionRejectedError):
        modal = person.modal
        if modal and modal.callback_id == "write":
            person.submit_modal(**_fill_inputs(modal, person.name))
            return True
        task = _newest_task(person)
        if task is None:
            return False
        pending = [one for one in _pending_actions(task) if _attempt_key(one) not in tried]
        for payload in pending:
            person.click(_button_name(task, payload), in_=task)
            # A tap that wants something written opens the modal itself: once is enough.
            tried.update({_attempt_key(payload), (payload.target_id, "")})
        return bool(pending)
    return False


def _request_task(person: SimulatedUser) -> None:
    if person.modal:
        with suppress(NotAcknowledgedError, NotVisibleError):
            person.close_modal(all_modals=True)
    with suppress(NotAcknowledgedError):
        person.send_message("/label next")


def _newest_task(person: SimulatedUser) -> MessageSnapshot | None:
    """Return the newest message that asks for something."""
    return next((m for m in reversed(person.messages) if _pending_actions(m)), None)


def _attempt_key(payload: Action) -> tuple[int, str]:
    is_ranked = payload.name == "answer" and len(payload.option) == 1 and payload.option.isalpha()
    return payload.target_id, f"{payload.field}:{payload.option}" if is_ranked else payload.field


def _pending_actions(task: MessageSnapshot) -> list[Action]:
    """Return what this task asks for yet: an option of each question, and what is to be written."""
    marked_fields = {press.field for press, is_marked in _answer_buttons(task) if is_marked}
    ranked_fields = {
        press.field for press in _actions_of(task) if press.name == "write" and press.field
    }
    options_by_field: dict[str, list[Action]] = {}
    for payload, is_marked in _answer_buttons(task):
        is_open = (
            not is_marked if payload.field in ranked_fields else payload.field not in marked_fields
        )
        if is_open and payload.option not in NON_RANKING_OPTIONS:
            options_by_field.setdefault(payload.field, []).append(payload)
    return [*map(_choose_option, options_by_field.values()), *_required_write_actions(task)]


def _choose_option(options: list[Action]) -> Action:
    """Choose an option; of a verdict mostly the first, for the others open modals.

    Slack opens no more than a hundred a minute.
    """
    number = _stable_number(options[0])
    is_first = len(options) == VERDICT_OPTIONS and number % 2
    return options[0] if is_first else options[number // 2 % len(options)]


def _stable_number(payload: Action) -> int:
    return crc32(f"{payload.target_id}/{payload.field}/{payload.option}".encode())


def _answer_buttons(task: MessageSnapshot) -> Iterator[tuple[Action, bool]]:
    """Yield every button that answers, and whether it is marked as chosen."""
    for element in _action_elements(task):
        payload = _parse_element(element)
        if payload and payload.name == "answer":
            yield payload, element.get("style") == "primary"


def _required_write_actions(task: MessageSnapshot) -> list[Action]:
    """Return the button to write, if something must be written (else it only adds a reason)."""
    primary = (_parse_element(e) for e in _action_elements(task) if e.get("style") == "primary")
    return [payload for payload in primary if payload and payload.name == "write"]


def _button_name(task: MessageSnapshot, payload: Action) -> str:
    """Return what names a button: its id, but what stands on it where the receipt has one, too."""
    named = (e["text"]["text"] for e in _action_elements(task) if _parse_element(e) == payload)
    return next(named) if payload.name == "write" else payload.action_id


def _actions_of(task: MessageSnapshot) -> Iterator[Action]:
    return (payload for element in _action_elements(task) if (payload := _parse_element(element)))


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
    """Return something for every input that must be filled."""
    inputs = [b for b in modal.blocks if b["type"] == "input" and not b.get("optional")]
    return {block["block_id"]: _input_value(block["element"], name) for block in inputs}


def _input_value(element: dict[str, Any], name: str) -> str:
    if element["type"] != "plain_text_input":
        return str(element["options"][crc32(name.encode()) % len(element["options"])]["value"])
    return f"What {name} would write.\n\n- one\n- **two**"
