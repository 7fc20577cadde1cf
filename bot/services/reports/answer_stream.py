"""Reads the answers of a campaign together with the candidates of their tasks."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import closing
from itertools import groupby
from operator import attrgetter

from sqlmodel import Session

from bot.services.reports.answer_labels import repeated_labels
from bot.services.reports.quality_counter import QualityCounter
from storage.queries import votes
from storage.queries.votes import TaskCandidate
from storage.row_id import id_of
from storage.tables import Campaign


def count_answers_of(session: Session, campaign: Campaign) -> QualityCounter:
    """Return the counts of all current answers of a campaign."""
    counter = QualityCounter.start(campaign)
    counter.agreement.repeats = repeated_labels(session, campaign)
    campaign_id = id_of(campaign)
    with (
        closing(votes.stream_candidates(session, campaign_id)) as candidates,
        closing(votes.stream_votes(session, campaign_id)) as rows,
    ):
        tasks = _TaskCursor(candidates)
        for task_id, task_rows in groupby(rows, key=attrgetter("task_id")):
            found = tasks.candidates_of(task_id)
            counter.add(list(task_rows), found)
    return counter


class _TaskCursor:
    """Reads the candidates of tasks in the order of their ids."""

    def __init__(self, candidates: Iterable[TaskCandidate]) -> None:
        self._tasks = groupby(candidates, key=attrgetter("task_id"))
        self._next: tuple[int, list[TaskCandidate]] | None = (0, [])

    def candidates_of(self, task_id: int) -> list[TaskCandidate]:
        """Return the candidates of a task; empty for a gold question."""
        while self._next is not None and self._next[0] < task_id:
            found = next(self._tasks, None)
            self._next = None if found is None else (found[0], list(found[1]))
        return self._next[1] if self._next is not None and self._next[0] == task_id else []
