"""Snapshot of an export: what it read, enough to read the same again after later changes.

Versions of answers and decisions are never changed, so their numbers suffice. What can change is
part of the snapshot: the settings of the campaign, the state of each answer, and gold answers.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from heapq import merge
from typing import Any

import orjson

from bot.exports.id_ranges import read_ranges, write_ranges

SNAPSHOT_VERSION = 1

GOLD, NOT_FINAL = "gold", "not_final"
"""Reasons of answers that have a label only in some exports."""


@dataclass(frozen=True, slots=True)
class RecordedCampaign:
    """What an export reads of the campaign itself."""

    id: int
    name: str
    kind: str
    settings: Mapping[str, Any]
    guidelines_version: int


@dataclass(frozen=True, slots=True)
class AnswerState:
    """State of an answer: its current version, and what decides whether it has a label.

    Attributes:
        version: number of the current version; 0 for a skipped task.
        reason: why the answer has no label in any export; empty if it can have one.
        is_gold: the item is a gold question.
        is_final: the answer can no longer be changed.
        is_confirmed: a second expert has confirmed it.
    """

    version: int
    reason: str = ""
    is_gold: bool = False
    is_final: bool = False
    is_confirmed: bool = False

    def reason_without_label(self, *, with_gold: bool, only_final: bool) -> str:
        """Return why the answer has no label in an export, empty if it has one."""
        if self.reason:
            return self.reason
        if self.is_gold and not with_gold:
            return GOLD
        return NOT_FINAL if only_final and not self.is_final else ""

    def is_same_answer(self, other: AnswerState | None) -> bool:
        """Return whether another state is the same answer with the same effect on rows."""
        if other is None:
            return False
        fields = ("version", "reason", "is_confirmed")
        return all(getattr(self, name) == getattr(other, name) for name in fields)


@dataclass(frozen=True, slots=True)
class ExportSnapshot:
    """What an export read.

    Attributes:
        campaign: state of the campaign.
        answers: numbers of the assignments in each state.
        decisions: numbers of the decisions in force.
        gold: known correct answers by task, for those of gold questions.
    """

    campaign: RecordedCampaign
    answers: Mapping[AnswerState, Sequence[int]]
    decisions: Sequence[int] = ()
    gold: Mapping[int, Mapping[str, Any]] = field(default_factory=dict)

    def states(self) -> dict[int, AnswerState]:
        """Return the state of each answer by number of its assignment."""
        return {number: state for state, numbers in self.answers.items() for number in numbers}

    def states_with_label(self, *, with_gold: bool, only_final: bool) -> dict[int, AnswerState]:
        """Return the state of each answer that has a label in an export, by assignment."""
        return {
            number: state
            for state, numbers in self.answers.items()
            if not state.reason_without_label(with_gold=with_gold, only_final=only_final)
            for number in numbers
        }

    def count_unlabeled(self, *, with_gold: bool, only_final: bool) -> dict[str, int]:
        """Return how many answers have no label in an export, by reason."""
        counts = Counter[str]()
        for state, numbers in self.answers.items():
            reason = state.reason_without_label(with_gold=with_gold, only_final=only_final)
            counts[reason] += len(numbers)
        return {reason: count for reason, count in sorted(counts.items()) if reason and count}

    def count_answers(self) -> int:
        """Return the number of answers and skipped tasks."""
        return sum(len(numbers) for numbers in self.answers.values())

    def to_json(self) -> bytes:
        """Return the snapshot as JSON, the same for the same state."""
        states = sorted(self.answers, key=repr)
        document = {
            "snapshot_version": SNAPSHOT_VERSION,
            "campaign": asdict(self.campaign),
            "answers": [
                {**asdict(state), "assignments": write_ranges(self.answers[state])}
                for state in states
            ],
            "decisions": write_ranges(self.decisions),
            "gold": {str(task): answer for task, answer in self.gold.items()},
        }
        return orjson.dumps(document, option=orjson.OPT_SORT_KEYS)

    @classmethod
    def from_json(cls, content: bytes) -> ExportSnapshot:
        """Return the snapshot that `to_json` returned."""
        document = orjson.loads(content)
        answers = {}
        for entry in document["answers"]:
            numbers = array("q", read_ranges(entry.pop("assignments")))
            answers[AnswerState(**entry)] = numbers
        return cls(
            RecordedCampaign(**document["campaign"]),
            answers,
            tuple(read_ranges(document["decisions"])),
            {int(task): answer for task, answer in document["gold"].items()},
        )


def merge_states(
    states: Iterable[tuple[AnswerState, Iterable[int]]],
) -> dict[AnswerState, Sequence[int]]:
    """Return the numbers of assignments by state, from sorted parts of them: eight bytes each."""
    parts: dict[AnswerState, list[Iterable[int]]] = {}
    for state, numbers in states:
        parts.setdefault(state, []).append(numbers)
    return {state: array("q", merge(*found)) for state, found in parts.items()}


def digest_of(content: bytes) -> str:
    """Return the SHA-256 of a snapshot as JSON, in hex: its name in the database."""
    return sha256(content).hexdigest()
