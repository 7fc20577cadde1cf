"""The next task, typed for."""

from __future__ import annotations

from bot.slack.home import NOBODY
from storage.tables import Expert
from tests.handlers.front import Front, leave


async def test_next_brings_a_task_and_says_that_one_is_back(front: Front) -> None:
    ada = front.line.expert()
    front.line.campaign(ada)
    leave(front)
    assert "direct messages" in await front.says(ada.id, "next")
    (row,) = await front.line.outbox()
    assert (row.word, row.lane, row.facts) == ("task", ada.id, {"asked": True})
    assert front.line.workshop.rows(Expert)[0].away_since is None
    assert front.woken == ["now"]


async def test_a_stranger_hears_how_to_take_part(front: Front) -> None:
    assert await front.says("U1", "next") == NOBODY
    assert await front.line.outbox() == []
