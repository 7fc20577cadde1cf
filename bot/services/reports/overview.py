"""The whole picture of campaigns: progress, pace, forecast, agreement, and what needs somebody."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from bot.quality.gold import Accuracy
from bot.services.reports import agreement as agreement_report
from bot.services.reports import campaign_status, forecast
from bot.services.reports import warnings as campaign_warnings
from bot.services.reports.agreement import AgreementFigures, ExpertFigures, StoredFigures
from bot.services.reports.campaign_status import CampaignStatus, ExpertStatus
from bot.services.reports.forecast import CampaignForecast, RecentActivity
from bot.services.reports.warnings import (
    AttentionCounts,
    AwayExpert,
    CampaignWarning,
    WarningInputs,
)
from storage.queries import needs_attention as attention_queries
from storage.queries.needs_attention import MemberAvailability
from storage.tables import Campaign


@dataclass(frozen=True, slots=True)
class Overview:
    """A campaign at a glance.

    Attributes:
        status: what is wanted and what is there.
        outlook: how it goes on.
        kept: what its answers say together, as last looked at; None if nobody looked yet.
        waiting: what waits for a coordinator.
        away: who of its pool is not there.
        worries: what needs somebody, the worst first.
    """

    status: CampaignStatus
    outlook: CampaignForecast
    stored_figures: StoredFigures | None
    needs_attention: AttentionCounts
    away: tuple[AwayExpert, ...]
    warnings: tuple[CampaignWarning, ...]

    @property
    def figures(self) -> AgreementFigures:
        """Return what its answers say together, nothing if nobody looked yet."""
        return self.stored_figures.figures if self.stored_figures else AgreementFigures()


@dataclass(frozen=True, slots=True)
class ExpertSummary:
    """One expert of a campaign, for coordinators alone.

    Attributes:
        name: the real name, or the pseudonym where it is not known.
        answered: answers that stand; open: tasks they hold.
        seconds: the median of how long an answer took.
        agrees: the share of what others said about the same items that is the same.
        gold: how often they were right where the right answer is known.
        away: why they are not there, "" if they are.
    """

    name: str
    slack_id: str
    pseudonym: str
    answered: int
    open: int
    skipped: int
    expired: int
    last_answer: datetime | None
    median_seconds: float | None
    agreement: float | None
    gold_accuracy: Accuracy | None
    away_reason: str


@dataclass(frozen=True, slots=True)
class CampaignReport:
    """One campaign, and each of its experts in the order they joined."""

    overview: Overview
    experts: tuple[ExpertSummary, ...]


def list_overviews(session: Session, now: datetime) -> list[Overview]:
    """Return every campaign at a glance, in the order they were created."""
    snapshot = _WorkspaceSnapshot.load(session, now)
    return [
        _build_overview(status, snapshot, agreement_report.stored_figures(session, status.id), now)
        for status in campaign_status.list_statuses(session)
    ]


def build_campaign_report(
    session: Session, campaign: Campaign, now: datetime, stored_figures: StoredFigures | None = None
) -> CampaignReport:
    """Return the whole picture of one campaign, by what was found just now, or was kept."""
    snapshot = _WorkspaceSnapshot.load(session, now)
    stored_figures = stored_figures or agreement_report.stored_figures(session, campaign.id or 0)
    overview = _build_overview(
        campaign_status.status_of(session, campaign), snapshot, stored_figures, now
    )
    members = {member.slack_id: member for member in snapshot.members_of(campaign.id or 0)}
    experts = campaign_status.expert_statuses(session, campaign)
    summaries = (
        _build_expert_summary(expert, members, overview.figures, now) for expert in experts
    )
    return CampaignReport(overview, tuple(summaries))


@dataclass(frozen=True, slots=True)
class _WorkspaceSnapshot:
    """What is counted for all campaigns at once."""

    recent_activity: RecentActivity
    members: Sequence[MemberAvailability]
    questions: Mapping[int, int]
    flags: Mapping[int, int]
    on_hold: Mapping[int, int]

    @classmethod
    def load(cls, session: Session, now: datetime) -> _WorkspaceSnapshot:
        return cls(
            recent_activity=forecast.recent_activity(session, now),
            members=attention_queries.active_members(session),
            questions=attention_queries.open_question_counts(session),
            flags=attention_queries.open_flag_counts(session),
            on_hold=attention_queries.on_hold_counts(session),
        )

    def members_of(self, campaign_id: int) -> list[MemberAvailability]:
        return [member for member in self.members if member.campaign_id == campaign_id]

    def attention_counts(self, campaign_id: int) -> AttentionCounts:
        counts = (self.questions, self.flags, self.on_hold)
        return AttentionCounts(*(count.get(campaign_id, 0) for count in counts))


def _build_overview(
    status: CampaignStatus,
    snapshot: _WorkspaceSnapshot,
    stored_figures: StoredFigures | None,
    now: datetime,
) -> Overview:
    members, needs_attention = snapshot.members_of(status.id), snapshot.attention_counts(status.id)
    outlook = forecast.forecast_campaign(status, snapshot.recent_activity, members, now)
    figures = stored_figures.figures if stored_figures else None
    inputs = WarningInputs(status, outlook, figures, needs_attention, members)
    return Overview(
        status=status,
        outlook=outlook,
        stored_figures=stored_figures,
        needs_attention=needs_attention,
        away=tuple(campaign_warnings.list_away_experts(members, now)),
        warnings=tuple(campaign_warnings.find_warnings(inputs, now)),
    )


def _build_expert_summary(
    expert: ExpertStatus,
    members: Mapping[str, MemberAvailability],
    figures: AgreementFigures,
    now: datetime,
) -> ExpertSummary:
    member = members.get(expert.slack_id)
    expert_figures = figures.experts.get(member.expert_id) if member else None
    expert_figures = expert_figures or ExpertFigures(
        answers=0, median_seconds=None, agreement=None, compared_answers=0, gold_accuracy=None
    )
    away = campaign_warnings.list_away_experts([member], now) if member else []
    return ExpertSummary(
        name=expert.name or expert.pseudonym,
        slack_id=expert.slack_id,
        pseudonym=expert.pseudonym,
        answered=expert.answered,
        open=expert.open,
        skipped=expert.skipped,
        expired=expert.expired,
        last_answer=expert.last_answer,
        median_seconds=expert_figures.median_seconds,
        agreement=expert_figures.agreement,
        gold_accuracy=expert_figures.gold_accuracy,
        away_reason=away[0].reason if away else "",
    )
