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
    """Queued and delivered are open; an expired or released one may come again, a skipped never.

    A quarantined answer counts for nothing until the quarantine is lifted.
    """

    QUEUED = "queued"
    DELIVERED = "delivered"
    ANSWERED = "answered"
    SKIPPED = "skipped"
    EXPIRED = "expired"
    RELEASED = "released"
    QUARANTINED = "quarantined"


class SkipPolicy(StrEnum):
    """What becomes of a skipped task: others get it, or nobody before a coordinator has looked."""

    OTHERS = "others"
    NOBODY = "nobody"


class Role(StrEnum):
    """What somebody may do beyond answering: decide disagreements, or run campaigns."""

    SENIOR = "senior"
    COORDINATOR = "coordinator"


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


def _list() -> Any:  # noqa: ANN401 - SQLModel's own
    kept = Column(JSON(), nullable=False, server_default="[]")
    return Field(default_factory=list, sa_column=kept)


def _by_default(value: str) -> dict[str, Any]:
    """Give rows that an older release made this value: a word, a number, true or false."""
    is_word = value.isalpha() and value not in ("true", "false")
    return {"server_default": value if is_word else text(value)}


def _one_of(column: str, states: type[StrEnum]) -> CheckConstraint:
    words = ", ".join(f"'{state.value}'" for state in states)
    return CheckConstraint(f"{column} IN ({words})", name=f"{column}_is_known")


class Campaign(SQLModel, table=True):
    """One labelling effort. `settings` belongs to the kind; `seed` decides every shuffle.

    `domains` and `language` say whom its tasks suit (empty: anybody); an item may say so itself.
    `gold_share` is how much of what an expert gets is gold, 0 to 1. `channel` is where its exports
    and news go in Slack.
    """

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
    domains: list[str] = _list()
    language: str | None = None
    skip_policy: str = Field(default=SkipPolicy.OTHERS, sa_column_kwargs=_by_default("others"))
    gold_share: float = Field(default=0.0, sa_column_kwargs=_by_default("0"))
    guidelines_link: str | None = None
    channel: str | None = None
    created_by: str | None = None
    created_at: datetime = _moment()


class GuidelinesVersion(SQLModel, table=True):
    """The guidelines of a campaign as they were from `created_at` on; `note` says what changed."""

    campaign_id: int = Field(primary_key=True, foreign_key="campaign.id")
    version: int = Field(primary_key=True)
    text: str
    note: str = ""
    changed_by: str
    created_at: datetime = _moment()


class Expert(SQLModel, table=True):
    """Who labels. `pseudonym` is the only name that leaves in an export.

    Working hours are minutes after midnight in the person's own zone; days are ISO weekdays,
    Monday 1. `away_since` is set when a lease ran out unanswered and cleared by any deed of theirs:
    nobody who is away is sent more. Neither is who paused until `paused_until`, whose Slack status
    says out of office (`status_away_until`), or who wants no messages until `dnd_until`.

    `hours_are_own` and `tz_is_own`: the person chose them, so that their profile no longer counts.
    `budget_minutes` is the time they want to give a day, `batch_size` how many tasks they like in
    a row; empty: no limit. `went_on_at` and `batch_began_at` are when they last chose to go on
    after the one and the other. `pushed_at` is when work last came to them without their asking.
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
    domains: list[str] = _list()
    languages: list[str] = _list()
    hours_are_own: bool = Field(default=False, sa_column_kwargs=_by_default("false"))
    tz_is_own: bool = Field(default=False, sa_column_kwargs=_by_default("false"))
    budget_minutes: int | None = None
    batch_size: int | None = None
    batch_began_at: datetime | None = _maybe_moment()
    went_on_at: datetime | None = _maybe_moment()
    wants_reminders: bool = Field(default=True, sa_column_kwargs=_by_default("true"))
    locale: str = Field(default="en", sa_column_kwargs=_by_default("en"))
    paused_until: datetime | None = _maybe_moment()
    status_away_until: datetime | None = _maybe_moment()
    dnd_until: datetime | None = _maybe_moment()
    dnd_at: datetime | None = _maybe_moment()
    asked_to_stay_at: datetime | None = _maybe_moment()
    summary_due: bool = Field(default=False, sa_column_kwargs=_by_default("false"))
    pushed_at: datetime | None = _maybe_moment()
    created_at: datetime = _moment()


class RoleGrant(SQLModel, table=True):
    """A role that a person has. `source` is who gave it: a Slack id, or the user group it follows.

    Those of the setting LABELBOT_COORDINATORS are coordinators without a row.
    """

    __table_args__ = (_one_of("role", Role),)

    slack_id: str = Field(primary_key=True)
    role: str = Field(primary_key=True)
    source: str = Field(primary_key=True)
    created_at: datetime = _moment()


class Membership(SQLModel, table=True):
    """An expert in the pool of a campaign. `last_task_id` is how far they have looked through it.

    `looked_through_at` is when they last looked from the first task on. `guidelines_seen` is the
    newest version they were told of. Who left gets no more tasks.
    """

    campaign_id: int = Field(primary_key=True, foreign_key="campaign.id")
    expert_id: int = Field(primary_key=True, foreign_key="expert.id", index=True)
    last_task_id: int = 0
    looked_through_at: datetime | None = _maybe_moment()
    guidelines_seen: int = Field(default=1, sa_column_kwargs=_by_default("1"))
    left_at: datetime | None = _maybe_moment()
    joined_at: datetime = _moment()


class Quarantine(SQLModel, table=True):
    """Why the answers of an expert from `since` on count for nothing, until it is lifted."""

    id: int | None = Field(default=None, primary_key=True)
    campaign_id: int = Field(foreign_key="campaign.id", index=True)
    expert_id: int = Field(foreign_key="expert.id")
    since: datetime = _moment()
    reason: str
    ordered_by: str
    created_at: datetime = _moment()
    lifted_by: str | None = None
    lifted_at: datetime | None = _maybe_moment()


class Item(SQLModel, table=True):
    """The content to judge, as imported. `key` is its id in the file, or a hash of its content.

    `domains` and `language` count instead of the campaign's where they say something. `gold` is the
    answer known to be right, with the candidates in imported order. `author` is who wrote the
    prompt or the draft, and judges neither. `media` belong to the prompt.
    """

    __table_args__ = (
        UniqueConstraint("campaign_id", "key"),
        Index(
            "item_written",
            "author",
            sqlite_where=text("author IS NOT NULL"),
            postgresql_where=text("author IS NOT NULL"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    campaign_id: int = Field(foreign_key="campaign.id")
    key: str
    prompt: list[dict[str, str]] = _json()
    draft: str | None = None
    meta: dict[str, Any] = _json()
    media: list[dict[str, str]] = _list()
    domains: list[str] = _list()
    language: str | None = None
    gold: dict[str, Any] | None = _json(nullable=True)
    author: str | None = None
    created_at: datetime = _moment()


class Candidate(SQLModel, table=True):
    """One response to an item's prompt, at its imported place. `model` never reaches Slack.

    `author` is the person who wrote or edited it, a Slack id or a pseudonym: they never judge it.
    """

    __table_args__ = (
        Index(
            "candidate_written",
            "author",
            "item_id",
            sqlite_where=text("author IS NOT NULL"),
            postgresql_where=text("author IS NOT NULL"),
        ),
    )

    item_id: int = Field(primary_key=True, foreign_key="item.id")
    place: int = Field(primary_key=True)
    text: str
    model: str | None = None
    media: list[dict[str, str]] = _list()
    author: str | None = None


class Task(SQLModel, table=True):
    """One item wanting `overlap` annotations, or one answer wanting to be confirmed.

    `taken` counts its queued, delivered and answered assignments; the database itself refuses to
    let it pass `overlap`. `confirms` is the assignment whose answer a second person looks at.
    `audience` is what its item says of domains and language, as `storage.audiences` writes it.
    `reopened`: a place was given back, so that those who are past it must look at it again.
    `set_aside_at`: nobody gets it until a coordinator has looked. A gold task is answered by
    everybody and counts neither as wanted nor in datasets.
    """

    __table_args__ = (
        CheckConstraint("taken >= 0 AND taken <= overlap", name="taken_within_overlap"),
        Index(
            "task_wanting",
            "campaign_id",
            "audience",
            "id",
            sqlite_where=text("taken < overlap"),
            postgresql_where=text("taken < overlap"),
        ),
        Index(
            "task_reopened",
            "campaign_id",
            "audience",
            "id",
            sqlite_where=text("taken < overlap AND reopened"),
            postgresql_where=text("taken < overlap AND reopened"),
        ),
        Index(
            "task_gold",
            "campaign_id",
            "id",
            sqlite_where=text("is_gold"),
            postgresql_where=text("is_gold"),
        ),
        Index(
            "task_second",
            "item_id",
            sqlite_where=text("confirms IS NOT NULL"),
            postgresql_where=text("confirms IS NOT NULL"),
        ),
        Index(
            "task_of_item",
            "item_id",
            unique=True,
            sqlite_where=text("confirms IS NULL"),
            postgresql_where=text("confirms IS NULL"),
        ),
        Index("task_confirming", "confirms", unique=True),
    )

    id: int | None = Field(default=None, primary_key=True)
    campaign_id: int = Field(foreign_key="campaign.id")
    item_id: int = Field(foreign_key="item.id")
    overlap: int
    taken: int = 0
    audience: str = Field(default="anybody", sa_column_kwargs=_by_default("anybody"))
    reopened: bool = Field(default=False, sa_column_kwargs=_by_default("false"))
    is_gold: bool = Field(default=False, sa_column_kwargs=_by_default("false"))
    confirms: int | None = None
    set_aside_at: datetime | None = _maybe_moment()
    set_aside_reason: str | None = None


class Assignment(SQLModel, table=True):
    """One task given to one expert, once and for all: a second row is refused.

    `candidate_order` is the shuffle; `version` numbers the current annotation (0: none yet),
    `value` is what it says (null: undone) and `complete` whether it counts. `shown` is how much of
    each passage the message had room for, `read_in_full_at` when the expert first opened the rest.
    `in_thread` is set once the response comes in the message's thread: that message is then kept
    for this task.
    `leased_until` is when the task moves on to somebody else; while `clock_stopped_at` is set, a
    question waits for its answer and it does not. `opened_at` is when the expert first looked into
    it since it came or was answered. `sent_back` is what a reviewer asked to look at again.
    `locked_by` names what made the answer final: a decision, or an export that froze it. `why` is
    why this person was asked.
    `guidelines_since`: the guidelines changed since this version, and the task says how.
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
        Index(
            "assignment_not_my_field",
            "expert_id",
            sqlite_where=text("skip_reason = 'not_my_field'"),
            postgresql_where=text("skip_reason = 'not_my_field'"),
        ),
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
    clock_stopped_at: datetime | None = _maybe_moment()
    opened_at: datetime | None = _maybe_moment()
    sent_back: str | None = None
    locked_by: str | None = None
    why: dict[str, Any] | None = _json(nullable=True)
    guidelines_since: int | None = None


class Annotation(SQLModel, table=True):
    """One version of what an expert answered. `value` is as they saw it; null means undone.

    `click` names the deed that made it: Slack may deliver a click twice, it counts once. `seconds`
    is the time at the task up to this version, each stretch of it up to a cap; `paused` marks that
    one was cut at it.
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
    seconds: int | None = None
    paused: bool = Field(default=False, sa_column_kwargs=_by_default("false"))
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


class Nudge(SQLModel, table=True):
    """One message that reminded an expert of all that waited: the caps a day and week count it."""

    id: int | None = Field(default=None, primary_key=True)
    expert_id: int = Field(foreign_key="expert.id", index=True)
    assignments: list[int] = _json()
    created_at: datetime = _moment()


class Question(SQLModel, table=True):
    """What an expert asked about an item, and what was answered: in the thread `thread_ts`."""

    id: int | None = Field(default=None, primary_key=True)
    assignment_id: int = Field(foreign_key="assignment.id", index=True)
    text: str
    channel: str | None = None
    thread_ts: str | None = None
    asked_at: datetime = _moment()
    answer: str | None = None
    answered_by: str | None = None
    answered_at: datetime | None = _maybe_moment()


class QuestionPost(SQLModel, table=True):
    """A message that put a question before coordinators: what they reply to it is the answer."""

    channel: str = Field(primary_key=True)
    ts: str = Field(primary_key=True)
    question_id: int = Field(foreign_key="question.id", index=True)


class Flag(SQLModel, table=True):
    """What an expert wants a coordinator to look at, and what became of it."""

    id: int | None = Field(default=None, primary_key=True)
    assignment_id: int = Field(foreign_key="assignment.id", index=True)
    reason: str
    flagged_at: datetime = _moment()
    resolution: str | None = None
    resolved_by: str | None = None
    resolved_at: datetime | None = _maybe_moment()


class Decision(SQLModel, table=True):
    """What a coordinator or senior expert decided about a task; the newest counts.

    `value` is as the form gives it, with the candidates in `candidate_order`; null: taken back.
    """

    id: int | None = Field(default=None, primary_key=True)
    task_id: int = Field(foreign_key="task.id", index=True)
    value: dict[str, Any] | None = _json(nullable=True)
    candidate_order: list[int] = _json()
    reason: str = ""
    decided_by: str
    created_at: datetime = _moment()


class Survey(SQLModel, table=True):
    """What the answers of a campaign say together, as found at a moment: all had to be read."""

    campaign_id: int = Field(primary_key=True, foreign_key="campaign.id")
    found: dict[str, Any] = _json()
    at: datetime = _moment()


class WorkspaceSetting(SQLModel, table=True):
    """One thing the coordinators chose for the whole workspace, by name."""

    name: str = Field(primary_key=True)
    value: dict[str, Any] = _json()
    changed_by: str
    changed_at: datetime = _moment()


class Digest(SQLModel, table=True):
    """When the weekly summary comes: `cron` is read in `tz`, `due_at` is the next. One row."""

    id: int | None = Field(default=None, primary_key=True)
    cron: str
    tz: str = "UTC"
    due_at: datetime = _moment(index=True)


class ImportRun(SQLModel, table=True):
    """A file that came through Slack, and what became of it.

    `columns` says which hold what; without a campaign, nobody has said yet where it goes.
    """

    __table_args__ = (_one_of("state", RunState),)

    id: int | None = Field(default=None, primary_key=True)
    campaign_id: int | None = Field(default=None, foreign_key="campaign.id")
    requested_by: str
    name: str
    path: str
    columns: dict[str, Any] | None = _json(nullable=True)
    state: str = Field(default=RunState.QUEUED, index=True)
    added: int | None = None
    there: int | None = None
    bad: int | None = None
    attempts: int = 0
    error: str | None = None
    created_at: datetime = _moment()
    started_at: datetime | None = _maybe_moment()
    finished_at: datetime | None = _maybe_moment()


class ExportSchedule(SQLModel, table=True):
    """When a campaign is exported by itself. `cron` is read in `tz`; `due_at` is the next time.

    `channel` is where in Slack it is told and the file goes, if anywhere.
    """

    id: int | None = Field(default=None, primary_key=True)
    campaign_id: int = Field(foreign_key="campaign.id")
    format: str
    directory: str
    cron: str
    tz: str = "UTC"
    channel: str | None = None
    due_at: datetime = _moment(index=True)
    created_at: datetime = _moment()


class ExportRun(SQLModel, table=True):
    """One export. A schedule's due time is exported once: a second row is refused.

    One that `freezes` makes the answers in it final.
    """

    __table_args__ = (UniqueConstraint("schedule_id", "due_at"), _one_of("state", RunState))

    id: int | None = Field(default=None, primary_key=True)
    campaign_id: int = Field(foreign_key="campaign.id")
    schedule_id: int | None = Field(default=None, foreign_key="exportschedule.id")
    format: str
    directory: str
    requested_by: str | None = None
    channel: str | None = None
    freezes: bool = Field(default=False, sa_column_kwargs=_by_default("false"))
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
