"""Every table. The words are those of the design; states are plain words, checked by the database.

An annotation is a row per version, never changed or deleted; the current one has the number that
its assignment carries. The assignment repeats its value, so that one row tells a screen all.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Column, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from storage.types import UtcDateTime


class CampaignState(StrEnum):
    """Only an open campaign hands out tasks."""

    OPEN = "open"
    PAUSED = "paused"
    CLOSED = "closed"


class AssignmentState(StrEnum):
    """Queued and delivered are open; an expired or released one may come again, a skipped never."""

    QUEUED = "queued"
    DELIVERED = "delivered"
    ANSWERED = "answered"
    SKIPPED = "skipped"
    EXPIRED = "expired"
    RELEASED = "released"


class OutboxState(StrEnum):
    """What became of something to be said."""

    WAITING = "waiting"
    SENT = "sent"
    MERGED = "merged"
    FAILED = "failed"


class RunState(StrEnum):
    """What became of one export."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


def _moment(*, nullable: bool = False, index: bool = False) -> Any:  # noqa: ANN401 - SQLModel's own
    return Field(sa_column=Column(UtcDateTime(), nullable=nullable, index=index))


def _maybe_moment(*, index: bool = False) -> Any:  # noqa: ANN401 - SQLModel's own
    return Field(default=None, sa_column=Column(UtcDateTime(), nullable=True, index=index))


def _json(*, nullable: bool = False) -> Any:  # noqa: ANN401 - SQLModel's own
    kept = Column(JSON(none_as_null=True), nullable=nullable)
    return Field(default=None, sa_column=kept) if nullable else Field(sa_column=kept)


def _one_of(column: str, states: type[StrEnum]) -> CheckConstraint:
    words = ", ".join(f"'{state.value}'" for state in states)
    return CheckConstraint(f"{column} IN ({words})", name=f"{column}_is_known")


class Campaign(SQLModel, table=True):
    """One labelling effort. `settings` belongs to the kind; `seed` decides every shuffle."""

    __table_args__ = (_one_of("state", CampaignState),)

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True, max_length=80)
    title: str
    kind: str
    settings: dict[str, Any] = _json()
    guidelines: str = ""
    guidelines_version: int = 1
    overlap: int
    lease_minutes: int
    reminder_minutes: list[int] = _json()
    seed: str
    state: str = CampaignState.OPEN
    deadline: datetime | None = _maybe_moment()
    created_at: datetime = _moment()


class Expert(SQLModel, table=True):
    """Who labels. `pseudonym` is the only name that leaves in an export.

    Working hours are minutes after midnight in the person's own zone; days are ISO weekdays,
    Monday 1. `away_since` is set when a lease ran out unanswered and cleared by any deed of theirs:
    nobody who is away is sent more.
    """

    id: int | None = Field(default=None, primary_key=True)
    slack_id: str = Field(unique=True)
    name: str = ""
    pseudonym: str = Field(unique=True)
    tz: str = "UTC"
    day_starts: int = 9 * 60
    day_ends: int = 17 * 60
    days: list[int] = _json()
    channel: str | None = None
    away_since: datetime | None = _maybe_moment()
    profile_at: datetime | None = _maybe_moment()
    created_at: datetime = _moment()


class Membership(SQLModel, table=True):
    """An expert in the pool of a campaign. `last_task_id` is how far they have been given tasks."""

    campaign_id: int = Field(primary_key=True, foreign_key="campaign.id")
    expert_id: int = Field(primary_key=True, foreign_key="expert.id", index=True)
    last_task_id: int = 0
    joined_at: datetime = _moment()


class Item(SQLModel, table=True):
    """The content to judge, as imported. `key` is its id in the file, or a hash of its content."""

    __table_args__ = (UniqueConstraint("campaign_id", "key"),)

    id: int | None = Field(default=None, primary_key=True)
    campaign_id: int = Field(foreign_key="campaign.id")
    key: str
    prompt: list[dict[str, str]] = _json()
    draft: str | None = None
    meta: dict[str, Any] = _json()
    created_at: datetime = _moment()


class Candidate(SQLModel, table=True):
    """One response to an item's prompt, at its imported place. `model` never reaches Slack."""

    item_id: int = Field(primary_key=True, foreign_key="item.id")
    place: int = Field(primary_key=True)
    text: str
    model: str | None = None


class Task(SQLModel, table=True):
    """One item wanting `overlap` annotations.

    `taken` counts its queued, delivered and answered assignments; the database itself refuses to
    let it pass `overlap`.
    """

    __table_args__ = (
        CheckConstraint("taken >= 0 AND taken <= overlap", name="taken_within_overlap"),
        Index(
            "task_wanting",
            "campaign_id",
            "id",
            sqlite_where=text("taken < overlap"),
            postgresql_where=text("taken < overlap"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    campaign_id: int = Field(foreign_key="campaign.id")
    item_id: int = Field(foreign_key="item.id", unique=True)
    overlap: int
    taken: int = 0


class Assignment(SQLModel, table=True):
    """One task given to one expert, once and for all: a second row is refused.

    `candidate_order` is the shuffle; `version` numbers the current annotation (0: none yet),
    `value` is what it says (null: undone) and `complete` whether it counts. `shown` is how much of
    each passage the message had room for, `read_in_full_at` when the expert first opened the rest.
    `in_thread` is set once the response comes in the message's thread: that message is then kept
    for this task.
    `leased_until` is when the task moves on to somebody else.
    """

    __table_args__ = (
        UniqueConstraint("task_id", "expert_id"),
        _one_of("state", AssignmentState),
        Index(
            "assignment_open",
            "expert_id",
            "id",
            sqlite_where=text("state IN ('queued', 'delivered')"),
            postgresql_where=text("state IN ('queued', 'delivered')"),
        ),
        Index(
            "assignment_lease",
            "leased_until",
            sqlite_where=text("state IN ('queued', 'delivered')"),
            postgresql_where=text("state IN ('queued', 'delivered')"),
        ),
        Index("assignment_progress", "campaign_id", "expert_id", "state"),
    )

    id: int | None = Field(default=None, primary_key=True)
    task_id: int = Field(foreign_key="task.id")
    campaign_id: int = Field(foreign_key="campaign.id")
    expert_id: int = Field(foreign_key="expert.id")
    state: str = AssignmentState.QUEUED
    candidate_order: list[int] = _json()
    value: dict[str, Any] | None = _json(nullable=True)
    complete: bool = False
    version: int = 0
    shown: dict[str, Any] | None = _json(nullable=True)
    read_in_full_at: datetime | None = _maybe_moment()
    skip_reason: str | None = None
    channel: str | None = None
    message_ts: str | None = Field(default=None, index=True)
    in_thread: bool = False
    created_at: datetime = _moment()
    delivered_at: datetime | None = _maybe_moment()
    answered_at: datetime | None = _maybe_moment()
    leased_until: datetime = _moment()


class Annotation(SQLModel, table=True):
    """One version of what an expert answered. `value` is as they saw it; null means undone.

    `click` names the deed that made it: Slack may deliver a click twice, it counts once.
    """

    __table_args__ = (UniqueConstraint("assignment_id", "click"),)

    assignment_id: int = Field(primary_key=True, foreign_key="assignment.id")
    version: int = Field(primary_key=True)
    value: dict[str, Any] | None = _json(nullable=True)
    complete: bool
    click: str
    guidelines_version: int
    shown: dict[str, Any] | None = _json(nullable=True)
    read_in_full: bool = False
    created_at: datetime = _moment()


class Part(SQLModel, table=True):
    """A piece of a long response: a message or file in the task's thread, by its `ts`."""

    assignment_id: int = Field(primary_key=True, foreign_key="assignment.id")
    ts: str = Field(primary_key=True)
    text: str
    dropped: bool = False
    created_at: datetime = _moment()


class Reminder(SQLModel, table=True):
    """One reminder about one open assignment; `number` counts from 1."""

    assignment_id: int = Field(primary_key=True, foreign_key="assignment.id")
    number: int = Field(primary_key=True)
    created_at: datetime = _moment()


class ExportSchedule(SQLModel, table=True):
    """When a campaign is exported by itself. `cron` is read in `tz`; `due_at` is the next time."""

    id: int | None = Field(default=None, primary_key=True)
    campaign_id: int = Field(foreign_key="campaign.id")
    format: str
    directory: str
    cron: str
    tz: str = "UTC"
    due_at: datetime = _moment(index=True)
    created_at: datetime = _moment()


class ExportRun(SQLModel, table=True):
    """One export. A schedule's due time is exported once: a second row is refused."""

    __table_args__ = (UniqueConstraint("schedule_id", "due_at"), _one_of("state", RunState))

    id: int | None = Field(default=None, primary_key=True)
    campaign_id: int = Field(foreign_key="campaign.id")
    schedule_id: int | None = Field(default=None, foreign_key="exportschedule.id")
    format: str
    directory: str
    requested_by: str | None = None
    due_at: datetime = _moment()
    state: str = Field(default=RunState.QUEUED, index=True)
    attempts: int = 0
    started_at: datetime | None = _maybe_moment()
    finished_at: datetime | None = _maybe_moment()
    rows: int | None = None
    left_out: int | None = None
    path: str | None = None
    error: str | None = None


class Outbox(SQLModel, table=True):
    """What is to be said in Slack: its meaning, not its pixels. Rendered when delivered.

    `lane` is the person or channel it goes to: one lane is served in order, lanes side by side.
    """

    __table_args__ = (
        _one_of("state", OutboxState),
        Index(
            "outbox_waiting",
            "lane",
            "id",
            sqlite_where=text("state = 'waiting'"),
            postgresql_where=text("state = 'waiting'"),
        ),
        Index(
            "outbox_due",
            "due_at",
            "id",
            sqlite_where=text("state = 'waiting'"),
            postgresql_where=text("state = 'waiting'"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    word: str
    lane: str
    facts: dict[str, Any] = _json()
    response_url: str | None = None
    state: str = OutboxState.WAITING
    attempts: int = 0
    due_at: datetime = _moment()
    created_at: datetime = _moment()
    sent_at: datetime | None = _maybe_moment()
    error: str | None = None


class AuditEvent(SQLModel, table=True):
    """One change of state: who, what, to which thing, through what. Only ever added to."""

    id: int | None = Field(default=None, primary_key=True)
    at: datetime = _moment(index=True)
    actor: str
    deed: str
    subject: str
    through: str
    facts: dict[str, Any] = _json()
