"""Member lookups: groups and channels are resolved, apps are ignored, problems are reported."""

from __future__ import annotations

from bot.messages.campaigns import MemberLookupMessage
from bot.slack.client.group_members import MAX_PEOPLE, SLACKBOT_ID, look_up_members
from tests.slack.slack_fixture import SlackFixture


async def test_people_groups_and_channels_are_combined_without_apps(slack: SlackFixture) -> None:
    ada, bo, cy = (slack.add_expert(name) for name in ("ada", "bo", "cy"))
    group = slack.sandbox.add_usergroup([ada, bo], handle="linguists")
    channel = slack.sandbox.add_channel("general", members=[bo, cy])
    for name in (group, "@linguists", "Linguists"):
        request = MemberLookupMessage(
            slack_ids=(ada.id, SLACKBOT_ID), groups=(name,), channels=(channel.id,)
        )
        lookup = await look_up_members(slack.sender, request)
        assert sorted(lookup.slack_ids) == sorted([ada.id, bo.id, cy.id])
        assert (lookup.ignored_count, lookup.problems) == (2, [])  # Slackbot and our own bot


async def test_deactivated_and_unknown_people_are_ignored(slack: SlackFixture) -> None:
    ada = slack.add_expert()
    ada.deactivate()
    lookup = await look_up_members(slack.sender, MemberLookupMessage((ada.id, "U0NOBODY")))
    assert (lookup.slack_ids, lookup.ignored_count) == ([], 2)


async def test_unknown_group_and_hidden_channel_are_reported(slack: SlackFixture) -> None:
    hidden = slack.sandbox.add_channel("secret", private=True, bot=False)
    request = MemberLookupMessage(groups=("@nobody",), channels=(hidden.id,))
    lookup = await look_up_members(slack.sender, request)
    assert lookup.slack_ids == []
    assert "no user group @nobody" in lookup.problems[0]
    assert "Invite it to the channel" in lookup.problems[1]


async def test_too_many_people_are_refused(slack: SlackFixture) -> None:
    people = tuple(f"U{number:05}" for number in range(MAX_PEOPLE + 1))
    lookup = await look_up_members(slack.sender, MemberLookupMessage(people))
    assert lookup.slack_ids == []
    assert "301 people are too many" in lookup.problems[0]
