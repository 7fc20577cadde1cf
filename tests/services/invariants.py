"""Invariants of the database: slots, versions, and who may be assigned what."""

from __future__ import annotations

from collections import Counter, defaultdict

from sqlalchemy import or_
from sqlmodel import Session, col, select

from storage.queries.memberships import SLOT_STATES
from storage.row_id import id_of
from storage.tables import Annotation, Assignment, CandidateRow, Expert, Item, Task
from tests.services.conftest import Scenario


def check_counts(scenario: Scenario) -> None:
    """Check the invariants of a scenario's database."""
    scenario.database.read_now(check_invariants)


def check_invariants(session: Session) -> None:
    """Check that slot counts match the assignments and that versions are complete."""
    assignments = list(session.exec(select(Assignment)))
    slots_taken = Counter(row.task_id for row in assignments if row.state in SLOT_STATES)
    for task in session.exec(select(Task)):
        assert task.slots_taken == slots_taken[id_of(task)] <= task.overlap
    assignment_counts = Counter((row.task_id, row.expert_id) for row in assignments)
    assert max(assignment_counts.values(), default=1) == 1
    _check_versions(session, assignments)
    _check_conflicts(session, assignments)


def _check_conflicts(session: Session, assignments: list[Assignment]) -> None:
    """Check that nobody was assigned an item twice, or one that they wrote a part of."""
    items = {task.id: task.item_id for task in session.exec(select(Task))}
    assignment_counts = Counter((items[row.task_id], row.expert_id) for row in assignments)
    assert max(assignment_counts.values(), default=1) == 1
    names = (col(Expert.slack_id), col(Expert.pseudonym))
    own_items = (
        select(Assignment.id)
        .join(Task, col(Task.id) == col(Assignment.task_id))
        .join(Item, col(Item.id) == col(Task.item_id))
        .join(Expert, col(Expert.id) == col(Assignment.expert_id))
        .outerjoin(CandidateRow, col(CandidateRow.item_id) == col(Item.id))
        .where(or_(col(Item.author).in_(names), col(CandidateRow.author).in_(names)))
    )
    assert not session.exec(own_items).all(), "experts must not judge their own texts"


def _check_versions(session: Session, assignments: list[Assignment]) -> None:
    order = (col(Annotation.assignment_id), col(Annotation.version))
    versions: defaultdict[int, list[Annotation]] = defaultdict(list)
    for annotation in session.exec(select(Annotation).order_by(*order)):
        versions[annotation.assignment_id].append(annotation)
    confirmation_tasks = set(
        session.exec(select(Task.id).where(col(Task.confirms_assignment_id).is_not(None)))
    )
    for row in assignments:
        row_versions = versions[id_of(row)]
        assert [annotation.version for annotation in row_versions] == list(
            range(1, row.version + 1)
        )
        newest = (
            (row_versions[-1].value, row_versions[-1].complete) if row_versions else (None, False)
        )
        assert (row.state == "answered") <= row.complete
        if row.task_id in confirmation_tasks and row.value is None:
            assert not row.complete, "the answer to confirm has changed"
        elif row.sent_back_reason is not None:
            assert (row.value, row.complete) == (newest[0], row.complete and newest[1])
        else:
            assert (row.value, row.complete) == newest
            assert (row.answered_at is not None) == row.complete
