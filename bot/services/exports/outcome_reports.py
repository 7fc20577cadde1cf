"""Reports of exports that nobody asked for: failures, and runs that make up for missed ones."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlmodel import Session

from bot.messages.exports import ExportResultMessage
from bot.messages.queued_message import QueuedMessage
from bot.messages.texts import TextMessage
from bot.services.actors import roles
from bot.services.settings.workspace_settings import load_settings
from storage.queries import export_runs, outbox
from storage.row_id import id_of
from storage.tables import Campaign, ExportRun, RunState

MADE_UP_FOR = (
    "The bot did not run when scheduled exports of “{title}” ({format}) were due, so it exported "
    "once instead of {count} times. Path on the bot's machine: {path}"
)


def has_unreported_runs(session: Session) -> bool:
    """Return whether `report_outcomes` has work."""
    return bool(export_runs.unreported_runs(session))


def report_outcomes(session: Session, now: datetime, configured_coordinators: Sequence[str]) -> int:
    """Queue a message about each run that people must hear of and have not; return how many runs.

    It goes to the channel of the campaign or of the coordinators, else to the campaign's creator,
    else to each coordinator. `configured_coordinators` are the ids in LABELBOT_COORDINATORS.
    """
    runs = export_runs.unreported_runs(session)
    for run in runs:
        campaign = session.get_one(Campaign, run.campaign_id)
        for recipient, channel in _recipients(session, campaign, configured_coordinators):
            message = _build_message(run, campaign, channel)
            outbox.enqueue(session, message, recipient=recipient, now=now)
        run.reported_at = now
        session.add(run)
    return len(runs)


def _recipients(
    session: Session, campaign: Campaign, configured_coordinators: Sequence[str]
) -> Iterator[tuple[str, str | None]]:
    """Yield each recipient, and the channel to write to if it is one."""
    channel = campaign.channel or load_settings(session).channel
    if channel:
        yield channel, channel
    elif campaign.created_by:
        yield campaign.created_by, None
    else:
        for slack_id in roles.coordinator_ids(session, configured_coordinators):
            yield slack_id, None


def _build_message(run: ExportRun, campaign: Campaign, channel: str | None) -> QueuedMessage:
    if run.state == RunState.FAILED:
        return ExportResultMessage(id_of(run), channel=channel)
    count = f"{run.missed_runs + 1:,}"
    text = MADE_UP_FOR.format(title=campaign.title, format=run.format, count=count, path=run.path)
    return TextMessage(text, channel=channel, reason="an export made up for missed runs")
