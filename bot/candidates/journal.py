"""The file that keeps every answer, so that no prompt is asked twice.

It has one JSON object per line. A line is written before a request, with the most that it may
cost, and another one after it. Whatever kills the process, the file has all that was answered; a
last line that was cut off is removed.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

import orjson

from bot.candidates.completion import Completion, Flaw
from bot.candidates.cost import Usage
from bot.errors import BotError
from bot.file_lock import open_locked

SENT, ANSWERED, UNANSWERED = "sent", "answered", "unanswered"

LINE_START = b'{"request":'


class JournalInUseError(BotError):
    """Another process writes to {path}. Wait until it ends, or name another file: --answers."""


class UnusableJournalError(BotError):
    """{path} cannot be used for answers: {reason}. Choose another file with --answers."""


@dataclass(frozen=True, slots=True)
class JournalAnswer:
    """An answer and its cost. `is_counted`: the endpoint counted its tokens."""

    completion: Completion
    cost: float
    is_counted: bool


@dataclass(slots=True)
class Journal:
    """The answers of a file by the key of their request, and what else was spent.

    Attributes:
        answers: the answers.
        uncertain: by request, what attempts may have cost whose answer was lost.
    """

    file: BinaryIO
    path: Path
    answers: dict[str, JournalAnswer] = field(default_factory=dict)
    uncertain: dict[str, float] = field(default_factory=dict)
    _sent: dict[str, float] = field(default_factory=dict)

    def record_sent(self, key: str, bound: float) -> None:
        """Record that a request is about to be sent, and the most that it may cost."""
        self._write({"request": key, "state": SENT, "bound": bound})
        self._apply_sent(key, bound)

    def record_answer(self, key: str, answer: JournalAnswer, model: str) -> None:
        """Record an answer, and wait until it is on the disk."""
        completion = answer.completion
        usage = completion.usage
        self._write(
            {
                "request": key,
                "state": ANSWERED,
                "model": model,
                "text": completion.text,
                "flaw": completion.flaw,
                "reason": completion.reason,
                "usage": [usage.input_tokens, usage.output_tokens] if usage else None,
                "cost": answer.cost,
                "counted": answer.is_counted,
            },
            is_final=True,
        )
        self._apply_answer(key, answer)

    def record_unanswered(self, key: str, cost: float) -> None:
        """Record that an attempt failed, and what it may have cost."""
        self._write({"request": key, "state": UNANSWERED, "cost": cost})
        self._apply_unanswered(key, cost)

    def spent_on(self, key: str) -> tuple[float, float]:
        """Return what a request has cost, and what more it may have cost."""
        answer = self.answers.get(key)
        return answer.cost if answer else 0.0, self.uncertain.get(key, 0.0)

    def forget(self, key: str) -> None:
        """Forget an answer in memory, so that its request is sent again; its cost stays."""
        cost = self.answers.pop(key).cost
        self.uncertain[key] = self.uncertain.get(key, 0.0) + cost

    def _write(self, line: Mapping[str, object], *, is_final: bool = False) -> None:
        try:
            self.file.write(orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE))
            self.file.flush()
            if is_final:
                os.fsync(self.file.fileno())
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
            raise UnusableJournalError(path=self.path, reason=reason) from error

    def read(self) -> None:
        """Read the lines of the file, and remove a last one that was cut off.

        Raises:
            UnusableJournalError: the file has other lines.
        """
        end = 0
        for number, line in enumerate(self.file, start=1):
            if not line.endswith(b"\n") and (end or LINE_START.startswith(line[: len(LINE_START)])):
                break
            try:
                self._apply(orjson.loads(line))
            except (orjson.JSONDecodeError, KeyError, TypeError, ValueError):
                reason = f"line {number} is none that labelbot sample writes"
                raise UnusableJournalError(path=self.path, reason=reason) from None
            end += len(line)
        self.file.seek(end)
        self.file.truncate()
        for key, bound in self._sent.items():
            self.uncertain[key] = self.uncertain.get(key, 0.0) + bound
        self._sent.clear()

    def _apply(self, line: Mapping[str, object]) -> None:
        key, state = str(line["request"]), line["state"]
        if state == SENT:
            self._apply_sent(key, _number(line["bound"]))
        elif state == UNANSWERED:
            self._apply_unanswered(key, _number(line["cost"]))
        elif state == ANSWERED:
            self._apply_answer(key, _answer_of(line))
        else:
            raise ValueError(state)

    def _apply_sent(self, key: str, bound: float) -> None:
        self._sent[key] = self._sent.get(key, 0.0) + bound

    def _apply_unanswered(self, key: str, cost: float) -> None:
        self._sent.pop(key, None)
        self.uncertain[key] = self.uncertain.get(key, 0.0) + cost

    def _apply_answer(self, key: str, answer: JournalAnswer) -> None:
        self._sent.pop(key, None)
        if key in self.answers:
            self.forget(key)
        self.answers[key] = answer


def _answer_of(line: Mapping[str, object]) -> JournalAnswer:
    usage, flaw = line["usage"], line["flaw"]
    counts = Usage(*map(int, usage)) if isinstance(usage, list) else None
    completion = Completion(
        str(line["text"]), counts, Flaw(str(flaw)) if flaw else None, str(line["reason"])
    )
    return JournalAnswer(completion, _number(line["cost"]), line["counted"] is True)


def _number(value: object) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool) or value < 0:
        raise TypeError(value)
    return float(value)


@contextmanager
def open_journal(path: Path) -> Iterator[Journal]:
    """Open the file of answers, or create it; no other process can use it meanwhile.

    Raises:
        JournalInUseError: another process uses it.
        UnusableJournalError: it cannot be opened, or has other content.
    """
    try:
        descriptor = open_locked(path)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise UnusableJournalError(path=path, reason=reason) from error
    if descriptor is None:
        raise JournalInUseError(path=path)
    with os.fdopen(descriptor, "r+b") as file:
        journal = Journal(file, path)
        journal.read()
        yield journal


def read_journal(path: Path) -> Journal:
    """Return the answers of a file; none if it does not exist.

    Raises:
        JournalInUseError, UnusableJournalError: as in `open_journal`.
    """
    if not path.exists():
        return Journal(BytesIO(), path)
    with open_journal(path) as journal:
        return journal
