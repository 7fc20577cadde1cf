"""Reminding by hand, typed."""

from __future__ import annotations

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
