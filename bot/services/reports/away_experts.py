"""Members of a campaign who are away, and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.clock import format_day
from storage.queries.needs_attention import MemberAvailability


@dataclass(frozen=True, slots=True)
class AbsentExpert:
    """An expert who gets no tasks, and the reason, as in “on time off until Mon 30 Nov”."""

    name: str
    reason: str
    slack_id: str = ""


def list_away_experts(members: Sequence[MemberAvailability], now: datetime) -> list[AbsentExpert]:
    """Return the members who are away, in the order they joined."""
    reasons = ((member, away_reason(member, now)) for member in members)
    return [
        AbsentExpert(member.name or member.pseudonym, reason)
        for member, reason in reasons
        if reason
    ]


def away_reason(member: MemberAvailability, now: datetime) -> str:
    """Return why a member is away, "" if they are not."""
    if member.paused_until and member.paused_until > now:
        return f"on time off until {format_day(member.paused_until.date())}"
    if member.status_away_until and member.status_away_until > now:
        return f"out of office until {format_day(member.status_away_until.date())}"
    return f"inactive since {format_day(member.away_since.date())}" if member.away_since else ""
