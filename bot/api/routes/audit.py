"""The audit log: who changed what, when and through what."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from sqlmodel import Session

from bot.api.call import ReadCall
from bot.api.models import Moment
from bot.api.pages import Page, PageRequest
from bot.services.actors import audit_log
from bot.services.actors.audit_log import AuditEntry

router = APIRouter()


@router.get("/audit")
def list_entries(
    call: ReadCall,
    paging: PageRequest,
    campaign: Annotated[str | None, Query(max_length=200)] = None,
    since: Moment | None = None,
) -> Page[AuditEntry]:
    """List the entries of the audit log, the newest first; of a campaign, or all."""
    if campaign is None:
        call.holder.require_all_campaigns()
    before = paging.cursor.position or None

    def load(session: Session) -> list[AuditEntry]:
        row = None if campaign is None else call.campaign(session, campaign)
        return audit_log.audit_entries(
            session, row, before=before, since=since, limit=paging.limit + 1
        )

    return paging.page_of(call.read(load), lambda entry: entry.id)
