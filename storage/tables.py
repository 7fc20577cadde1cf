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

    REASSIGN = "others"
    HOLD = "nobody"


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


def _datetime_column(*, nullable: bool = False, index: bool = False) -> Any:  # noqa: ANN401 - SQLModel's own
    return Field(sa_column=Column(UtcDateTime(), nullable=nullable, index=index))


def _nullable_datetime_column(*, index: bool = False) -> Any:  # noqa: ANN401 - SQLModel's own
    return Field(default=None, sa_column=Column(UtcDateTime(), nullable=True, index=index))


def _json_column(*, nullable: bool = False) -> Any:  # noqa: ANN401 - SQLModel's own
    column = Column(JSON(none_as_null=True), nullable=nullable)
    return Field(default=None, sa_column=column) if nullable else Field(sa_column=column)


def _json_list_column() -> Any:  # noqa: ANN401 - SQLModel's own
    column = Column(JSON(), nullable=False, server_default="[]")
    return Field(default_factory=list, sa_column=column)


def _server_default(value: str) -> dict[str, Any]:
    """Give rows that an older release made this value: a word, a number, true or false."""
    is_text = value.isalpha() and value not in ("true", "false")
    return {"server_default": value if is_text else text(value)}


def _enum_check(column: str, states: type[StrEnum]) -> CheckConstraint:
    values = ", ".join(f"'{state.value}'" for state in states)
    return CheckConstraint(f"{column} IN ({values})", name=f"{column}_is_valid")


class Campaign(SQLModel, table=True):
    """One labelling effort. `settings` belongs to the kind; `seed` decides every shuffle.

    `domains` and `language` say whom its tasks suit (empty: anybody); an item may say so itself.
    `gold_share` is how much of what an expert gets is gold, 0 to 1. `channel` is where its exports
    and news go in Slack.
    """

    __table_args__ = (_enum_check("state", CampaignState),)

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True, max_length=80)
    title: str
    kind: str
    settings: dict[str, Any] = _json_column()
    guidelines: str = ""
    guidelines_version: int = 1
    overlap: int
    lease_minutes: int
    reminder_minutes: list[int] = _json_column()
    seed: str
    state: str = CampaignState.OPEN
    deadline: datetime | None = _nullable_datetime_column()
    domains: list[str] = _json_list_column()
    language: str | None = None
    skip_policy: str = Field(
        default=SkipPolicy.REASSIGN, sa_column_kwargs=_server_default("others")
    )
    gold_share: float = Field(default=0.0, sa_column_kwargs=_server_default("0"))
    guidelines_link: str | None = None
    channel: str | None = None
    created_by: str | None = None
    created_at: datetime = _datetime_column()


class GuidelinesVersion(SQLModel, table=True):
    """The guidelines of a campaign as they were from `created_at` on; `note` says what changed."""

    __tablename__ = "guidelines_version"

    campaign_id: int = Field(primary_key=True, foreign_key="campaign.id")
    version: int = Field(primary_key=True)
    text: str
    note: str = ""
    changed_by: str
    created_at: datetime = _datetime_column()


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
    work_starts_minute: int = 9 * 60
    work_ends_minute: int = 17 * 60
    work_days: list[int] = _json_column()
    channel: str | None = None
    away_since: datetime | None = _nullable_datetime_column()
    profile_synced_at: datetime | None = _nullable_datetime_column()
    domains: list[str] = _json_list_column()
    languages: list[str] = _json_list_column()
    has_custom_hours: bool = Field(default=False, sa_column_kwargs=_server_default("false"))
    has_custom_tz: bool = Field(default=False, sa_column_kwargs=_server_default("false"))
    daily_limit_minutes: int | None = None
    batch_size: int | None = None
    batch_started_at: datetime | None = _nullable_datetime_column()
    daily_limit_lifted_at: datetime | None = _nullable_datetime_column()
    wants_reminders: bool = Field(default=True, sa_column_kwargs=_server_default("true"))
    locale: str = Field(default="en", sa_column_kwargs=_server_default("en"))
    paused_until: datetime | None = _nullable_datetime_column()
    status_away_until: datetime | None = _nullable_datetime_column()
    dnd_until: datetime | None = _nullable_datetime_column()
    dnd_checked_at: datetime | None = _nullable_datetime_column()
    opt_out_asked_at: datetime | None = _nullable_datetime_column()
    welcome_back_due: bool = Field(default=False, sa_column_kwargs=_server_default("false"))
    last_dispatched_at: datetime | None = _nullable_datetime_column()
    created_at: datetime = _datetime_column()


class RoleGrant(SQLModel, table=True):
    """A role that a person has. `source` is who gave it: a Slack id, or the user group it follows.

    Those of the setting LABELBOT_COORDINATORS are coordinators without a row.
    """

    __tablename__ = "role_grant"

    __table_args__ = (_enum_check("role", Role),)

    slack_id: str = Field(primary_key=True)
    role: str = Field(primary_key=True)
    source: str = Field(primary_key=True)
    created_at: datetime = _datetime_column()


class Membership(SQLModel, table=True):
    """An expert in the pool of a campaign. `last_task_id` is how far they have looked through it.

    `looked_through_at` is when they last looked from the first task on. `guidelines_seen` is the
    newest version they were told of. Who left gets no more tasks.
    """

    campaign_id: int = Field(primary_key=True, foreign_key="campaign.id")
    expert_id: int = Field(primary_key=True, foreign_key="expert.id", index=True)
    scan_position: int = 0
    last_full_scan_at: datetime | None = _nullable_datetime_column()
    guidelines_version_seen: int = Field(default=1, sa_column_kwargs=_server_default("1"))
    left_at: datetime | None = _nullable_datetime_column()
    joined_at: datetime = _datetime_column()


class Quarantine(SQLModel, table=True):
    """Why the answers of an expert from `since` on count for nothing, until it is lifted."""

    id: int | None = Field(default=None, primary_key=True)
    campaign_id: int = Field(foreign_key="campaign.id", index=True)
    expert_id: int = Field(foreign_key="expert.id")
    since: datetime = _datetime_column()
    reason: str
    created_by: str
    created_at: datetime = _datetime_column()
    lifted_by: str | None = None
    lifted_at: datetime | None = _nullable_datetime_column()


class Item(SQLModel, table=True):
    """The content to judge, as imported. `key` is its id in the file, or a hash of its content.

    `domains` and `language` count instead of the campaign's where they say something. `gold` is the
    answer known to be right, with the candidates in imported order. `author` is who wrote the
    prompt or the draft, and judges neither. `media` belong to the prompt.
    """

    __table_args__ = (
        UniqueConstraint("campaign_id", "key"),
        Index(
            "item_by_author",
            "author",
            sqlite_where=text("author IS NOT NULL"),
            postgresql_where=text("author IS NOT NULL"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    campaign_id: int = Field(foreign_key="campaign.id")
    key: str
    prompt: list[dict[str, str]] = _json_column()
    draft: str | None = None
    meta: dict[str, Any] = _json_column()
    media: list[dict[str, str]] = _json_list_column()
    domains: list[str] = _json_list_column()
    language: str | None = None
    gold: dict[str, Any] | None = _json_column(nullable=True)
    author: str | None = None
    created_at: datetime = _datetime_column()


class CandidateRow(SQLModel, table=True):
    """One response to an item's prompt, at its imported place. `model` never reaches Slack.

    `author` is the person who wrote or edited it, a Slack id or a pseudonym: they never judge it.
    """

    __tablename__ = "candidate"

    __table_args__ = (
        Index(
            "candidate_by_author",
            "author",
            "item_id",
            sqlite_where=text("author IS NOT NULL"),
            postgresql_where=text("author IS NOT NULL"),
        ),
    )

    item_id: int = Field(primary_key=True, foreign_key="item.id")
    position: int = Field(primary_key=True)
    text: str
    model: str | None = None
    media: list[dict[str, str]] = _json_list_column()
    author: str | None = None


class Task(SQLModel, table=True):
    """One item wanting `overlap` annotations, or one answer wanting to be confirmed.

    `taken` counts its queued, delivered and answered assignments; the database itself refuses to
    let it pass `overlap`. `confirms` is the assignment whose answer a second person looks at.
    `audience` is what its item says of domains and language, as `storage.audience` writes it.
    `reopened`: a place was given back, so that those who are past it must look at it again.
    `set_aside_at`: nobody gets it until a coordinator has looked. A gold task is answered by
    everybody and counts neither as wanted nor in datasets.
    """

    __table_args__ = (
        CheckConstraint(
            "slots_taken >= 0 AND slots_taken <= overlap", name="slots_taken_within_overlap"
        ),
        Index(
            "task_with_free_slots",
            "campaign_id",
            "audience",
            "id",
            sqlite_where=text("slots_taken < overlap"),
            postgresql_where=text("slots_taken < overlap"),
        ),
        Index(
            "task_needs_rescan",
            "campaign_id",
            "audience",
            "id",
            sqlite_where=text("slots_taken < overlap AND needs_rescan"),
            postgresql_where=text("slots_taken < overlap AND needs_rescan"),
        ),
        Index(
            "task_gold",
            "campaign_id",
            "id",
            sqlite_where=text("is_gold"),
            postgresql_where=text("is_gold"),
        ),
        Index(
            "task_confirmation_by_item",
            "item_id",
            sqlite_where=text("confirms_assignment_id IS NOT NULL"),
            postgresql_where=text("confirms_assignment_id IS NOT NULL"),
        ),
        Index(
            "task_by_item",
            "item_id",
            unique=True,
            sqlite_where=text("confirms_assignment_id IS NULL"),
            postgresql_where=text("confirms_assignment_id IS NULL"),
        ),
        Index("task_by_confirmed_assignment", "confirms_assignment_id", unique=True),
    )

    id: int | None = Field(default=None, primary_key=True)
    campaign_id: int = Field(foreign_key="campaign.id")
    item_id: int = Field(foreign_key="item.id")
    overlap: int
    slots_taken: int = 0
    audience: str = Field(default="anybody", sa_column_kwargs=_server_default("anybody"))
    needs_rescan: bool = Field(default=False, sa_column_kwargs=_server_default("false"))
    is_gold: bool = Field(default=False, sa_column_kwargs=_server_default("false"))
    confirms_assignment_id: int | None = None
    on_hold_since: datetime | None = _nullable_datetime_column()
    on_hold_reason: str | None = None


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
        _enum_check("state", AssignmentState),
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
    candidate_order: list[int] = _json_column()
    value: dict[str, Any] | None = _json_column(nullable=True)
    complete: bool = False
    version: int = 0
    shown: dict[str, Any] | None = _json_column(nullable=True)
    read_in_full_at: datetime | None = _nullable_datetime_column()
    skip_reason: str | None = None
    channel: str | None = None
    message_ts: str | None = Field(default=None, index=True)
    answered_in_thread: bool = False
    created_at: datetime = _datetime_column()
    delivered_at: datetime | None = _nullable_datetime_column()
    answered_at: datetime | None = _nullable_datetime_column()
    leased_until: datetime = _datetime_column()
    lease_paused_at: datetime | None = _nullable_datetime_column()
    opened_at: datetime | None = _nullable_datetime_column()
    sent_back_reason: str | None = None
    finalized_by: str | None = None
    selection_reason: dict[str, Any] | None = _json_column(nullable=True)
    guidelines_changed_since: int | None = None


class Annotation(SQLModel, table=True):
    """One version of what an expert answered. `value` is as they saw it; null means undone.

    `click` names the deed that made it: Slack may deliver a click twice, it counts once. `seconds`
    is the time at the task up to this version, each stretch of it up to a cap; `paused` marks that
    one was cut at it.
    """

    __table_args__ = (UniqueConstraint("assignment_id", "interaction_id"),)

    assignment_id: int = Field(primary_key=True, foreign_key="assignment.id")
    version: int = Field(primary_key=True)
    value: dict[str, Any] | None = _json_column(nullable=True)
    complete: bool
    interaction_id: str
    guidelines_version: int
    shown: dict[str, Any] | None = _json_column(nullable=True)
    read_in_full: bool = False
    seconds: int | None = None
    paused: bool = Field(default=False, sa_column_kwargs=_server_default("false"))
    created_at: datetime = _datetime_column()


class ResponsePart(SQLModel, table=True):
    """A piece of a long response: a message or file in the task's thread, by its `ts`."""

    __tablename__ = "response_part"

    assignment_id: int = Field(primary_key=True, foreign_key="assignment.id")
    ts: str = Field(primary_key=True)
    text: str
    is_removed: bool = False
    created_at: datetime = _datetime_column()


class Reminder(SQLModel, table=True):
    """One reminder about one open assignment; `number` counts from 1."""

    assignment_id: int = Field(primary_key=True, foreign_key="assignment.id")
    number: int = Field(primary_key=True)
    created_at: datetime = _datetime_column()


class ReminderMessage(SQLModel, table=True):
    """One message that reminded an expert of all that waited: the caps a day and week count it."""

    __tablename__ = "reminder_message"

    id: int | None = Field(default=None, primary_key=True)
    expert_id: int = Field(foreign_key="expert.id", index=True)
    assignment_ids: list[int] = _json_column()
    created_at: datetime = _datetime_column()


class Question(SQLModel, table=True):
    """What an expert asked about an item, and what was answered: in the thread `thread_ts`."""

    id: int | None = Field(default=None, primary_key=True)
    assignment_id: int = Field(foreign_key="assignment.id", index=True)
    text: str
    channel: str | None = None
    thread_ts: str | None = None
    asked_at: datetime = _datetime_column()
    answer: str | None = None
    answered_by: str | None = None
    answered_at: datetime | None = _nullable_datetime_column()


class QuestionPost(SQLModel, table=True):
    """A message that put a question before coordinators: what they reply to it is the answer."""

    __tablename__ = "question_post"

    channel: str = Field(primary_key=True)
    ts: str = Field(primary_key=True)
    question_id: int = Field(foreign_key="question.id", index=True)


class Flag(SQLModel, table=True):
    """What an expert wants a coordinator to look at, and what became of it."""

    id: int | None = Field(default=None, primary_key=True)
    assignment_id: int = Field(foreign_key="assignment.id", index=True)
    reason: str
    flagged_at: datetime = _datetime_column()
    resolution: str | None = None
    resolved_by: str | None = None
    resolved_at: datetime | None = _nullable_datetime_column()


class Decision(SQLModel, table=True):
    """What a coordinator or senior expert decided about a task; the newest counts.

    `value` is as the form gives it, with the candidates in `candidate_order`; null: taken back.
    """

    id: int | None = Field(default=None, primary_key=True)
    task_id: int = Field(foreign_key="task.id", index=True)
    value: dict[str, Any] | None = _json_column(nullable=True)
    candidate_order: list[int] = _json_column()
    reason: str = ""
    decided_by: str
    created_at: datetime = _datetime_column()


class AgreementReport(SQLModel, table=True):
    """What the answers of a campaign say together, as found at a moment: all had to be read."""

    __tablename__ = "agreement_report"

    campaign_id: int = Field(primary_key=True, foreign_key="campaign.id")
    figures: dict[str, Any] = _json_column()
    computed_at: datetime = _datetime_column()


class WorkspaceSetting(SQLModel, table=True):
    """One thing the coordinators chose for the whole workspace, by name."""

    __tablename__ = "workspace_setting"

    name: str = Field(primary_key=True)
    value: dict[str, Any] = _json_column()
    changed_by: str
    changed_at: datetime = _datetime_column()


class DigestSchedule(SQLModel, table=True):
    """When the weekly summary comes: `cron` is read in `tz`, `due_at` is the next. One row."""

    __tablename__ = "digest_schedule"

    id: int | None = Field(default=None, primary_key=True)
    cron: str
    tz: str = "UTC"
    due_at: datetime = _datetime_column(index=True)


class ImportRun(SQLModel, table=True):
    """A file that came through Slack, and what became of it.

    `columns` says which hold what; without a campaign, nobody has said yet where it goes.
    """

    __tablename__ = "import_run"

    __table_args__ = (_enum_check("state", RunState),)

    id: int | None = Field(default=None, primary_key=True)
    campaign_id: int | None = Field(default=None, foreign_key="campaign.id")
    requested_by: str
    name: str
    path: str
    column_mapping: dict[str, Any] | None = _json_column(nullable=True)
    state: str = Field(default=RunState.QUEUED, index=True)
    added: int | None = None
    existing: int | None = None
    rejected: int | None = None
    attempts: int = 0
    error: str | None = None
    created_at: datetime = _datetime_column()
    started_at: datetime | None = _nullable_datetime_column()
    finished_at: datetime | None = _nullable_datetime_column()


class ExportSchedule(SQLModel, table=True):
    """When a campaign is exported by itself. `cron` is read in `tz`; `due_at` is the next time.

    `channel` is where in Slack it is told and the file goes, if anywhere.
    """

    __tablename__ = "export_schedule"

    id: int | None = Field(default=None, primary_key=True)
    campaign_id: int = Field(foreign_key="campaign.id")
    format: str
    directory: str
    cron: str
    tz: str = "UTC"
    channel: str | None = None
    due_at: datetime = _datetime_column(index=True)
    created_at: datetime = _datetime_column()


class ExportRun(SQLModel, table=True):
    """One export. A schedule's due time is exported once: a second row is refused.

    One that `freezes` makes the answers in it final.
    """

    __tablename__ = "export_run"

    __table_args__ = (UniqueConstraint("schedule_id", "due_at"), _enum_check("state", RunState))

    id: int | None = Field(default=None, primary_key=True)
    campaign_id: int = Field(foreign_key="campaign.id")
    schedule_id: int | None = Field(default=None, foreign_key="export_schedule.id")
    format: str
    directory: str
    requested_by: str | None = None
    channel: str | None = None
    freezes: bool = Field(default=False, sa_column_kwargs=_server_default("false"))
    due_at: datetime = _datetime_column()
    state: str = Field(default=RunState.QUEUED, index=True)
    attempts: int = 0
    started_at: datetime | None = _nullable_datetime_column()
    finished_at: datetime | None = _nullable_datetime_column()
    rows: int | None = None
    rows_skipped: int | None = None
    path: str | None = None
    error: str | None = None


class OutboxMessage(SQLModel, table=True):
    """What is to be said in Slack: its meaning, not its pixels. Rendered when delivered.

    `lane` is the person or channel it goes to: one lane is served in order, lanes side by side.
    """

    __tablename__ = "outbox"

    __table_args__ = (
        _enum_check("state", OutboxState),
        Index(
            "outbox_waiting",
            "recipient",
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
    message_type: str
    recipient: str
    payload: dict[str, Any] = _json_column()
    response_url: str | None = None
    state: str = OutboxState.WAITING
    attempts: int = 0
    due_at: datetime = _datetime_column()
    created_at: datetime = _datetime_column()
    sent_at: datetime | None = _nullable_datetime_column()
    error: str | None = None


class AuditEvent(SQLModel, table=True):
    """One change of state: who, what, to which thing, through what. Only ever added to."""

    __tablename__ = "audit_event"

    id: int | None = Field(default=None, primary_key=True)
    at: datetime = _datetime_column(index=True)
    actor: str
    action: str
    subject: str
    origin: str
    details: dict[str, Any] = _json_column()
