"""Allotting tasks to somebody whom a coordinator names: a certain one, or the next few.

They see them one by one, in their own hours, before anything else.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from bot.errors import BotError
from bot.services import assigning, campaigning, handing, pushing
from bot.services.directing import By, subject_of
from bot.services.speaking import Spoken, is_asked
from storage.queries import allotted, members
from storage.queries.turns import one_at_a_time
from storage.tables import Campaign, CampaignState, Expert, Item, Task

PATIENCE = timedelta(minutes=1)
"""What is being shown at this moment needs no second word."""

MOST = 50
"""Tasks handed to one person at once."""

NOT_IN_IT = "not in this campaign: invite them first"
NONE_LEFT = "no task is left that they may have"


class NotOpenError(BotError):
    """“{name}” is paused, so nothing is handed out; `/label resume {name}` opens it again."""


@dataclass(frozen=True, slots=True)
class Handed:
    """How many tasks one person was given, and if none, why."""

    person: str
    given: int
    why: str = ""


@dataclass(frozen=True, slots=True)
class Portion:
    """What is handed: the task of one item (by its key), or the next `most` (1 to 50)."""

    item: str = ""
    most: int = 1


def allot(session: Session, campaign: Campaign, person: str, wanted: Portion, by: By) -> Handed:
    """Give a person tasks of a campaign.

    Raises:
        ClosedCampaignError, NotOpenError: as `check_open`.
    """
    check_open(campaign)
    expert = assigning.expert_by_slack_id(session, person)
    if expert is None or not _is_in(session, campaign, expert):
        return Handed(person, 0, NOT_IN_IT)
    count = _given(session, campaign, expert, wanted, by)
    if not count:
        return Handed(person, 0, NONE_LEFT)
    facts = {"expert": person, "tasks": count, "item": wanted.item}
    by.record(session, "assigned", subject_of(campaign), **facts)
    return Handed(person, count)


def check_open(campaign: Campaign) -> None:
    """Let pass a campaign that hands out tasks.

    Raises:
        ClosedCampaignError: it is over.
        NotOpenError: it is paused.
    """
    campaigning.check_open(campaign)
    if campaign.state != CampaignState.OPEN:
        raise NotOpenError(name=campaign.name)


def bring(session: Session, now: datetime) -> Spoken:
    """Bring what was handed out or sent back to who may be spoken to and is shown nothing."""
    one_at_a_time(session, "bring what was handed out")
    people, to_ask = 0, []
    for expert in allotted.unaware(session, now - PATIENCE):
        if not pushing.is_ready(session, expert, now):
            continue
        if is_asked(expert, now):
            handing.tell(session, expert, now)
            people += 1
        else:
            to_ask.append(expert.slack_id)
    return Spoken(people, tuple(to_ask))


def _is_in(session: Session, campaign: Campaign, expert: Expert) -> bool:
    pools = members.pools(session, expert.id or 0)
    return any(pool.campaign == campaign.id for pool in pools)


def _given(session: Session, campaign: Campaign, expert: Expert, wanted: Portion, by: By) -> int:
    if not wanted.item:
        most = min(max(wanted.most, 1), MOST)
        return len(handing.hand_next(session, campaign, expert, most, by.at))
    named = (
        select(Task.id)
        .join(Item, col(Item.id) == col(Task.item_id))
        .where(Item.campaign_id == campaign.id, Item.key == wanted.item)
        .where(col(Task.confirms).is_(None))
    )
    task = session.exec(named).first()
    return int(bool(task and handing.hand(session, campaign, expert, task, by.at)))
