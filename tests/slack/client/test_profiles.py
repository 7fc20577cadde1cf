"""Who an expert is: asked once, and nobody has to wait for somebody whom Slack does not know."""

from __future__ import annotations

from bot.services.experts import profiles
from bot.slack.client.profiles import fetch_profiles
from tests.slack.slack_fixture import SlackFixture


async def unknown(line: SlackFixture) -> list[str]:
    """Return who is to be asked about."""
    return await line.database.read(profiles.list_stale_profiles, line.now, 99)


async def test_a_name_and_a_zone_are_kept(line: SlackFixture) -> None:
    ada = line.sandbox.add_user("ada", real_name="Ada Lovelace", tz="Asia/Kathmandu")
    line.create_campaign(ada)
    await fetch_profiles(line.sender, [ada.id])
    row = await line.expert_row(ada)
    assert (row.name, row.tz) == ("Ada Lovelace", "Asia/Kathmandu")
    assert row.profile_synced_at is not None
    assert await unknown(line) == []


async def test_somebody_slack_does_not_know_keeps_the_defaults_and_is_not_asked_about_again(
    line: SlackFixture,
) -> None:
    ada = line.add_expert()
    line.create_campaign(ada)
    line.sandbox.faults.error("users.info", "user_not_found")
    await fetch_profiles(line.sender, [ada.id])
    row = await line.expert_row(ada)
    assert (row.name, row.tz) == ("", "UTC")
    assert await unknown(line) == []


async def test_one_who_cannot_be_asked_about_now_keeps_nobody_else_waiting(
    line: SlackFixture,
) -> None:
    ada, grace = line.add_expert("ada"), line.add_expert("grace")
    line.create_campaign(ada, grace)
    line.sandbox.faults.error("users.info", "fatal_error")
    await fetch_profiles(line.sender, [ada.id, grace.id])
    assert await unknown(line) == [ada.id]
    await fetch_profiles(line.sender, [ada.id])
    assert await unknown(line) == []


async def test_after_a_rate_limit_the_rest_is_asked_about_at_the_next_tick(
    line: SlackFixture,
) -> None:
    people = [line.add_expert(name) for name in ("ada", "bob", "eve")]
    line.create_campaign(*people)
    line.sandbox.faults.ratelimit("users.info", retry_after=30)
    await fetch_profiles(line.sender, [person.id for person in people])
    assert line.sandbox.request_counts["users.info"] == 1
    assert len(await unknown(line)) == 3
