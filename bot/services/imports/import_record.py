"""Records of imports: who imported which file, and what came of its rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlmodel import Session

from bot.services.actors.actor import Actor, subject_of
from storage.row_id import id_of
from storage.tables import Campaign, ItemImport


@dataclass(frozen=True, slots=True)
class ImportedFile:
    """The name of a file as people know it, and the SHA-256 of its content in hex, if known."""

    name: str
    sha256: str | None


def start_import(session: Session, campaign: Campaign, file: ImportedFile, actor: Actor) -> int:
    """Record an import before it adds items, so that it can be undone even if it is interrupted."""
    started = ItemImport(
        campaign_id=id_of(campaign),
        file=file.name,
        sha256=file.sha256,
        imported_by=actor.name,
        created_at=actor.at,
    )
    session.add(started)
    session.flush()
    return id_of(started)


def finish_import(
    session: Session, import_id: int, counts: Mapping[str, int], actor: Actor
) -> None:
    """Record that an import reached the end of its file, with its numbers of rows by result."""
    item_import = session.get_one(ItemImport, import_id)
    item_import.rejected = counts["rejected"]
    session.add(item_import)
    campaign = session.get_one(Campaign, item_import.campaign_id)
    actor.record(session, "imported a file", subject_of(campaign), file=item_import.file, **counts)
