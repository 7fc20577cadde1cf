"""Exports that run after new answers, or when their campaign is complete.

Each schedule stores how many answers its last run was queued at, so that a restart neither loses
nor doubles a run.
"""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session

from bot.services.exports import jobs
from storage.queries import export_runs, progress
from storage.queries.advisory_lock import acquire_advisory_lock
from storage.queries.progress import AnswerDemand
from storage.tables import ExportSchedule


def has_changed_counts(session: Session) -> bool:
    """Return whether `queue_due_runs` has work."""
    return any(_has_work(session, schedule) for schedule in export_runs.answer_schedules(session))


def queue_due_runs(session: Session, now: datetime) -> int:
    """Queue a run for every schedule that has enough new answers; return how many.

    Answers that no longer count, because they were excluded or undone, are not waited for again.
    """
    acquire_advisory_lock(session, "queue_exports")
    queued = 0
    for schedule in export_runs.answer_schedules(session, locked=True):
        count = progress.count_answers(session, schedule.campaign_id)
        if _is_due(session, schedule, count):
            jobs.queue_run(session, schedule, now)
            queued += 1
        elif count >= schedule.counted_answers:
            continue
        schedule.counted_answers = count
        session.add(schedule)
    session.flush()
    return queued


def _has_work(session: Session, schedule: ExportSchedule) -> bool:
    count = progress.count_answers(session, schedule.campaign_id)
    return count < schedule.counted_answers or _is_due(session, schedule, count)


def _is_due(session: Session, schedule: ExportSchedule, count: int) -> bool:
    new_answers = count - schedule.counted_answers
    if schedule.after_answers:
        return new_answers >= schedule.after_answers
    return new_answers > 0 and _is_complete(session, schedule.campaign_id)


def _is_complete(session: Session, campaign_id: int) -> bool:
    """Return whether every item of a campaign has all the answers it needs."""
    tasks = progress.answer_demand(session, campaign_id).get(campaign_id, AnswerDemand()).tasks
    finished = progress.finished_task_counts(session, campaign_id).get(campaign_id, 0)
    return 0 < tasks <= finished
