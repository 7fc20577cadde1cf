"""Quality alerts: coordinators are notified once of each clear failure, and may pause experts."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import assert_never

from sqlmodel import Session

from bot.errors import BotError
from bot.messages.quality import QualityAlertMessage
from bot.messages.texts import TextMessage
from bot.quality.reliability.jumps import Jump
from bot.quality.reliability.patterns import (
    FastAnswers,
    Finding,
    PositionBias,
    RepeatedAnswer,
)
from bot.quality.reliability.peer_evidence import PeerEvidence
from bot.services.actors.actor import Actor, subject_of
from bot.services.actors.audit_log import CLOCK
from bot.services.campaigns.campaigns import require_not_closed
from bot.services.campaigns.notify_coordinators import notify_coordinators
from bot.services.reports import agreement
from bot.services.reports.answer_warnings import describe_finding
from bot.services.reviews import corrections
from bot.webhooks.events import WarningRaised
from storage.queries import corrections as membership_queries
from storage.queries import outbox, quality_alerts, webhook_deliveries
from storage.queries.advisory_lock import acquire_advisory_lock
from storage.queries.quality_alerts import AlertRow
from storage.row_id import id_of
from storage.tables import Campaign, CampaignState, QualityAlert

PAUSED_TEXT = (
    "Thank you for your answers in “{title}”. You get no more of its tasks for now, because a "
    "coordinator first looks at how your answers compare with those of others. Nothing is lost: "
    "your answers are kept, and the coordinator can resume your tasks at any time."
)
RESUMED_TEXT = "You get tasks of “{title}” again: a coordinator resumed them."


class UnknownAlertError(BotError):
    """This alert no longer exists. Use `/label status` to see the warnings about campaigns."""


class AlreadyPausedError(BotError):
    """{who} gets no tasks of “{campaign}” now. There is nothing to pause."""


class NotPausedError(BotError):
    """{who} is not paused in “{campaign}”. There is nothing to resume."""


def pattern_of(finding: Finding) -> str:
    """Return the name of the pattern; each is reported once per expert and campaign.

    The name of a jump has its figure and the first day of its week: “pace 2030-05-27”.
    """
    match finding:
        case PositionBias():
            return "position"
        case RepeatedAnswer():
            return "repeated"
        case FastAnswers():
            return "fast"
        case PeerEvidence():
            return finding.pattern
        case Jump():
            return f"{finding.figure} {finding.week:%Y-%m-%d}"
    assert_never(finding)


def has_new_alerts(session: Session, campaign_id: int) -> bool:
    """Return whether the stored figures of a campaign have failures that nobody was notified of."""
    return next(_new_findings(session, campaign_id), None) is not None


def raise_alerts(
    session: Session, campaign_id: int, coordinators: Collection[str], now: datetime
) -> int:
    """Notify the coordinators of each new failure in the stored figures; return how many.

    An expert whose pattern was reported before, and one who left, is not reported. If the campaign
    asks for it, the expert is paused, but not for a jump: it may be an improvement.
    """
    acquire_advisory_lock(session, "raise_alerts")
    found = list(_new_findings(session, campaign_id))
    campaign = session.get_one(Campaign, campaign_id)
    for expert_id, finding in found:
        alert = QualityAlert(
            campaign_id=campaign_id,
            expert_id=expert_id,
            pattern=pattern_of(finding),
            text=describe_finding(finding),
            created_at=now,
        )
        session.add(alert)
        session.flush()
        if campaign.pause_on_quality_failure and not isinstance(finding, Jump):
            _pause(session, require_alert(session, id_of(alert)), Actor("clock", CLOCK, now))
        notify_coordinators(
            session,
            QualityAlertMessage(id_of(alert)),
            campaign_id=campaign_id,
            coordinators=coordinators,
            now=now,
        )
        event = WarningRaised("quality", f"an expert {alert.text}", expert_id)
        webhook_deliveries.queue_event(session, event, campaign_id=campaign_id, now=now)
    return len(found)


def _new_findings(session: Session, campaign_id: int) -> Iterator[tuple[int, Finding]]:
    stored = agreement.stored_figures(session, campaign_id)
    campaign = session.get_one(Campaign, campaign_id)
    if stored is None or campaign.state == CampaignState.CLOSED:
        return
    suspects = {key: one.findings for key, one in stored.figures.experts.items() if one.findings}
    if not suspects:
        return
    members = quality_alerts.active_member_ids(session, campaign_id)
    known = quality_alerts.known_patterns(session, campaign_id)
    for expert_id, findings in suspects.items():
        for finding in findings if expert_id in members else ():
            if (expert_id, pattern_of(finding)) not in known:
                yield expert_id, finding


def require_alert(session: Session, alert_id: int) -> AlertRow:
    """Return an alert.

    Raises:
        UnknownAlertError: there is no such alert.
    """
    row = quality_alerts.alert_by_id(session, alert_id)
    if row is None:
        raise UnknownAlertError
    return row


@dataclass(frozen=True, slots=True)
class ExclusionDraft:
    """An exclusion that an alert suggests. A coordinator can change it before it takes effect.

    Attributes:
        slack_id: the expert.
        name: their name.
        since: the first day; None if the alert is not about a week.
        answer_count: how many answers since then would be excluded now.
        reason: the text of the alert.
    """

    slack_id: str
    name: str
    since: date | None
    answer_count: int
    reason: str


def draft_exclusion(session: Session, campaign_id: int, alert_id: int) -> ExclusionDraft | None:
    """Return the exclusion that an alert of a campaign suggests, None without such an alert."""
    row = quality_alerts.alert_by_id(session, alert_id)
    if row is None or row.alert.campaign_id != campaign_id:
        return None
    since = first_day_of(row.alert.pattern)
    start = datetime.combine(since, time(), UTC) if since else None
    count = (
        membership_queries.count_answers_since(session, campaign_id, row.alert.expert_id, start)
        if start
        else 0
    )
    return ExclusionDraft(row.expert.slack_id, _name_of(row), since, count, row.alert.text)


def first_day_of(pattern: str) -> date | None:
    """Return the first day of the week that the name of a jump has; None for other patterns."""
    day = pattern.rpartition(" ")[2]
    return date.fromisoformat(day) if "-" in day else None


def pause_expert(session: Session, alert_id: int, actor: Actor) -> AlertRow:
    """Give the expert of an alert no more tasks of its campaign, and tell them politely.

    Their open tasks go to others. Answers that they have given count.

    Raises:
        UnknownAlertError: there is no such alert.
        ClosedCampaignError: the campaign is closed.
        AlreadyPausedError: the expert is no member now, or is paused.
    """
    row = require_alert(session, alert_id)
    require_not_closed(row.campaign)
    if row.membership.left_at is not None:
        raise AlreadyPausedError(who=_name_of(row), campaign=row.campaign.title)
    _pause(session, row, actor)
    return require_alert(session, alert_id)


def _pause(session: Session, row: AlertRow, actor: Actor) -> None:
    if row.membership.left_at is not None:  # paused because of another pattern
        return
    slack_id = row.expert.slack_id
    task_ids = corrections.unassign(session, row.campaign, slack_id, actor)
    row.alert.paused_at, row.alert.resumed_by, row.alert.resumed_at = actor.at, None, None
    session.add(row.alert)
    _set_left_at(session, row, actor.at, paused_at=actor.at)
    text = PAUSED_TEXT.format(title=row.campaign.title)
    message = TextMessage(text, reason="the expert was paused in a campaign")
    outbox.enqueue(session, message, recipient=slack_id, now=actor.at)
    details = {"expert": slack_id, "pattern": row.alert.pattern, "task_count": len(task_ids)}
    actor.record(session, "paused an expert", subject_of(row.campaign), **details)


def resume_expert(session: Session, alert_id: int, actor: Actor) -> AlertRow:
    """Give a paused expert tasks of the campaign again, and tell them.

    The pattern that was reported is not reported again.

    Raises:
        UnknownAlertError: there is no such alert.
        ClosedCampaignError: the campaign is closed.
        NotPausedError: the expert is not paused because of this alert.
    """
    row = require_alert(session, alert_id)
    require_not_closed(row.campaign)
    paused_at = row.alert.paused_at
    if paused_at is None or not row.is_paused:
        raise NotPausedError(who=_name_of(row), campaign=row.campaign.title)
    _set_left_at(session, row, None, paused_at=paused_at)
    row.alert.resumed_by, row.alert.resumed_at = actor.name, actor.at
    session.add(row.alert)
    slack_id = row.expert.slack_id
    text = RESUMED_TEXT.format(title=row.campaign.title)
    message = TextMessage(text, reason="a coordinator resumed the expert in a campaign")
    outbox.enqueue(session, message, recipient=slack_id, now=actor.at)
    details = {"expert": slack_id, "pattern": row.alert.pattern}
    actor.record(session, "resumed an expert", subject_of(row.campaign), **details)
    return require_alert(session, alert_id)


def _set_left_at(
    session: Session, row: AlertRow, at: datetime | None, *, paused_at: datetime
) -> None:
    membership_queries.set_left_at(
        session, row.alert.campaign_id, row.alert.expert_id, at, if_left_at=paused_at
    )
    session.refresh(row.membership)


def _name_of(row: AlertRow) -> str:
    return row.expert.name or row.expert.pseudonym
