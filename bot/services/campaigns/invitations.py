"""Inviting experts and changing their campaigns, domains, languages and role."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlmodel import Session

from bot.errors import BotError
from bot.messages.campaigns import InvitationListMessage, MemberLookupMessage
from bot.services.actors import roles
from bot.services.actors.actor import Actor, subject_of
from bot.services.campaigns import campaigns as campaign_records
from bot.services.campaigns.validation import validate_slack_ids
from bot.services.outbox.queued_messages import message_of
from storage.queries import experts, imported_answers, memberships, outbox, task_routing
from storage.queries.imported_answers import ExternalExpert
from storage.row_id import id_of
from storage.tables import Campaign, Expert, OutboxMessage, Role

MAX_TAGS = 20
MAX_TAG_LENGTH = 80


class BadTagsError(BotError):
    """“{text}” is too long; use at most 20 domains or languages of up to 80 characters each."""


class UnknownExpertError(BotError):
    """This expert no longer exists; `/label experts` lists all experts."""


@dataclass(slots=True)
class MemberLookup:
    """Slack ids found, the number of apps and deactivated people ignored, and problems."""

    slack_ids: list[str] = field(default_factory=list)
    ignored_count: int = 0
    problems: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Invitation:
    """People to invite. None leaves their domains, languages or role unchanged."""

    people: Sequence[str]
    campaign: str = ""
    domains: Sequence[str] | None = None
    languages: Sequence[str] | None = None
    role: Role | None = None


@dataclass(frozen=True, slots=True)
class InvitationResult:
    """Slack ids of the new members of a campaign, and of those who were members already.

    Without a campaign: of the new experts, and of those who were experts already.
    """

    campaign: str
    added: tuple[str, ...]
    existing: tuple[str, ...]


def parse_tags(text: str) -> tuple[str, ...]:
    """Parse comma-separated domains or languages; drop repetitions.

    Raises:
        BadTagsError: they are too many or too long.
    """
    tags = tuple(dict.fromkeys(filter(None, (" ".join(t.split()) for t in text.split(",")))))
    if len(tags) > MAX_TAGS or any(len(tag) > MAX_TAG_LENGTH for tag in tags):
        raise BadTagsError(text=text[:MAX_TAG_LENGTH])
    return tags


def invite(session: Session, invitation: Invitation, actor: Actor) -> InvitationResult:
    """Add people to a campaign, and set their domains, languages and role.

    Without a campaign, they become experts whom any campaign can add, or get only the role.

    Raises:
        NotFoundError, ClosedCampaignError, BadSlackIdError: nobody is added.
    """
    people = validate_slack_ids(invitation.people)
    result = _add_people(session, people, invitation, actor)
    if invitation.domains is not None or invitation.languages is not None:
        set_domains_and_languages(session, people, invitation.domains, invitation.languages, actor)
    if invitation.role:
        for slack_id in people:
            roles.grant_role(session, slack_id, invitation.role, actor)
    return result


def _add_people(
    session: Session, people: Sequence[str], invitation: Invitation, actor: Actor
) -> InvitationResult:
    if invitation.campaign:
        campaign = campaign_records.campaign_by_name(session, invitation.campaign, lock=True)
        result = campaign_records.add_experts(session, campaign, people, actor)
        return InvitationResult(campaign.name, result.added, result.existing)
    if invitation.role:  # coordinators need not be experts
        return InvitationResult("", (), ())
    known = memberships.known_experts(session, people)
    new = tuple(slack_id for slack_id in people if slack_id not in known)
    memberships.ensure_experts(session, new, actor.at)
    for slack_id in new:
        actor.record(session, "added an expert", f"expert {slack_id}")
    return InvitationResult("", new, tuple(known))


@dataclass(frozen=True, slots=True)
class FoundPeople:
    """People found for an invitation: whom to add, coordinators, and members of the campaign."""

    new: tuple[str, ...]
    coordinators: tuple[str, ...]
    existing: tuple[str, ...]


def group_for_invitation(
    session: Session, found: Sequence[str], request: MemberLookupMessage, requester: str
) -> FoundPeople:
    """Group the people found for an invitation.

    People who were named are among those to add, even if they are coordinators.
    """
    granted = roles.coordinator_ids(session, request.coordinators)
    unnamed_coordinators = {*granted, requester} - set(request.slack_ids)
    members: set[str] = set()
    if request.campaign:
        campaign = campaign_records.campaign_by_name(session, request.campaign)
        members = set(memberships.member_slack_ids(session, id_of(campaign)))
    others = [person for person in found if person not in members]
    return FoundPeople(
        new=tuple(person for person in others if person not in unnamed_coordinators),
        coordinators=tuple(person for person in others if person in unnamed_coordinators),
        existing=tuple(person for person in found if person in members),
    )


class NoInvitationError(BotError):
    """This list is no longer available. Use `/label invite` to invite the channel again."""


def confirm_list(session: Session, message_id: int, actor: Actor, *, has_coordinators: bool) -> int:
    """Queue the invitation of the people on a list that the actor was shown; return how many.

    Raises:
        NoInvitationError: there is no such list for this person.
    """
    row = session.get(OutboxMessage, message_id)
    if row is None or row.recipient != actor.name:
        raise NoInvitationError
    listed = message_of(row)
    if not isinstance(listed, InvitationListMessage):
        raise NoInvitationError
    people = (*listed.slack_ids, *(listed.coordinators if has_coordinators else ()))
    lookup = MemberLookupMessage(
        slack_ids=people,
        campaign=listed.campaign,
        domains=listed.domains,
        languages=listed.languages,
        role=listed.role,
    )
    outbox.enqueue(session, lookup, recipient=actor.name, now=actor.at)
    return len(people)


def set_domains_and_languages(
    session: Session,
    people: Sequence[str],
    domains: Sequence[str] | None,
    languages: Sequence[str] | None,
    actor: Actor,
) -> None:
    """Set the domains and the languages of people; None leaves them unchanged."""
    expert_ids = memberships.ensure_experts(session, people, actor.at)
    values = {"domains": domains, "languages": languages}
    changes = {name: list(value) for name, value in values.items() if value is not None}
    experts.update_experts(session, people, **changes)
    for expert_id in expert_ids.values():  # other tasks suit them now
        task_routing.restart_scans(session, expert_id)
    for slack_id in people:
        actor.record(session, "changed domains or languages", f"expert {slack_id}", **changes)


def experts_in_domains(session: Session, domains: Collection[str]) -> list[str]:
    """Return the Slack ids of experts in one of these domains, in the order they were added."""
    folded = {domain.casefold() for domain in domains}
    return [
        expert.slack_id
        for expert in experts.list_experts(session)
        if folded & {domain.casefold() for domain in expert.domains}
    ]


def remove_expert(session: Session, campaign: Campaign, slack_id: str, actor: Actor) -> bool:
    """Remove an expert from a campaign, so that they get no more of its tasks.

    Their open tasks can still be answered, and their answers stay. Return False if they were not a
    member.
    """
    was_member = memberships.remove_member(session, id_of(campaign), slack_id, actor.at)
    if was_member:
        actor.record(session, "removed an expert", subject_of(campaign), expert=slack_id)
    return was_member


@dataclass(frozen=True, slots=True)
class ExpertDetails:
    """An expert as coordinators see them."""

    id: int
    slack_id: str
    name: str
    domains: tuple[str, ...]
    languages: tuple[str, ...]
    role: Role | None
    away_since: datetime | None
    campaigns: tuple[str, ...]


def list_experts(
    session: Session, configured_coordinators: Collection[str], campaign: Campaign | None = None
) -> list[ExpertDetails]:
    """Return all experts, or those of a campaign, in the order they were added."""
    expert_roles = roles.roles_by_slack_id(session, configured_coordinators)
    campaign_names = memberships.campaign_names_by_expert(session)
    return [
        _build_details(
            expert, expert_roles.get(expert.slack_id), campaign_names.get(id_of(expert), [])
        )
        for expert in experts.list_experts(session)
        if campaign is None or campaign.name in campaign_names.get(id_of(expert), [])
    ]


def list_imported_experts(session: Session, campaign: Campaign) -> list[ExternalExpert]:
    """Return the experts of the answers imported into a campaign, by their name in the file."""
    return imported_answers.list_external_experts(session, id_of(campaign))


def expert_by_id(
    session: Session, expert_id: int, configured_coordinators: Collection[str]
) -> ExpertDetails:
    """Return the expert with an id.

    Raises:
        UnknownExpertError: there is none.
    """
    expert = session.get(Expert, expert_id)
    if expert is None:
        raise UnknownExpertError
    expert_roles = roles.roles_by_slack_id(session, configured_coordinators)
    campaign_names = memberships.campaign_names_by_expert(session).get(expert_id, [])
    return _build_details(expert, expert_roles.get(expert.slack_id), campaign_names)


def set_role(session: Session, slack_id: str, role: Role | None, actor: Actor) -> None:
    """Replace a person's roles with this one (None: an ordinary expert).

    Raises:
        OwnRoleError, RoleByGroupError: their present role cannot be revoked.
    """
    roles.revoke_roles(session, slack_id, actor)
    if role:
        roles.grant_role(session, slack_id, role, actor)


def set_campaigns(
    session: Session, expert: ExpertDetails, campaign_names: Collection[str], actor: Actor
) -> None:
    """Make an expert a member of these campaigns, and of no other campaign that is not closed."""
    for name in (*expert.campaigns, *campaign_names):
        if (name in expert.campaigns) == (name in campaign_names):
            continue
        campaign = campaign_records.campaign_by_name(session, name, lock=True)
        if name in campaign_names:
            campaign_records.add_experts(session, campaign, [expert.slack_id], actor)
        else:
            remove_expert(session, campaign, expert.slack_id, actor)


def _build_details(expert: Expert, role: Role | None, campaigns: Sequence[str]) -> ExpertDetails:
    return ExpertDetails(
        id=id_of(expert),
        slack_id=expert.slack_id,
        name=expert.name,
        domains=tuple(expert.domains),
        languages=tuple(expert.languages),
        role=role,
        away_since=expert.away_since,
        campaigns=tuple(campaigns),
    )
