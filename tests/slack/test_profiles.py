"""Who an expert is: asked once, and nobody has to wait for somebody whom Slack does not know."""

from __future__ import annotations

from bot.services import profiling
from bot.slack.profiles import fetch_profiles
from tests.slack.line import Line


async def unknown(line: Line) -> list[str]:
    """Return who is to be asked about."""
    return await line.database.read(profiling.to_ask_about, line.now, 99)


async def test_a_name_and_a_zone_are_kept(line: Line) -> None:
    ada = line.sandbox.person("ada", real_name="Ada Lovelace", tz="Asia/Kathmandu")
    line.campaign(ada)
    await fetch_profiles(line.sender, [ada.id])
    row = await line.expert_row(ada)
    assert (row.name, row.tz) == ("Ada Lovelace", "Asia/Kathmandu")
    assert row.profile_at is not None
    assert await unknown(line) == []


async def test_somebody_slack_does_not_know_keeps_the_defaults_and_is_not_asked_about_again(
    line: Line,
) -> None:
    ada = line.expert()
    line.campaign(ada)
    line.sandbox.faults.error("users.info", "user_not_found")
    await fetch_profiles(line.sender, [ada.id])
    row = await line.expert_row(ada)
    assert (row.name, row.tz) == ("", "UTC")
    assert await unknown(line) == []


async def test_one_who_cannot_be_asked_about_now_keeps_nobody_else_waiting(line: Line) -> None:
    ada, grace = line.expert("ada"), line.expert("grace")
    line.campaign(ada, grace)
    line.sandbox.faults.error("users.info", "fatal_error")
    await fetch_profiles(line.sender, [ada.id, grace.id])
    assert await unknown(line) == [ada.id]
    await fetch_profiles(line.sender, [ada.id])
    assert await unknown(line) == []


async def test_after_a_rate_limit_the_rest_is_asked_about_at_the_next_tick(line: Line) -> None:
    people = [line.expert(name) for name in ("ada", "bob", "eve")]
    line.campaign(*people)
    line.sandbox.faults.ratelimit("users.info", retry_after=30)
    await fetch_profiles(line.sender, [person.id for person in people])
    assert line.sandbox.counts["users.info"] == 1
    assert len(await unknown(line)) == 3
