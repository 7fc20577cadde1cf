"""Answers that are new since a time, or since an earlier export."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import datetime

from bot.exports.label_record import ItemLabels, LabelRecord
from bot.exports.snapshot import ExportSnapshot

IsNew = Callable[[LabelRecord], bool]


def new_since(moment: datetime) -> IsNew:
    """Return whether a label was submitted or decided at or after a time."""
    return lambda record: record.answered_at >= moment


@dataclass(frozen=True, slots=True)
class NewAfterExport:
    """Whether a label is new since an earlier export, by what each export read.

    Times would not do: an answer may be committed after an export has read, with an earlier time.
    An answer that was changed, confirmed or included again since is new, too.
    """

    answers: Collection[int]
    decisions: Collection[int]

    @classmethod
    def between(cls, earlier: ExportSnapshot, now: ExportSnapshot) -> NewAfterExport:
        """Return what is new in a snapshot."""
        before = earlier.states()
        answers = {
            number
            for number, state in now.states().items()
            if not state.is_same_answer(before.get(number))
        }
        return cls(answers, set(now.decisions) - set(earlier.decisions))

    def __call__(self, record: LabelRecord) -> bool:
        """Return whether a label of an answer or a decision is new."""
        is_decision = record.source == "adjudicated"
        return record.answer_id in (self.decisions if is_decision else self.answers)


def mark_new(item: ItemLabels, is_new: IsNew) -> ItemLabels:
    """Return the labels of an item, each marked as new or not."""
    answers = [replace(record, is_new=is_new(record)) for record in item.answers]
    decision = item.decision and replace(item.decision, is_new=is_new(item.decision))
    return replace(item, answers=answers, decision=decision)
