"""Items that need more answers than there are members who may give them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlmodel import Session

from bot.routing.suitability import ExpertSkills, Topic, fit_of, skills_of, topic_of
from storage.audience import parse_audience
from storage.queries import task_demand
from storage.queries.task_demand import AudienceDemand, AuthoredDemand, MemberSkills


@dataclass(frozen=True, slots=True)
class UnassignableItems:
    """Items of one campaign and topic that cannot get all their answers.

    Attributes:
        items: how many items.
        answers: answers per item that they need.
        suitable: members whose domains and languages suit them, at most `answers` - 1.
        domains, language: what the items ask of an expert.
        is_own: the only other suitable member wrote them.
    """

    items: int
    answers: int
    suitable: int
    domains: tuple[str, ...] = ()
    language: str | None = None
    is_own: bool = False


def find_unassignable(session: Session) -> dict[int, list[UnassignableItems]]:
    """Return the unassignable items of each open campaign that has members."""
    members = task_demand.members_with_skills(session)
    if not members:
        return {}
    skills = _skills_by_expert(session, members)
    names = sorted({name for member in members for name in (member.slack_id, member.pseudonym)})
    authored = defaultdict[tuple[int, str], list[AuthoredDemand]](list)
    for row in task_demand.authored_demands(session, names):
        authored[row.campaign_id, row.audience].append(row)
    members_by_campaign = defaultdict[int, list[MemberSkills]](list)
    for member in members:
        members_by_campaign[member.campaign_id].append(member)
    found = defaultdict[int, list[UnassignableItems]](list)
    for demand in task_demand.audience_demands(session):
        campaign_members = members_by_campaign.get(demand.campaign_id, [])
        own = authored.get((demand.campaign_id, demand.audience), [])
        found[demand.campaign_id] += _check_demand(demand, campaign_members, skills, own)
    return dict(found)


def _skills_by_expert(
    session: Session, members: Sequence[MemberSkills]
) -> Mapping[int, ExpertSkills]:
    skips = defaultdict[int, list[Sequence[str]]](list)
    for expert_id, audience, domains in task_demand.not_my_field_skips(session):
        skips[expert_id].append(parse_audience(audience)[0] or tuple(domains))
    return {
        member.expert_id: skills_of(member.domains, member.languages, skips[member.expert_id])
        for member in members
    }


def _check_demand(
    demand: AudienceDemand,
    members: Sequence[MemberSkills],
    skills: Mapping[int, ExpertSkills],
    authored: Sequence[AuthoredDemand],
) -> Iterator[UnassignableItems]:
    """Yield what of a demand cannot be met.

    Where every member suits, too few members are a warning of their own, so only authors count.
    """
    campaign_topic = Topic(tuple(demand.domains), demand.language)
    topic = topic_of(Topic(*parse_audience(demand.audience)), campaign_topic)
    suitable = [member for member in members if fit_of(skills[member.expert_id], topic)]
    if len(suitable) < min(demand.overlap, len(members)):
        yield UnassignableItems(
            demand.tasks, demand.overlap, len(suitable), topic.domains, topic.language
        )
    elif len(suitable) == demand.overlap:
        names = {name for one in suitable for name in (one.slack_id, one.pseudonym)}
        own = sum(row.tasks for row in authored if row.author in names)
        if own:
            yield UnassignableItems(
                min(own, demand.tasks),
                demand.overlap,
                len(suitable) - 1,
                topic.domains,
                topic.language,
                is_own=True,
            )
