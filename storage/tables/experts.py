"""Tables of people: experts, their roles, memberships and excluded answers."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import text
from sqlmodel import Field, SQLModel

from storage.tables.columns import (
    datetime_column,
    enum_check,
    json_list_column,
    json_list_column_with_default,
    nullable_datetime_column,
    server_default,
)
from storage.tables.states import Role


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
    work_days: list[int] = json_list_column()
    channel: str | None = None
    away_since: datetime | None = nullable_datetime_column()
    profile_synced_at: datetime | None = nullable_datetime_column()
    profile_failed_at: datetime | None = nullable_datetime_column()
    domains: list[str] = json_list_column_with_default()
    languages: list[str] = json_list_column_with_default()
    has_custom_hours: bool = Field(default=False, sa_column_kwargs=server_default("false"))
    has_custom_tz: bool = Field(default=False, sa_column_kwargs=server_default("false"))
    daily_limit_minutes: int | None = None
    batch_size: int | None = None
    batch_started_at: datetime | None = nullable_datetime_column()
    daily_limit_lifted_at: datetime | None = nullable_datetime_column()
    wants_reminders: bool = Field(default=True, sa_column_kwargs=server_default("true"))
    locale: str = Field(default="en", sa_column_kwargs=server_default("en"))
    paused_until: datetime | None = nullable_datetime_column()
    status_away_until: datetime | None = nullable_datetime_column()
    dnd_until: datetime | None = nullable_datetime_column()
    dnd_checked_at: datetime | None = nullable_datetime_column()
    opt_out_asked_at: datetime | None = nullable_datetime_column()
    welcome_back_due: bool = Field(default=False, sa_column_kwargs=server_default("false"))
    last_dispatched_at: datetime | None = nullable_datetime_column()
    is_external: bool = Field(default=False, sa_column_kwargs=server_default("false"))
    note: str = Field(default="", sa_column_kwargs={"server_default": text("''")})
    created_at: datetime = datetime_column()


class RoleGrant(SQLModel, table=True):
    """A role of a person. `source` is who granted it: a Slack id, or the user group it follows.

    People listed in LABELBOT_COORDINATORS are coordinators without a row.
    """

    __tablename__ = "role_grant"

    __table_args__ = (enum_check("role", Role),)

    slack_id: str = Field(primary_key=True)
    role: str = Field(primary_key=True)
    source: str = Field(primary_key=True)
    created_at: datetime = datetime_column()


class Membership(SQLModel, table=True):
    """An expert's membership in a campaign. Task selection continues after task `scan_position`.

    `last_full_scan_at` is when it last started from the first task. `guidelines_version_seen` is
    the newest version that the expert was notified of. After `left_at` the expert gets no more
    tasks. `accuracy` is the estimated probability, 0 to 1, that an answer of theirs is right; it is
    estimated only if the overlap is adaptive. `qualified_at` is when they passed the campaign's
    practice, or were admitted without it; `practice_failures` counts failed attempts, and
    `practice_reported_at` is when the coordinators were told that none is left. `invited_by` is the
    Slack id of who added the expert, None if it was not done in Slack. `chosen_at` is when the
    expert chose this campaign, whose tasks come first since then.
    """

    campaign_id: int = Field(primary_key=True, foreign_key="campaign.id")
    expert_id: int = Field(primary_key=True, foreign_key="expert.id", index=True)
    scan_position: int = 0
    last_full_scan_at: datetime | None = nullable_datetime_column()
    guidelines_version_seen: int = Field(default=1, sa_column_kwargs=server_default("1"))
    left_at: datetime | None = nullable_datetime_column()
    accuracy: float | None = None
    qualified_at: datetime | None = nullable_datetime_column()
    practice_failures: int = Field(default=0, sa_column_kwargs=server_default("0"))
    practice_reported_at: datetime | None = nullable_datetime_column()
    invited_by: str | None = None
    chosen_at: datetime | None = nullable_datetime_column()
    joined_at: datetime = datetime_column()


class Quarantine(SQLModel, table=True):
    """Why an expert's answers from `since` on are excluded, until the quarantine is lifted."""

    id: int | None = Field(default=None, primary_key=True)
    campaign_id: int = Field(foreign_key="campaign.id", index=True)
    expert_id: int = Field(foreign_key="expert.id")
    since: datetime = datetime_column()
    reason: str
    created_by: str
    created_at: datetime = datetime_column()
    lifted_by: str | None = None
    lifted_at: datetime | None = nullable_datetime_column()
