"""Workspace settings: reading them with their defaults, and changing them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from sqlmodel import Session

from bot.errors import FieldsError
from bot.services.actors.actor import Actor
from storage.queries import upsert, workspace_settings
from storage.tables import WorkspaceSetting

MAX_REMINDERS_PER_DAY = 10
MAX_REMINDERS_PER_WEEK = 50


@dataclass(frozen=True, slots=True)
class WorkspaceSettings:
    """Settings of the whole workspace.

    Attributes:
        channel: the channel that notifies coordinators; None: their direct messages.
        reminders_per_day: maximum reminder messages to one expert on one day in their time zone.
        reminders_per_week: maximum reminder messages to one expert in seven days.
        digest: whether the weekly summary is sent.
    """

    channel: str | None = None
    reminders_per_day: int = 2
    reminders_per_week: int = 6
    digest: bool = True


SETTING_NAMES = tuple(setting.name for setting in fields(WorkspaceSettings))


def load_settings(session: Session) -> WorkspaceSettings:
    """Return the stored settings, with defaults for the others."""
    stored = workspace_settings.stored_values(session, SETTING_NAMES)
    return WorkspaceSettings(**{name: value["value"] for name, value in stored.items()})


def update_settings(session: Session, settings: WorkspaceSettings, actor: Actor) -> dict[str, Any]:
    """Store the settings that changed; return them by name.

    Raises:
        FieldsError: a number is out of range; nothing is changed.
    """
    _validate(settings)
    before = asdict(load_settings(session))
    changed = {name: value for name, value in asdict(settings).items() if value != before[name]}
    for name, value in changed.items():
        _store_setting(session, name, {"value": value}, actor)
    if changed:
        actor.record(session, "changed workspace settings", "workspace", **changed)
    return changed


def _store_setting(session: Session, name: str, value: Mapping[str, Any], actor: Actor) -> None:
    row = WorkspaceSetting(name=name, value=dict(value), changed_by=actor.name, changed_at=actor.at)
    upsert.upsert_row(session, row)


def _validate(settings: WorkspaceSettings) -> None:
    errors = {
        **_range_error("reminders_per_day", settings.reminders_per_day, MAX_REMINDERS_PER_DAY),
        **_range_error("reminders_per_week", settings.reminders_per_week, MAX_REMINDERS_PER_WEEK),
    }
    if not errors and settings.reminders_per_week < settings.reminders_per_day:
        errors["reminders_per_week"] = "Choose at least as many reminders per week as per day."
    if errors:
        raise FieldsError(errors)


def _range_error(name: str, value: int, maximum: int) -> dict[str, str]:
    return {} if 0 <= value <= maximum else {name: f"Choose a number from 0 to {maximum}."}
