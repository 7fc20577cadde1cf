"""Search of all tables for what identifies a person, and its replacement by the pseudonym.

Tables that are added later are searched, too. What people answer and what was imported is content
(`CONTENT`): it is found, but never changed.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import (
    JSON,
    Column,
    ColumnElement,
    Row,
    String,
    Table,
    and_,
    cast,
    or_,
    select,
    update,
)
from sqlmodel import AutoString, Session, SQLModel, col

from storage.tables import Assignment, Expert

CONTENT: Mapping[str, frozenset[str]] = {
    "annotation": frozenset({"value"}),
    "assignment": frozenset({"value"}),
    "campaign": frozenset({"name", "settings"}),
    "candidate": frozenset({"text", "model", "media", "turns", "extra"}),
    "decision": frozenset({"value"}),
    "item": frozenset({"key", "prompt", "draft", "meta", "media", "gold"}),
    "media_file": frozenset({"url"}),
}
"""Columns by table that exports copy. They stay as they are, or exports would change."""

WRITTEN_BY_BOT: Mapping[str, frozenset[str]] = {
    "audit_event": frozenset({"details"}),
    "campaign_jump": frozenset({"text"}),
    "export_run": frozenset({"error"}),
    "import_run": frozenset({"error"}),
    "outbox": frozenset({"payload", "error"}),
    "quality_alert": frozenset({"text"}),
}
"""Columns by table in which the bot may have written a person's name.

Only there is the name replaced: elsewhere, a name such as Rose may be an ordinary word.
"""


@dataclass(frozen=True, slots=True)
class Identifiers:
    """What identifies a person: unique `ids` (Slack id, conversation, address), and the `name`."""

    ids: frozenset[str]
    name: str = ""

    def of_column(self, table: str, column: str) -> frozenset[str]:
        """Return what to look for in a column."""
        with_name = self.name and column in WRITTEN_BY_BOT.get(table, ())
        return self.ids | {self.name} if with_name else self.ids


def searched_tables() -> Iterator[tuple[Table, list[Column[Any]]]]:
    """Yield each table with its columns of text or JSON, without the schema's own table."""
    for table in SQLModel.metadata.sorted_tables:
        columns = [c for c in table.columns if _is_searched(c)]
        if columns:
            yield table, columns


def _is_searched(column: Column[Any]) -> bool:
    return isinstance(column.type, String | AutoString | JSON)


def replace_identifiers(session: Session, identifiers: Identifiers, pseudonym: str) -> int:
    """Put the pseudonym in place of what identifies a person; return how many rows changed."""
    changed = 0
    for table, columns in searched_tables():
        kept = CONTENT.get(table.name, frozenset())
        replaced = [column for column in columns if column.name not in kept]
        changed += _replace_in_table(session, table, replaced, identifiers, pseudonym)
    return changed


def count_mentions(session: Session, ids: Collection[str]) -> dict[str, int]:
    """Return how many rows of each table contain one of these ids as a word; none are left out."""
    identifiers = Identifiers(frozenset(ids))
    counts = {
        table.name: sum(1 for _row in _mentioning_rows(session, table, columns, identifiers))
        for table, columns in searched_tables()
    }
    return {name: count for name, count in counts.items() if count}


def rows_about(
    session: Session, expert_id: int | None, identifiers: Identifiers
) -> dict[str, list[dict[str, Any]]]:
    """Return all rows about a person by table: theirs, and those that name them."""
    found: dict[str, list[dict[str, Any]]] = {}
    for table in SQLModel.metadata.sorted_tables:
        condition = _is_about(table, expert_id, identifiers)
        if condition is None:
            continue
        query = select(table).where(condition).order_by(*table.primary_key.columns)
        rows = [dict(row) for row in session.connection().execute(query).mappings()]
        if rows:
            found[table.name] = rows
    return found


def _is_about(
    table: Table, expert_id: int | None, identifiers: Identifiers
) -> ColumnElement[bool] | None:
    conditions = [
        _contains(column, identifiers.of_column(table.name, column.name))
        for column in table.columns
        if _is_searched(column)
    ]
    if expert_id is not None:
        conditions += _belongs_to(table, expert_id)
    return or_(*conditions) if conditions else None


def _belongs_to(table: Table, expert_id: int) -> list[ColumnElement[bool]]:
    if table.name == Expert.__tablename__:
        return [table.c.id == expert_id]
    if "expert_id" in table.c:
        return [table.c.expert_id == expert_id]
    if "assignment_id" in table.c:
        theirs = select(col(Assignment.id)).where(col(Assignment.expert_id) == expert_id)
        return [table.c.assignment_id.in_(theirs)]
    return []


def _replace_in_table(
    session: Session,
    table: Table,
    columns: Sequence[Column[Any]],
    identifiers: Identifiers,
    pseudonym: str,
) -> int:
    rows = _mentioning_rows(session, table, columns, identifiers)
    for row in rows:
        is_row = and_(*(key == row._mapping[key] for key in table.primary_key.columns))  # noqa: SLF001 - its public name
        values = {
            column.name: _replace_names(
                row._mapping[column],  # noqa: SLF001 - its public name
                _pattern(identifiers.of_column(table.name, column.name)),
                pseudonym,
            )
            for column in columns
        }
        session.connection().execute(update(table).where(is_row).values(values))
    return len(rows)


def _mentioning_rows(
    session: Session, table: Table, columns: Sequence[Column[Any]], identifiers: Identifiers
) -> list[Row[Any]]:
    """Return the rows that have an identifier as a word, with their key and these columns."""
    wanted = {c: identifiers.of_column(table.name, c.name) for c in columns}
    if not any(wanted.values()):
        return []
    condition = or_(*(_contains(column, names) for column, names in wanted.items()))
    selected = dict.fromkeys([*table.primary_key.columns, *columns])
    rows = session.connection().execute(select(*selected).where(condition))
    patterns = {column: _pattern(names) for column, names in wanted.items()}
    return [
        row
        for row in rows
        if any(_mentions(row._mapping[c], pattern) for c, pattern in patterns.items())  # noqa: SLF001 - its public name
    ]


def _contains(column: Column[Any], names: Collection[str]) -> ColumnElement[bool]:
    """Return a condition that no row with one of the names fails; case may be ignored."""
    is_json = isinstance(column.type, JSON)
    text = cast(column, String) if is_json else column
    written = [orjson.dumps(name).decode()[1:-1] if is_json else name for name in names]
    return or_(*(text.contains(name, autoescape=True) for name in written))


def _pattern(names: Collection[str]) -> re.Pattern[str]:
    alternatives = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
    return re.compile(rf"(?<!\w)(?:{alternatives})(?!\w)")


def _mentions(value: object, pattern: re.Pattern[str]) -> bool:
    return bool(_replace_names(value, pattern, "") != value)


def _replace_names(value: Any, pattern: re.Pattern[str], pseudonym: str) -> Any:  # noqa: ANN401 - text or JSON
    """Return text or JSON with the pseudonym in place of what the pattern finds."""
    match value:
        case str():
            return pattern.sub(pseudonym, value)
        case list():
            return [_replace_names(element, pattern, pseudonym) for element in value]
        case dict():
            return {
                _replace_names(key, pattern, pseudonym): _replace_names(element, pattern, pseudonym)
                for key, element in value.items()
            }
        case _:
            return value
