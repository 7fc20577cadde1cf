"""Reading who an expert is from Slack: name and time zone."""

from __future__ import annotations

import logging
from datetime import datetime

from slack_sdk.errors import SlackApiError
from sqlalchemy import update
from sqlmodel import Session, col

from bot.slack.client import HOPELESS, error_code, retry_after
from bot.slack.sending import Sender
from storage.tables import Expert

log = logging.getLogger(__name__)


async def fetch_profiles(sender: Sender, slack_ids: list[str]) -> None:
    """Ask Slack who these people are and keep it.

    Somebody whom Slack does not know keeps the defaults: their first task will say so in the log.
    Whoever could not be asked about now is asked about at the next tick, and keeps nobody waiting.
    """
    for slack_id in slack_ids:
        try:
            answer = await sender.call("users.info", {"user": slack_id})
        except SlackApiError as error:
            if retry_after(error) is not None:
                return
            if error_code(error) not in HOPELESS:
                log.warning("could not ask about %s: %s", slack_id, error_code(error))
                continue
            log.warning("Slack does not know the expert %s: %s", slack_id, error_code(error))
            profile: dict[str, str] = {}
        else:
            user = answer["user"]
            name = user.get("real_name") or user.get("name") or ""
            profile = {"name": name, "tz": user.get("tz") or "UTC"}
        await sender.db.write(_keep, slack_id, profile, sender.clock.now())


def _keep(session: Session, slack_id: str, profile: dict[str, str], now: datetime) -> None:
    changed = update(Expert).where(col(Expert.slack_id) == slack_id)
    session.connection().execute(changed.values(**profile, profile_at=now))
