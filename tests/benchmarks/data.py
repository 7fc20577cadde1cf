"""Test data of the benchmarks: a campaign, its items, and open or answered tasks."""

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

from bot.imports.mapping import ColumnMapping
from bot.routing import candidate_order
from bot.services.actors.actor import Actor
from bot.services.actors.audit_log import COMMAND_LINE
from bot.services.campaigns import campaigns
from bot.services.campaigns.new_campaign import NewCampaign
from bot.services.imports import importer
from bot.services.imports.importer import ImportSource
from storage.database import Database
from storage.row_id import id_of
from storage.schema_upgrade import upgrade
from storage.tables import (
    Annotation,
    Assignment,
    AssignmentState,
    Campaign,
    Expert,
    Membership,
    Task,
)

CAMPAIGN = "pairs"

PROSE = (
    "the answer begins with a short summary and then explains each step in plain words so that "
    "a reader who is new to this can follow it check it against the source and see where the "
    "numbers come from while the second part gives an example and names what it leaves out"
)

WORDS = PROSE.split()

CHUNK_ROWS = 5_000
"""Rows per INSERT statement."""


@dataclass(frozen=True, slots=True)
class OpenAssignment:
    """A delivered assignment, its expert and its message."""

    assignment_id: int
    slack_id: str
    channel: str
    message_ts: str


def expert_ids(count: int) -> list[str]:
    """Return Slack ids for this many experts."""
    return [f"U{number:06d}BENCH" for number in range(count)]


def write_pairs(path: Path, count: int, name: str = "pair") -> None:
    """Write comparison rows: a prompt of 30 words, two responses of 80 words, and two models.

    Their ids and texts depend on `name`, which is the start of the ids.
    """
    random = Random(17 if name == "pair" else name)  # noqa: S311 - gives the same file each time, nothing secret
    with path.open("wb") as file:
        for number in range(count):
            row = {
                "id": f"{name}-{number}",
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
def open_campaign(url: str, experts: Sequence[str]) -> Iterator[Database]:
    """Create a database with an empty campaign and its experts; close it at the end."""
    upgrade(url)
    database = Database(url)
    actor = Actor("benchmarks", COMMAND_LINE, datetime.now(UTC))
    new_campaign = NewCampaign(
        CAMPAIGN, "comparison", "Better answers", overlap=1, experts=experts, sends_welcome=False
    )
    database.write_now(campaigns.create_campaign, new_campaign, actor)
    database.write_now(_complete_profiles, actor.at)
    try:
        yield database
    finally:
        database.close()


def _complete_profiles(session: Session, now: datetime) -> None:
    """Give every expert a profile and round-the-clock working hours, so that Slack is not asked."""
    hours = {
        "work_starts_minute": 0,
        "work_ends_minute": 24 * 60,
        "work_days": [1, 2, 3, 4, 5, 6, 7],
    }
    statement = update(Expert).values(profile_synced_at=now, channel="D0BENCH", **hours)
    session.connection().execute(statement)


def import_items(database: Database, path: Path, items: int) -> None:
    """Import this many items into the campaign from a file written to `path`."""
    write_pairs(path, items)
    actor = Actor("benchmarks", COMMAND_LINE, datetime.now(UTC))
    importer.import_file(database, ImportSource(CAMPAIGN, path, ColumnMapping()), actor)


def assign_tasks(database: Database, *, unassigned_count: int = 0) -> list[OpenAssignment]:
    """Deliver all tasks except the last `unassigned_count` to the experts in turn."""
    return database.write_now(_insert_assignments, unassigned_count, AssignmentState.DELIVERED)


def answer_tasks(database: Database, *, unassigned_count: int = 0) -> None:
    """Store answers to all tasks except the last `unassigned_count`, by the experts in turn."""
    database.write_now(_insert_assignments, unassigned_count, AssignmentState.ANSWERED)
    database.write_now(_insert_annotations)


def _insert_assignments(
    session: Session, unassigned_count: int, state: AssignmentState
) -> list[OpenAssignment]:
    connection, now = session.connection(), datetime.now(UTC)
    (campaign_row,) = session.exec(select(Campaign)).all()
    experts = session.exec(select(Expert).order_by(col(Expert.id))).all()
    tasks = session.exec(select(Task.id).order_by(col(Task.id))).all()
    task_ids = [task or 0 for task in tasks][: len(tasks) - unassigned_count]
    rows = [
        _assignment_row(campaign_row, experts[number % len(experts)], task, state, now)
        for number, task in enumerate(task_ids)
    ]
    for start in range(0, len(rows), CHUNK_ROWS):
        connection.execute(insert(Assignment), rows[start : start + CHUNK_ROWS])
    connection.execute(update(Task).where(col(Task.id) <= max(task_ids)).values(slots_taken=1))
    connection.execute(update(Membership).values(scan_position=max(task_ids)))
    connection.execute(text("ANALYZE"))  # PostgreSQL does so itself after a minute
    return open_assignments(session)


def _assignment_row(
    campaign_row: Campaign, expert: Expert, task: int, state: AssignmentState, now: datetime
) -> dict[str, object]:
    is_answered = state == AssignmentState.ANSWERED
    return {
        "task_id": task,
        "campaign_id": campaign_row.id,
        "expert_id": expert.id,
        "state": state,
        "candidate_order": candidate_order(campaign_row.seed, task, id_of(expert), 2),
        "value": {"verdict": "ab"[task % 2]} if is_answered else None,
        "complete": is_answered,
        "answered_at": now if is_answered else None,
        "version": int(is_answered),
        "channel": "D0BENCH",
        "message_ts": f"{1_700_000_000 + task}.000100",
        "has_thread": False,
        "created_at": now,
        "delivered_at": now,
        "leased_until": now + timedelta(minutes=campaign_row.lease_minutes),
    }


def open_assignments(session: Session) -> list[OpenAssignment]:
    """Return the assignments that are delivered and not answered."""
    statement = (
        select(Assignment, Expert)
        .join(Expert, and_(col(Expert.id) == col(Assignment.expert_id)))
        .where(Assignment.state == AssignmentState.DELIVERED)
        .order_by(col(Assignment.id))
    )
    return [
        OpenAssignment(id_of(row), expert.slack_id, row.channel or "", row.message_ts or "")
        for row, expert in session.exec(statement)
    ]


def _insert_annotations(session: Session) -> None:
    statement = insert(Annotation).from_select(
        [
            "assignment_id",
            "version",
            "value",
            "complete",
            "interaction_id",
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
            Assignment.has_thread,
            Assignment.created_at,
        ),
    )
    session.connection().execute(statement)
