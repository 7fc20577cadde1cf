"""Who an expert is: asked once, and nobody has to wait for somebody whom Slack does not know."""

from __future__ import annotations

from bot.services.experts import profiles
from bot.slack.client.profiles import fetch_profiles
from tests.slack.slack_fixture import SlackFixture


async def unknown(slack: SlackFixture) -> list[str]:
    """Return who is to be asked about."""
    return await slack.database.read(profiles.list_stale_profiles, slack.now, 99)


async def test_a_name_and_a_zone_are_kept(slack: SlackFixture) -> None:
    ada = slack.sandbox.add_user("ada", real_name="Ada Lovelace", tz="Asia/Kathmandu")
    slack.create_campaign(ada)
    await fetch_profiles(slack.sender, [ada.id])
    row = await slack.expert_row(ada)
    assert (row.name, row.tz) == ("Ada Lovelace", "Asia/Kathmandu")
    assert row.profile_synced_at is not None
    assert await unknown(slack) == []


async def test_somebody_slack_does_not_know_keeps_the_defaults_and_is_not_asked_about_again(
    slack: SlackFixture,
) -> None:
    ada = slack.add_expert()
    slack.create_campaign(ada)
    slack.sandbox.faults.error("users.info", "user_not_found")
    await fetch_profiles(slack.sender, [ada.id])
    row = await slack.expert_row(ada)
    assert (row.name, row.tz) == ("", "UTC")
    assert await unknown(slack) == []


async def test_one_who_cannot_be_asked_about_now_keeps_nobody_else_waiting(
    slack: SlackFixture,
) -> None:
    ada, grace = slack.add_expert("ada"), slack.add_expert("grace")
    slack.create_campaign(ada, grace)
    slack.sandbox.faults.error("users.info", "fatal_error")
    await fetch_profiles(slack.sender, [ada.id, grace.id])
    assert await unknown(slack) == [ada.id]
    await fetch_profiles(slack.sender, [ada.id])
    assert await unknown(slack) == []


async def test_after_a_rate_limit_the_rest_is_asked_about_at_the_next_tick(
    slack: SlackFixture,
) -> None:
    people = [slack.add_expert(name) for name in ("ada", "bob", "eve")]
    slack.create_campaign(*people)
    slack.sandbox.faults.ratelimit("users.info", retry_after=30)
    await fetch_profiles(slack.sender, [person.id for person in people])
    assert slack.sandbox.request_counts["users.info"] == 1
    assert len(await unknown(slack)) == 3
