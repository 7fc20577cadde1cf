"""What is measured with: campaigns, items, and tasks that experts hold or have answered."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import orjson
from sqlalchemy import and_, insert, text, update
from sqlmodel import Session, col, select

from bot.imports.columns import Columns
from bot.routing import candidate_order
from bot.services import campaigning, importing
from bot.services.auditing import COMMAND_LINE
from bot.services.campaigning import NewCampaign
from bot.services.directing import By
from bot.services.importing import Source
from storage.database import Database
from storage.tables import (
    Annotation,
    Assignment,
    AssignmentState,
    Campaign,
    Expert,
    Membership,
    Task,
)
from storage.upgrading import upgrade

CAMPAIGN = "pairs"

PROSE = (
    "the answer begins with a short summary and then explains each step in plain words so that "
    "a reader who is new to this can follow it check it against the source and see where the "
    "numbers come from while the second part gives an example and names what it leaves out"
)

WORDS = PROSE.split()

CHUNK = 5_000
"""Rows a statement."""


@dataclass(frozen=True, slots=True)
class Held:
    """An assignment that an expert holds, and the message it is in."""

    assignment: int
    expert: str
    channel: str
    message_ts: str


def people(count: int) -> list[str]:
    """Return so many Slack ids of experts."""
    return [f"U{number:06d}BENCH" for number in range(count)]


def write_pairs(path: Path, count: int) -> None:
    """Write comparison rows: a prompt of 30 words, two responses of 80, two models."""
    random = Random(17)  # noqa: S311 - the same file each time, nothing secret
    with path.open("wb") as file:
        for number in range(count):
            row = {
                "id": f"pair-{number}",
                "prompt": _text(random, 30),
                "response_left": _text(random, 80),
                "response_right": _text(random, 80),
                "model_left": "wren-mini",
                "model_right": "heron-7b",
                "topic": random.choice(WORDS),
            }
            file.write(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE))


def _text(random: Random, words: int) -> str:
    return " ".join(random.choices(WORDS, k=words)).capitalize() + "."


@contextmanager
def campaign(url: str, experts: Sequence[str]) -> Iterator[Database]:
    """Make a database with an empty campaign and its experts; close it in the end."""
    upgrade(url)
    database = Database(url)
    by = By("benchmarks", COMMAND_LINE, datetime.now(UTC))
    wanted = NewCampaign(CAMPAIGN, "comparison", "Better answers", overlap=1, experts=experts)
    database.write_now(campaigning.create, wanted, by)
    database.write_now(_known, by.at)
    try:
        yield database
    finally:
        database.close()


def _known(session: Session, now: datetime) -> None:
    """Give every expert a profile and working hours that never end: nobody asks Slack for them."""
    hours = {"day_starts": 0, "day_ends": 24 * 60, "days": [1, 2, 3, 4, 5, 6, 7]}
    known = update(Expert).values(profile_at=now, channel="D0BENCH", **hours)
    session.connection().execute(known)


def fill(database: Database, path: Path, items: int) -> None:
    """Import that many items into the campaign, through a file at `path`."""
    write_pairs(path, items)
    by = By("benchmarks", COMMAND_LINE, datetime.now(UTC))
    importing.import_file(database, Source(CAMPAIGN, path, Columns()), by)


def hand_out(database: Database, *, spare: int = 0) -> list[Held]:
    """Give every task but the last `spare` to an expert, in turn, shown in a message of its own."""
    return database.write_now(_handed_out, spare, AssignmentState.DELIVERED)


def answer(database: Database, *, spare: int = 0) -> None:
    """Give every task but the last `spare` to an expert, in turn, and store an answer to each."""
    database.write_now(_handed_out, spare, AssignmentState.ANSWERED)
    database.write_now(_answered)


def _handed_out(session: Session, spare: int, state: AssignmentState) -> list[Held]:
    connection, now = session.connection(), datetime.now(UTC)
    (made,) = session.exec(select(Campaign)).all()
    experts = session.exec(select(Expert).order_by(col(Expert.id))).all()
    tasks = session.exec(select(Task.id).order_by(col(Task.id))).all()
    given = [task or 0 for task in tasks][: len(tasks) - spare]
    rows = [
        _assignment(made, experts[place % len(experts)], task, state, now)
        for place, task in enumerate(given)
    ]
    for start in range(0, len(rows), CHUNK):
        connection.execute(insert(Assignment), rows[start : start + CHUNK])
    connection.execute(update(Task).where(col(Task.id) <= max(given)).values(taken=1))
    connection.execute(update(Membership).values(last_task_id=max(given)))
    connection.execute(text("ANALYZE"))  # a server that has run for a minute has done so itself
    return held(session)


def _assignment(
    made: Campaign, expert: Expert, task: int, state: AssignmentState, now: datetime
) -> dict[str, object]:
    is_answered = state == AssignmentState.ANSWERED
    return {
        "task_id": task,
        "campaign_id": made.id,
        "expert_id": expert.id,
        "state": state,
        "candidate_order": candidate_order(made.seed, task, expert.id or 0, 2),
        "value": {"verdict": "ab"[task % 2]} if is_answered else None,
        "complete": is_answered,
        "version": int(is_answered),
        "channel": "D0BENCH",
        "message_ts": f"{1_700_000_000 + task}.000100",
        "in_thread": False,
        "created_at": now,
        "delivered_at": now,
        "leased_until": now + timedelta(minutes=made.lease_minutes),
    }


def held(session: Session) -> list[Held]:
    """Return what experts hold now."""
    chosen = (
        select(Assignment, Expert)
        .join(Expert, and_(col(Expert.id) == col(Assignment.expert_id)))
        .where(Assignment.state == AssignmentState.DELIVERED)
        .order_by(col(Assignment.id))
    )
    return [
        Held(one.id or 0, expert.slack_id, one.channel or "", one.message_ts or "")
        for one, expert in session.exec(chosen)
    ]


def _answered(session: Session) -> None:
    versions = insert(Annotation).from_select(
        [
            "assignment_id",
            "version",
            "value",
            "complete",
            "click",
            "guidelines_version",
            "read_in_full",
            "created_at",
        ],
        select(  # type: ignore[call-overload]  # SQLModel types up to four columns
            Assignment.id,
            Assignment.version,
            Assignment.value,
            Assignment.complete,
            Assignment.message_ts,
            Assignment.version,
            Assignment.in_thread,
            Assignment.created_at,
        ),
    )
    session.connection().execute(versions)
