"""Which exports are due, and who runs them: once each, whatever stops in between."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlmodel import Session

from bot.errors import BotError
from bot.exports.formats import FORMATS, format_named
from bot.exports.formats.format import Format, LeftOut
from bot.exports.labelled import Labelled
from bot.kinds import kind_named
from bot.recurring import Rhythm, next_time
from bot.services.auditing import SLACK
from bot.services.directing import By, subject_of
from storage.queries import runs, telling
from storage.queries.turns import one_at_a_time
from storage.tables import Campaign, ExportRun, ExportSchedule, RunState

LEASE = timedelta(minutes=30)
"""After this a run is taken to be left behind by a process that was killed."""

PAUSE = timedelta(minutes=1)
"""Between two attempts at the same run."""

MOST_ATTEMPTS = 3

STOPPED = "it was started {attempts} times and never ended"


class UnsuitableFormatError(BotError):
    """A {kind} campaign has no {format} format; try {known}."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to export, where to, the channel in Slack that is told; `freezes`: it makes it final."""

    format: str
    directory: Path
    channel: str | None = None
    freezes: bool = False


@dataclass(frozen=True, slots=True)
class Claimed:
    """A run that is ours for LEASE; `attempt` tells us from whoever takes it up after that."""

    id: int
    campaign_id: int
    format: str
    directory: Path
    due_at: datetime
    started_at: datetime
    attempt: int
    requested_by: str | None
    channel: str | None = None
    freezes: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a finished run wrote."""

    path: Path
    rows: int
    left_out: int


@dataclass(frozen=True, slots=True)
class ScheduleStatus:
    """When a campaign is exported by itself, and as what."""

    format: str
    directory: str
    cron: str
    tz: str
    due_at: datetime
    channel: str | None = None
    id: int = 0


def schedules(session: Session, campaign: Campaign) -> list[ScheduleStatus]:
    """Return a campaign's schedules, in the order they were made."""
    return [
        ScheduleStatus(
            one.format, one.directory, one.cron, one.tz, one.due_at, one.channel, one.id or 0
        )
        for one in runs.schedules_of(session, campaign.id or 0)
    ]


def formats_for(kind_name: str) -> list[str]:
    """Return the formats that answers of a kind have rows in: those its own example has one in."""
    kind = kind_named(kind_name)
    example = Labelled(
        label=kind.example.label,
        item="",
        campaign="",
        kind=kind_name,
        expert="",
        answered_at=datetime.fromtimestamp(0, UTC),
        version=1,
        guidelines_version=1,
        value={},
    )
    return [name for name, shape in FORMATS.items() if not isinstance(shape.rows(example), LeftOut)]


def suitable_format(campaign: Campaign, name: str) -> Format:
    """Return the format called `name`, if it suits the campaign.

    Raises:
        NotFoundError: there is no such format.
        UnsuitableFormatError: with the formats that do.
    """
    found = format_named(name)
    suiting = formats_for(campaign.kind)
    if name not in suiting:
        known = " or ".join(suiting)
        raise UnsuitableFormatError(kind=campaign.kind, format=name, known=known)
    return found


def schedule_export(
    session: Session, campaign: Campaign, wanted: Wanted, rhythm: Rhythm, by: By
) -> ExportSchedule:
    """Export a campaign again and again, from the next time on that is due.

    Raises:
        BadCronError, UnknownZoneError, NotFoundError, UnsuitableFormatError: nothing is scheduled.
    """
    suitable_format(campaign, wanted.format)
    schedule = ExportSchedule(
        campaign_id=campaign.id or 0,
        format=wanted.format,
        directory=str(wanted.directory),
        cron=" ".join(rhythm.cron.split()),
        tz=rhythm.tz,
        channel=wanted.channel,
        due_at=next_time(rhythm, by.at),
        created_at=by.at,
    )
    session.add(schedule)
    facts = {"format": wanted.format, "cron": schedule.cron, "tz": schedule.tz}
    by.record(session, "scheduled an export", subject_of(campaign), **facts)
    return schedule


def queue_due(session: Session, now: datetime) -> int:
    """Queue one run for every schedule that is due; return how many.

    Firings that were missed while nothing ran are made up for once, not one by one.
    """
    one_at_a_time(session, "queue exports")
    due = runs.due_schedules(session, now)
    for schedule in due:
        session.add(_run_of(schedule))
        schedule.due_at = next_time(Rhythm(schedule.cron, schedule.tz), now)
        session.add(schedule)
    session.flush()
    return len(due)


def queue_last(session: Session, campaign: Campaign, by: By) -> int:
    """Queue a last run for every schedule of a campaign that ends; return how many."""
    ending = runs.schedules_of(session, campaign.id or 0)
    for schedule in ending:
        run = _run_of(schedule)
        run.due_at = by.at
        session.add(run)
    return len(ending)


def _run_of(schedule: ExportSchedule) -> ExportRun:
    return ExportRun(
        campaign_id=schedule.campaign_id,
        schedule_id=schedule.id,
        format=schedule.format,
        directory=schedule.directory,
        channel=schedule.channel,
        due_at=schedule.due_at,
    )


def request_export(session: Session, campaign: Campaign, wanted: Wanted, by: By) -> ExportRun:
    """Queue an export now. Who asks in Slack is told there when it is done.

    Raises:
        NotFoundError, UnsuitableFormatError: nothing is queued.
    """
    suitable_format(campaign, wanted.format)
    run = ExportRun(
        campaign_id=campaign.id or 0,
        format=wanted.format,
        directory=str(wanted.directory),
        requested_by=by.actor if by.through == SLACK else None,
        channel=wanted.channel,
        freezes=wanted.freezes,
        due_at=by.at,
    )
    session.add(run)
    session.flush()
    facts = {"format": wanted.format, **({"freezes": True} if wanted.freezes else {})}
    by.record(session, "asked for an export", subject_of(campaign), **facts)
    return run


def is_waiting(session: Session, now: datetime) -> bool:
    """Say whether a run waits to be claimed."""
    return runs.next_run(session, now, lease=LEASE, pause=PAUSE) is not None


def begin_export(session: Session, campaign: Campaign, wanted: Wanted, by: By) -> Claimed:
    """Ask for an export and take it up oneself. Raises as `request_export` does."""
    return _claimed(session, request_export(session, campaign, wanted, by), by.at)


def claim_run(session: Session, now: datetime) -> Claimed | None:
    """Take up the first run that waits, None if there is none.

    One that was left behind MOST_ATTEMPTS times is given up instead.
    """
    while run := runs.next_run(session, now, lease=LEASE, pause=PAUSE):
        if run.attempts < MOST_ATTEMPTS:
            return _claimed(session, run, now)
        run.state, run.error = RunState.FAILED, STOPPED.format(attempts=run.attempts)
        run.finished_at = now
        session.add(run)
        session.flush()
        _tell(session, run, run.id or 0, now)
    return None


def _claimed(session: Session, run: ExportRun, now: datetime) -> Claimed:
    run.state, run.started_at, run.attempts = RunState.RUNNING, now, run.attempts + 1
    session.add(run)
    session.flush()
    return Claimed(
        id=run.id or 0,
        campaign_id=run.campaign_id,
        format=run.format,
        directory=Path(run.directory),
        due_at=run.due_at,
        started_at=now,
        attempt=run.attempts,
        requested_by=run.requested_by,
        channel=run.channel,
        freezes=run.freezes,
    )


def finish_run(session: Session, claimed: Claimed, outcome: Outcome, now: datetime) -> bool:
    """Write down that a run is done and tell who asked for it. False: somebody else has it now."""
    ours = runs.settle(
        session,
        claimed.id,
        claimed.attempt,
        state=RunState.DONE,
        finished_at=now,
        rows=outcome.rows,
        left_out=outcome.left_out,
        path=str(outcome.path),
        error=None,
    )
    if ours:
        _tell(session, claimed, claimed.id, now)
    return ours


def fail_run(
    session: Session, claimed: Claimed, error: str, now: datetime, *, hopeless: bool = False
) -> bool:
    """Write down that a run failed; it is tried again, unless that is hopeless or was tried enough.

    Who asked for it is told once it is given up. False: somebody else has it now.
    """
    final = hopeless or claimed.attempt >= MOST_ATTEMPTS
    state = RunState.FAILED if final else RunState.QUEUED
    finished_at = now if final else None
    ours = runs.settle(
        session, claimed.id, claimed.attempt, state=state, error=error, finished_at=finished_at
    )
    if ours and final:
        _tell(session, claimed, claimed.id, now)
    return ours


def _tell(session: Session, run: Claimed | ExportRun, run_id: int, now: datetime) -> None:
    """Tell the channel that it goes to, else the person who asked."""
    facts = {"run": run_id}
    if run.channel:
        where = {**facts, "channel": run.channel}
        telling.put(session, "exported", lane=run.channel, facts=where, now=now)
    elif run.requested_by:
        telling.put(session, "exported", lane=run.requested_by, facts=facts, now=now)
