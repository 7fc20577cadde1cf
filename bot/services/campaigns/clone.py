"""Copies of campaigns: a new campaign with the same settings and people, without items."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from sqlmodel import Session

from bot.services.actors.actor import Actor, subject_of
from bot.services.campaigns import campaigns
from bot.services.campaigns.new_campaign import new_campaign_like
from bot.services.campaigns.validation import slugify
from storage.queries import campaigns as campaign_queries
from storage.queries import progress
from storage.row_id import id_of
from storage.tables import Campaign


def clone_campaign(
    session: Session,
    campaign: Campaign,
    name: str,
    actor: Actor,
    *,
    settings: Mapping[str, object] | None = None,
) -> Campaign:
    """Create a campaign like another, with its members and without items, deadline or exports.

    `name` is the new name, or a title from which one is made; "" for the next free name.
    `settings` replace those settings of the kind.

    Raises:
        As `campaigns.create_campaign`.
    """
    new_name = slugify(name) if name else free_name(session, campaign)
    members = progress.campaign_members(session, id_of(campaign))
    active = campaign_queries.active_member_ids(session, id_of(campaign))
    new_campaign = replace(
        new_campaign_like(campaign),
        name=new_name,
        title=name or f"{campaign.title} (copy)",
        settings={**campaign.settings, **(settings or {})},
        experts=[member.slack_id for member in members if member.expert_id in active],
    )
    created = campaigns.create_campaign(session, new_campaign, actor)
    actor.record(session, "cloned a campaign", subject_of(created), source=campaign.name)
    return created


def free_name(session: Session, campaign: Campaign) -> str:
    """Return the first name like `tone-2` that no campaign has."""
    taken = set(campaign_queries.list_names(session))
    stem = campaign.name[:76]
    return next(
        candidate
        for number in range(2, len(taken) + 3)
        if (candidate := f"{stem}-{number}") not in taken
    )
