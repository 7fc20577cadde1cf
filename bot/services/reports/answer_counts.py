"""Counts of all current answers of a campaign."""

from __future__ import annotations

from contextlib import closing

from sqlmodel import Session

from bot.garbage_collection import collect_rarely
from bot.kinds import kind_named
from bot.services.reports.answer_labels import AnswerLabels, repeated_labels
from bot.services.reports.answer_stream import stream_tasks
from bot.services.reports.model_counter import ModelCounter
from bot.services.reports.quality_counter import QualityCounter
from bot.services.reports.task_answers import in_batches
from storage.row_id import id_of
from storage.tables import Campaign


def count_answers_of(session: Session, campaign: Campaign) -> QualityCounter:
    """Return the counts of all current answers of a campaign."""
    counter = QualityCounter.start(campaign)
    counter.agreement.repeats = repeated_labels(session, campaign)
    labels = counter.agreement.labels
    with collect_rarely(), closing(stream_tasks(session, id_of(campaign), labels)) as tasks:
        for batch in in_batches(tasks):
            counter.add(batch)
    return counter


def count_models_of(session: Session, campaign: Campaign) -> ModelCounter:
    """Return only the counts of models: much less work than all counts."""
    counter, labels = ModelCounter(), AnswerLabels(kind_named(campaign.kind))
    with closing(stream_tasks(session, id_of(campaign), labels)) as tasks:
        for task, candidates in tasks:
            counter.add_task(task.labels, candidates)
    return counter
