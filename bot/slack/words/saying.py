"""What every word of the outbox shares: how it is said, and where."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import TypeAlias

from sqlmodel import Session

from bot.services import assigning
from bot.services.speaking import is_reachable
from bot.slack.cards import Drawn
from bot.slack.sending import Sender
from storage.tables import Outbox

Note: TypeAlias = Callable[[Session], None] | None
"""What to write down in the transaction that settles the message."""

Say: TypeAlias = Callable[[Sender, Outbox], Awaitable[Note]]


def clicked_on(row: Outbox) -> tuple[str, str]:
    """Return the channel and `ts` of the message clicked on; empty where the click did not say."""
    return row.facts.get("channel") or "", row.facts.get("message_ts") or ""


async def in_place(
    sender: Sender, row: Outbox, drawn: Drawn, where: tuple[str, str] | None = None
) -> bool:
    """Replace the message clicked on (or that at `where`): by its response_url, else an update."""
    url = row.response_url
    if url and await sender.replace(url, row.created_at, drawn.text, drawn.blocks):
        return True
    channel, ts = where or clicked_on(row)
    if not channel or not ts:
        return False
    return await sender.update(channel, ts, drawn.text, drawn.blocks)


async def direct(sender: Sender, row: Outbox, drawn: Drawn, thread_ts: str | None = None) -> None:
    """Post to the person or channel that the lane is, or to where the facts say."""
    channel = row.facts.get("channel") or await sender.direct_channel(row.lane)
    await sender.post(channel, drawn.text, drawn.blocks, thread_ts)


async def is_bad_time(sender: Sender, slack_id: str) -> bool:
    """Say whether it got too late for what was meant for somebody's working hours.

    Slack was out of reach since then: better no reminder than one at night.
    """
    return await sender.db.read(_is_bad, slack_id, sender.clock.now())


def _is_bad(session: Session, slack_id: str, now: datetime) -> bool:
    expert = assigning.expert_by_slack_id(session, slack_id)
    return expert is None or not is_reachable(expert, now)
