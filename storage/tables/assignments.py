"""Tables of tasks that were assigned to experts, and of reminders about them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.tables.columns import (
    datetime_column,
    enum_check,
    json_list_column,
    nullable_datetime_column,
    nullable_json_object_column,
    partial_index,
)
from storage.tables.states import AssignmentState


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
        enum_check("state", AssignmentState),
        partial_index(
            "assignment_open", "expert_id", "id", where="state IN ('queued', 'delivered')"
        ),
        partial_index("assignment_lease", "leased_until", where="state IN ('queued', 'delivered')"),
        Index("assignment_progress", "campaign_id", "expert_id", "state"),
        partial_index("assignment_not_my_field", "expert_id", where="skip_reason = 'not_my_field'"),
    )

    id: int | None = Field(default=None, primary_key=True)
    task_id: int = Field(foreign_key="task.id")
    campaign_id: int = Field(foreign_key="campaign.id")
    expert_id: int = Field(foreign_key="expert.id")
    state: str = AssignmentState.QUEUED
    candidate_order: list[int] = json_list_column()
    value: dict[str, Any] | None = nullable_json_object_column()
    complete: bool = False
    version: int = 0
    shown: dict[str, Any] | None = nullable_json_object_column()
    read_in_full_at: datetime | None = nullable_datetime_column()
    skip_reason: str | None = None
    channel: str | None = None
    message_ts: str | None = Field(default=None, index=True)
    has_thread: bool = False
    created_at: datetime = datetime_column()
    delivered_at: datetime | None = nullable_datetime_column()
    answered_at: datetime | None = nullable_datetime_column()
    leased_until: datetime = datetime_column()
    lease_paused_at: datetime | None = nullable_datetime_column()
    opened_at: datetime | None = nullable_datetime_column()
    sent_back_reason: str | None = None
    finalized_by: str | None = None
    selection_reason: dict[str, Any] | None = nullable_json_object_column()
    guidelines_changed_since: int | None = None


class Reminder(SQLModel, table=True):
    """One reminder about one open assignment; `number` starts at 1."""

    assignment_id: int = Field(primary_key=True, foreign_key="assignment.id")
    number: int = Field(primary_key=True)
    created_at: datetime = datetime_column()


class ReminderMessage(SQLModel, table=True):
    """A message that reminded an expert of all open tasks; the daily and weekly caps count it."""

    __tablename__ = "reminder_message"

    id: int | None = Field(default=None, primary_key=True)
    expert_id: int = Field(foreign_key="expert.id", index=True)
    assignment_ids: list[int] = json_list_column()
    created_at: datetime = datetime_column()
