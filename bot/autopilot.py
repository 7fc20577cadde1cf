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

from bot.kinds.form import BACK, EQUAL, OVER
from bot.sandbox import Message, NotAcknowledged, NotVisible, Person, Rejected, Screen
from bot.slack.ids import Press, UnknownButtonError, press_from

PAUSE = 0.02
"""Seconds between two looks at Slack."""

BETWEEN = 0.2
"""Seconds between two looks at whether all is done: all answers are counted for it."""

IMPATIENT = 3.0
"""Seconds without a task after which an expert asks for the next one."""

THREE = 3
"""Options of a verdict: good, bad, to be mended."""

WAYS = (EQUAL, BACK, OVER)
"""Buttons of an order that place nothing."""

Done = Callable[[], bool]
Tried = set[tuple[int, str]]
"""What an expert tapped already: an assignment, and a field or an option of an order."""


def answer_everything(people: list[Person], done: Done) -> None:
    """Let all experts answer side by side until `done` says that nothing is left.

    Raises:
        Exception: whatever went wrong in any of them.
    """
    seldom = _Seldom(done)
    with ThreadPoolExecutor(len(people), thread_name_prefix="expert") as pool:
        working = [pool.submit(_answer_all, person, seldom) for person in people]
        for work in working:
            work.result()


class _Seldom:
    """Whether all is done, looked up a few times a second however many ask."""

    def __init__(self, done: Done) -> None:
        self._done = done
        self._lock = Lock()
        self._looks_at = 0.0
        self._found = False

    def __call__(self) -> bool:
        with self._lock:
            if not self._found and time.monotonic() >= self._looks_at:
                self._found = self._done()
                self._looks_at = time.monotonic() + BETWEEN
            return self._found


def _answer_all(person: Person, done: Done) -> None:
    tried: Tried = set()
    since = time.monotonic()
    while not done():
        if _goes_on(person, tried):
            since = time.monotonic()
        elif time.monotonic() - since > IMPATIENT:
            since = time.monotonic()
            tried.clear()
            _ask(person)
        time.sleep(PAUSE)


def _goes_on(person: Person, tried: Tried) -> bool:
    """Fill the modal that is open, else answer what the newest task asks; say if there was any."""
    with suppress(NotAcknowledged, NotVisible, Rejected):
        modal = person.modal
        if modal and modal.callback_id == "write":
            person.submits(**_entries(modal, person.name))
            return True
        task = _task(person)
        if task is None:
            return False
        wanted = [one for one in _wanted(task) if _key(one) not in tried]
        for press in wanted:
            person.clicks(_words(task, press), in_=task)
            # A tap that wants something written opens the modal itself: once is enough.
            tried.update({_key(press), (press.assignment, "")})
        return bool(wanted)
    return False


def _ask(person: Person) -> None:
    if person.modal:
        with suppress(NotAcknowledged, NotVisible):
            person.closes(everything=True)
    with suppress(NotAcknowledged):
        person.types("/label next")


def _task(person: Person) -> Message | None:
    """Return the newest message that asks for something."""
    return next((m for m in reversed(person.messages) if _wanted(m)), None)


def _key(press: Press) -> tuple[int, str]:
    is_placed = press.deed == "answer" and len(press.option) == 1 and press.option.isalpha()
    return press.assignment, f"{press.field}:{press.option}" if is_placed else press.field


def _wanted(task: Message) -> list[Press]:
    """Return what this task asks for yet: an option of each question, and what is to be written."""
    marked = {press.field for press, is_marked in _answers(task) if is_marked}
    ordered = {press.field for press in _presses(task) if press.deed == "write" and press.field}
    asked: dict[str, list[Press]] = {}
    for press, is_marked in _answers(task):
        is_open = not is_marked if press.field in ordered else press.field not in marked
        if is_open and press.option not in WAYS:
            asked.setdefault(press.field, []).append(press)
    return [*map(_chosen, asked.values()), *_writes(task)]


def _chosen(presses: list[Press]) -> Press:
    """Choose an option; of a verdict mostly the first, for the others open modals.

    Slack opens no more than a hundred a minute.
    """
    whim = _whim(presses[0])
    is_first = len(presses) == THREE and whim % 2
    return presses[0] if is_first else presses[whim // 2 % len(presses)]


def _whim(press: Press) -> int:
    return crc32(f"{press.assignment}/{press.field}/{press.option}".encode())


def _answers(task: Message) -> Iterator[tuple[Press, bool]]:
    """Yield every button that answers, and whether it is marked as chosen."""
    for element in _elements(task):
        press = _press(element)
        if press and press.deed == "answer":
            yield press, element.get("style") == "primary"


def _writes(task: Message) -> list[Press]:
    """Return the button to write, if something must be written (else it only adds a reason)."""
    primary = (_press(e) for e in _elements(task) if e.get("style") == "primary")
    return [press for press in primary if press and press.deed == "write"]


def _words(task: Message, press: Press) -> str:
    """Return what names a button: its id, but what stands on it where the receipt has one, too."""
    named = (e["text"]["text"] for e in _elements(task) if _press(e) == press)
    return next(named) if press.deed == "write" else press.action_id


def _presses(task: Message) -> Iterator[Press]:
    return (press for element in _elements(task) if (press := _press(element)))


def _press(element: dict[str, Any]) -> Press | None:
    try:
        return press_from(element)
    except UnknownButtonError:
        return None


def _elements(message: Message) -> Iterator[dict[str, Any]]:
    for block in message.blocks:
        if block["type"] == "actions":
            yield from block["elements"]


def _entries(modal: Screen, name: str) -> dict[str, Any]:
    """Return something for every input that must be filled."""
    inputs = [b for b in modal.blocks if b["type"] == "input" and not b.get("optional")]
    return {block["block_id"]: _entry(block["element"], name) for block in inputs}


def _entry(element: dict[str, Any], name: str) -> str:
    if element["type"] != "plain_text_input":
        return str(element["options"][crc32(name.encode()) % len(element["options"])]["value"])
    return f"What {name} would write.\n\n- one\n- **two**"
