"""Reads the answers of a campaign together with the candidates of their tasks."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Sequence
from contextlib import closing
from itertools import groupby
from operator import itemgetter
from typing import TypeAlias

from sqlmodel import Session

from bot.services.reports.answer_labels import AnswerLabels
from bot.services.reports.task_answers import TaskAnswers, read_task, stream_answers
from storage.queries import votes
from storage.queries.votes import TaskCandidate

TaskWithCandidates: TypeAlias = tuple[TaskAnswers, Sequence[TaskCandidate]]
"""The answers to a task, and its candidates in imported order."""


def stream_tasks(
    session: Session, campaign_id: int, labels: AnswerLabels, *, has_texts: bool = True
) -> Generator[TaskWithCandidates]:
    """Yield the current answers to each task with its candidates. Close the generator.

    A gold question has no candidates here.

    Args:
        session: reads all answers.
        campaign_id: the campaign.
        labels: the labels of its answers.
        has_texts: whether the responses of known models are read, for their style.
    """
    with (
        closing(votes.stream_candidates(session, campaign_id, has_texts=has_texts)) as candidates,
        closing(stream_answers(session, campaign_id)) as answers,
    ):
        cursor = _TaskCursor(candidates)
        for rows in answers:
            yield read_task(rows, labels), cursor.candidates_of(rows[0].task_id)


class _TaskCursor:
    """Reads the candidates of tasks in the order of their ids."""

    def __init__(self, candidates: Iterable[TaskCandidate]) -> None:
        self._tasks = groupby(candidates, key=itemgetter(0))
        self._next: tuple[int, list[TaskCandidate]] | None = (0, [])

    def candidates_of(self, task_id: int) -> list[TaskCandidate]:
        """Return the candidates of a task; empty for a gold question."""
        while self._next is not None and self._next[0] < task_id:
            found = next(self._tasks, None)
            self._next = None if found is None else (found[0], list(found[1]))
        return self._next[1] if self._next is not None and self._next[0] == task_id else []
