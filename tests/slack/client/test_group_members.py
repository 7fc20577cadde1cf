"""Asking Slack who is meant: groups and channels bring people, apps stay out, trouble is told."""

from __future__ import annotations

from bot.slack.client.group_members import MAX_PEOPLE, SLACKBOT_ID, look_up_members
from tests.slack.slack_fixture import SlackFixture


async def test_people_groups_and_channels_add_up_and_apps_are_left_out(slack: SlackFixture) -> None:
    ada, bo, cy = (slack.add_expert(name) for name in ("ada", "bo", "cy"))
    group = slack.sandbox.add_usergroup([ada, bo], handle="linguists")
    room = slack.sandbox.add_channel("general", members=[bo, cy])
    for called in (group, "@linguists", "Linguists"):
        facts = {"slack_ids": [ada.id, SLACKBOT_ID], "groups": [called], "channels": [room.id]}
        found = await look_up_members(slack.sender, facts)
        assert sorted(found.slack_ids) == sorted([ada.id, bo.id, cy.id])
        assert (found.ignored_count, found.problems) == (2, [])  # Slackbot and our own bot


async def test_who_left_is_left_out(slack: SlackFixture) -> None:
    ada = slack.add_expert()
    ada.deactivate()
    found = await look_up_members(slack.sender, {"slack_ids": [ada.id, "U0NOBODY"]})
    assert (found.slack_ids, found.ignored_count) == ([], 2)


async def test_what_slack_does_not_know_or_show_is_told(slack: SlackFixture) -> None:
    hidden = slack.sandbox.add_channel("secret", private=True, bot=False)
    facts = {"groups": ["@nobody"], "channels": [hidden.id]}
    found = await look_up_members(slack.sender, facts)
    assert found.slack_ids == []
    assert "no user group @nobody" in found.problems[0]
    assert "Invite it to the channel" in found.problems[1]


async def test_far_too_many_are_not_let_in(slack: SlackFixture) -> None:
    found = await look_up_members(
        slack.sender, {"slack_ids": [f"U{number:05}" for number in range(MAX_PEOPLE + 1)]}
    )
    assert found.slack_ids == []
    assert "301 people are too many" in found.problems[0]
