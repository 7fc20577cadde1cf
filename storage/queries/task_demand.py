"""Which experts the unfinished tasks need, and what members can take, for all campaigns at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, func, literal_column
from sqlmodel import Session, col, select

from storage.tables import (
    Assignment,
    AssignmentState,
    Campaign,
    CampaignState,
    CandidateRow,
    Expert,
    Item,
    Membership,
    Task,
)


class AudienceDemand(NamedTuple):
    """Tasks of an open campaign with the same audience that want answers.

    `domains` and `language` are those of the campaign. `overlap` is the most answers that one of
    the tasks needs.
    """

    campaign_id: int
    audience: str
    domains: list[str]
    language: str | None
    overlap: int
    tasks: int


class AuthoredDemand(NamedTuple):
    """Tasks of an audience that want answers and whose item was written by `author`."""

    campaign_id: int
    audience: str
    author: str
    tasks: int


class MemberSkills(NamedTuple):
    """A member who may get tasks of an open campaign, with what decides which suit them."""

    campaign_id: int
    expert_id: int
    slack_id: str
    pseudonym: str
    domains: list[str]
    languages: list[str]


def _wants_answers() -> ColumnElement[bool]:
    return and_(
        col(Task.slots_taken) < col(Task.overlap),
        col(Task.on_hold_since).is_(None),
        ~col(Task.is_gold),
        ~col(Task.is_repeat),
        col(Task.practice_attempt).is_(None),
        col(Task.has_text),
        ~col(Task.is_deleted),
    )


def audience_demands(session: Session) -> list[AudienceDemand]:
    """Return the demand of each audience of the open campaigns."""
    query: Any = (
        select(
            Task.campaign_id,
            Task.audience,
            func.max(Task.overlap),
            func.count(),
        )
        .join(Campaign, col(Campaign.id) == col(Task.campaign_id))
        .where(Campaign.state == CampaignState.OPEN, _wants_answers())
        .group_by(col(Task.campaign_id), col(Task.audience))
        .order_by(col(Task.campaign_id), col(Task.audience))
    )
    topics = {
        campaign_id: (list(domains), language)
        for campaign_id, domains, language in session.exec(
            select(Campaign.id, Campaign.domains, Campaign.language)
        )
    }
    return [
        AudienceDemand(campaign_id, audience, *topics[campaign_id], overlap, tasks)
        for campaign_id, audience, overlap, tasks in session.connection().execute(query)
    ]


def authored_demands(session: Session, authors: Sequence[str]) -> list[AuthoredDemand]:
    """Return the demand of items that one of `authors` wrote: prompt, draft or a response."""
    wrote_item = (
        select(Task.id, Item.author)
        .join(Item, col(Item.id) == col(Task.item_id))
        .where(col(Item.author).in_(authors))
    )
    wrote_candidate = (
        select(Task.id, CandidateRow.author)
        .join(CandidateRow, col(CandidateRow.item_id) == col(Task.item_id))
        .where(col(CandidateRow.author).in_(authors))
    )
    authored = wrote_item.union(wrote_candidate).subquery()
    task_id, author = authored.c
    query: Any = (
        select(Task.campaign_id, Task.audience, author, func.count())
        .join(authored, task_id == col(Task.id))
        .join(Campaign, col(Campaign.id) == col(Task.campaign_id))
        .where(Campaign.state == CampaignState.OPEN, _wants_answers())
        .group_by(col(Task.campaign_id), col(Task.audience), author)
    )
    return [AuthoredDemand(*row) for row in session.connection().execute(query)]


def members_with_skills(session: Session) -> list[MemberSkills]:
    """Return the members of open campaigns, without those who failed a campaign's practice."""
    has_failed = (
        (col(Campaign.practice_questions) > 0)
        & col(Membership.qualified_at).is_(None)
        & (col(Membership.practice_failures) >= col(Campaign.practice_attempts))
    )
    query: Any = (
        select(  # type: ignore[call-overload]  # SQLModel types up to four columns
            Membership.campaign_id,
            Expert.id,
            Expert.slack_id,
            Expert.pseudonym,
            Expert.domains,
            Expert.languages,
        )
        .join(Expert, col(Expert.id) == col(Membership.expert_id))
        .join(Campaign, col(Campaign.id) == col(Membership.campaign_id))
        .where(Campaign.state == CampaignState.OPEN, col(Membership.left_at).is_(None), ~has_failed)
    )
    return [MemberSkills(*row) for row in session.connection().execute(query)]


def not_my_field_skips(session: Session) -> list[tuple[int, str, list[str]]]:
    """Return the expert, audience and campaign's domains of each skip as “not my field”."""
    query: Any = (
        select(Assignment.expert_id, Task.audience, Campaign.domains)
        .join(Task, col(Task.id) == col(Assignment.task_id))
        .join(Campaign, col(Campaign.id) == col(Assignment.campaign_id))
        .where(
            literal_column("assignment.skip_reason = 'not_my_field'"),  # has an index
            col(Assignment.state) == AssignmentState.SKIPPED,
        )
    )
    return [(expert, audience, domains) for expert, audience, domains in session.exec(query)]
