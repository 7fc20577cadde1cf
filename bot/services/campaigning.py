"""Campaigns: making one, who labels in it, and whether it is open, paused or closed."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from difflib import get_close_matches
from typing import Any

from pydantic import ValidationError
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from bot.cadence.hours import WORKING_DAY
from bot.errors import BotError, NotFoundError
from bot.kinds import kind_named
from bot.kinds.base import Kind
from bot.services import guiding
from bot.services.auditing import SLACK
from bot.services.checking import (
    checked_experts,
    checked_language,
    checked_link,
    checked_name,
    checked_numbers,
    checked_plan,
    checked_share,
    problem_of,
)
from bot.services.directing import By, subject_of
from bot.services.scheduling import queue_last
from storage.queries import pools
from storage.tables import Campaign, CampaignState, Expert, Membership, SkipPolicy


class NameTakenError(BotError):
    """There is a campaign called “{name}” already; choose another name."""


class BadKindSettingsError(BotError):
    """The settings do not suit the kind {kind}: {problems}."""


class PastDeadlineError(BotError):
    """The deadline {deadline:%Y-%m-%d %H:%M} UTC is over already; choose one in the future."""


class ClosedCampaignError(BotError):
    """The campaign “{name}” is closed, for good; create another one."""


class GoneCampaignError(BotError):
    """This campaign is not there any more; `/label status` shows those that are."""


USUAL_LEASE = 2 * WORKING_DAY
USUAL_REMINDERS = (timedelta(hours=4), WORKING_DAY, timedelta(hours=12))


@dataclass(frozen=True, slots=True)
class NewCampaign:
    """A campaign as a coordinator describes it.

    Attributes:
        name: what it is called in commands and file names: small letters, digits, hyphens.
        kind: the name of its kind of task.
        title: what experts read; the name if empty.
        settings: what the kind lets a campaign choose.
        guidelines: what experts should know, in Markdown.
        overlap: how many experts answer each item.
        lease: how much of their working time somebody may keep a task before it moves on.
        reminders: after how much of their working time each reminder is due.
        deadline: when it should be done, aware.
        experts: Slack ids.
        guidelines_link: where more of the guidelines stands, https.
        gold_share: how much of what an expert gets is gold, 0 to 0.5.
        channel: where its datasets go in Slack.
        domains, language: whom its items suit that say nothing themselves; none: anybody.
        skip_policy: who gets what somebody skipped as unclear, broken or unsafe.
    """

    name: str
    kind: str
    title: str = ""
    settings: Mapping[str, object] = field(default_factory=dict)
    guidelines: str = ""
    overlap: int = 3
    lease: timedelta = USUAL_LEASE
    reminders: Sequence[timedelta] = USUAL_REMINDERS
    deadline: datetime | None = None
    experts: Sequence[str] = ()
    guidelines_link: str | None = None
    gold_share: float = 0.0
    channel: str | None = None
    domains: Sequence[str] = ()
    language: str | None = None
    skip_policy: SkipPolicy = SkipPolicy.OTHERS


@dataclass(frozen=True, slots=True)
class Joined:
    """Slack ids of those who are new to a campaign's pool, and of those who were in it."""

    new: tuple[str, ...]
    there: tuple[str, ...]


Move = Callable[[Session, Campaign, By], object]
"""Pausing, resuming or closing."""


def create(session: Session, wanted: NewCampaign, by: By) -> Campaign:
    """Create a campaign with its pool of experts.

    Raises:
        NotFoundError: there is no such kind.
        NameTakenError, BadNameError, BadKindSettingsError, BadNumberError, BadPlanError,
        PastDeadlineError, BadExpertError: nothing is created.
    """
    campaign = _campaign(wanted, by)
    if _called(session, wanted.name):
        raise NameTakenError(name=wanted.name)
    session.add(campaign)
    try:
        session.flush()
    except IntegrityError as error:  # another process was quicker by a moment
        raise NameTakenError(name=wanted.name) from error
    guiding.begin(session, campaign, by)
    facts = {"kind": campaign.kind, "overlap": campaign.overlap}
    by.record(session, "created", subject_of(campaign), **facts)
    if wanted.experts:
        add_experts(session, campaign, wanted.experts, by)
    return campaign


def _campaign(wanted: NewCampaign, by: By) -> Campaign:
    kind = kind_named(wanted.kind)
    lease_minutes, overlap = checked_numbers(wanted.lease, wanted.overlap)
    if wanted.deadline and wanted.deadline <= by.at:
        raise PastDeadlineError(deadline=wanted.deadline)
    return Campaign(
        name=checked_name(wanted.name),
        title=" ".join(wanted.title.split()) or wanted.name,
        kind=wanted.kind,
        settings=checked_settings(kind, wanted.settings),
        guidelines=wanted.guidelines.strip(),
        overlap=overlap,
        lease_minutes=lease_minutes,
        reminder_minutes=checked_plan(wanted.reminders, lease_minutes),
        seed=secrets.token_hex(16),
        deadline=wanted.deadline,
        gold_share=checked_share(wanted.gold_share),
        guidelines_link=checked_link(wanted.guidelines_link),
        channel=wanted.channel,
        domains=list(wanted.domains),
        language=checked_language(wanted.language),
        skip_policy=wanted.skip_policy,
        created_by=by.actor if by.through == SLACK else None,
        created_at=by.at,
    )


def checked_settings(kind: Kind[Any], settings: Mapping[str, object]) -> dict[str, Any]:
    """Return what the campaign chose and, where it did not, what the kind chooses today.

    Raises:
        BadKindSettingsError: with everything that is wrong.
    """
    try:
        read = kind.settings.model_validate(dict(settings))
    except ValidationError as error:
        known = kind.settings.model_fields
        problems = "; ".join(problem_of(found, known) for found in error.errors())
        raise BadKindSettingsError(kind=kind.name, problems=problems) from None
    return dict(read.model_dump(mode="json"))


def add_experts(session: Session, campaign: Campaign, slack_ids: Iterable[str], by: By) -> Joined:
    """Let experts into a campaign's pool; those who are in it stay.

    Raises:
        ClosedCampaignError: nobody labels in it any more.
        BadExpertError: one of them is no Slack id of a person; nobody is added.
    """
    check_open(campaign)
    wanted = checked_experts(slack_ids)
    known = pools.experts(session, wanted, by.at)
    new = pools.join(session, campaign.id or 0, list(known.values()), by.at)
    joined = [one for one in wanted if known[one] in new]
    for one in joined:
        by.record(session, "added an expert", subject_of(campaign), expert=one)
    return Joined(tuple(joined), tuple(one for one in wanted if known[one] not in new))


def is_labelling(session: Session, campaign_id: int, slack_id: str) -> bool:
    """Say whether a person labels in a campaign that is not closed: who does must stay blind."""
    found = (
        select(Membership)
        .join(Expert, col(Expert.id) == col(Membership.expert_id))
        .join(Campaign, col(Campaign.id) == col(Membership.campaign_id))
        .where(
            Campaign.id == campaign_id,
            Expert.slack_id == slack_id,
            Campaign.state != CampaignState.CLOSED,
        )
    )
    return session.exec(found).first() is not None


def pause(session: Session, campaign: Campaign, by: By) -> None:
    """Hand out nothing more for now. What experts hold can still be answered.

    Raises:
        ClosedCampaignError: it is over.
    """
    _move(session, campaign, CampaignState.PAUSED, by)


def resume(session: Session, campaign: Campaign, by: By) -> None:
    """Hand out tasks again. Raises as `pause` does."""
    _move(session, campaign, CampaignState.OPEN, by)


def close(session: Session, campaign: Campaign, by: By) -> int:
    """End a campaign for good; return how many open tasks were taken back from experts.

    Each of its export schedules gets a last run, with all the answers, and ends.

    Raises:
        ClosedCampaignError: it is over already.
    """
    _move(session, campaign, CampaignState.CLOSED, by)
    queue_last(session, campaign, by)
    return pools.release(session, campaign.id or 0)


def _move(session: Session, campaign: Campaign, state: CampaignState, by: By) -> None:
    check_open(campaign)
    if campaign.state != state:
        by.record(session, state.value, subject_of(campaign), before=str(campaign.state))
        campaign.state = state
        session.add(campaign)


def check_open(campaign: Campaign) -> None:
    """Let pass a campaign that is not over.

    Raises:
        ClosedCampaignError: it is.
    """
    if campaign.state == CampaignState.CLOSED:
        raise ClosedCampaignError(name=campaign.name)


def campaign_named(session: Session, name: str, *, lock: bool = False) -> Campaign:
    """Return the campaign called `name`, locked until the transaction ends if `lock`.

    Raises:
        NotFoundError: with the names that are most like it.
    """
    found = _called(session, name, lock=lock)
    if found is None:
        raise NotFoundError(what="campaign", name=name, hint=_hint(names(session), name))
    return found


def campaign_by_id(session: Session, campaign_id: int, *, lock: bool = False) -> Campaign:
    """Return the campaign that a button is about, locked until the transaction ends if `lock`.

    Raises:
        GoneCampaignError: there is none.
    """
    chosen = select(Campaign).where(Campaign.id == campaign_id)
    found = session.exec(chosen.with_for_update() if lock else chosen).first()
    if found is None:
        raise GoneCampaignError
    return found


def names(session: Session) -> list[str]:
    """Return the names of all campaigns, in the order they were created."""
    return list(session.exec(select(Campaign.name).order_by(col(Campaign.id))))


def _called(session: Session, name: str, *, lock: bool = False) -> Campaign | None:
    chosen = select(Campaign).where(Campaign.name == name)
    return session.exec(chosen.with_for_update() if lock else chosen).first()


def _hint(known: list[str], name: str) -> str:
    near = get_close_matches(name.lower(), known, n=3, cutoff=0.65)
    if near:
        return f"perhaps you mean {' or '.join(f'“{one}”' for one in near)}"
    return f"there are {', '.join(known[:10])}" if known else "there is none yet"
