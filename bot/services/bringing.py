"""Importing the files that were told where they go, once each, whatever stops in between."""

from __future__ import annotations

import csv
import logging
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlmodel import Session, col, or_, select

from bot.clock import Clock
from bot.errors import BotError
from bot.imports.columns import Columns
from bot.services.auditing import SLACK
from bot.services.directing import By
from bot.services.importing import Imported, Source, Watch, import_file
from storage.database import Database
from storage.queries import telling
from storage.tables import Campaign, ImportRun, RunState

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=30)
"""After this an import is taken to be left behind by a process that was killed."""

MOST_ATTEMPTS = 3

KEPT_FOR = timedelta(days=7)
"""How long a file waits to be told where it goes."""

REFUSED = "a row is bad, and you asked to import nothing then"


@dataclass(frozen=True, slots=True)
class Claimed:
    """An import that is ours for LEASE."""

    id: int
    source: Source
    actor: str


def is_waiting(session: Session, now: datetime) -> bool:
    """Say whether an import waits to be claimed, or a file has waited too long."""
    return _next(session, now) is not None or bool(_forgotten(session, now))


def _next(session: Session, now: datetime) -> ImportRun | None:
    is_left_behind = (col(ImportRun.state) == RunState.RUNNING) & (
        col(ImportRun.started_at) < now - LEASE
    )
    chosen = (
        select(ImportRun)
        .where(
            col(ImportRun.campaign_id).is_not(None),
            or_(col(ImportRun.state) == RunState.QUEUED, is_left_behind),
        )
        .order_by(col(ImportRun.id))
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    return session.exec(chosen).first()


def _forgotten(session: Session, now: datetime) -> Sequence[ImportRun]:
    chosen = select(ImportRun).where(
        col(ImportRun.campaign_id).is_(None),
        ImportRun.state == RunState.QUEUED,
        col(ImportRun.created_at) < now - KEPT_FOR,
    )
    return session.exec(chosen).all()


def run_waiting(database: Database, clock: Clock) -> int:
    """Import every file that waits, one after the other; return how many. Forgotten ones go."""
    database.write_now(_forget, clock.now())
    count = 0
    while claimed := database.write_now(claim, clock.now()):
        _run(database, claimed, clock)
        count += 1
    return count


def _forget(session: Session, now: datetime) -> None:
    for run in _forgotten(session, now):
        Path(run.path).unlink(missing_ok=True)
        run.state, run.finished_at = RunState.FAILED, now
        run.error = "nobody said where it goes"
        session.add(run)


def claim(session: Session, now: datetime) -> Claimed | None:
    """Take up the first import that waits, None if there is none; hopeless ones are given up."""
    while run := _next(session, now):
        if run.attempts < MOST_ATTEMPTS:
            run.state, run.started_at, run.attempts = RunState.RUNNING, now, run.attempts + 1
            session.add(run)
            return _claimed(session, run)
        _settle(session, run, now, error=f"it was started {run.attempts} times and never ended")
    return None


def _claimed(session: Session, run: ImportRun) -> Claimed:
    said = run.columns or {}
    source = Source(
        campaign=session.get_one(Campaign, run.campaign_id).name,
        path=Path(run.path),
        columns=Columns.parse(said.get("mappings", ())),
        strict=bool(said.get("strict")),
    )
    return Claimed(run.id or 0, source, run.requested_by)


def report_of(path: Path) -> Path:
    """Return where the rows that were left out of a file are written down."""
    return path.with_name(f"{path.stem}.left-out.csv")


def _run(database: Database, claimed: Claimed, clock: Clock) -> None:
    by = By(claimed.actor, SLACK, clock.now())
    try:
        done = _imported(database, claimed.source, by)
    except BotError as error:
        database.write_now(_finish, claimed.id, clock.now(), error=str(error))
    except Exception:
        log.exception("import %s failed; it is tried again", claimed.id)
        database.write_now(_try_again, claimed.id, clock.now())
    else:
        database.write_now(_finish, claimed.id, clock.now(), done=done)
        claimed.source.path.unlink(missing_ok=True)


def _imported(database: Database, source: Source, by: By) -> Imported:
    """Import a file, and write the rows that were left out into a file of their own."""
    with report_of(source.path).open("w", encoding="utf-8", newline="") as file:
        report = csv.writer(file)
        report.writerow(["line", "reason"])
        watch = Watch(bad=lambda bad: report.writerow([bad.line, bad.reason]))
        done = import_file(database, source, by, watch)
    if not done.bad:
        with suppress(OSError):
            report_of(source.path).unlink()
    return done


def _try_again(session: Session, run_id: int, now: datetime) -> None:
    run = session.get_one(ImportRun, run_id)
    if run.attempts >= MOST_ATTEMPTS:
        _settle(session, run, now, error="something went wrong that is mine to mend; see the log")
    else:
        run.state = RunState.QUEUED
        session.add(run)


def _finish(
    session: Session,
    run_id: int,
    now: datetime,
    *,
    done: Imported | None = None,
    error: str | None = None,
) -> None:
    run = session.get_one(ImportRun, run_id)
    if done is not None:
        run.added, run.there, run.bad = done.added, done.there, done.bad
        error = REFUSED if done.refused else error
    _settle(session, run, now, error=error)


def _settle(session: Session, run: ImportRun, now: datetime, *, error: str | None) -> None:
    """Write down what became of an import, and tell who asked for it."""
    run.state = RunState.FAILED if error else RunState.DONE
    run.error, run.finished_at = error, now
    session.add(run)
    session.flush()
    telling.put(session, "imported", lane=run.requested_by, facts={"run": run.id}, now=now)
