"""The table that says which bot runs the scheduled jobs."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field, SQLModel

from storage.tables.columns import datetime_column


class Leader(SQLModel, table=True):
    """Which bot runs the scheduled jobs, and until when, by the clock of the server.

    `worker` is the id of its worker lock. Only bots on PostgreSQL use the table, which is not
    logged for recovery: after a crash of the server, the bots agree on a new leader.
    """

    __tablename__ = "leader"

    job: str = Field(primary_key=True)
    worker: str
    expires_at: datetime = datetime_column()
