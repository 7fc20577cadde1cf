"""Workspace settings: defaults, limits, and the audit log of changes."""

from __future__ import annotations

import pytest

from bot.errors import FieldsError
from bot.services.settings.workspace_settings import (
    WorkspaceSettings,
    load_settings,
    update_settings,
)
from storage.tables import AuditEvent
from tests.services.conftest import Scenario


def test_settings_have_defaults(scenario: Scenario) -> None:
    assert scenario.database.read_now(load_settings) == WorkspaceSettings()


def test_settings_are_stored_and_only_changes_are_audited(scenario: Scenario) -> None:
    settings = WorkspaceSettings(channel="C1", reminders_per_day=1)
    changed = scenario.database.write_now(update_settings, settings, scenario.actor)
    assert changed == {"channel": "C1", "reminders_per_day": 1}
    assert scenario.database.read_now(load_settings) == settings
    assert scenario.database.write_now(update_settings, settings, scenario.actor) == {}
    assert scenario.database.write_now(update_settings, WorkspaceSettings(), scenario.actor) == {
        "channel": None,
        "reminders_per_day": 2,
    }
    details = [event.details for event in scenario.rows(AuditEvent)]
    assert details == [changed, {"channel": None, "reminders_per_day": 2}]


@pytest.mark.parametrize(
    ("settings", "field"),
    [
        (WorkspaceSettings(reminders_per_day=-1), "reminders_per_day"),
        (WorkspaceSettings(reminders_per_day=11), "reminders_per_day"),
        (WorkspaceSettings(reminders_per_week=51), "reminders_per_week"),
        (WorkspaceSettings(reminders_per_day=5, reminders_per_week=4), "reminders_per_week"),
    ],
)
def test_number_out_of_range_is_reported_at_its_field(
    scenario: Scenario, settings: WorkspaceSettings, field: str
) -> None:
    with pytest.raises(FieldsError) as error:
        scenario.database.write_now(update_settings, settings, scenario.actor)
    assert set(error.value.fields) == {field}
    assert scenario.count("workspace_setting") == 0
