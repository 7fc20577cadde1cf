"""Tables of imports: uploaded files, and what was imported into a campaign."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlmodel import Field, SQLModel

from storage.tables.columns import (
    datetime_column,
    enum_check,
    nullable_datetime_column,
    nullable_json_object_column,
)
from storage.tables.states import RunState


class ImportRun(SQLModel, table=True):
    """A file uploaded through Slack, and the outcome of its import.

    `column_mapping` says what each column holds; without a campaign, nobody has chosen one yet.
    `worker` is the worker lock of the process that took it on last.
    """

    __tablename__ = "import_run"

    __table_args__ = (enum_check("state", RunState),)

    id: int | None = Field(default=None, primary_key=True)
    campaign_id: int | None = Field(default=None, foreign_key="campaign.id")
    requested_by: str
    name: str
    path: str
    column_mapping: dict[str, Any] | None = nullable_json_object_column()
    state: str = Field(default=RunState.QUEUED, index=True)
    added: int | None = None
    existing: int | None = None
    rejected: int | None = None
    attempts: int = 0
    worker: str | None = None
    error: str | None = None
    created_at: datetime = datetime_column()
    started_at: datetime | None = nullable_datetime_column()
    finished_at: datetime | None = nullable_datetime_column()


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
    created_at: datetime = datetime_column()
    undone_by: str | None = None
    undone_at: datetime | None = nullable_datetime_column()
