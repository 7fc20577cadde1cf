"""Letting people in: into a campaign, with what they know, the languages they read, and a role."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import update
from sqlmodel import Session, col, select

from bot.errors import BotError
from bot.services import campaigning, granting
from bot.services.checking import checked_experts
from bot.services.directing import By, subject_of
from storage.queries import members, pools
from storage.tables import Campaign, Expert, Role

MOST_TAGS = 20
LONGEST_TAG = 80


class BadTagsError(BotError):
    """“{given}” is too much: at most 20 domains or languages, each of at most 80 characters."""


class UnknownExpertError(BotError):
    """This expert is not there any more; `/label experts` shows those who are."""


@dataclass(frozen=True, slots=True)
class Invitation:
    """Who comes, and with what. `None` leaves domains, languages or role as they were."""

    people: Sequence[str]
    campaign: str = ""
    domains: Sequence[str] | None = None
    languages: Sequence[str] | None = None
    role: Role | None = None


@dataclass(frozen=True, slots=True)
class Invited:
    """Slack ids of those who are new to the campaign, and of those who were in it."""

    campaign: str
    new: tuple[str, ...]
    there: tuple[str, ...]


def tags(text: str) -> tuple[str, ...]:
    """Read domains or languages, with commas between: each once, as it was written.

    Raises:
        BadTagsError: they are too many or too long.
    """
    found = tuple(dict.fromkeys(filter(None, (" ".join(t.split()) for t in text.split(",")))))
    if len(found) > MOST_TAGS or any(len(tag) > LONGEST_TAG for tag in found):
        raise BadTagsError(given=text[:LONGEST_TAG])
    return found


def invite(session: Session, invitation: Invitation, by: By) -> Invited:
    """Let people in; those who are in it stay. Without a campaign, only write down what is said.

    Raises:
        NotFoundError, ClosedCampaignError, BadExpertError: nobody is let in.
    """
    people = checked_experts(invitation.people)
    if invitation.domains is not None or invitation.languages is not None:
        describe(session, people, invitation.domains, invitation.languages, by)
    if invitation.role:
        for person in people:
            granting.grant(session, person, invitation.role, by)
    if not invitation.campaign:
        return Invited("", (), ())
    campaign = campaigning.campaign_named(session, invitation.campaign, lock=True)
    joined = campaigning.add_experts(session, campaign, people, by)
    return Invited(campaign.name, joined.new, joined.there)


def describe(
    session: Session,
    people: Sequence[str],
    domains: Sequence[str] | None,
    languages: Sequence[str] | None,
    by: By,
) -> None:
    """Write down what people know and the languages they read; None leaves it as it was."""
    known = pools.experts(session, people, by.at)
    said = {"domains": domains, "languages": languages}
    kept = {name: list(value) for name, value in said.items() if value is not None}
    changed = update(Expert).where(col(Expert.slack_id).in_(people))
    session.connection().execute(changed.values(**kept))
    for expert_id in known.values():  # other tasks suit them now
        members.look_again(session, expert_id)
    for person in people:
        by.record(session, "described", f"expert {person}", **kept)


def knowing(session: Session, domains: Collection[str]) -> list[str]:
    """Return the Slack ids of experts who know one of these domains, in the order they came."""
    wanted = {domain.casefold() for domain in domains}
    known = session.exec(select(Expert).order_by(col(Expert.id)))
    return [one.slack_id for one in known if wanted & {tag.casefold() for tag in one.domains}]


def leave(session: Session, campaign: Campaign, slack_id: str, by: By) -> bool:
    """Take somebody out of a campaign's pool: no more tasks for them. False: they were not in it.

    What they hold can still be answered, and what they answered stays.
    """
    left = pools.leave(session, campaign.id or 0, slack_id, by.at)
    if left:
        by.record(session, "took an expert out", subject_of(campaign), expert=slack_id)
    return left


@dataclass(frozen=True, slots=True)
class Known:
    """An expert as coordinators see them."""

    id: int
    slack_id: str
    name: str
    domains: tuple[str, ...]
    languages: tuple[str, ...]
    role: Role | None
    away_since: datetime | None
    campaigns: tuple[str, ...]


def known(
    session: Session, by_setting: Collection[str], campaign: Campaign | None = None
) -> list[Known]:
    """Return all experts, or those of a campaign, in the order they came."""
    roles = granting.roles(session, by_setting)
    memberships = pools.memberships(session)
    return [
        _known(expert, roles.get(expert.slack_id), memberships.get(expert.id or 0, []))
        for expert in session.exec(select(Expert).order_by(col(Expert.id)))
        if campaign is None or campaign.name in memberships.get(expert.id or 0, [])
    ]


def known_by_id(session: Session, expert_id: int, by_setting: Collection[str]) -> Known:
    """Return one expert.

    Raises:
        UnknownExpertError: there is none of this number.
    """
    expert = session.get(Expert, expert_id)
    if expert is None:
        raise UnknownExpertError
    roles = granting.roles(session, by_setting)
    mine = pools.memberships(session).get(expert_id, [])
    return _known(expert, roles.get(expert.slack_id), mine)


def give_role(session: Session, slack_id: str, role: Role | None, by: By) -> None:
    """Let somebody have this role alone (None: that of an expert).

    Raises:
        OwnRoleError, RoleByGroupError: what they have cannot be taken.
    """
    granting.revoke(session, slack_id, by)
    if role:
        granting.grant(session, slack_id, role, by)


def place(session: Session, one: Known, wanted: Collection[str], by: By) -> None:
    """Let an expert be in these campaigns and in no other that is not closed."""
    for name in (*one.campaigns, *wanted):
        if (name in one.campaigns) == (name in wanted):
            continue
        campaign = campaigning.campaign_named(session, name, lock=True)
        if name in wanted:
            campaigning.add_experts(session, campaign, [one.slack_id], by)
        else:
            leave(session, campaign, one.slack_id, by)


def _known(expert: Expert, role: Role | None, campaigns: Sequence[str]) -> Known:
    return Known(
        id=expert.id or 0,
        slack_id=expert.slack_id,
        name=expert.name,
        domains=tuple(expert.domains),
        languages=tuple(expert.languages),
        role=role,
        away_since=expert.away_since,
        campaigns=tuple(campaigns),
    )
