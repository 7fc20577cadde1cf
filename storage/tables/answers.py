"""Tables of answers: their versions, and the parts of long responses."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.tables.columns import datetime_column, nullable_json_object_column, server_default


class Annotation(SQLModel, table=True):
    """One version of an expert's answer. `value` is as they saw it; None means undone.

    Rows are only added, never changed or deleted. The current version has the number in
    `Assignment.version`. The assignment repeats its value, so that a screen needs only one row.

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
    value: dict[str, Any] | None = nullable_json_object_column()
    complete: bool
    interaction_id: str
    guidelines_version: int
    shown: dict[str, Any] | None = nullable_json_object_column()
    read_in_full: bool = False
    seconds: int | None = None
    paused: bool = Field(default=False, sa_column_kwargs=server_default("false"))
    created_at: datetime = datetime_column()


class ResponsePart(SQLModel, table=True):
    """A part of a long response: a message or file in the task's thread, identified by its `ts`."""

    __tablename__ = "response_part"

    assignment_id: int = Field(primary_key=True, foreign_key="assignment.id")
    ts: str = Field(primary_key=True)
    text: str
    is_removed: bool = False
    created_at: datetime = datetime_column()
