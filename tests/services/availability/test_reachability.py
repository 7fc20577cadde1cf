"""Whether somebody may be spoken to unasked."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bot.cadence.do_not_disturb import DND_MAX_AGE
from bot.services.availability import reachability
from storage.tables import Expert
from tests.services.conftest import NOW

HOUR = timedelta(hours=1)


def expert(**known: Any) -> Expert:  # noqa: ANN401 - columns of an Expert
    """Return an expert at work."""
    return Expert(slack_id="U1", pseudonym="x", work_days=[1], created_at=NOW, **known)


@pytest.mark.parametrize(
    ("known", "may"),
    [
        ({}, True),
        ({"paused_until": NOW + HOUR}, False),
        ({"paused_until": NOW}, True),
        ({"status_away_until": NOW + HOUR}, False),
        ({"dnd_until": NOW + HOUR}, False),
        ({"dnd_until": NOW}, True),
        ({"tz": "Asia/Tokyo"}, False),
    ],
)
def test_only_who_is_there_is_spoken_to(known: dict[str, object], *, may: bool) -> None:
    assert reachability.is_reachable(expert(**known), NOW) is may


@pytest.mark.parametrize(("at", "counts"), [(None, False), (NOW, True), (NOW - DND_MAX_AGE, False)])
def test_slack_is_asked_before_we_speak(at: object, *, counts: bool) -> None:
    assert reachability.is_dnd_known(expert(dnd_checked_at=at), NOW) is counts
