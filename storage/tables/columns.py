"""Columns, constraints and indexes that the tables share."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Column, Index, text
from sqlmodel import Field

from storage.types import UtcDateTime


def datetime_column(*, index: bool = False) -> datetime:
    """Return a column with a point in time."""
    field: datetime = Field(sa_column=Column(UtcDateTime(), nullable=False, index=index))
    return field


def nullable_datetime_column(*, index: bool = False) -> datetime | None:
    """Return a column with a point in time, None by default."""
    column: Column[Any] = Column(UtcDateTime(), nullable=True, index=index)
    field: datetime | None = Field(default=None, sa_column=column)
    return field


def json_object_column() -> dict[str, Any]:
    """Return a column with a JSON object."""
    field: dict[str, Any] = Field(sa_column=Column(JSON(none_as_null=True), nullable=False))
    return field


def nullable_json_object_column() -> dict[str, Any] | None:
    """Return a column with a JSON object, None by default."""
    column = Column(JSON(none_as_null=True), nullable=True)
    field: dict[str, Any] | None = Field(default=None, sa_column=column)
    return field


def json_object_column_with_default() -> dict[str, Any]:
    """Return a column with a JSON object, empty by default and in existing rows."""
    column = Column(JSON(), nullable=False, server_default="{}")
    field: dict[str, Any] = Field(default_factory=dict, sa_column=column)
    return field


def json_list_column() -> list[Any]:
    """Return a column with a JSON list."""
    field: list[Any] = Field(sa_column=Column(JSON(none_as_null=True), nullable=False))
    return field


def json_list_column_with_default() -> list[Any]:
    """Return a column with a JSON list, empty by default and in existing rows."""
    column = Column(JSON(), nullable=False, server_default="[]")
    field: list[Any] = Field(default_factory=list, sa_column=column)
    return field


def server_default(value: str) -> dict[str, Any]:
    """Return the default that existing rows get: a word, a number, true or false."""
    is_text = value.isalpha() and value not in ("true", "false")
    return {"server_default": value if is_text else text(value)}


def enum_check(column: str, values: type[StrEnum]) -> CheckConstraint:
    """Return the constraint that a text column holds a value of the enumeration."""
    listed = ", ".join(f"'{value.value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=f"{column}_is_valid")


def partial_index(name: str, *columns: str, where: str, unique: bool = False) -> Index:
    """Return an index of the rows for which the SQL condition `where` is true."""
    condition = text(where)
    return Index(name, *columns, unique=unique, sqlite_where=condition, postgresql_where=condition)
