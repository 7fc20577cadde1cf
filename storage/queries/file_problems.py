"""Imports and exports that did not do what was expected of them, for all campaigns at once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import exists, func, or_
from sqlmodel import Session, col, select

from storage.tables import (
    Campaign,
    CampaignState,
    ExportRun,
    ExportSchedule,
    ImportRun,
    Item,
    ItemImport,
    RunState,
)


def latest_imports(session: Session) -> Sequence[ItemImport]:
    """Return the newest import of each file into each campaign, unless it was undone.

    An import that stopped before it added an item does not count.
    """
    added_items = exists().where(col(Item.import_id) == col(ItemImport.id))
    newest = (
        select(func.max(ItemImport.id))
        .where(or_(col(ItemImport.rejected).is_not(None), added_items))
        .group_by(col(ItemImport.campaign_id), col(ItemImport.file))
    )
    query = select(ItemImport).where(
        col(ItemImport.id).in_(newest), col(ItemImport.undone_at).is_(None)
    )
    return session.exec(query.order_by(col(ItemImport.id))).all()


def latest_failed_uploads(session: Session) -> Sequence[ImportRun]:
    """Return the newest import from Slack of each file into each campaign, if it failed."""
    newest = (
        select(func.max(ImportRun.id))
        .where(col(ImportRun.campaign_id).is_not(None))
        .group_by(col(ImportRun.campaign_id), col(ImportRun.name))
    )
    query = select(ImportRun).where(
        col(ImportRun.id).in_(newest), ImportRun.state == RunState.FAILED
    )
    return session.exec(query.order_by(col(ImportRun.id))).all()


def latest_scheduled_or_final_exports(session: Session) -> Sequence[ExportRun]:
    """Return the last finished run of each schedule, and of each format that made answers final."""
    finished = select(func.max(ExportRun.id)).where(col(ExportRun.finished_at).is_not(None))
    scheduled = finished.where(col(ExportRun.schedule_id).is_not(None)).group_by(
        col(ExportRun.schedule_id)
    )
    final = finished.where(col(ExportRun.freezes)).group_by(
        col(ExportRun.campaign_id), col(ExportRun.format)
    )
    query = select(ExportRun).where(
        or_(col(ExportRun.id).in_(scheduled), col(ExportRun.id).in_(final))
    )
    return session.exec(query.order_by(col(ExportRun.id))).all()


def overdue_schedules(session: Session, due_before: datetime) -> Sequence[ExportSchedule]:
    """Return the schedules of campaigns that are not closed which were due before a time."""
    query = (
        select(ExportSchedule)
        .join(Campaign, col(Campaign.id) == col(ExportSchedule.campaign_id))
        .where(Campaign.state != CampaignState.CLOSED, col(ExportSchedule.due_at) < due_before)
    )
    return session.exec(query.order_by(col(ExportSchedule.id))).all()
