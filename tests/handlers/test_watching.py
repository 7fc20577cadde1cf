"""How far people and campaigns are, typed for."""

from __future__ import annotations

from bot.slack.home import NOBODY
from tests.handlers.front import COORDINATOR, Front, hold


async def test_status_is_about_oneself_and_for_coordinators_about_everything(front: Front) -> None:
    ada = front.line.expert()
    front.line.campaign(ada)
    given = await hold(front, ada)
    front.line.workshop.answers(ada.id, given, verdict="a")
    own = await front.says(ada.id, "status")
    assert own == "2 waiting for you. You answered 1 today and 1 in all."
    theirs = await front.says(COORDINATOR, "status")
    assert theirs.startswith("• tone: 1 of 3 answers (33%)")


async def test_a_stranger_hears_how_to_take_part(front: Front) -> None:
    assert await front.says("U1", "status") == NOBODY
