"""The audit log: who changed what, when and through what."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from sqlmodel import Session

from bot.api.call import ReadCall
from bot.api.models import Moment
from bot.api.pages import Cursor, Limit, Page, following_page, position_of
from bot.services.actors import audit_log
from bot.services.actors.audit_log import AuditEntry

router = APIRouter()


@router.get("/audit")
def list_entries(
    call: ReadCall,
    campaign: Annotated[str | None, Query(max_length=200)] = None,
    since: Moment | None = None,
    cursor: Cursor = None,
    limit: Limit = 100,
) -> Page[AuditEntry]:
    """List the entries of the audit log, the newest first; of a campaign, or all."""
    if campaign is None:
        call.holder.require_all_campaigns()
    before = position_of(cursor) or None

    def load(session: Session) -> list[AuditEntry]:
        row = None if campaign is None else call.campaign(session, campaign)
        return audit_log.audit_entries(session, row, before=before, since=since, limit=limit + 1)

    return following_page(call.read(load), limit, lambda entry: entry.id)
