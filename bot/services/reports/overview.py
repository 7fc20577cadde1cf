"""Campaign overview: status, forecast, agreement, experts, warnings."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial

from sqlmodel import Session

from bot.cadence.working_hours import start_of_day
from bot.quality.gold import Accuracy
from bot.services.reports import agreement as agreement_report
from bot.services.reports import campaign_status, file_warnings, forecast, unassignable_items
from bot.services.reports import warnings as campaign_warnings
from bot.services.reports.agreement_figures import AgreementFigures, ExpertFigures, StoredFigures
from bot.services.reports.away_experts import AbsentExpert, list_away_experts
from bot.services.reports.campaign_status import CampaignStatus, ExpertStatus
from bot.services.reports.file_warnings import FileRecords
from bot.services.reports.forecast import CampaignForecast, RecentActivity
from bot.services.reports.remedies import CampaignWarning
from bot.services.reports.throughput import ThroughputPeriod, throughput_of
from bot.services.reports.unassignable_items import UnassignableItems
from bot.services.reports.warnings import AttentionCounts, WarningInputs
from storage.queries import needs_attention as attention_queries
from storage.queries import quotas, votes, warning_notices
from storage.queries.needs_attention import MemberAvailability
from storage.queries.on_hold_tasks import HOLD_REASON_NO_EXPERT
from storage.row_id import id_of
from storage.tables import Campaign


@dataclass(frozen=True, slots=True)
class Overview:
    """Overview of one campaign.

    Attributes:
        status: counts of tasks and answers.
        forecast: completion date and suggestions.
        stored_figures: agreement as last computed; None if it never was.
        needs_attention: questions, flags and tasks on hold.
        away: members who are away.
        warnings: problems, the most severe first.
        at_quota: members who get no tasks because of a quota, with that quota as the reason.
        throughput: answers over time; empty in the overview of all campaigns.
    """

    status: CampaignStatus
    forecast: CampaignForecast
    stored_figures: StoredFigures | None
    needs_attention: AttentionCounts
    away: tuple[AbsentExpert, ...]
    warnings: tuple[CampaignWarning, ...]
    at_quota: tuple[AbsentExpert, ...] = ()
    throughput: tuple[ThroughputPeriod, ...] = ()

    @property
    def figures(self) -> AgreementFigures:
        """Return the stored agreement figures, empty if they were never computed."""
        return self.stored_figures.figures if self.stored_figures else AgreementFigures()


@dataclass(frozen=True, slots=True)
class ExpertSummary:
    """One expert of a campaign; for coordinators only.

    Attributes:
        name: the name in Slack, or the pseudonym if it is not known.
        answered: current answers.
        open: tasks that are assigned now.
        median_seconds, agreement, gold_accuracy: as in `ExpertFigures`.
        away_reason: why the expert is away, "" if they are not.
        quota_reached: the quota that keeps them from more tasks, "" if none does.
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
    quota_reached: str = ""


@dataclass(frozen=True, slots=True)
class CampaignReport:
    """A campaign and its experts in the order they joined."""

    overview: Overview
    experts: tuple[ExpertSummary, ...]


def list_overviews(session: Session, now: datetime) -> list[Overview]:
    """Return the overview of every campaign, in order of creation."""
    snapshot = _WorkspaceSnapshot.load(session, now)
    return [
        _build_overview(status, snapshot, agreement_report.stored_figures(session, status.id), now)
        for status in campaign_status.list_statuses(session)
    ]


def build_campaign_overview(
    session: Session,
    campaign: Campaign,
    now: datetime,
    stored_figures: StoredFigures | None = None,
    *,
    has_names: bool = True,
) -> Overview:
    """Return the overview of one campaign, with the given agreement figures or the stored ones.

    Without `has_names`, warnings show pseudonyms.
    """
    return _overview_with_members(session, campaign, now, stored_figures, has_names=has_names)[0]


def build_campaign_report(
    session: Session,
    campaign: Campaign,
    now: datetime,
    stored_figures: StoredFigures | None = None,
    *,
    has_names: bool = True,
) -> CampaignReport:
    """Return the overview of one campaign and its experts; see `build_campaign_overview`."""
    overview, members = _overview_with_members(
        session, campaign, now, stored_figures, has_names=has_names
    )
    by_slack_id = {member.slack_id: member for member in members}
    experts = campaign_status.expert_statuses(session, campaign)
    summaries = (_build_expert_summary(expert, by_slack_id, overview, now) for expert in experts)
    return CampaignReport(overview, tuple(summaries))


def _overview_with_members(
    session: Session,
    campaign: Campaign,
    now: datetime,
    stored_figures: StoredFigures | None,
    *,
    has_names: bool,
) -> tuple[Overview, list[MemberAvailability]]:
    campaign_id = id_of(campaign)
    by_day = votes.answers_by_day(session, campaign_id=campaign_id)
    snapshot = _WorkspaceSnapshot.load(session, now, by_day)
    if not has_names:
        snapshot = replace(snapshot, members=[m._replace(name="") for m in snapshot.members])
    stored_figures = stored_figures or agreement_report.stored_figures(session, campaign_id)
    status = campaign_status.status_of(session, campaign)
    overview = replace(
        _build_overview(status, snapshot, stored_figures, now),
        throughput=throughput_of(by_day.get(campaign_id, {}), now.date()),
    )
    return overview, snapshot.members_of(campaign_id)


@dataclass(frozen=True, slots=True)
class _WorkspaceSnapshot:
    """Counts of all campaigns, loaded with one query each."""

    recent_activity: RecentActivity
    members: Sequence[MemberAvailability]
    questions: Mapping[int, int]
    flags: Mapping[int, int]
    on_hold: Mapping[int, int]
    unanswerable: Mapping[int, int]
    at_quota: Mapping[int, Collection[int]]
    at_daily_quota: Mapping[int, Collection[int]]
    unassignable: Mapping[int, Sequence[UnassignableItems]]
    files: FileRecords
    dismissed: Mapping[int, Collection[str]]

    @classmethod
    def load(
        cls,
        session: Session,
        now: datetime,
        by_day: Mapping[int, Mapping[date, int]] | None = None,
    ) -> _WorkspaceSnapshot:
        """Load the counts; `by_day` are the answers by campaign and day, if they are known."""
        return cls(
            recent_activity=forecast.recent_activity(session, now, by_day),
            members=attention_queries.active_members(session),
            questions=attention_queries.open_question_counts(session),
            flags=attention_queries.open_flag_counts(session),
            on_hold=attention_queries.on_hold_counts(session),
            unanswerable=attention_queries.unanswerable_counts(session, HOLD_REASON_NO_EXPERT),
            at_quota=quotas.members_at_quota(session),
            at_daily_quota=quotas.members_at_daily_quota(session, partial(start_of_day, now=now)),
            unassignable=unassignable_items.find_unassignable(session),
            files=file_warnings.load_file_records(session, now),
            dismissed=warning_notices.dismissed_keys(session),
        )

    def members_of(self, campaign_id: int) -> list[MemberAvailability]:
        return [member for member in self.members if member.campaign_id == campaign_id]

    def attention_counts(self, campaign_id: int) -> AttentionCounts:
        counts = (self.questions, self.flags, self.on_hold, self.unanswerable)
        return AttentionCounts(*(count.get(campaign_id, 0) for count in counts))


def _build_overview(
    status: CampaignStatus,
    snapshot: _WorkspaceSnapshot,
    stored_figures: StoredFigures | None,
    now: datetime,
) -> Overview:
    members, needs_attention = snapshot.members_of(status.id), snapshot.attention_counts(status.id)
    campaign_forecast = forecast.forecast_campaign(status, snapshot.recent_activity, members, now)
    figures = stored_figures.figures if stored_figures else None
    inputs = WarningInputs(
        status,
        campaign_forecast,
        figures,
        needs_attention,
        members,
        snapshot.files.of_campaign(status.id),
        snapshot.unassignable.get(status.id, ()),
        snapshot.dismissed.get(status.id, ()),
        snapshot.at_quota.get(status.id, ()),
        snapshot.at_daily_quota.get(status.id, ()),
    )
    return Overview(
        status=status,
        forecast=campaign_forecast,
        stored_figures=stored_figures,
        needs_attention=needs_attention,
        away=tuple(list_away_experts(members, now)),
        warnings=tuple(campaign_warnings.find_warnings(inputs, now)),
        at_quota=tuple(
            AbsentExpert(member.name or member.pseudonym, reason, member.slack_id)
            for member in members
            if (reason := _quota_reached(inputs, member.expert_id))
        ),
    )


def _quota_reached(inputs: WarningInputs, expert_id: int) -> str:
    status = inputs.status
    if expert_id in inputs.at_quota:
        return f"{status.max_answers:,} in all"
    return f"{status.max_answers_per_day:,} today" if expert_id in inputs.at_daily_quota else ""


def _build_expert_summary(
    expert: ExpertStatus,
    members: Mapping[str, MemberAvailability],
    overview: Overview,
    now: datetime,
) -> ExpertSummary:
    member = members.get(expert.slack_id)
    expert_figures = overview.figures.experts.get(member.expert_id) if member else None
    expert_figures = expert_figures or ExpertFigures(
        answers=0, median_seconds=None, agreement=None, compared_answers=0, gold_accuracy=None
    )
    away = list_away_experts([member], now) if member else []
    quotas_reached = {one.slack_id: one.reason for one in overview.at_quota}
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
        quota_reached=quotas_reached.get(expert.slack_id, ""),
    )
