"""Tables of questions and flags that experts raised about items."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field, SQLModel

from storage.tables.columns import datetime_column, nullable_datetime_column


class Question(SQLModel, table=True):
    """A question that an expert asked about an item, and its answer, in the thread `thread_ts`."""

    id: int | None = Field(default=None, primary_key=True)
    assignment_id: int = Field(foreign_key="assignment.id", index=True)
    text: str
    channel: str | None = None
    thread_ts: str | None = None
    asked_at: datetime = datetime_column()
    answer: str | None = None
    answered_by: str | None = None
    answered_at: datetime | None = nullable_datetime_column()


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
    flagged_at: datetime = datetime_column()
    resolution: str | None = None
    resolved_by: str | None = None
    resolved_at: datetime | None = nullable_datetime_column()
