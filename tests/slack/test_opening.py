"""Opening modals: tried once, and if it fails the person hears why, beside the message."""

from __future__ import annotations

import pytest
from slack_sdk.errors import SlackApiError

from bot.slack.modals import notice_modal
from bot.slack.opening import NOT_NOW, TOO_LATE, open_view, update_view
from tests.slack.line import Line

VIEW = notice_modal("Title", "Words.")
OPEN = {"id": "V1", "hash": "1.x"}


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("expired_trigger_id", TOO_LATE),
        ("trigger_expired", TOO_LATE),
        ("exchanged_trigger_id", NOT_NOW),
        ("invalid_arguments", NOT_NOW),
        ("internal_error", NOT_NOW),
    ],
)
async def test_a_modal_that_does_not_open_is_explained_to_that_person_only(
    line: Line, word: str, said: str
) -> None:
    line.sandbox.faults.error("views.open", word)
    await open_view(line.sender, "1.2", VIEW, line.hook.url)
    assert line.hook.posted == [
        {"response_type": "ephemeral", "replace_original": False, "text": said}
    ]


async def test_a_limit_is_explained_with_its_seconds(line: Line) -> None:
    line.sandbox.faults.ratelimit("views.open", retry_after=7)
    await open_view(line.sender, "1.2", VIEW, line.hook.url)
    assert "again in 7 seconds" in line.hook.posted[0]["text"]


async def test_without_a_message_beside_it_nothing_can_be_said(line: Line) -> None:
    await open_view(line.sender, "no such trigger", VIEW, None)
    assert line.hook.posted == []
    assert line.sandbox.counts["views.open"] == 1


@pytest.mark.parametrize("word", ["hash_conflict", "not_found"])
async def test_a_modal_that_changed_meanwhile_is_left_to_the_newer_click(
    line: Line, word: str
) -> None:
    line.sandbox.faults.error("views.update", word)
    await update_view(line.sender, OPEN, VIEW)
    assert line.sandbox.counts["views.update"] == 1


async def test_any_other_refusal_of_a_modal_is_a_bug_that_shows(line: Line) -> None:
    line.sandbox.faults.error("views.update", "invalid_arguments")
    with pytest.raises(SlackApiError, match="invalid_arguments"):
        await update_view(line.sender, OPEN, VIEW)
