"""What coordinators choose for the workspace is kept, within bounds, and written down."""

from __future__ import annotations

import pytest

from bot.errors import FieldsError
from bot.services.choosing import Choices, choices, choose
from storage.tables import AuditEvent
from tests.services.conftest import Workshop


def test_before_anybody_chose_there_are_defaults(workshop: Workshop) -> None:
    assert workshop.database.read_now(choices) == Choices()


def test_what_is_chosen_is_kept_and_only_what_changed_is_written_down(workshop: Workshop) -> None:
    wanted = Choices(channel="C1", reminders_a_day=1)
    changed = workshop.database.write_now(choose, wanted, workshop.by)
    assert changed == {"channel": "C1", "reminders_a_day": 1}
    assert workshop.database.read_now(choices) == wanted
    assert workshop.database.write_now(choose, wanted, workshop.by) == {}
    assert workshop.database.write_now(choose, Choices(), workshop.by) == {
        "channel": None,
        "reminders_a_day": 2,
    }
    facts = [event.facts for event in workshop.rows(AuditEvent)]
    assert facts == [changed, {"channel": None, "reminders_a_day": 2}]


@pytest.mark.parametrize(
    ("wanted", "field"),
    [
        (Choices(reminders_a_day=-1), "reminders_a_day"),
        (Choices(reminders_a_day=11), "reminders_a_day"),
        (Choices(reminders_a_week=51), "reminders_a_week"),
        (Choices(reminders_a_day=5, reminders_a_week=4), "reminders_a_week"),
    ],
)
def test_what_is_out_of_bounds_is_said_at_its_field(
    workshop: Workshop, wanted: Choices, field: str
) -> None:
    with pytest.raises(FieldsError) as wrong:
        workshop.database.write_now(choose, wanted, workshop.by)
    assert set(wrong.value.fields) == {field}
    assert workshop.count("workspacesetting") == 0
