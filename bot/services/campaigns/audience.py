"""The audience of a campaign: changing its domains and language while it runs."""

from __future__ import annotations

from collections.abc import Sequence

from sqlmodel import Session

from bot.services.actors.actor import Actor, subject_of
from bot.services.campaigns import campaigns
from bot.services.campaigns.validation import validate_language
from storage.queries import task_routing
from storage.row_id import id_of
from storage.tables import Campaign


def change_audience(
    session: Session,
    campaign: Campaign,
    domains: Sequence[str] | None,
    language: str | None,
    actor: Actor,
) -> bool:
    """Change a campaign's domains and language; return whether anything changed.

    None leaves a value unchanged; an empty value means anyone. Domains and language of an item
    still take precedence. Every expert's scan starts over, because other tasks may suit them now.

    Raises:
        ClosedCampaignError: the campaign is closed.
        BadLanguageError: the language is not a language code; nothing is changed.
    """
    campaigns.require_not_closed(campaign)
    before = (list(campaign.domains), campaign.language)
    if domains is not None:
        campaign.domains = list(domains)
    if language is not None:
        campaign.language = validate_language(language)
    after = (list(campaign.domains), campaign.language)
    if after == before:
        return False
    session.add(campaign)
    task_routing.restart_campaign_scans(session, id_of(campaign))
    details = {"domains": after[0], "language": after[1]}
    actor.record(session, "changed the audience", subject_of(campaign), **details)
    return True
