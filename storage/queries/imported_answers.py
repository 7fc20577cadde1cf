"""Imported answers: the external experts who gave them, and the answers themselves, in bulk."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import bindparam, case, func, insert, literal, or_, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from storage.pseudonyms import IMPORTED_PREFIX, new_pseudonym
from storage.row_id import require_id
from storage.tables import Annotation, Assignment, AssignmentState, Expert, Item, Task

IMPORTED = "import"
"""The interaction id of imported answers, and what made them final."""

EXTERNAL_PREFIX = "external"

MAX_PARAMETERS = 1_000
"""Numbers in one statement."""

CONFIRMATION_COLUMNS = (
    *("campaign_id", "item_id", "overlap", "slots_taken", "audience"),
    "confirms_assignment_id",
)


class AnsweredTask(NamedTuple):
    """The task of an item with this key, which shows experts what the digest stands for."""

    task_id: int
    item_id: int
    key: str
    shown_digest: str | None


class AnswerRow(NamedTuple):
    """An answer to import; `value` is in the order of `candidate_order`."""

    task_id: int
    expert_id: int
    candidate_order: list[int]
    value: dict[str, Any]
    answered_at: datetime


class StoredAnswer(NamedTuple):
    """An answer that the campaign has."""

    candidate_order: list[int]
    value: dict[str, Any] | None


class ExternalExpert(NamedTuple):
    """An expert whose answers were imported: the name in the file, and the number of answers."""

    name: str
    pseudonym: str
    answers: int


def external_id(campaign_id: int, name: str) -> str:
    """Return what stands for the Slack id of an external expert: never a valid one."""
    return f"{EXTERNAL_PREFIX}:{campaign_id}:{name}"


def renamed_external_id(old_id: str, name: str) -> str:
    """Return what `external_id` returns for another name in the same campaign."""
    prefix, campaign_id, _old_name = old_id.split(":", 2)
    return f"{prefix}:{campaign_id}:{name}"


def ensure_external_experts(
    session: Session, campaign_id: int, names: Collection[str], now: datetime
) -> dict[str, int]:
    """Return the ids of a campaign's external experts by their name in the file.

    Missing ones are created with a random pseudonym. If it is taken, another is tried.
    """
    names_by_id = {external_id(campaign_id, name): name for name in names}
    known = _find_external(session, names_by_id)
    while missing := {key: name for key, name in names_by_id.items() if key not in known}:
        rows = [_external_expert(key, name, now) for key, name in missing.items()]
        dialect = sqlite if session.connection().dialect.name == "sqlite" else postgresql
        session.connection().execute(dialect.insert(Expert).on_conflict_do_nothing(), rows)
        known |= _find_external(session, missing)
    return {names_by_id[key]: expert_id for key, expert_id in known.items()}


def find_external_experts(
    session: Session, campaign_id: int, names: Collection[str]
) -> dict[str, int]:
    """Return the ids of a campaign's external experts by their name in the file, if they exist."""
    names_by_id = {external_id(campaign_id, name): name for name in names}
    found = _find_external(session, names_by_id)
    return {names_by_id[key]: expert_id for key, expert_id in found.items()}


def _find_external(session: Session, keys: Iterable[str]) -> dict[str, int]:
    query = select(Expert.slack_id, Expert.id).where(col(Expert.slack_id).in_(list(keys)))
    return {key: require_id(expert_id) for key, expert_id in session.exec(query)}


def _external_expert(key: str, name: str, now: datetime) -> dict[str, Any]:
    expert = Expert(
        slack_id=key,
        name=name,
        pseudonym=new_pseudonym(IMPORTED_PREFIX),
        work_days=[],
        wants_reminders=False,
        is_external=True,
        created_at=now,
    )
    return expert.model_dump(exclude={"id"})


def external_expert(session: Session, campaign_id: int, pseudonym: str) -> Expert | None:
    """Return the external expert of a campaign with this pseudonym, None if there is none."""
    query = _external_experts(campaign_id).where(Expert.pseudonym == pseudonym)
    return session.exec(query).first()


def list_external_experts(session: Session, campaign_id: int) -> list[ExternalExpert]:
    """Return the experts of a campaign whose answers were imported, by name in the file."""
    answers: Any = func.count()
    query = (
        select(Expert.name, Expert.pseudonym, answers)
        .join(Assignment, col(Assignment.expert_id) == col(Expert.id))
        .where(
            col(Expert.is_external),
            Assignment.campaign_id == campaign_id,
            Assignment.state == AssignmentState.ANSWERED,
        )
        .group_by(col(Expert.id), col(Expert.name), col(Expert.pseudonym))
        .order_by(col(Expert.name))
    )
    return [ExternalExpert(*row) for row in session.connection().execute(query)]


def _external_experts(campaign_id: int) -> SelectOfScalar[Expert]:
    prefix = external_id(campaign_id, "")
    return select(Expert).where(
        col(Expert.is_external), col(Expert.slack_id).startswith(prefix, autoescape=True)
    )


def answered_tasks(
    session: Session, campaign_id: int, keys: Collection[str], digests: Collection[str]
) -> list[AnsweredTask]:
    """Return the tasks of a campaign's items with one of these keys or digests."""
    query = (
        select(Task.id, Item.id, Item.key, Item.shown_digest)
        .join(Item, col(Item.id) == col(Task.item_id))
        .where(
            Item.campaign_id == campaign_id,
            col(Item.deleted_at).is_(None),
            or_(col(Item.key).in_(keys), col(Item.shown_digest).in_(digests)),
            col(Task.confirms_assignment_id).is_(None),
        )
        .order_by(col(Item.id))
    )
    return [AnsweredTask(*row) for row in session.connection().execute(query)]


def stored_answers(
    session: Session, task_ids: Collection[int], expert_ids: Collection[int]
) -> dict[tuple[int, int], StoredAnswer]:
    """Return the answers of these experts to these tasks, by task and expert."""
    query = select(
        Assignment.task_id, Assignment.expert_id, Assignment.candidate_order, Assignment.value
    ).where(col(Assignment.task_id).in_(task_ids), col(Assignment.expert_id).in_(expert_ids))
    rows = session.connection().execute(query)
    return {(row[0], row[1]): StoredAnswer(*row[2:]) for row in rows}


def imported_among(session: Session, assignment_ids: Collection[int]) -> set[int]:
    """Return those of these assignments whose answers were imported."""
    query = (
        select(Assignment.id)
        .join(Expert, col(Expert.id) == col(Assignment.expert_id))
        .where(col(Assignment.id).in_(assignment_ids), col(Expert.is_external))
    )
    return {require_id(assignment_id) for assignment_id in session.exec(query)}


_INSERT_ASSIGNMENTS = {
    name: dialect_insert(Assignment)
    .on_conflict_do_nothing(index_elements=["task_id", "expert_id"])
    .returning(col(Assignment.id), col(Assignment.task_id), col(Assignment.expert_id))
    for name, dialect_insert in (("sqlite", sqlite.insert), ("postgresql", postgresql.insert))
}

_TAKE_SLOTS = (
    update(Task)
    .where(col(Task.id) == bindparam("task"))
    .values(
        slots_taken=col(Task.slots_taken) + bindparam("count"),
        overlap=case(
            (
                col(Task.slots_taken) + bindparam("count") > col(Task.overlap),
                col(Task.slots_taken) + bindparam("count"),
            ),
            else_=col(Task.overlap),
        ),
    )
)


def add_answers(
    session: Session,
    campaign_id: int,
    guidelines_version: int,
    answers: Sequence[AnswerRow],
    now: datetime,
) -> list[int]:
    """Insert answers and take a slot for each, adding slots if all are taken; return their ids.

    An answer of an expert who has one to the task already is skipped, also if another process
    inserts it at the same time.
    """
    if not answers:
        return []
    connection = session.connection()
    rows = [_assignment_values(campaign_id, answer, now) for answer in answers]
    returned = connection.execute(_INSERT_ASSIGNMENTS[connection.dialect.name], rows).all()
    ids = {(row.task_id, row.expert_id): row.id for row in returned}
    added = [answer for answer in answers if answer[:2] in ids]
    if not added:
        return []
    versions = [_annotation_values(ids[answer[:2]], guidelines_version, answer) for answer in added]
    connection.execute(insert(Annotation), versions)
    counts = Counter(answer.task_id for answer in added)
    connection.execute(_TAKE_SLOTS, [{"task": t, "count": n} for t, n in sorted(counts.items())])
    return sorted(ids.values())


def add_confirmation_tasks(session: Session, assignment_ids: Sequence[int]) -> None:
    """Add a task to confirm each of these answers, for the audience of the task that it answers.

    Answers to gold questions need none, and nobody can confirm answers to items without texts.
    """
    for start in range(0, len(assignment_ids), MAX_PARAMETERS):
        answered = (
            select(
                Task.campaign_id, Task.item_id, literal(1), literal(0), Task.audience, Assignment.id
            )  # type: ignore[call-overload]  # SQLModel types up to four columns
            .join(Assignment, col(Assignment.task_id) == col(Task.id))
            .where(
                col(Assignment.id).in_(assignment_ids[start : start + MAX_PARAMETERS]),
                ~col(Task.is_gold),
                col(Task.has_text),
            )
            .order_by(col(Assignment.id))
        )
        session.connection().execute(insert(Task).from_select(CONFIRMATION_COLUMNS, answered))


def _assignment_values(campaign_id: int, answer: AnswerRow, now: datetime) -> Mapping[str, Any]:
    return {
        **answer._asdict(),
        "campaign_id": campaign_id,
        "state": AssignmentState.ANSWERED,
        "complete": True,
        "version": 1,
        "has_thread": False,
        "created_at": now,
        "leased_until": now,
        "finalized_by": IMPORTED,
    }


def _annotation_values(
    assignment_id: int, guidelines_version: int, answer: AnswerRow
) -> Mapping[str, Any]:
    return {
        "assignment_id": assignment_id,
        "version": 1,
        "value": answer.value,
        "complete": True,
        "interaction_id": IMPORTED,
        "guidelines_version": guidelines_version,
        "created_at": answer.answered_at,
    }
