"""The audit trail in Slack, turned page by page."""

from __future__ import annotations

from bot.slack.auditing import PAGE
from bot.slack.ids import Press
from tests.handlers.front import COORDINATOR, Front


async def test_the_older_page_follows_the_newest(front: Front) -> None:
    front.line.campaign(*(front.line.expert(f"e{number}") for number in range(PAGE + 2)))
    assert "newest first" in await front.says(COORDINATOR, "audit tone")
    await front.presses(COORDINATOR, Press("trail", 1, "", "4"))
    await front.presses(COORDINATOR, Press("trail", 0, "", "4"))
    await front.presses(COORDINATOR, Press("trail", 0, "", "nonsense"))
    await front.presses(COORDINATOR, Press("trail", 1))
    pages = [str(said["blocks"]) for said in front.line.hook.posted]
    assert pages[0] == pages[1]
    assert "created" in pages[0]
    assert "That was all." in pages[2]
    assert "Older" in pages[3]
