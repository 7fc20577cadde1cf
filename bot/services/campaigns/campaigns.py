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

from bot.cadence.working_hours import WORKING_DAY
from bot.errors import BotError, NotFoundError
from bot.kinds import kind_named
from bot.kinds.base import Kind
from bot.services.actors.actor import Actor, subject_of
from bot.services.actors.audit_log import SLACK
from bot.services.campaigns import guidelines as guideline_versions
from bot.services.campaigns.validation import (
    format_setting_error,
    validate_gold_share,
    validate_language,
    validate_lease_and_overlap,
    validate_link,
    validate_name,
    validate_reminders,
    validate_slack_ids,
)
from bot.services.exports.jobs import queue_final_runs
from storage.queries import memberships
from storage.tables import Campaign, CampaignState, Expert, Membership, SkipPolicy


class NameTakenError(BotError):
    """There is a campaign called “{name}” already; choose another name."""


class BadKindSettingsError(BotError):
    """The settings do not suit the kind {kind}: {problems}."""


class PastDeadlineError(BotError):
    """The deadline {deadline:%Y-%m-%d %H:%M} UTC is over already; choose one in the future."""


class ClosedCampaignError(BotError):
    """The campaign “{name}” is closed, for good; create another one."""


class UnknownCampaignError(BotError):
    """This campaign is not there any more; `/label status` shows those that are."""


DEFAULT_LEASE = 2 * WORKING_DAY
DEFAULT_REMINDERS = (timedelta(hours=4), WORKING_DAY, timedelta(hours=12))


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
    lease: timedelta = DEFAULT_LEASE
    reminders: Sequence[timedelta] = DEFAULT_REMINDERS
    deadline: datetime | None = None
    experts: Sequence[str] = ()
    guidelines_link: str | None = None
    gold_share: float = 0.0
    channel: str | None = None
    domains: Sequence[str] = ()
    language: str | None = None
    skip_policy: SkipPolicy = SkipPolicy.REASSIGN


@dataclass(frozen=True, slots=True)
class AddExpertsResult:
    """Slack ids of those who are new to a campaign's pool, and of those who were in it."""

    added: tuple[str, ...]
    existing: tuple[str, ...]


LifecycleAction = Callable[[Session, Campaign, Actor], object]
"""Pausing, resuming or closing."""


def create_campaign(session: Session, new_campaign: NewCampaign, actor: Actor) -> Campaign:
    """Create a campaign with its pool of experts.

    Raises:
        NotFoundError: there is no such kind.
        NameTakenError, BadNameError, BadKindSettingsError, BadNumberError, BadPlanError,
        PastDeadlineError, BadExpertError: nothing is created.
    """
    campaign = _build_campaign(new_campaign, actor)
    if _find_by_name(session, new_campaign.name):
        raise NameTakenError(name=new_campaign.name)
    session.add(campaign)
    try:
        session.flush()
    except IntegrityError as error:  # another process was quicker by a moment
        raise NameTakenError(name=new_campaign.name) from error
    guideline_versions.store_first_version(session, campaign, actor)
    details = {"kind": campaign.kind, "overlap": campaign.overlap}
    actor.record(session, "created", subject_of(campaign), **details)
    if new_campaign.experts:
        add_experts(session, campaign, new_campaign.experts, actor)
    return campaign


def _build_campaign(new_campaign: NewCampaign, actor: Actor) -> Campaign:
    kind = kind_named(new_campaign.kind)
    lease_minutes, overlap = validate_lease_and_overlap(new_campaign.lease, new_campaign.overlap)
    if new_campaign.deadline and new_campaign.deadline <= actor.at:
        raise PastDeadlineError(deadline=new_campaign.deadline)
    return Campaign(
        name=validate_name(new_campaign.name),
        title=" ".join(new_campaign.title.split()) or new_campaign.name,
        kind=new_campaign.kind,
        settings=validate_settings(kind, new_campaign.settings),
        guidelines=new_campaign.guidelines.strip(),
        overlap=overlap,
        lease_minutes=lease_minutes,
        reminder_minutes=validate_reminders(new_campaign.reminders, lease_minutes),
        seed=secrets.token_hex(16),
        deadline=new_campaign.deadline,
        gold_share=validate_gold_share(new_campaign.gold_share),
        guidelines_link=validate_link(new_campaign.guidelines_link),
        channel=new_campaign.channel,
        domains=list(new_campaign.domains),
        language=validate_language(new_campaign.language),
        skip_policy=new_campaign.skip_policy,
        created_by=actor.name if actor.origin == SLACK else None,
        created_at=actor.at,
    )


def validate_settings(kind: Kind[Any], settings: Mapping[str, object]) -> dict[str, Any]:
    """Return what the campaign chose and, where it did not, what the kind chooses today.

    Raises:
        BadKindSettingsError: with everything that is wrong.
    """
    try:
        parsed = kind.settings.model_validate(dict(settings))
    except ValidationError as error:
        known = kind.settings.model_fields
        problems = "; ".join(format_setting_error(found, known) for found in error.errors())
        raise BadKindSettingsError(kind=kind.name, problems=problems) from None
    return dict(parsed.model_dump(mode="json"))


def add_experts(
    session: Session, campaign: Campaign, slack_ids: Iterable[str], actor: Actor
) -> AddExpertsResult:
    """Let experts into a campaign's pool; those who are in it stay.

    Raises:
        ClosedCampaignError: nobody labels in it any more.
        BadExpertError: one of them is no Slack id of a person; nobody is added.
    """
    require_not_closed(campaign)
    wanted = validate_slack_ids(slack_ids)
    known = memberships.ensure_experts(session, wanted, actor.at)
    new = memberships.add_members(session, campaign.id or 0, list(known.values()), actor.at)
    added = [one for one in wanted if known[one] in new]
    for one in added:
        actor.record(session, "added an expert", subject_of(campaign), expert=one)
    return AddExpertsResult(tuple(added), tuple(one for one in wanted if known[one] not in new))


def is_labelling(session: Session, campaign_id: int, slack_id: str) -> bool:
    """Say whether a person labels in a campaign that is not closed: who does must stay blind."""
    query = (
        select(Membership)
        .join(Expert, col(Expert.id) == col(Membership.expert_id))
        .join(Campaign, col(Campaign.id) == col(Membership.campaign_id))
        .where(
            Campaign.id == campaign_id,
            Expert.slack_id == slack_id,
            Campaign.state != CampaignState.CLOSED,
        )
    )
    return session.exec(query).first() is not None


def pause(session: Session, campaign: Campaign, actor: Actor) -> None:
    """Hand out nothing more for now. What experts hold can still be answered.

    Raises:
        ClosedCampaignError: it is over.
    """
    _change_state(session, campaign, CampaignState.PAUSED, actor)


def resume(session: Session, campaign: Campaign, actor: Actor) -> None:
    """Hand out tasks again. Raises as `pause` does."""
    _change_state(session, campaign, CampaignState.OPEN, actor)


def close(session: Session, campaign: Campaign, actor: Actor) -> int:
    """End a campaign for good; return how many open tasks were taken back from experts.

    Each of its export schedules gets a last run, with all the answers, and ends.

    Raises:
        ClosedCampaignError: it is over already.
    """
    _change_state(session, campaign, CampaignState.CLOSED, actor)
    queue_final_runs(session, campaign, actor)
    return memberships.release_open_assignments(session, campaign.id or 0)


def _change_state(session: Session, campaign: Campaign, state: CampaignState, actor: Actor) -> None:
    require_not_closed(campaign)
    if campaign.state != state:
        actor.record(session, state.value, subject_of(campaign), before=str(campaign.state))
        campaign.state = state
        session.add(campaign)


def require_not_closed(campaign: Campaign) -> None:
    """Let pass a campaign that is not over.

    Raises:
        ClosedCampaignError: it is.
    """
    if campaign.state == CampaignState.CLOSED:
        raise ClosedCampaignError(name=campaign.name)


def campaign_by_name(session: Session, name: str, *, lock: bool = False) -> Campaign:
    """Return the campaign called `name`, locked until the transaction ends if `lock`.

    Raises:
        NotFoundError: with the names that are most like it.
    """
    found = _find_by_name(session, name, lock=lock)
    if found is None:
        raise NotFoundError(
            what="campaign", name=name, hint=_suggest_names(campaign_names(session), name)
        )
    return found


def campaign_by_id(session: Session, campaign_id: int, *, lock: bool = False) -> Campaign:
    """Return the campaign that a button is about, locked until the transaction ends if `lock`.

    Raises:
        GoneCampaignError: there is none.
    """
    query = select(Campaign).where(Campaign.id == campaign_id)
    found = session.exec(query.with_for_update() if lock else query).first()
    if found is None:
        raise UnknownCampaignError
    return found


def campaign_names(session: Session) -> list[str]:
    """Return the names of all campaigns, in the order they were created."""
    return list(session.exec(select(Campaign.name).order_by(col(Campaign.id))))


def _find_by_name(session: Session, name: str, *, lock: bool = False) -> Campaign | None:
    query = select(Campaign).where(Campaign.name == name)
    return session.exec(query.with_for_update() if lock else query).first()


def _suggest_names(known: list[str], name: str) -> str:
    matches = get_close_matches(name.lower(), known, n=3, cutoff=0.65)
    if matches:
        return f"perhaps you mean {' or '.join(f'“{one}”' for one in matches)}"
    return f"there are {', '.join(known[:10])}" if known else "there is none yet"
