"""What every word of the outbox shares: how it is said, and where."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import TypeAlias

from sqlmodel import Session

from bot.services.assignments import assign
from bot.services.availability.reachability import is_reachable
from bot.slack.client.sender import Sender
from bot.slack.views.task_message import Message
from storage.tables import OutboxMessage

AfterDelivery: TypeAlias = Callable[[Session], None] | None
"""What to write down in the transaction that settles the message."""

DeliverMessage: TypeAlias = Callable[[Sender, OutboxMessage], Awaitable[AfterDelivery]]


def clicked_message(row: OutboxMessage) -> tuple[str, str]:
    """Return the channel and `ts` of the message clicked on; empty where the click did not say."""
    return row.payload.get("channel") or "", row.payload.get("message_ts") or ""


async def update_in_place(
    sender: Sender, row: OutboxMessage, message: Message, location: tuple[str, str] | None = None
) -> bool:
    """Replace the message clicked on (or that at `where`): by its response_url, else an update."""
    url = row.response_url
    if url and await sender.replace(url, row.created_at, message.text, message.blocks):
        return True
    channel, ts = location or clicked_message(row)
    if not channel or not ts:
        return False
    return await sender.update(channel, ts, message.text, message.blocks)


async def post_to_recipient(
    sender: Sender, row: OutboxMessage, message: Message, thread_ts: str | None = None
) -> None:
    """Post to the person or channel that the lane is, or to where the facts say."""
    channel = row.payload.get("channel") or await sender.direct_channel(row.recipient)
    await sender.post(channel, message.text, message.blocks, thread_ts)


async def is_outside_work_hours(sender: Sender, slack_id: str) -> bool:
    """Say whether it got too late for what was meant for somebody's working hours.

    Slack was out of reach since then: better no reminder than one at night.
    """
    return await sender.db.read(_is_unreachable, slack_id, sender.clock.now())


def _is_unreachable(session: Session, slack_id: str, now: datetime) -> bool:
    expert = assign.expert_by_slack_id(session, slack_id)
    return expert is None or not is_reachable(expert, now)
