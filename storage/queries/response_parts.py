"""Parts of responses that experts write in the thread of a task."""

from __future__ import annotations

from sqlmodel import Session, col, select

from storage.tables import ResponsePart


def list_parts(session: Session, assignment_id: int) -> list[ResponsePart]:
    """Return the parts of a response that were not removed, in the order they were written."""
    query = select(ResponsePart).where(
        ResponsePart.assignment_id == assignment_id, col(ResponsePart.is_removed).is_(False)
    )
    return list(session.exec(query.order_by(col(ResponsePart.ts))))
