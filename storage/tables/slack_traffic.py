"""Tables of requests from Slack, calls of its API, and messages in threads."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlmodel import Field, SQLModel

from storage.tables.columns import datetime_column, json_object_column_with_default


class ReceivedRequest(SQLModel, table=True):
    """A request from Slack that took effect. Slack may deliver one again; it counts once.

    Rows are removed when Slack no longer delivers the request again. Answers have no row here:
    their interaction id is unique.
    """

    __tablename__ = "received_request"

    key: str = Field(primary_key=True)
    received_at: datetime = datetime_column(index=True)


class SlackCallLog(SQLModel, table=True):
    """Recent calls of a method of Slack's Web API, in all channels or in one, of all processes.

    `channel` is empty for all channels. Only bots on PostgreSQL use the table, where it is not
    logged for recovery: after a crash of the server, counting starts again.
    """

    __tablename__ = "slack_call_log"

    method: str = Field(primary_key=True)
    channel: str = Field(primary_key=True)
    log: dict[str, Any] = json_object_column_with_default()


class ThreadReply(SQLModel, table=True):
    """A message that the bot posted in the thread of a task's message, so that it can remove it.

    A task that is shown again has another message, and keeps its replies in the older thread.
    """

    __tablename__ = "thread_reply"

    channel: str = Field(primary_key=True)
    ts: str = Field(primary_key=True)
    assignment_id: int = Field(foreign_key="assignment.id", index=True)
