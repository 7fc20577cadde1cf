"""Reminding by a coordinator's hand: hours, quiet and caps hold; who is left alone is told."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from sqlmodel import Session

from bot.cadence.reminders import Stage
from bot.services import nudging, portioning
from bot.services.directing import By
from bot.services.speaking import is_asked, is_reachable
from storage.queries import allotted, telling
from storage.tables import Campaign, Expert, Nudge


class LeftAlone(StrEnum):
    """Why somebody is not reminded now."""

    HOURS = "not at work now, or not to be disturbed"
    WISH = "want no reminders"
    PORTION = "did what they wanted to do today"
    CAPS = "reminded often enough already"


@dataclass(slots=True)
class Urged:
    """Slack ids of those who were reminded, and of those left alone, by why."""

    people: list[str] = field(default_factory=list)
    left: dict[LeftAlone, list[str]] = field(default_factory=lambda: defaultdict(list))


def unsure(session: Session, campaign_id: int | None, now: datetime) -> list[str]:
    """Return who holds work and of whom Slack must be asked first if they may be disturbed."""
    holders = allotted.holders(session, campaign_id)
    return [one.slack_id for one, _held in holders if not is_asked(one, now)]


def urge(session: Session, campaign: Campaign | None, by: By) -> Urged:
    """Remind those who hold tasks of a campaign (None: of any that is open), one message each."""
    urged = Urged()
    for expert, held in allotted.holders(session, campaign.id if campaign else None):
        why = _why_not(session, expert, by.at)
        if why:
            urged.left[why].append(expert.slack_id)
        else:
            _remind(session, expert, held, by.at)
            urged.people.append(expert.slack_id)
    subject = f"campaign {campaign.name}" if campaign else "every campaign"
    by.record(session, "reminded", subject, people=urged.people)
    return urged


def _why_not(session: Session, expert: Expert, now: datetime) -> LeftAlone | None:
    if not expert.wants_reminders:
        return LeftAlone.WISH
    if not is_reachable(expert, now):
        return LeftAlone.HOURS
    if portioning.reached(session, expert, now):
        return LeftAlone.PORTION
    return None if nudging.is_within_caps(session, expert, now) else LeftAlone.CAPS


def _remind(session: Session, expert: Expert, held: Sequence[int], now: datetime) -> None:
    """Say it, and count it: the caps know of it, the plan of the campaign goes on as it was."""
    session.add(Nudge(expert_id=expert.id or 0, assignments=list(held), created_at=now))
    session.flush()
    facts = {"assignments": list(held), "stage": Stage.FIRST}
    telling.put(session, "reminder", lane=expert.slack_id, facts=facts, now=now)
