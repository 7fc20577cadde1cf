"""Pretend experts who answer everything they are given, through real Slack payloads.

They are not clever: what they answer follows from the task's number, so a run can be repeated. They
are persistent: what is not acknowledged they tap again, as a person would.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any
from zlib import crc32

from bot.sandbox import Message, NotAcknowledged, NotVisible, Person, Rejected
from bot.slack.ids import Press, UnknownButtonError, press_from

PAUSE = 0.02
"""Seconds between two looks at Slack."""

IMPATIENT = 3.0
"""Seconds without a task after which an expert asks for the next one."""

Done = Callable[[], bool]


def answer_everything(people: list[Person], done: Done) -> None:
    """Let all experts answer side by side until `done` says that nothing is left.

    Raises:
        Exception: whatever went wrong in any of them.
    """
    with ThreadPoolExecutor(len(people), thread_name_prefix="expert") as pool:
        working = [pool.submit(_answer_all, person, done) for person in people]
        for work in working:
            work.result()


def _answer_all(person: Person, done: Done) -> None:
    answered: set[tuple[int, str]] = set()
    since = time.monotonic()
    while not done():
        task = _task(person)
        wanted = _wanted(task, answered) if task else []
        if task and wanted:
            since = time.monotonic()
            with suppress(NotAcknowledged, NotVisible, Rejected):
                _answer(person, task, wanted)
                answered.update((press.assignment, press.field) for _words, press in wanted)
        elif time.monotonic() - since > IMPATIENT:
            since = time.monotonic()
            answered.clear()
            _ask(person)
        time.sleep(PAUSE)


def _ask(person: Person) -> None:
    with suppress(NotAcknowledged):
        person.types("/label next")


def _task(person: Person) -> Message | None:
    """Return the newest message that asks for something."""
    asking = (m for m in reversed(person.messages) if _questions(m) or _writes(m))
    return next(asking, None)


def _wanted(task: Message, answered: set[tuple[int, str]]) -> list[tuple[str, Press]]:
    """Return one button for each question that this person has not answered yet."""
    chosen = [presses[_whim(presses[0]) % len(presses)] for presses in _questions(task).values()]
    buttons = [*((press.action_id, press) for press in chosen), *_writes(task)]
    return [(words, p) for words, p in buttons if (p.assignment, p.field) not in answered]


def _answer(person: Person, task: Message, wanted: list[tuple[str, Press]]) -> None:
    for words, press in wanted:
        person.clicks(words, in_=task)
        if press.deed == "write":
            person.submits(response=_response(person, press))


def _whim(press: Press) -> int:
    return crc32(f"{press.assignment}/{press.field}".encode())


def _response(person: Person, press: Press) -> str:
    return f"An ideal response by {person.name} to task {press.assignment}.\n\n- one\n- **two**"


def _questions(message: Message) -> dict[str, list[Press]]:
    """Return the buttons of each question of a task, those already chosen left out."""
    found: dict[str, list[Press]] = {}
    chosen = set()
    for element in _elements(message):
        press = _press(element)
        if press and press.deed == "answer":
            found.setdefault(press.field, []).append(press)
            if element.get("style") == "primary":
                chosen.add(press.field)
    return {field: presses for field, presses in found.items() if field not in chosen}


def _writes(message: Message) -> list[tuple[str, Press]]:
    """Return the button to write, if writing is the answer (elsewhere it only adds a reason)."""
    primary = [e for e in _elements(message) if e.get("style") == "primary"]
    presses = [(element["text"]["text"], _press(element)) for element in primary]
    return [(words, press) for words, press in presses if press and press.deed == "write"]


def _press(element: dict[str, Any]) -> Press | None:
    try:
        return press_from(element)
    except UnknownButtonError:
        return None


def _elements(message: Message) -> Iterator[dict[str, Any]]:
    for block in message.blocks:
        if block["type"] == "actions":
            yield from block["elements"]
