"""What experts see about the quality of their own answers."""

from __future__ import annotations

from dataclasses import dataclass

from sqlmodel import Session

from bot.services.reports import agreement
from bot.services.reports.agreement_figures import ExpertFigures
from bot.services.reports.answer_warnings import describe_finding
from bot.services.reviews import appeals
from bot.services.reviews.appeals import GoldVerdict
from storage.queries import memberships
from storage.queries.experts import expert_by_slack_id
from storage.row_id import id_of


@dataclass(frozen=True, slots=True)
class CampaignQuality:
    """Figures of one expert in one campaign, and what is suspicious, as phrases."""

    campaign: str
    figures: ExpertFigures
    findings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OwnQuality:
    """Figures of one expert in all campaigns that are not closed, and wrong gold answers."""

    campaigns: tuple[CampaignQuality, ...]
    wrong_answers: tuple[GoldVerdict, ...]


def quality_of(session: Session, slack_id: str) -> OwnQuality:
    """Return an expert's own figures as last computed, and make the shown gold answers final."""
    expert = expert_by_slack_id(session, slack_id)
    if expert is None:
        return OwnQuality((), ())
    found = []
    for campaign in memberships.campaigns_of(session, id_of(expert)):
        stored = agreement.stored_figures(session, id_of(campaign))
        figures = stored.figures.experts.get(id_of(expert)) if stored else None
        if figures:
            phrases = tuple(describe_finding(finding) for finding in figures.findings)
            found.append(CampaignQuality(campaign.title, figures, phrases))
    return OwnQuality(tuple(found), tuple(appeals.show_wrong_answers(session, id_of(expert))))
