"""What must hold after the load: nothing is lost, stored, assigned or exported twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from sqlmodel import Session, col, func, select

from storage.row_id import id_of
from storage.tables import (
    Assignment,
    AssignmentState,
    ExportRun,
    OutboxMessage,
    OutboxState,
    Task,
)
from tests.faults.answer_log import AnswerLog
from tests.journeys.journey import Journey

HOLDING_STATES = (AssignmentState.QUEUED, AssignmentState.DELIVERED, AssignmentState.ANSWERED)


def broken_promises(journey: Journey, answers: AnswerLog, per_export: int) -> list[str]:
    """Return a sentence for each promise that does not hold."""
    return [
        *_answer_problems(journey, answers),
        *_assignment_problems(journey),
        *journey.database.read_now(_outbox_problems),
        *journey.database.read_now(_export_problems, per_export),
    ]


def _answer_problems(journey: Journey, answers: AnswerLog) -> Iterator[str]:
    stored = {id_of(row): row.value for row in journey.assignments() if row.value is not None}
    versions = Counter(row.assignment_id for row in journey.annotations())
    for assignment_id, value in answers.acknowledged.items():
        if stored.get(assignment_id) != value:
            yield f"lost: assignment {assignment_id} was answered {value}"
    for assignment_id, value in stored.items():
        if answers.attempts.get(assignment_id) != value:
            yield f"invented: assignment {assignment_id} has {value}"
    yield from (f"stored twice: assignment {row}" for row, count in versions.items() if count > 1)


def _assignment_problems(journey: Journey) -> Iterator[str]:
    rows = [row for row in journey.assignments() if row.state in HOLDING_STATES]
    pairs = Counter((row.task_id, row.expert_id) for row in rows)
    tasks = Counter(row.task_id for row in rows)
    overlaps = journey.database.read_now(_overlaps)
    yield from (f"assigned twice: {pair}" for pair, count in pairs.items() if count > 1)
    yield from (f"too many experts: task {row}" for row, n in tasks.items() if n > overlaps[row])


def _overlaps(session: Session) -> dict[int, int]:
    return {id_of(task): task.overlap for task in session.exec(select(Task))}


def _outbox_problems(session: Session) -> list[str]:
    states = (OutboxState.WAITING, OutboxState.FAILED)
    rows = session.exec(select(OutboxMessage).where(col(OutboxMessage.state).in_(states)))
    return [f"{row.state}: “{row.message_type}” to {row.recipient} ({row.error})" for row in rows]


def _export_problems(session: Session, per_export: int) -> list[str]:
    """Return problems of the schedule: one export for so many answers, and none twice."""
    is_answered = col(Assignment.state) == AssignmentState.ANSWERED
    answered = session.exec(select(func.count()).where(is_answered)).one()
    runs = session.exec(select(ExportRun)).all()
    expected = answered // per_export
    if not expected - 1 <= len(runs) <= expected:
        return [f"{len(runs)} exports of {answered} answers, one for each {per_export}"]
    return [f"export {run.id}: {run.state} {run.error}" for run in runs if run.state != "done"]
