"""Profiles of experts: fetched once, and a failure delays nobody else."""

from __future__ import annotations

from bot.services.experts import profiles
from bot.slack.client.profiles import fetch_profiles
from tests.slack.slack_fixture import SlackFixture


async def stale_profiles(slack: SlackFixture) -> list[str]:
    """Return the experts whose profile is to be fetched."""
    return await slack.database.read(profiles.list_stale_profiles, slack.now, 99)


async def test_name_and_time_zone_are_stored(slack: SlackFixture) -> None:
    ada = slack.sandbox.add_user("ada", real_name="Ada Lovelace", tz="Asia/Kathmandu")
    slack.create_campaign(ada)
    await fetch_profiles(slack.sender, [ada.id])
    row = await slack.expert_row(ada)
    assert (row.name, row.tz) == ("Ada Lovelace", "Asia/Kathmandu")
    assert row.profile_synced_at is not None
    assert await stale_profiles(slack) == []


async def test_unknown_person_keeps_the_defaults_and_is_not_fetched_again(
    slack: SlackFixture,
) -> None:
    ada = slack.add_expert()
    slack.create_campaign(ada)
    slack.sandbox.faults.error("users.info", "user_not_found")
    await fetch_profiles(slack.sender, [ada.id])
    row = await slack.expert_row(ada)
    assert (row.name, row.tz) == ("", "UTC")
    assert await stale_profiles(slack) == []


async def test_failed_request_delays_nobody_else(slack: SlackFixture) -> None:
    ada, grace = slack.add_expert("ada"), slack.add_expert("grace")
    slack.create_campaign(ada, grace)
    slack.sandbox.faults.error("users.info", "fatal_error")
    await fetch_profiles(slack.sender, [ada.id, grace.id])
    assert await stale_profiles(slack) == [ada.id]
    await fetch_profiles(slack.sender, [ada.id])
    assert await stale_profiles(slack) == []


async def test_rate_limit_postpones_the_rest(slack: SlackFixture) -> None:
    people = [slack.add_expert(name) for name in ("ada", "bob", "eve")]
    slack.create_campaign(*people)
    slack.sandbox.faults.ratelimit("users.info", retry_after=30)
    await fetch_profiles(slack.sender, [person.id for person in people])
    assert slack.sandbox.request_counts["users.info"] == 1
    assert len(await stale_profiles(slack)) == 3
