"""Whether the bot may message an expert unasked."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bot.cadence.do_not_disturb import DND_MAX_AGE
from bot.services.availability import reachability
from storage.tables import Expert
from tests.services.conftest import NOW

HOUR = timedelta(hours=1)


def expert(**columns: Any) -> Expert:  # noqa: ANN401 - columns of an Expert
    """Return an expert in working hours."""
    known: dict[str, Any] = {"profile_synced_at": NOW, **columns}
    return Expert(slack_id="U1", pseudonym="x", work_days=[1], created_at=NOW, **known)


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        ({}, True),
        ({"paused_until": NOW + HOUR}, False),
        ({"paused_until": NOW}, True),
        ({"status_away_until": NOW + HOUR}, False),
        ({"dnd_until": NOW + HOUR}, False),
        ({"dnd_until": NOW}, True),
        ({"tz": "Asia/Tokyo"}, False),
        ({"profile_synced_at": None}, False),
        ({"profile_synced_at": None, "has_custom_tz": True}, True),
    ],
)
def test_expert_who_is_away_is_not_reachable(columns: dict[str, object], *, expected: bool) -> None:
    assert reachability.is_reachable(expert(**columns), NOW) is expected


@pytest.mark.parametrize(
    ("checked_at", "expected"), [(None, False), (NOW, True), (NOW - DND_MAX_AGE, False)]
)
def test_dnd_status_must_be_recent(checked_at: object, *, expected: bool) -> None:
    assert reachability.is_dnd_known(expert(dnd_checked_at=checked_at), NOW) is expected
