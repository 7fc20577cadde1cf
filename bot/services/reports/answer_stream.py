"""Reads the answers of a campaign together with the candidates of their tasks."""

from __future__ import annotations

from collections.abc import Generator, Iterable
from contextlib import closing
from itertools import groupby
from operator import attrgetter

from sqlmodel import Session

from bot.garbage_collection import collect_rarely
from bot.kinds import kind_named
from bot.services.reports.answer_labels import AnswerLabels, repeated_labels
from bot.services.reports.model_counter import ModelCounter
from bot.services.reports.quality_counter import QualityCounter
from storage.queries import votes
from storage.queries.votes import TaskCandidate, VoteRow
from storage.row_id import id_of
from storage.tables import Campaign


def stream_tasks(
    session: Session, campaign_id: int, *, has_texts: bool = True
) -> Generator[tuple[list[VoteRow], list[TaskCandidate]]]:
    """Yield the current answers to each task with its candidates. Close the generator.

    A gold question has no candidates here.

    Args:
        session: reads all answers.
        campaign_id: the campaign.
        has_texts: whether the responses of known models are read, for their style.
    """
    with (
        closing(votes.stream_candidates(session, campaign_id, has_texts=has_texts)) as candidates,
        closing(votes.stream_votes(session, campaign_id)) as rows,
    ):
        cursor = _TaskCursor(candidates)
        for task_id, task_rows in groupby(rows, key=attrgetter("task_id")):
            yield list(task_rows), cursor.candidates_of(task_id)


def count_answers_of(session: Session, campaign: Campaign) -> QualityCounter:
    """Return the counts of all current answers of a campaign."""
    counter = QualityCounter.start(campaign)
    counter.agreement.repeats = repeated_labels(session, campaign)
    with collect_rarely(), closing(stream_tasks(session, id_of(campaign))) as tasks:
        for rows, candidates in tasks:
            counter.add(rows, candidates)
    return counter


def count_models_of(session: Session, campaign: Campaign) -> ModelCounter:
    """Return only the counts of models: much less work than all counts."""
    counter, known = ModelCounter(), AnswerLabels(kind_named(campaign.kind))
    with closing(stream_tasks(session, id_of(campaign))) as tasks:
        for rows, candidates in tasks:
            if any(candidate.model for candidate in candidates):
                labels = [known.label_of(row.value, row.candidate_order).label for row in rows]
                counter.add(labels, candidates)
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
