"""What coordinators choose for the whole workspace: read with its defaults, changed, recorded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from sqlmodel import Session, col, select

from bot.errors import FieldsError
from bot.services.actors.actor import Actor
from storage.queries import upsert
from storage.tables import WorkspaceSetting

MAX_REMINDERS_PER_DAY = 10
MAX_REMINDERS_PER_WEEK = 50


@dataclass(frozen=True, slots=True)
class WorkspaceSettings:
    """What holds for the whole workspace.

    Attributes:
        channel: where coordinators hear of what needs them; None: in their direct messages.
        reminders_per_day: how many messages at most remind one expert on one day of theirs.
        reminders_per_week: how many at most in seven days.
        digest: whether the weekly summary is sent.
    """

    channel: str | None = None
    reminders_per_day: int = 2
    reminders_per_week: int = 6
    digest: bool = True


SETTING_NAMES = tuple(one.name for one in fields(WorkspaceSettings))


def load_settings(session: Session) -> WorkspaceSettings:
    """Return what was chosen, with the default for what was not."""
    query = select(WorkspaceSetting).where(col(WorkspaceSetting.name).in_(SETTING_NAMES))
    return WorkspaceSettings(**{row.name: row.value["is"] for row in session.exec(query)})


def update_settings(session: Session, wanted: WorkspaceSettings, actor: Actor) -> dict[str, Any]:
    """Keep what differs from before; return it by name.

    Raises:
        FieldsError: a number is out of bounds; nothing is changed.
    """
    _validate(wanted)
    before = asdict(load_settings(session))
    changed = {name: value for name, value in asdict(wanted).items() if value != before[name]}
    for name, value in changed.items():
        _store_setting(session, name, {"is": value}, actor)
    if changed:
        actor.record(session, "changed the settings", "workspace", **changed)
    return changed


def _store_setting(session: Session, name: str, value: Mapping[str, Any], actor: Actor) -> None:
    row = WorkspaceSetting(name=name, value=dict(value), changed_by=actor.name, changed_at=actor.at)
    upsert.upsert_row(session, row)


def _validate(wanted: WorkspaceSettings) -> None:
    errors = {
        **_range_error("reminders_per_day", wanted.reminders_per_day, MAX_REMINDERS_PER_DAY),
        **_range_error("reminders_per_week", wanted.reminders_per_week, MAX_REMINDERS_PER_WEEK),
    }
    if not errors and wanted.reminders_per_week < wanted.reminders_per_day:
        errors["reminders_per_week"] = "A week cannot have fewer reminders than one of its days."
    if errors:
        raise FieldsError(errors)


def _range_error(name: str, given: int, most: int) -> dict[str, str]:
    return {} if 0 <= given <= most else {name: f"Choose a number from 0 to {most}."}
