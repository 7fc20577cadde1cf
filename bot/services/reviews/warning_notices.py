"""Notices about warnings: coordinators get a message about a dead end, and dismiss warnings."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlmodel import Session

from bot.errors import BotError
from bot.messages.campaigns import CampaignWarningMessage
from bot.services.actors.actor import Actor, subject_of
from bot.services.campaigns import campaigns
from bot.services.campaigns.notify_coordinators import notify_coordinators
from bot.services.reports import overview
from bot.services.reports.remedies import CampaignWarning
from bot.services.reports.warnings import DEAD_ENDS
from bot.webhooks.events import WarningRaised
from storage.queries import warning_notices, webhook_deliveries
from storage.row_id import id_of

Notice = tuple[int, str]
"""The campaign and the key of a warning."""


class WarningGoneError(BotError):
    """This warning no longer applies. Use `/label status` to see the present ones."""


def has_changed_dead_ends(session: Session, now: datetime) -> bool:
    """Return whether `report_dead_ends` has work."""
    new, ended = _compare_dead_ends(session, now)
    return bool(new or ended)


def report_dead_ends(session: Session, now: datetime, coordinators: Collection[str]) -> int:
    """Notify the coordinators of each new dead end, once until it has ended; return how many.

    `coordinators` are the Slack ids in LABELBOT_COORDINATORS.
    """
    new, ended = _compare_dead_ends(session, now)
    for campaign_id, key in sorted(ended):
        warning_notices.forget_notice(session, campaign_id, key)
    for campaign_id, key in sorted(new):
        warning_notices.record_notice(session, campaign_id, key, now)
        event = WarningRaised(key, new[campaign_id, key])
        webhook_deliveries.queue_event(session, event, campaign_id=campaign_id, now=now)
        notify_coordinators(
            session,
            CampaignWarningMessage(campaign_id, key),
            campaign_id=campaign_id,
            coordinators=coordinators,
            now=now,
        )
    return len(new)


def _compare_dead_ends(session: Session, now: datetime) -> tuple[dict[Notice, str], set[Notice]]:
    """Return the dead ends that nobody was notified of, and the reported ones that have ended.

    The new ones have their texts, which name nobody.
    """
    current = {
        (one.status.id, warning.key): warning.text
        for one in overview.list_overviews(session, now)
        for warning in one.warnings
        if warning.key in DEAD_ENDS
    }
    reported = {
        (campaign_id, key)
        for campaign_id, keys in warning_notices.reported_keys(session).items()
        for key in keys
    }
    new = {notice: text for notice, text in current.items() if notice not in reported}
    return new, reported - current.keys()


def warning_of(
    session: Session, campaign_id: int, key: str, now: datetime
) -> tuple[str, CampaignWarning] | None:
    """Return the title of a campaign and its warning with this key, None if it has none."""
    campaign = campaigns.campaign_by_id(session, campaign_id)
    report = overview.build_campaign_report(session, campaign, now)
    found = (warning for warning in report.overview.warnings if warning.key == key)
    warning = next(found, None)
    return (campaign.title, warning) if warning else None


def dismiss_warning(session: Session, campaign_id: int, key: str, actor: Actor) -> None:
    """Hide a warning about an import or an export for good.

    Raises:
        WarningGoneError: the campaign has no such warning, or it cannot be dismissed.
    """
    found = warning_of(session, campaign_id, key, actor.at)
    if found is None or key in DEAD_ENDS or not key:
        raise WarningGoneError
    campaign = campaigns.campaign_by_id(session, campaign_id)
    warning_notices.record_dismissal(session, id_of(campaign), key, actor.name, actor.at)
    actor.record(session, "dismissed a warning", subject_of(campaign), warning=found[1].text)
