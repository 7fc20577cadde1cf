"""Whom a campaign suits: changing its domains and language while it runs."""

from __future__ import annotations

from collections.abc import Sequence

from sqlmodel import Session

from bot.services import campaigning
from bot.services.checking import checked_language
from bot.services.directing import By, subject_of
from storage.queries import members
from storage.tables import Campaign


def address(
    session: Session,
    campaign: Campaign,
    domains: Sequence[str] | None,
    language: str | None,
    by: By,
) -> bool:
    """Let a campaign suit others: who was told that nothing is left is looked at again.

    None leaves domains or language as they were; nothing in them means anybody. What an item says
    itself still counts instead. Return whether anything changed.

    Raises:
        ClosedCampaignError: it is over.
        BadLanguageError: nothing is changed.
    """
    campaigning.check_open(campaign)
    before = (list(campaign.domains), campaign.language)
    if domains is not None:
        campaign.domains = list(domains)
    if language is not None:
        campaign.language = checked_language(language)
    after = (list(campaign.domains), campaign.language)
    if after == before:
        return False
    session.add(campaign)
    members.look_again_in(session, campaign.id or 0)
    facts = {"domains": after[0], "language": after[1]}
    by.record(session, "changed whom it suits", subject_of(campaign), **facts)
    return True
