"""Asking Slack who is meant: groups and channels bring people, apps stay out, trouble is told."""

from __future__ import annotations

from bot.slack.gathering import MOST, SLACKBOT, gather
from tests.slack.line import Line


async def test_people_groups_and_channels_add_up_and_apps_are_left_out(line: Line) -> None:
    ada, bo, cy = (line.expert(name) for name in ("ada", "bo", "cy"))
    group = line.sandbox.usergroup([ada, bo], handle="linguists")
    room = line.sandbox.channel("general", members=[bo, cy])
    for called in (group, "@linguists", "Linguists"):
        facts = {"people": [ada.id, SLACKBOT], "groups": [called], "channels": [room.id]}
        found = await gather(line.sender, facts)
        assert sorted(found.people) == sorted([ada.id, bo.id, cy.id])
        assert (found.left_out, found.problems) == (2, [])  # Slackbot and our own bot


async def test_who_left_is_left_out(line: Line) -> None:
    ada = line.expert()
    ada.leaves()
    found = await gather(line.sender, {"people": [ada.id, "U0NOBODY"]})
    assert (found.people, found.left_out) == ([], 2)


async def test_what_slack_does_not_know_or_show_is_told(line: Line) -> None:
    hidden = line.sandbox.channel("secret", private=True, bot=False)
    facts = {"groups": ["@nobody"], "channels": [hidden.id]}
    found = await gather(line.sender, facts)
    assert found.people == []
    assert "no user group @nobody" in found.problems[0]
    assert "invite me into it" in found.problems[1]


async def test_far_too_many_are_not_let_in(line: Line) -> None:
    found = await gather(line.sender, {"people": [f"U{number:05}" for number in range(MOST + 1)]})
    assert found.people == []
    assert "301 people are too many" in found.problems[0]
