"""Reminding by hand, typed."""

from __future__ import annotations

import pytest

from bot.services import campaigning
from bot.slack.ids import Press
from tests.handlers.front import COORDINATOR, Front, hold, typed


async def test_those_who_hold_tasks_are_reminded_and_the_rest_is_told(front: Front) -> None:
    ada = front.line.expert()
    front.line.campaign(ada)
    await hold(front, ada)
    front.line.passes(hours=2)
    for text in ("remind tone", "remind"):
        body = typed(COORDINATOR, text, response_url=front.line.hook.url)
        answer = await front.sends(body)
        assert "who was left alone" in answer.body
    assert "1 person reminded" in front.whispered()[0]
    words = [row.word for row in await front.line.outbox()]
    assert words.count("reminder") >= 1


@pytest.mark.parametrize("number", [0, 1])
async def test_a_button_reminds_as_well(front: Front, number: int) -> None:
    ada = front.line.expert()
    front.line.campaign(ada)
    await hold(front, ada)
    front.line.passes(hours=2)
    await front.presses(COORDINATOR, Press("remind", number))
    assert front.whispered() == ["1 person reminded."]


async def test_a_campaign_that_is_over_reminds_nobody(front: Front) -> None:
    front.line.campaign(front.line.expert())
    front.line.workshop.directs("tone", campaigning.close, front.line.workshop.by)
    await front.presses(COORDINATOR, Press("remind", 1))
    assert "is closed" in front.whispered()[0]
