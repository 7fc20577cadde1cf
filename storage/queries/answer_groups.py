"""Many answers at once: the statements of `answer_submission`, each for a whole group."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import bindparam, literal_column, true, update
from sqlmodel import Session, col

from storage.bulk_insert import NewRows, dump_json, insert_missing_rows, time_format
from storage.queries.answer_submission import SNAPSHOT_QUERY, AssignmentSnapshot
from storage.tables import Annotation, Assignment, AssignmentState

_UNLOCKED_ASSIGNMENTS = (
    SNAPSHOT_QUERY.where(col(Assignment.id).in_(bindparam("assignments", expanding=True)))
    .order_by(col(Assignment.id))
    .with_for_update(of=Assignment, skip_locked=True)
)


def lock_assignments(
    session: Session, assignment_ids: Collection[int]
) -> dict[int, AssignmentSnapshot]:
    """Return assignments by id, locked; those that are missing or locked already are left out.

    As it waits for no lock, two groups cannot block each other.
    """
    parameters = {"assignments": list(assignment_ids)}
    rows = session.connection().execute(_UNLOCKED_ASSIGNMENTS, parameters)
    snapshots = (AssignmentSnapshot(*row) for row in rows)
    return {snapshot.id: snapshot for snapshot in snapshots}


_VERSION_COLUMNS = (
    "assignment_id",
    *(name for name in Annotation.model_fields if name not in {"id", "assignment_id"}),
)

_COPY_VERSIONS = (
    update(Assignment)
    .where(
        col(Assignment.id) == col(Annotation.assignment_id),
        col(Annotation.id).in_(bindparam("versions", expanding=True)),
    )
    .values(
        state=literal_column(f"'{AssignmentState.ANSWERED}'"),
        value=col(Annotation.value),
        complete=true(),
        version=col(Annotation.version),
        answered_at=col(Annotation.created_at),
        leased_until=col(Annotation.created_at),
    )
)


def store_answers(session: Session, versions: Sequence[dict[str, Any]]) -> set[int]:
    """Insert complete versions, and make each the current one of its assignment.

    Return the ids of these assignments, which all differ. A version whose interaction is already
    stored is left out.
    """
    if not versions:
        return set()
    connection = session.connection()
    formatted = time_format(connection.dialect)
    rows = [
        {
            **version,
            "value": dump_json(version["value"]),
            "shown": None if version["shown"] is None else dump_json(version["shown"]),
            "created_at": formatted(version["created_at"]),
        }
        for version in versions
    ]
    new = NewRows(
        Annotation, _VERSION_COLUMNS, [[row[name] for name in _VERSION_COLUMNS] for row in rows]
    )
    stored = insert_missing_rows(connection, new, ("assignment_id", "interaction_id"))
    connection.execute(_COPY_VERSIONS, {"versions": list(stored.values())})
    return set(stored)
