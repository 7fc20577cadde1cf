"""What coordinators choose for the workspace is kept, within bounds, and written down."""

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


def test_before_anybody_chose_there_are_defaults(workshop: Scenario) -> None:
    assert workshop.database.read_now(load_settings) == WorkspaceSettings()


def test_what_is_chosen_is_kept_and_only_what_changed_is_written_down(workshop: Scenario) -> None:
    wanted = WorkspaceSettings(channel="C1", reminders_per_day=1)
    changed = workshop.database.write_now(update_settings, wanted, workshop.by)
    assert changed == {"channel": "C1", "reminders_a_day": 1}
    assert workshop.database.read_now(load_settings) == wanted
    assert workshop.database.write_now(update_settings, wanted, workshop.by) == {}
    assert workshop.database.write_now(update_settings, WorkspaceSettings(), workshop.by) == {
        "channel": None,
        "reminders_a_day": 2,
    }
    facts = [event.details for event in workshop.rows(AuditEvent)]
    assert facts == [changed, {"channel": None, "reminders_a_day": 2}]


@pytest.mark.parametrize(
    ("wanted", "field"),
    [
        (WorkspaceSettings(reminders_per_day=-1), "reminders_a_day"),
        (WorkspaceSettings(reminders_per_day=11), "reminders_a_day"),
        (WorkspaceSettings(reminders_per_week=51), "reminders_a_week"),
        (WorkspaceSettings(reminders_per_day=5, reminders_per_week=4), "reminders_a_week"),
    ],
)
def test_what_is_out_of_bounds_is_said_at_its_field(
    workshop: Scenario, wanted: WorkspaceSettings, field: str
) -> None:
    with pytest.raises(FieldsError) as wrong:
        workshop.database.write_now(update_settings, wanted, workshop.by)
    assert set(wrong.value.fields) == {field}
    assert workshop.count("workspace_setting") == 0
