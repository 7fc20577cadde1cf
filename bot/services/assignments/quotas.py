"""Quotas: how many more tasks of a campaign an expert may get, in all and today."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from sqlmodel import Session

from bot.cadence.working_hours import start_of_day
from storage.queries import quotas
from storage.queries.quotas import MemberQuota
from storage.queries.task_routing import OpenMembership
from storage.row_id import id_of
from storage.tables import Campaign, Expert


@dataclass(frozen=True, slots=True)
class Quota:
    """How many more tasks an expert may get, by the quota that ends first.

    `amount` is that quota, and `is_daily` whether it is the one for a day in the expert's time
    zone. Tasks that the expert holds count as answers of today.
    """

    left: int
    amount: int
    is_daily: bool


def find_quota(
    session: Session, expert_id: int, membership: OpenMembership, tz: str, now: datetime
) -> Quota | None:
    """Return the quota of an expert in a campaign; None: there is no limit."""
    total, per_day = membership.max_answers, membership.max_answers_per_day
    if not (total or per_day):
        return None  # every task comes here, and most campaigns have no quota
    day = start_of_day(tz, now) if per_day else now
    counted = quotas.count_toward_quota(session, expert_id, membership.campaign_id, day)
    found = [
        *([Quota(max(total - counted.total, 0), total, is_daily=False)] if total else []),
        *([Quota(max(per_day - counted.today, 0), per_day, is_daily=True)] if per_day else []),
    ]
    return min(found, key=lambda quota: quota.left)


def quotas_by_expert(
    session: Session, campaign: Campaign | None, now: datetime
) -> dict[int, list[MemberQuota]]:
    """Return the quotas of members by expert, in one campaign or in all that have quotas."""
    found = quotas.quotas_of_members(
        session, partial(start_of_day, now=now), id_of(campaign) if campaign else None
    )
    by_expert: dict[int, list[MemberQuota]] = {}
    for quota in found:
        by_expert.setdefault(quota.expert_id, []).append(quota)
    return by_expert


def describe_quota(quota: MemberQuota) -> str:
    """Return how many answers of a campaign an expert has given, of how many they may give."""
    limits = [
        (quota.tasks, quota.max_answers, "answers"),
        (quota.tasks_today, quota.max_answers_per_day, "today"),
    ]
    texts = [f"{count:,} of {limit:,} {noun}" for count, limit, noun in limits if limit]
    return f"{quota.campaign}: {', '.join(texts)}"


def without_limited(
    session: Session, expert: Expert, assignment_ids: Sequence[int], now: datetime
) -> list[int]:
    """Return those of an expert's assignments whose campaign takes more answers of them today."""
    day = start_of_day(expert.tz, now)
    limited = quotas.campaigns_at_daily_quota(session, id_of(expert), day)
    return quotas.assignments_outside(session, assignment_ids, limited)
