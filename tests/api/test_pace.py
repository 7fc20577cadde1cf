"""Bulk work gives way to answers, and only to them."""

from __future__ import annotations

from bot.api.pace import MAX_PAUSE_SECONDS, BulkPace
from tests.api.conftest import RunningApi
from tests.services.conftest import pair

ADA = "U0ADA"


def test_bulk_work_pauses_after_a_step_in_which_an_answer_was_stored(api: RunningApi) -> None:
    api.scenario.create_campaign("tone", overlap=1, experts=[ADA])
    api.scenario.import_rows("tone", [pair(1), pair(2)])
    pauses: list[float] = []
    pace = BulkPace(api.context.database, pauses.append)
    pace.next_step()
    assert pauses == []
    api.scenario.answer_all(ADA, verdict="a")
    pace.end_step()
    pace.begin_step()
    assert len(pauses) == 1
    assert 0 < pauses[0] <= MAX_PAUSE_SECONDS


def test_bulk_work_without_answers_does_not_pause(api: RunningApi) -> None:
    api.scenario.create_campaign("tone", overlap=1, experts=[ADA])
    pauses: list[float] = []
    pace = BulkPace(api.context.database, pauses.append)
    for _ in range(3):
        pace.next_step()
    assert pauses == []
