"""Agreement figures of a campaign, computed from all its answers and stored for a while."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta

from pydantic import TypeAdapter, ValidationError
from sqlmodel import Session

from bot.services.reports.agreement_counter import AgreementCounter
from bot.services.reports.agreement_figures import (
    AgreementFigures,
    StoredFigures,
)
from bot.services.reports.answer_labels import repeated_labels
from bot.services.reports.task_answers import in_batches, read_task, stream_answers
from storage.queries import agreement_reports, votes
from storage.tables import Campaign

MAX_REPORT_AGE = timedelta(minutes=10)
"""Maximum age of stored figures in overviews, if there are newer answers."""

MAX_AGE_ON_REQUEST = timedelta(minutes=1)
"""Maximum age of stored figures when somebody requests them."""

MAX_INLINE_ANSWERS = 5_000
"""Up to this many answers are read in the main process: it takes a third of a second."""


_FIGURES_ADAPTER = TypeAdapter(AgreementFigures)


def compute_figures(session: Session, campaign_id: int) -> AgreementFigures:
    """Compute the figures of a campaign from all its answers, task by task."""
    campaign = session.get_one(Campaign, campaign_id)
    counter = AgreementCounter.start(campaign)
    counter.repeats = repeated_labels(session, campaign)
    with closing(stream_answers(session, campaign_id)) as answers:
        for batch in in_batches(read_task(rows, counter.labels) for rows in answers):
            counter.add(batch)
    return counter.to_figures()


def compute_with_stored_models(session: Session, campaign_id: int) -> AgreementFigures:
    """Compute the figures of a campaign, but take the models from the stored ones."""
    stored = stored_figures(session, campaign_id)
    models = stored.figures.models if stored else ()
    return replace(compute_figures(session, campaign_id), models=models)


def stored_figures(session: Session, campaign_id: int) -> StoredFigures | None:
    """Return the stored figures of a campaign, or None if they were never computed."""
    row = agreement_reports.report_of(session, campaign_id)
    if row is None:
        return None
    try:
        figures = _FIGURES_ADAPTER.validate_python(row.figures)
    except ValidationError:  # stored by an older version; they are soon computed again
        return None
    return StoredFigures(figures, row.computed_at)


def store_figures(
    session: Session, campaign_id: int, figures: AgreementFigures, now: datetime
) -> None:
    """Store figures in place of the previous ones."""
    agreement_reports.save(
        session, campaign_id, _FIGURES_ADAPTER.dump_python(figures, mode="json"), now
    )


def next_due_campaign(session: Session, now: datetime) -> int | None:
    """Return the campaign with the oldest figures that are due for an update, or None."""
    return agreement_reports.due_campaign_id(session, now, MAX_REPORT_AGE)


def is_current(
    session: Session, campaign_id: int, now: datetime, max_age: timedelta = MAX_REPORT_AGE
) -> bool:
    """Return whether the stored figures are younger than `max_age` or cover all answers.

    Figures that lie ahead are not, because the clock was set back.
    """
    stored = stored_figures(session, campaign_id)
    if stored is None:
        return False
    is_young = timedelta() <= now - stored.computed_at < max_age
    return is_young or stored.figures.answers == votes.count_answers(session, campaign_id)


def can_compute_inline(session: Session, campaign_id: int, limit: int = MAX_INLINE_ANSWERS) -> bool:
    """Return whether the figures can be computed in the main process: few enough answers."""
    return votes.count_answers(session, campaign_id) <= limit


def renew_figures(session: Session, campaign_id: int, now: datetime) -> None:
    """Mark the stored figures as computed now."""
    stored = stored_figures(session, campaign_id)
    store_figures(session, campaign_id, stored.figures if stored else AgreementFigures(), now)
