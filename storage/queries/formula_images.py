"""Images of the formulas of an item, by the digest of their sources."""

from __future__ import annotations

from sqlmodel import Session, col, select

from storage.tables import FormulaImage, Task


def urls_by_digest(session: Session, task_id: int) -> dict[str, str | None]:
    """Return the URLs of the images of a task's item; None where nothing could be drawn."""
    query = (
        select(FormulaImage.digest, FormulaImage.media_url)
        .join(Task, col(Task.item_id) == col(FormulaImage.item_id))
        .where(Task.id == task_id)
    )
    return dict(session.exec(query).all())


def add_image(session: Session, item_id: int, digest: str, media_url: str | None) -> None:
    """Store what was drawn, unless another message has stored it meanwhile."""
    if session.get(FormulaImage, (item_id, digest)) is None:
        session.add(FormulaImage(item_id=item_id, digest=digest, media_url=media_url))
