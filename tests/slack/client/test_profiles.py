"""Profiles of experts: fetched once, and a failure delays nobody else."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from bot.sandbox.faults import Faults
from bot.services.experts import profiles
from bot.services.tasks.scheduled_delivery import dispatch_tasks
from bot.slack.client.method_pause import MethodPause
from bot.slack.client.profiles import fetch_dnd_status, fetch_profiles, parse_profile
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


async def test_unknown_person_keeps_what_is_known(slack: SlackFixture) -> None:
    ada = slack.sandbox.add_user("ada", real_name="Ada Lovelace", tz="America/New_York")
    slack.create_campaign(ada)
    await fetch_profiles(slack.sender, [ada.id])
    slack.sandbox.faults.error("users.info", "user_not_found")
    slack.advance_clock(days=1)
    await fetch_profiles(slack.sender, [ada.id])
    row = await slack.expert_row(ada)
    assert (row.name, row.tz) == ("Ada Lovelace", "America/New_York")


async def test_new_expert_whom_slack_does_not_know_is_sent_nothing(slack: SlackFixture) -> None:
    """Their default hours would be those of UTC: 18:00 in Kathmandu."""
    ada = slack.sandbox.add_user("ada", tz="Asia/Kathmandu")
    slack.create_campaign(ada)
    slack.sandbox.faults.error("users.info", "user_not_found")
    await fetch_profiles(slack.sender, [ada.id])
    result = await slack.database.write(dispatch_tasks, slack.now)
    assert (result.messaged, result.dnd_unknown_ids) == (0, ())
    assert await stale_profiles(slack) == []
    slack.advance_clock(hours=1)
    assert await stale_profiles(slack) == [ada.id]


async def test_request_that_fails_for_one_person_is_repeated_at_once(slack: SlackFixture) -> None:
    ada, grace = slack.add_expert("ada"), slack.add_expert("grace")
    slack.create_campaign(ada, grace)
    slack.sandbox.faults.error("users.info", "fatal_error")
    await fetch_profiles(slack.sender, [ada.id, grace.id])
    assert slack.sandbox.request_counts["users.info"] == 3
    slack.advance_clock(hours=1)
    assert await stale_profiles(slack) == []


OUTAGES: dict[str, tuple[Callable[[Faults, str], None], str, list[str]]] = {
    "Slack is down": (
        lambda faults, method: faults.fail(method, times=99),
        "Slack does not answer (HTTP 503)",
        ["Slack answers again"],
    ),
    "Slack has a bug": (
        lambda faults, method: faults.error(method, "fatal_error", times=99),
        "{method} fails: fatal_error; it is repeated until it works",
        ["{method} works again"],
    ),
    "the token was revoked": (
        lambda faults, method: faults.error(method, "token_revoked", times=99),
        "Slack refuses the app: token_revoked.",
        [],  # the outbox asks Slack about this
    ),
    "a scope is missing": (
        lambda faults, method: faults.error(method, "missing_scope", times=99),
        "Slack refuses {method}: add the scope ",
        ["{method} works again"],
    ),
}
"""By cause: how to break Slack, how the only log line begins, and the line when it is over."""


def _logged(caplog: pytest.LogCaptureFixture) -> list[str]:
    """Return all warnings, without how long an outage took."""
    records = [record for record in caplog.records if record.levelno >= logging.WARNING]
    assert [record.exc_info for record in records if record.exc_info] == []
    return [record.getMessage().partition(", after ")[0] for record in records]


@pytest.mark.parametrize("cause", OUTAGES)
async def test_outage_is_logged_once_and_everyone_is_asked_about_later(
    slack: SlackFixture, caplog: pytest.LogCaptureFixture, cause: str
) -> None:
    break_slack, first_line, last_lines = OUTAGES[cause]
    people = [slack.add_expert(name) for name in ("ada", "bob", "eve", "fay")]
    slack.create_campaign(*people)
    slack_ids = [person.id for person in people]
    break_slack(slack.sandbox.faults, "users.info")
    for _tick in range(20):
        await fetch_profiles(slack.sender, slack_ids)
        slack.advance_clock(seconds=10)
    (line,) = _logged(caplog)
    assert line.startswith(first_line.format(method="users.info"))
    assert slack.sandbox.request_counts["users.info"] < 20, "it is asked less and less often"
    assert await stale_profiles(slack) == slack_ids
    slack.sandbox.faults.clear()
    slack.advance_clock(minutes=1)
    await fetch_profiles(slack.sender, slack_ids)
    assert await stale_profiles(slack) == []
    assert _logged(caplog)[1:] == [text.format(method="users.info") for text in last_lines]


@pytest.mark.parametrize("cause", OUTAGES)
async def test_outage_of_do_not_disturb_is_logged_once(
    slack: SlackFixture, caplog: pytest.LogCaptureFixture, cause: str
) -> None:
    break_slack, first_line, last_lines = OUTAGES[cause]
    people = [slack.add_expert(name) for name in ("ada", "bob", "eve")]
    slack.create_campaign(*people)
    slack_ids = [person.id for person in people]
    break_slack(slack.sandbox.faults, "dnd.info")
    for _tick in range(9):
        await fetch_dnd_status(slack.sender, slack_ids)
        slack.advance_clock(seconds=10)
    (line,) = _logged(caplog)
    assert line.startswith(first_line.format(method="dnd.info"))
    assert (await slack.expert_row(people[2])).dnd_checked_at is not None, "only hours count now"
    slack.sandbox.faults.clear()
    slack.advance_clock(minutes=1)
    await fetch_dnd_status(slack.sender, slack_ids)
    assert _logged(caplog)[1:] == [text.format(method="dnd.info") for text in last_lines]


def test_clock_that_is_set_back_ends_the_pause() -> None:
    pause, now = MethodPause(), datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
    pause.extend(now)
    assert pause.is_active(now)
    assert not pause.is_active(now - timedelta(hours=2))


KNOWN_USER = {
    "real_name": "Ada Lovelace",
    "tz": "Asia/Tokyo",
    "profile": {"status_text": "OOO", "status_emoji": ":palm_tree:", "status_expiration": 0},
}
JUNK = [
    None,
    "",
    5,
    -1,
    10**30,
    True,
    [],
    {},
    "\x00",
    " \n\t ",
    "x" * 9_999,
    ["x"],
    {"x": 1},
    1e300,
]


@pytest.mark.parametrize("junk", JUNK, ids=map(repr, range(len(JUNK))))
@pytest.mark.parametrize("field", ["real_name", "tz", "profile", "deleted"])
def test_junk_in_a_profile_is_not_reported(field: str, junk: object) -> None:
    profile = parse_profile({**KNOWN_USER, field: junk})
    assert profile.name in ("Ada Lovelace", None)
    assert profile.tz in ("Asia/Tokyo", None)
    assert profile.status in ("OOO", None)
    assert profile.is_deactivated is (field == "deleted" and junk is True)


@pytest.mark.parametrize("junk", JUNK, ids=map(repr, range(len(JUNK))))
@pytest.mark.parametrize("field", ["status_text", "status_emoji", "status_expiration", "real_name"])
def test_junk_in_the_inner_profile_is_not_an_error(field: str, junk: object) -> None:
    user = {**KNOWN_USER, "profile": {**KNOWN_USER["profile"], field: junk}}  # type: ignore[dict-item]  # it is a dict
    profile = parse_profile(user)
    assert (profile.name, profile.tz) == ("Ada Lovelace", "Asia/Tokyo")


def test_name_is_one_printable_line() -> None:
    assert parse_profile({"real_name": " Ada\n\u202eLovelace "}).name == "Ada Lovelace"


async def test_rate_limit_postpones_the_rest(slack: SlackFixture) -> None:
    people = [slack.add_expert(name) for name in ("ada", "bob", "eve")]
    slack.create_campaign(*people)
    slack.sandbox.faults.ratelimit("users.info", retry_after=30)
    await fetch_profiles(slack.sender, [person.id for person in people])
    assert slack.sandbox.request_counts["users.info"] == 1
    assert len(await stale_profiles(slack)) == 3
