"""Names in sentences: people by their id, everything else as plain words."""

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
    ("passed", "said"),
    [
        (timedelta(seconds=-5), "just now"),
        (timedelta(seconds=59), "just now"),
        (timedelta(minutes=1), "1 minute ago"),
        (timedelta(minutes=119), "1 hour ago"),
        (timedelta(hours=47), "1 day ago"),
        (timedelta(days=2000), "2,000 days ago"),
    ],
)
def test_how_long_ago_is_said_in_one_unit(passed: timedelta, said: str) -> None:
    assert format_time_ago(NOW - passed, NOW) == said


def test_what_nobody_wrote_down_was_some_time_ago() -> None:
    assert format_time_ago(None, NOW) == "some time ago"


def test_only_ids_become_names() -> None:
    block = text_with_mentions(
        "by ", Mention("U1ADA"), " in ", Mention("C1"), " or ", Mention("<!channel>")
    )
    (section,) = block["elements"]
    kinds = [leaf["type"] for leaf in section["elements"]]
    assert kinds == ["text", "user", "text", "channel", "text", "text"]
    assert (
        check_message({"text": "x", "blocks": [block, bullet_list([("a ", Mention("U1ADA"))])]})
        == []
    )


def test_a_notification_names_nobody() -> None:
    assert (
        fallback_text("paused by ", Mention("U1ADA"), " <!here>")
        == "paused by somebody &lt;!here&gt;"
    )


def test_a_hand_on_the_command_line_is_a_name_and_one_in_slack_a_person() -> None:
    assert actor_mention("U1ADA", SLACK) == (Mention("U1ADA"),)
    assert actor_mention("ada", COMMAND_LINE) == ("ada (command line)",)
    assert actor_mention(None, "") == ("somebody",)
