"""The weekly summary: when it comes, to whom, and what it tells; made up for once, never twice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from bot.recurring import Rhythm, next_time
from bot.services import choosing, granting, overviewing
from bot.services.directing import By
from bot.services.overviewing import Overview
from storage.queries import telling, votes
from storage.queries.turns import one_at_a_time
from storage.tables import CampaignState, Digest, Role

USUAL = Rhythm("0 9 * * mon", "UTC")
"""Monday morning, until somebody chooses otherwise."""

WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Plan:
    """When the summary comes and where to; `channel` None: to each coordinator by themselves."""

    is_on: bool
    channel: str | None
    rhythm: Rhythm
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class Week:
    """What the summary tells: campaigns that are not over, and who answered how much."""

    campaigns: tuple[Overview, ...]
    thanks: tuple[tuple[str, int], ...]

    @property
    def is_quiet(self) -> bool:
        """Say whether there is nothing to tell: nobody answered and nothing needs anybody."""
        return not self.thanks and not any(one.worries for one in self.campaigns)


def plan(session: Session) -> Plan:
    """Return when the summary comes and where to."""
    chosen, row = choosing.choices(session), _row(session)
    rhythm = Rhythm(row.cron, row.tz) if row else USUAL
    return Plan(chosen.digest, chosen.channel, rhythm, row.due_at if row else None)


def change(session: Session, wanted: Plan, by: By) -> Plan:
    """Let the summary come as wanted, from the next time on; return what holds now.

    Raises:
        BadCronError, UnknownZoneError: nothing is changed.
    """
    due_at = next_time(wanted.rhythm, by.at)
    before = plan(session)
    chosen = replace(choosing.choices(session), digest=wanted.is_on, channel=wanted.channel)
    choosing.choose(session, chosen, by)
    if wanted.rhythm != before.rhythm or before.due_at is None:
        row = _row(session) or Digest(cron="", due_at=due_at)
        row.cron, row.tz, row.due_at = wanted.rhythm.cron, wanted.rhythm.tz, due_at
        session.add(row)
        session.flush()
        facts = {"cron": row.cron, "tz": row.tz}
        by.record(session, "changed when the weekly summary comes", "workspace", **facts)
    return plan(session)


def queue_due(session: Session, now: datetime, by_setting: Sequence[str]) -> bool:
    """Queue the summary if it is due; return whether anything is to be said.

    Weeks that were missed while nothing ran are made up for by one. `by_setting` are the
    coordinators by LABELBOT_COORDINATORS.
    """
    one_at_a_time(session, "digest")
    row = _row(session)
    if row is None:
        session.add(Digest(cron=USUAL.cron, tz=USUAL.tz, due_at=next_time(USUAL, now)))
        return False
    if row.due_at > now:
        return False
    row.due_at = next_time(Rhythm(row.cron, row.tz), now)
    session.add(row)
    chosen = choosing.choices(session)
    if not chosen.digest:
        return False
    lanes = [chosen.channel] if chosen.channel else _coordinators(session, by_setting)
    facts = {"channel": chosen.channel} if chosen.channel else {}
    for lane in lanes:
        telling.put(session, "digest", lane=lane, facts=facts, now=now)
    return bool(lanes)


def _coordinators(session: Session, by_setting: Sequence[str]) -> list[str]:
    roles = granting.roles(session, by_setting)
    return sorted(person for person, role in roles.items() if role == Role.COORDINATOR)


def is_due(session: Session, now: datetime) -> bool:
    """Say whether somebody should look: the summary is due, or nobody knows yet when it is."""
    row = _row(session)
    return row is None or row.due_at <= now


def _row(session: Session) -> Digest | None:
    return session.exec(select(Digest).order_by(col(Digest.id)).limit(1)).first()


def week(session: Session, now: datetime) -> Week:
    """Return what the last seven days were like."""
    found = overviewing.overviews(session, now)
    going = tuple(one for one in found if one.status.state != CampaignState.CLOSED)
    return Week(going, tuple(votes.by_name(session, now - WEEK)))
