"""All tables. State columns hold plain strings that a check constraint restricts.

An annotation is one version of an answer: rows are only added, never changed or deleted. The
current one has the number in `Assignment.version`. The assignment repeats its value, so that a
screen needs only one row.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Column,
    Index,
    LargeBinary,
    UniqueConstraint,
    text,
)
from sqlmodel import Field, SQLModel

from storage.types import UtcDateTime


class CampaignState(StrEnum):
    """State of a campaign; only an open one assigns tasks."""

    OPEN = "open"
    PAUSED = "paused"
    CLOSED = "closed"


class AssignmentState(StrEnum):
    """State of an assignment; queued and delivered ones are open.

    An expired or released assignment may go to the same expert again, a skipped one never does. A
    quarantined answer is excluded until the quarantine is lifted.
    """

    QUEUED = "queued"
    DELIVERED = "delivered"
    ANSWERED = "answered"
    SKIPPED = "skipped"
    EXPIRED = "expired"
    RELEASED = "released"
    QUARANTINED = "quarantined"


class SkipPolicy(StrEnum):
    """Whether a skipped task goes to other experts, or on hold until a coordinator reviews it."""

    REASSIGN = "reassign"
    HOLD = "hold"


class Role(StrEnum):
    """What a person may do besides answering: decide disagreements, or run campaigns."""

    SENIOR = "senior"
    COORDINATOR = "coordinator"


class KeyScope(StrEnum):
    """What a key of the HTTP API may do; each includes the ones before."""

    READ = "read"
    ITEMS = "items"
    ADMIN = "admin"


class OutboxState(StrEnum):
    """State of a message in the outbox; docs/architecture.md has the transitions."""

    WAITING = "waiting"
    """Queued, or leased by a process that is delivering it."""
    HELD = "held"
    """Waits until the app has a missing scope, and delays no other message."""
    SENT = "sent"
    MERGED = "merged"
    """A later message has replaced it."""
    FAILED = "failed"
    DROPPED = "dropped"
    """Not sent: an update that was no longer worth sending, or dropped by an operator."""


class WebhookDeliveryState(StrEnum):
    """State of the delivery of an event to a webhook.

    Dropped deliveries have nothing to send: what the event was about was deleted meanwhile.
    """

    WAITING = "waiting"
    DELIVERED = "delivered"
    FAILED = "failed"
    DROPPED = "dropped"


class RunState(StrEnum):
    """State of one export or import."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


def _datetime_column(*, nullable: bool = False, index: bool = False) -> Any:  # noqa: ANN401 - as SQLModel's Field
    return Field(sa_column=Column(UtcDateTime(), nullable=nullable, index=index))


def _nullable_datetime_column(*, index: bool = False) -> Any:  # noqa: ANN401 - as SQLModel's Field
    return Field(default=None, sa_column=Column(UtcDateTime(), nullable=True, index=index))


def _json_column(*, nullable: bool = False) -> Any:  # noqa: ANN401 - as SQLModel's Field
    column = Column(JSON(none_as_null=True), nullable=nullable)
    return Field(default=None, sa_column=column) if nullable else Field(sa_column=column)


def _json_list_column() -> Any:  # noqa: ANN401 - as SQLModel's Field
    column = Column(JSON(), nullable=False, server_default="[]")
    return Field(default_factory=list, sa_column=column)


def _json_object_column() -> Any:  # noqa: ANN401 - as SQLModel's Field
    column = Column(JSON(), nullable=False, server_default="{}")
    return Field(default_factory=dict, sa_column=column)


def _server_default(value: str) -> dict[str, Any]:
    """Return the default that existing rows get: a word, a number, true or false."""
    is_text = value.isalpha() and value not in ("true", "false")
    return {"server_default": value if is_text else text(value)}


def _enum_check(column: str, states: type[StrEnum]) -> CheckConstraint:
    values = ", ".join(f"'{state.value}'" for state in states)
    return CheckConstraint(f"{column} IN ({values})", name=f"{column}_is_valid")


class Campaign(SQLModel, table=True):
    """One labeling project. `settings` belong to the task kind; `seed` determines every shuffle.

    `max_overlap` is set if the overlap is adaptive: an item starts with `overlap` answers and gets
    more, up to that, until the posterior of its answers is `target_posterior`, 0 to 1.
    `informative_pairs`: pairs of models whose order is uncertain come first. `repeat_share` is the
    share of pairs, 0 to 1, that their expert gets again with the sides exchanged.
    `domains` and `language` say which experts its tasks suit (empty: all); an item may override
    them. `gold_share` is the share of gold questions among an expert's tasks, 0 to 1. `channel` is
    the Slack channel for exports and notifications. `pause_on_quality_failure`: an expert whose
    answers clearly fail gets no more tasks until a coordinator resumes them.
    `practice_questions` is how many practice questions an expert answers before the first task; 0:
    none. `practice_pass_mark` is the share of right answers, 0 to 1, with which they pass, and
    `practice_attempts` how often they may try. `sends_welcome`: a message about the campaign comes
    before an expert's first task.
    `max_answers` is how many tasks one expert gets at most; 0: no limit.
    `removal_days` after the answer, the bot removes its messages with the task from Slack; 0:
    never.
    `retention_days` after it was closed, its experts are erased; None: never. `completed_at` is
    when every item was found to have all its answers, None while more are needed.
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
    max_overlap: int | None = None
    target_posterior: float | None = None
    informative_pairs: bool = Field(default=False, sa_column_kwargs=_server_default("false"))
    lease_minutes: int
    reminder_minutes: list[int] = _json_column()
    seed: str
    state: str = CampaignState.OPEN
    deadline: datetime | None = _nullable_datetime_column()
    domains: list[str] = _json_list_column()
    language: str | None = None
    skip_policy: str = Field(
        default=SkipPolicy.REASSIGN, sa_column_kwargs=_server_default("reassign")
    )
    gold_share: float = Field(default=0.0, sa_column_kwargs=_server_default("0"))
    pause_on_quality_failure: bool = Field(default=False, sa_column_kwargs=_server_default("false"))
    sends_welcome: bool = Field(default=True, sa_column_kwargs=_server_default("true"))
    repeat_share: float = Field(default=0.0, sa_column_kwargs=_server_default("0"))
    practice_questions: int = Field(default=0, sa_column_kwargs=_server_default("0"))
    practice_pass_mark: float = Field(default=0.8, sa_column_kwargs=_server_default("0.8"))
    practice_attempts: int = Field(default=2, sa_column_kwargs=_server_default("2"))
    guidelines_link: str | None = None
    removal_days: int = Field(default=0, sa_column_kwargs=_server_default("0"))
    max_answers: int = Field(default=0, sa_column_kwargs=_server_default("0"))
    retention_days: int | None = None
    completed_at: datetime | None = _nullable_datetime_column()
    channel: str | None = None
    created_by: str | None = None
    created_at: datetime = _datetime_column()


class GuidelinesVersion(SQLModel, table=True):
    """A version of a campaign's guidelines, valid from `created_at`; `note` says what changed."""

    __tablename__ = "guidelines_version"

    campaign_id: int = Field(primary_key=True, foreign_key="campaign.id")
    version: int = Field(primary_key=True)
    text: str
    note: str = ""
    changed_by: str
    created_at: datetime = _datetime_column()


class CampaignDraft(SQLModel, table=True):
    """What a coordinator has entered in the dialog that creates a campaign, until it is created.

    `entries` are texts and lists of texts by the key of the input.
    """

    __tablename__ = "campaign_draft"

    slack_id: str = Field(primary_key=True)
    entries: dict[str, Any] = _json_column()
    updated_at: datetime = _datetime_column()


class CampaignTemplate(SQLModel, table=True):
    """Settings from which campaigns are created; `fields` are columns of `Campaign` by name."""

    __tablename__ = "campaign_template"

    name: str = Field(primary_key=True, max_length=80)
    fields: dict[str, Any] = _json_column()
    created_by: str
    created_at: datetime = _datetime_column()


class Expert(SQLModel, table=True):
    """A person who labels. `pseudonym` is the only name that an export contains.

    `is_external`: the person is known only from a file of existing answers. They are in no Slack
    workspace and a member of no campaign: nothing is sent to them, and no task is assigned.
    `slack_id` then has the campaign and the name in the file (`storage.queries.imported_answers`).

    Working hours are minutes after midnight in the expert's time zone; `work_days` are ISO weekdays
    (Monday is 1). `has_custom_hours` and `has_custom_tz`: the expert chose them, so that the Slack
    profile no longer changes them. `profile_synced_at` is when Slack last reported their time zone;
    until then `tz` is only a default. `profile_failed_at` is when Slack last answered a request for
    the profile with an error.

    An expert who is away gets no new tasks. `away_since` is set when a lease expires without an
    answer, and cleared by any action of theirs. The others end automatically: `paused_until` (time
    off), `status_away_until` (a Slack status that says out of office) and `dnd_until` (Do Not
    Disturb).

    `note` is what coordinators wrote about them, for coordinators.
    `daily_limit_minutes` is how long they want to work a day, `batch_size` how many tasks in a row;
    None: no limit. `daily_limit_lifted_at` and `batch_started_at` are when they last chose to
    continue past each limit. `last_dispatched_at` is when the bot last sent them a task that they
    had not requested.
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
    profile_failed_at: datetime | None = _nullable_datetime_column()
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
    is_external: bool = Field(default=False, sa_column_kwargs=_server_default("false"))
    note: str = Field(default="", sa_column_kwargs={"server_default": text("''")})
    created_at: datetime = _datetime_column()


class RoleGrant(SQLModel, table=True):
    """A role of a person. `source` is who granted it: a Slack id, or the user group it follows.

    People listed in LABELBOT_COORDINATORS are coordinators without a row.
    """

    __tablename__ = "role_grant"

    __table_args__ = (_enum_check("role", Role),)

    slack_id: str = Field(primary_key=True)
    role: str = Field(primary_key=True)
    source: str = Field(primary_key=True)
    created_at: datetime = _datetime_column()


class Membership(SQLModel, table=True):
    """An expert's membership in a campaign. Task selection continues after task `scan_position`.

    `last_full_scan_at` is when it last started from the first task. `guidelines_version_seen` is
    the newest version that the expert was notified of. After `left_at` the expert gets no more
    tasks. `accuracy` is the estimated probability, 0 to 1, that an answer of theirs is right; it is
    estimated only if the overlap is adaptive. `qualified_at` is when they passed the campaign's
    practice, or a coordinator let them in without; `practice_failures` counts failed attempts, and
    `practice_reported_at` is when the coordinators were told that none is left. `invited_by` is the
    Slack id of who added the expert, None if it was not done in Slack. `chosen_at` is when the
    expert chose this campaign, whose tasks come first since then.
    """

    campaign_id: int = Field(primary_key=True, foreign_key="campaign.id")
    expert_id: int = Field(primary_key=True, foreign_key="expert.id", index=True)
    scan_position: int = 0
    last_full_scan_at: datetime | None = _nullable_datetime_column()
    guidelines_version_seen: int = Field(default=1, sa_column_kwargs=_server_default("1"))
    left_at: datetime | None = _nullable_datetime_column()
    accuracy: float | None = None
    qualified_at: datetime | None = _nullable_datetime_column()
    practice_failures: int = Field(default=0, sa_column_kwargs=_server_default("0"))
    practice_reported_at: datetime | None = _nullable_datetime_column()
    invited_by: str | None = None
    chosen_at: datetime | None = _nullable_datetime_column()
    joined_at: datetime = _datetime_column()


class Quarantine(SQLModel, table=True):
    """Why an expert's answers from `since` on are excluded, until the quarantine is lifted."""

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
    """The imported content to label. `key` is its id in the file, or a hash of its content.

    `domains` and `language` override the campaign's if set. `gold` is the known correct answer,
    with the candidates in imported order. `author` wrote the prompt or the draft and never labels
    the item. `media` belong to the prompt. `shown_digest` is a hash of what experts see, whatever
    the order of the candidates; none for items imported before it existed. `import_id` is the
    import that added it. An item with `deleted_at` has kept its id, key and digest, and no content.
    """

    __table_args__ = (
        UniqueConstraint("campaign_id", "key"),
        Index(
            "item_by_shown_digest",
            "campaign_id",
            "shown_digest",
            sqlite_where=text("shown_digest IS NOT NULL"),
            postgresql_where=text("shown_digest IS NOT NULL"),
        ),
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
    shown_digest: str | None = None
    prompt: list[dict[str, Any]] = _json_column()
    draft: str | None = None
    meta: dict[str, Any] = _json_column()
    media: list[dict[str, str]] = _json_list_column()
    domains: list[str] = _json_list_column()
    language: str | None = None
    gold: dict[str, Any] | None = _json_column(nullable=True)
    author: str | None = None
    import_id: int | None = Field(default=None, index=True)
    deleted_at: datetime | None = _nullable_datetime_column()
    created_at: datetime = _datetime_column()


class CandidateRow(SQLModel, table=True):
    """One response to an item's prompt, at its imported position. `model` never reaches Slack.

    `author` is the person who wrote or edited it, a Slack id or a pseudonym, and never judges it.
    `turns` come before the text in this candidate's conversation alone. `extra` has keys of its
    message beside role and content, such as tool calls.
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
    turns: list[dict[str, Any]] = _json_list_column()
    extra: dict[str, Any] | None = _json_column(nullable=True)


class Task(SQLModel, table=True):
    """An item that needs `overlap` answers, or an answer that needs confirmation.

    `slots_taken` counts its queued, delivered and answered assignments; a check constraint keeps it
    within `overlap`. `confirms_assignment_id` is the assignment whose answer a second expert
    checks; with `is_repeat`, the one whose expert answers the item again with the sides exchanged.
    Such a task is never assigned to anyone else, and counts nowhere: every query that leaves out
    confirmations leaves out repeats. `audience` is the item's domains and language as
    `storage.audience` encodes them. `needs_rescan`: a slot was released, so experts who are past
    the task must look at it again. `on_hold_since`: no expert gets it until a coordinator has
    reviewed it. Every expert gets a gold task; it counts neither as demand nor in datasets.
    `priority`: tasks with one are assigned before all others of the campaign, 1 first. Without
    `has_text`, the item was imported with answers but without the texts that they judge: no expert
    and no reviewer gets it. With `practice_attempt`, the task is a practice question of one expert
    in that attempt, from 1. It refers to its own assignment in `confirms_assignment_id`, so it
    counts nowhere either, and its expert does not get the item again as hidden gold. With
    `is_deleted`, a coordinator deleted the item: the task has no slots and counts nowhere.
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
            "task_prioritized",
            "campaign_id",
            "audience",
            "priority",
            sqlite_where=text("slots_taken < overlap AND priority IS NOT NULL"),
            postgresql_where=text("slots_taken < overlap AND priority IS NOT NULL"),
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
    priority: int | None = None
    needs_rescan: bool = Field(default=False, sa_column_kwargs=_server_default("false"))
    is_gold: bool = Field(default=False, sa_column_kwargs=_server_default("false"))
    is_repeat: bool = Field(default=False, sa_column_kwargs=_server_default("false"))
    practice_attempt: int | None = None
    confirms_assignment_id: int | None = None
    on_hold_since: datetime | None = _nullable_datetime_column()
    on_hold_reason: str | None = None
    has_text: bool = Field(default=True, sa_column_kwargs=_server_default("true"))
    is_deleted: bool = Field(default=False, sa_column_kwargs=_server_default("false"))


class Assignment(SQLModel, table=True):
    """A task given to an expert. The unique constraint refuses a second row for both.

    `candidate_order` is the shuffle. `version` is the number of the current annotation (0: none
    yet), `value` its answer (None: undone) and `complete` whether it counts. `shown` is how much of
    each passage fitted into the message, `read_in_full_at` when the expert first opened the last
    page of the rest. `has_thread` is set when the bot posts audio or video in the message's thread,
    or the response arrives there; from then on the message shows no other task.

    `leased_until` is when the task goes to another expert. While `lease_paused_at` is set, a
    question is unanswered and the lease does not run. `opened_at` is when the expert first opened a
    dialog of the task since its delivery or last answer. `sent_back_reason` is what a reviewer
    asked the expert to check again. `finalized_by` is what made the answer final: a decision, or an
    export that froze it. `selection_reason` is why this expert got the task.
    `guidelines_changed_since`: the guidelines have changed since this version, and the task message
    says how.
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
    has_thread: bool = False
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
    """One version of an expert's answer. `value` is as they saw it; None means undone.

    `interaction_id` is the Slack interaction that created it: Slack may deliver one twice, and it
    counts once. It is "import" for an answer that was imported from a file. `seconds` is the active
    time on the task up to this version, with each interval capped; `paused` means that an interval
    exceeded the cap. `id` increases in the order in which versions were stored, and no id is used
    twice, so that a reader can continue after the last one it has seen.
    """

    __table_args__ = (
        UniqueConstraint("assignment_id", "version"),
        UniqueConstraint("assignment_id", "interaction_id"),
        {"sqlite_autoincrement": True},
    )

    id: int | None = Field(default=None, primary_key=True)
    assignment_id: int = Field(foreign_key="assignment.id")
    version: int
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
    """A part of a long response: a message or file in the task's thread, identified by its `ts`."""

    __tablename__ = "response_part"

    assignment_id: int = Field(primary_key=True, foreign_key="assignment.id")
    ts: str = Field(primary_key=True)
    text: str
    is_removed: bool = False
    created_at: datetime = _datetime_column()


class Reminder(SQLModel, table=True):
    """One reminder about one open assignment; `number` starts at 1."""

    assignment_id: int = Field(primary_key=True, foreign_key="assignment.id")
    number: int = Field(primary_key=True)
    created_at: datetime = _datetime_column()


class ReminderMessage(SQLModel, table=True):
    """A message that reminded an expert of all open tasks; the daily and weekly caps count it."""

    __tablename__ = "reminder_message"

    id: int | None = Field(default=None, primary_key=True)
    expert_id: int = Field(foreign_key="expert.id", index=True)
    assignment_ids: list[int] = _json_column()
    created_at: datetime = _datetime_column()


class Question(SQLModel, table=True):
    """A question that an expert asked about an item, and its answer, in the thread `thread_ts`."""

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
    """A message that shows coordinators a question; a reply in its thread is the answer."""

    __tablename__ = "question_post"

    channel: str = Field(primary_key=True)
    ts: str = Field(primary_key=True)
    question_id: int = Field(foreign_key="question.id", index=True)


class Flag(SQLModel, table=True):
    """A problem that an expert reported to the coordinators, and how it was resolved."""

    id: int | None = Field(default=None, primary_key=True)
    assignment_id: int = Field(foreign_key="assignment.id", index=True)
    reason: str
    flagged_at: datetime = _datetime_column()
    resolution: str | None = None
    resolved_by: str | None = None
    resolved_at: datetime | None = _nullable_datetime_column()


class QualityAlert(SQLModel, table=True):
    """A clear failure of an expert's answers that the coordinators were notified of, once.

    `pattern` names the failure, and `text` describes it as of `created_at`. If the campaign pauses
    experts, `paused_at` is when this expert was paused, until `resumed_at`.
    """

    __tablename__ = "quality_alert"

    __table_args__ = (UniqueConstraint("campaign_id", "expert_id", "pattern"),)

    id: int | None = Field(default=None, primary_key=True)
    campaign_id: int = Field(foreign_key="campaign.id")
    expert_id: int = Field(foreign_key="expert.id")
    pattern: str
    text: str
    created_at: datetime = _datetime_column()
    paused_at: datetime | None = _nullable_datetime_column()
    resumed_by: str | None = None
    resumed_at: datetime | None = _nullable_datetime_column()


class CampaignJump(SQLModel, table=True):
    """A week of a campaign that differs from the weeks before, as coordinators were notified, once.

    `figure` names what differs, `week` is the Monday, and `text` describes it as of `created_at`.
    """

    __tablename__ = "campaign_jump"

    __table_args__ = (UniqueConstraint("campaign_id", "figure", "week"),)

    id: int | None = Field(default=None, primary_key=True)
    campaign_id: int = Field(foreign_key="campaign.id")
    figure: str
    week: date
    text: str
    created_at: datetime = _datetime_column()


class WarningNotice(SQLModel, table=True):
    """A warning about a campaign that coordinators were notified of or have dismissed.

    `key` is that of the warning in `bot.services.reports.warnings`. The row is removed when the
    warning no longer applies, so that coordinators are notified again if it returns.
    """

    __tablename__ = "warning_notice"

    campaign_id: int = Field(primary_key=True, foreign_key="campaign.id")
    key: str = Field(primary_key=True)
    reported_at: datetime | None = _nullable_datetime_column()
    dismissed_at: datetime | None = _nullable_datetime_column()
    dismissed_by: str | None = None


class GoldAppeal(SQLModel, table=True):
    """An expert's appeal against the verdict that their answer to a gold question is wrong.

    `is_upheld` is None until a coordinator has decided; then the answer became the gold answer, or
    the verdict stays. `gold_before` is the gold answer that an upheld appeal replaced.
    """

    __tablename__ = "gold_appeal"

    id: int | None = Field(default=None, primary_key=True)
    assignment_id: int = Field(foreign_key="assignment.id", unique=True)
    appealed_at: datetime = _datetime_column()
    is_upheld: bool | None = None
    gold_before: dict[str, Any] | None = _json_column(nullable=True)
    resolution: str | None = None
    resolved_by: str | None = None
    resolved_at: datetime | None = _nullable_datetime_column()


class Decision(SQLModel, table=True):
    """A coordinator's or senior expert's decision about a task; the newest one counts.

    `value` is as the form returned it, with the candidates in `candidate_order`; None: withdrawn.
    """

    id: int | None = Field(default=None, primary_key=True)
    task_id: int = Field(foreign_key="task.id", index=True)
    value: dict[str, Any] | None = _json_column(nullable=True)
    candidate_order: list[int] = _json_column()
    reason: str = ""
    decided_by: str
    created_at: datetime = _datetime_column()


class AgreementReport(SQLModel, table=True):
    """Agreement figures of a campaign, stored because computing them reads all answers."""

    __tablename__ = "agreement_report"

    campaign_id: int = Field(primary_key=True, foreign_key="campaign.id")
    figures: dict[str, Any] = _json_column()
    computed_at: datetime = _datetime_column()


class WorkspaceSetting(SQLModel, table=True):
    """A setting for the whole workspace, chosen by a coordinator."""

    __tablename__ = "workspace_setting"

    name: str = Field(primary_key=True)
    value: dict[str, Any] = _json_column()
    changed_by: str
    changed_at: datetime = _datetime_column()


class CoordinatorTimeZone(SQLModel, table=True):
    """Time zone of a coordinator in Slack, who may have no row in `expert`."""

    __tablename__ = "coordinator_time_zone"

    slack_id: str = Field(primary_key=True)
    tz: str
    synced_at: datetime = _datetime_column()


class DigestSchedule(SQLModel, table=True):
    """When the weekly summary is sent: `cron` in time zone `tz`, next at `due_at`. One row."""

    __tablename__ = "digest_schedule"

    id: int | None = Field(default=None, primary_key=True)
    cron: str
    tz: str = "UTC"
    due_at: datetime = _datetime_column(index=True)


class ImportRun(SQLModel, table=True):
    """A file uploaded through Slack, and the outcome of its import.

    `column_mapping` says what each column holds; without a campaign, nobody has chosen one yet.
    `worker` is the worker lock of the process that took it on last.
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
    worker: str | None = None
    error: str | None = None
    created_at: datetime = _datetime_column()
    started_at: datetime | None = _nullable_datetime_column()
    finished_at: datetime | None = _nullable_datetime_column()


class ItemImport(SQLModel, table=True):
    """One import of a file into a campaign, from Slack or the command line.

    `file` is the name of the file, `sha256` the hash of its content in hex. Items refer to the
    import in `import_id`. `rejected` is how many rows were not imported, None until the end of the
    file was reached. `undone_at` is when a coordinator deleted its items.
    """

    __tablename__ = "item_import"

    id: int | None = Field(default=None, primary_key=True)
    campaign_id: int = Field(foreign_key="campaign.id", index=True)
    file: str
    sha256: str | None = None
    rejected: int | None = None
    imported_by: str
    created_at: datetime = _datetime_column()
    undone_by: str | None = None
    undone_at: datetime | None = _nullable_datetime_column()


class ExportSchedule(SQLModel, table=True):
    """A scheduled export of a campaign. `cron` is read in `tz`; `due_at` is the next run.

    Without `cron`, it has no due time. It then runs after every `after_answers` new answers, or, if
    that is None, when its campaign is complete. `counted_answers` is their number at the last run.
    `channel` is the Slack channel that is notified and receives the file, if any. `options` are
    those of the rows, as text by name. `destination` is the address to which exports are delivered
    after they were written to `directory`, if any.
    """

    __tablename__ = "export_schedule"

    id: int | None = Field(default=None, primary_key=True)
    campaign_id: int = Field(foreign_key="campaign.id")
    format: str
    directory: str
    destination: str | None = None
    cron: str
    tz: str = "UTC"
    channel: str | None = None
    options: dict[str, str] = _json_object_column()
    due_at: datetime | None = _nullable_datetime_column(index=True)
    after_answers: int | None = None
    counted_answers: int = Field(default=0, sa_column_kwargs=_server_default("0"))
    created_at: datetime = _datetime_column()


class ExportRun(SQLModel, table=True):
    """One export. The unique constraint allows only one run for each due time of a schedule.

    If `freezes` is set, the exported answers become final. `worker` is the worker lock of the
    process that took it on last. If `is_interactive` is set, somebody waits for it on the command
    line, so that it is not tried again. `missed_runs` are earlier runs of the schedule that it
    makes up for. `reported_at` is when its outcome was reported to people. `options` are those of
    the rows, as text by name. `snapshot` is the SHA-256 of what a written export read.

    `path` is the written folder, and `manifest_sha256` the checksum of its manifest; the run is not
    done before the folder was delivered to `destination`, if there is one. `location` is where it
    is there. `retry_at` is when a run that failed is tried again.
    """

    __tablename__ = "export_run"

    __table_args__ = (UniqueConstraint("schedule_id", "due_at"), _enum_check("state", RunState))

    id: int | None = Field(default=None, primary_key=True)
    campaign_id: int = Field(foreign_key="campaign.id")
    schedule_id: int | None = Field(default=None, foreign_key="export_schedule.id")
    format: str
    directory: str
    destination: str | None = None
    requested_by: str | None = None
    channel: str | None = None
    freezes: bool = Field(default=False, sa_column_kwargs=_server_default("false"))
    options: dict[str, str] = _json_object_column()
    is_interactive: bool = Field(default=False, sa_column_kwargs=_server_default("false"))
    missed_runs: int = Field(default=0, sa_column_kwargs=_server_default("0"))
    due_at: datetime = _datetime_column()
    state: str = Field(default=RunState.QUEUED, index=True)
    attempts: int = 0
    worker: str | None = None
    started_at: datetime | None = _nullable_datetime_column()
    finished_at: datetime | None = _nullable_datetime_column()
    rows: int | None = None
    left_out: int | None = None
    path: str | None = None
    manifest_sha256: str | None = None
    location: str | None = None
    retry_at: datetime | None = _nullable_datetime_column()
    snapshot: str | None = None
    error: str | None = None
    reported_at: datetime | None = _nullable_datetime_column()


class StoredSnapshot(SQLModel, table=True):
    """What exports read, so that they can be replayed: compressed JSON, once for the same state.

    `sha256` is the hash of the JSON, in hex.
    """

    __tablename__ = "export_snapshot"

    sha256: str = Field(primary_key=True)
    content: bytes = Field(sa_column=Column(LargeBinary(), nullable=False))
    created_at: datetime = _datetime_column()


class OutboxMessage(SQLModel, table=True):
    """A message to Slack, stored as a type and its data and rendered on delivery.

    `recipient` is a person or channel. Each recipient's messages are delivered by priority, then in
    order; recipients are served in parallel. `priority` is a `Priority` of `bot/messages`. Of
    several messages with the same `merge_key`, only the last is sent. `leased_until` is set while a
    process delivers the message; `due_at` is then the same time. `worker` is the id of the lock of
    the process that claimed it last, on PostgreSQL.
    `correlation_id` is that of the request or job that queued it. `posted_at` is when its delivery
    posted a new message or file, None if it only updated a message, or had nothing to send.
    """

    __tablename__ = "outbox"

    __table_args__ = (
        _enum_check("state", OutboxState),
        Index(
            "outbox_waiting",
            "recipient",
            "priority",
            "id",
            sqlite_where=text("state = 'waiting'"),
            postgresql_where=text("state = 'waiting'"),
        ),
        Index(
            "outbox_undelivered",
            "recipient",
            "id",
            sqlite_where=text("state IN ('held', 'failed', 'dropped')"),
            postgresql_where=text("state IN ('held', 'failed', 'dropped')"),
        ),
        Index(
            "outbox_due",
            "due_at",
            "id",
            sqlite_where=text("state = 'waiting'"),
            postgresql_where=text("state = 'waiting'"),
        ),
        Index(
            "outbox_failed",
            "sent_at",
            sqlite_where=text("state = 'failed'"),
            postgresql_where=text("state = 'failed'"),
        ),
        Index(
            "outbox_posted",
            "recipient",
            "posted_at",
            sqlite_where=text("posted_at IS NOT NULL"),
            postgresql_where=text("posted_at IS NOT NULL"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    message_type: str
    recipient: str
    payload: dict[str, Any] = _json_column()
    priority: int = Field(default=1, sa_column_kwargs=_server_default("1"))
    merge_key: str | None = None
    response_url: str | None = None
    correlation_id: str | None = None
    state: str = OutboxState.WAITING
    attempts: int = 0
    due_at: datetime = _datetime_column()
    leased_until: datetime | None = _nullable_datetime_column()
    worker: str | None = None
    created_at: datetime = _datetime_column()
    sent_at: datetime | None = _nullable_datetime_column()
    posted_at: datetime | None = _nullable_datetime_column()
    error: str | None = None


class MediaFile(SQLModel, table=True):
    """An image, audio or video that was imported as a file, stored once for all of its items.

    `url` is `media:` with the SHA-256 of the content and its extension. `slack_file_id` is the file
    in Slack to which it was uploaded, None before the first message that shows it. `shown_since` is
    when Slack had processed it.
    """

    __tablename__ = "media_file"

    url: str = Field(primary_key=True)
    content: bytes = Field(sa_column=Column(LargeBinary(), nullable=False))
    created_at: datetime = _datetime_column()
    slack_file_id: str | None = None
    shown_since: datetime | None = _nullable_datetime_column()


class FormulaImage(SQLModel, table=True):
    """The image of the formulas in a text of an item; `media_url` is None if none can be drawn."""

    __tablename__ = "formula_image"

    item_id: int = Field(foreign_key="item.id", primary_key=True)
    digest: str = Field(primary_key=True)
    media_url: str | None = None


class ThreadReply(SQLModel, table=True):
    """A message that the bot posted in the thread of a task's message, so that it can remove it.

    A task that is shown again has another message, and keeps its replies in the older thread.
    """

    __tablename__ = "thread_reply"

    channel: str = Field(primary_key=True)
    ts: str = Field(primary_key=True)
    assignment_id: int = Field(foreign_key="assignment.id", index=True)


class ReceivedRequest(SQLModel, table=True):
    """A request from Slack that took effect. Slack may deliver one again; it counts once.

    Rows are removed when Slack no longer delivers the request again. Answers have no row here:
    their interaction id is unique.
    """

    __tablename__ = "received_request"

    key: str = Field(primary_key=True)
    received_at: datetime = _datetime_column(index=True)


class SlackCallLog(SQLModel, table=True):
    """Recent calls of a method of Slack's Web API, in all channels or in one, of all processes.

    `channel` is empty for all channels. Only bots on PostgreSQL use the table, where it is not
    logged for recovery: after a crash of the server, counting starts again.
    """

    __tablename__ = "slack_call_log"

    method: str = Field(primary_key=True)
    channel: str = Field(primary_key=True)
    log: dict[str, Any] = _json_object_column()


class Leader(SQLModel, table=True):
    """Which bot runs the scheduled jobs, and until when, by the clock of the server.

    `worker` is the id of its worker lock. Only bots on PostgreSQL use the table, which is not
    logged for recovery: after a crash of the server, the bots agree on a new leader.
    """

    __tablename__ = "leader"

    job: str = Field(primary_key=True)
    worker: str
    expires_at: datetime = _datetime_column()


class ApiKey(SQLModel, table=True):
    """A key of the HTTP API: a public part that finds the row, and the hash of the secret part.

    `name` is the actor in the audit log, so it is never used again. `campaign_ids` are the
    campaigns for which the key is valid; empty: all.
    """

    __tablename__ = "api_key"

    __table_args__ = (_enum_check("scope", KeyScope),)

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True, max_length=80)
    public_id: str = Field(unique=True)
    secret_sha256: str
    scope: str
    campaign_ids: list[int] = _json_list_column()
    created_by: str
    created_at: datetime = _datetime_column()
    last_used_at: datetime | None = _nullable_datetime_column()
    revoked_by: str | None = None
    revoked_at: datetime | None = _nullable_datetime_column()


class ApiRequest(SQLModel, table=True):
    """A change made through the HTTP API with an idempotency key, and its response.

    It is stored in the transaction of the change, so a repeated request gets the same response
    without effect. `fingerprint` is a hash of the request. Rows are removed after a day.
    """

    __tablename__ = "api_request"

    key_id: int = Field(primary_key=True, foreign_key="api_key.id")
    idempotency_key: str = Field(primary_key=True)
    fingerprint: str
    response: dict[str, Any] | None = _json_column(nullable=True)
    created_at: datetime = _datetime_column(index=True)


class Webhook(SQLModel, table=True):
    """An address that gets events, signed with `secret`. `events`, `campaign_ids` empty: all.

    `failures` counts the attempts that have failed since the last success, `failing_since` is when
    the first of them failed, and there is no attempt before `retry_at`. `reported_at` is when
    coordinators were notified of these failures. With `disabled_at`, it gets nothing.
    """

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True, max_length=80)
    url: str
    secret: str
    events: list[str] = _json_list_column()
    campaign_ids: list[int] = _json_list_column()
    created_by: str
    created_at: datetime = _datetime_column()
    failures: int = Field(default=0, sa_column_kwargs=_server_default("0"))
    failing_since: datetime | None = _nullable_datetime_column()
    retry_at: datetime | None = _nullable_datetime_column()
    reported_at: datetime | None = _nullable_datetime_column()
    disabled_at: datetime | None = _nullable_datetime_column()
    disabled_reason: str | None = None


class WebhookDelivery(SQLModel, table=True):
    """An event for one webhook, stored as a type and what it is about, and read when it is sent.

    `event_id` is the same for all webhooks that get the event, and in all attempts. While a bot
    sends it, `leased_until` is set and `due_at` is the same time; `worker` is as in the outbox.
    `queued_at` is when it was last queued: a replay queues it again. `status` is that of the last
    response, None if there was none.
    """

    __tablename__ = "webhook_delivery"

    __table_args__ = (
        _enum_check("state", WebhookDeliveryState),
        Index(
            "webhook_delivery_waiting",
            "webhook_id",
            "due_at",
            "id",
            sqlite_where=text("state = 'waiting'"),
            postgresql_where=text("state = 'waiting'"),
        ),
        Index("webhook_delivery_log", "webhook_id", "id"),
        Index("webhook_delivery_finished", "finished_at"),
    )

    id: int | None = Field(default=None, primary_key=True)
    webhook_id: int = Field(foreign_key="webhook.id")
    event_id: str
    event_type: str
    campaign_id: int | None = Field(default=None, foreign_key="campaign.id")
    subject: dict[str, Any] = _json_column()
    correlation_id: str | None = None
    state: str = WebhookDeliveryState.WAITING
    attempts: int = 0
    happened_at: datetime = _datetime_column()
    queued_at: datetime = _datetime_column()
    due_at: datetime = _datetime_column()
    leased_until: datetime | None = _nullable_datetime_column()
    worker: str | None = None
    finished_at: datetime | None = _nullable_datetime_column()
    status: int | None = None
    error: str | None = None


class AuditEvent(SQLModel, table=True):
    """A change of state: who did what to which subject, and through what. Rows are only added."""

    __tablename__ = "audit_event"

    id: int | None = Field(default=None, primary_key=True)
    at: datetime = _datetime_column(index=True)
    actor: str
    action: str
    subject: str
    origin: str
    details: dict[str, Any] = _json_column()
