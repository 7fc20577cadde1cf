"""Copies of campaigns: a new campaign with the same settings and people, without items."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from sqlmodel import Session

from bot.services.actors.actor import Actor, subject_of
from bot.services.campaigns import campaigns
from bot.services.campaigns.new_campaign import NewCampaign
from bot.services.campaigns.validation import slugify
from storage.queries import campaigns as campaign_queries
from storage.queries import progress
from storage.row_id import id_of
from storage.tables import Campaign, SkipPolicy


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
    new_campaign = NewCampaign(
        name=new_name,
        kind=campaign.kind,
        title=name or f"{campaign.title} (copy)",
        settings={**campaign.settings, **(settings or {})},
        guidelines=campaign.guidelines,
        overlap=campaign.overlap,
        max_overlap=campaign.max_overlap,
        target_posterior=campaign.target_posterior,
        informative_pairs=campaign.informative_pairs,
        lease=timedelta(minutes=campaign.lease_minutes),
        reminders=[timedelta(minutes=minutes) for minutes in campaign.reminder_minutes],
        experts=[member.slack_id for member in members if member.expert_id in active],
        guidelines_link=campaign.guidelines_link,
        gold_share=campaign.gold_share,
        repeat_share=campaign.repeat_share,
        practice_questions=campaign.practice_questions,
        practice_pass_mark=campaign.practice_pass_mark,
        practice_attempts=campaign.practice_attempts,
        channel=campaign.channel,
        domains=campaign.domains,
        language=campaign.language,
        skip_policy=SkipPolicy(campaign.skip_policy),
        pause_on_quality_failure=campaign.pause_on_quality_failure,
        removal_days=campaign.removal_days,
        sends_welcome=campaign.sends_welcome,
    )
    created = campaigns.create_campaign(session, new_campaign, actor)
    created.retention_days = campaign.retention_days
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
