"""Tables of tasks and of the decisions that reviewers made about them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index
from sqlmodel import Field, SQLModel

from storage.tables.columns import (
    datetime_column,
    json_list_column,
    nullable_datetime_column,
    nullable_json_object_column,
    partial_index,
    server_default,
)


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
        partial_index(
            "task_with_free_slots", "campaign_id", "audience", "id", where="slots_taken < overlap"
        ),
        partial_index(
            "task_needs_rescan",
            "campaign_id",
            "audience",
            "id",
            where="slots_taken < overlap AND needs_rescan",
        ),
        partial_index(
            "task_prioritized",
            "campaign_id",
            "audience",
            "priority",
            where="slots_taken < overlap AND priority IS NOT NULL",
        ),
        partial_index("task_gold", "campaign_id", "id", where="is_gold"),
        partial_index(
            "task_confirmation_by_item", "item_id", where="confirms_assignment_id IS NOT NULL"
        ),
        partial_index(
            "task_by_item", "item_id", unique=True, where="confirms_assignment_id IS NULL"
        ),
        Index("task_by_confirmed_assignment", "confirms_assignment_id", unique=True),
    )

    id: int | None = Field(default=None, primary_key=True)
    campaign_id: int = Field(foreign_key="campaign.id")
    item_id: int = Field(foreign_key="item.id")
    overlap: int
    slots_taken: int = 0
    audience: str = Field(default="anybody", sa_column_kwargs=server_default("anybody"))
    priority: int | None = None
    needs_rescan: bool = Field(default=False, sa_column_kwargs=server_default("false"))
    is_gold: bool = Field(default=False, sa_column_kwargs=server_default("false"))
    is_repeat: bool = Field(default=False, sa_column_kwargs=server_default("false"))
    practice_attempt: int | None = None
    confirms_assignment_id: int | None = None
    on_hold_since: datetime | None = nullable_datetime_column()
    on_hold_reason: str | None = None
    has_text: bool = Field(default=True, sa_column_kwargs=server_default("true"))
    is_deleted: bool = Field(default=False, sa_column_kwargs=server_default("false"))


class Decision(SQLModel, table=True):
    """A coordinator's or senior expert's decision about a task; the newest one counts.

    `value` is as the form returned it, with the candidates in `candidate_order`; None: withdrawn.
    """

    id: int | None = Field(default=None, primary_key=True)
    task_id: int = Field(foreign_key="task.id", index=True)
    value: dict[str, Any] | None = nullable_json_object_column()
    candidate_order: list[int] = json_list_column()
    reason: str = ""
    decided_by: str
    created_at: datetime = datetime_column()
