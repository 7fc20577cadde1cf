"""Mentions in rich text: ids become mentions, everything else is plain text."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.sandbox.blockkit import check_message
from bot.services.actors.audit_log import COMMAND_LINE, SLACK
from bot.slack.blockkit.mentions import (
    Mention,
    actor_mention,
    bullet_list,
    fallback_text,
    format_time_ago,
    text_with_mentions,
)

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("elapsed", "expected"),
    [
        (timedelta(seconds=-5), "just now"),
        (timedelta(seconds=59), "just now"),
        (timedelta(minutes=1), "1 minute ago"),
        (timedelta(minutes=119), "1 hour ago"),
        (timedelta(hours=47), "1 day ago"),
        (timedelta(days=2000), "2,000 days ago"),
    ],
)
def test_time_ago_has_one_unit(elapsed: timedelta, expected: str) -> None:
    assert format_time_ago(NOW - elapsed, NOW) == expected


def test_only_ids_become_mentions() -> None:
    block = text_with_mentions(
        "by ", Mention("U1ADA"), " in ", Mention("C1"), " or ", Mention("<!channel>")
    )
    (section,) = block["elements"]
    types = [element["type"] for element in section["elements"]]
    assert types == ["text", "user", "text", "channel", "text", "text"]
    bullets = bullet_list([("a ", Mention("U1ADA"))])
    assert check_message({"text": "x", "blocks": [block, bullets]}) == []


def test_notification_mentions_nobody() -> None:
    assert (
        fallback_text("paused by ", Mention("U1ADA"), " <!here>")
        == "paused by somebody &lt;!here&gt;"
    )


def test_actor_is_a_mention_in_slack_and_a_name_elsewhere() -> None:
    assert actor_mention("U1ADA", SLACK) == Mention("U1ADA")
    assert actor_mention("ada", COMMAND_LINE) == "ada via the command line"
