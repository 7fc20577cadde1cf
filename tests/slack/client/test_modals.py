"""Opening modals: tried once, and if it fails the person hears why, beside the message."""

from __future__ import annotations

import pytest
from slack_sdk.errors import SlackApiError

from bot.slack.client.modals import OPEN_FAILED_TEXT, TRIGGER_EXPIRED_TEXT, open_view, update_view
from bot.slack.views.task_modals import notice_modal
from tests.slack.slack_fixture import SlackFixture

VIEW = notice_modal("Title", "Words.")
OPEN = {"id": "V1", "hash": "1.x"}


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("expired_trigger_id", TRIGGER_EXPIRED_TEXT),
        ("trigger_expired", TRIGGER_EXPIRED_TEXT),
        ("exchanged_trigger_id", OPEN_FAILED_TEXT),
        ("invalid_arguments", OPEN_FAILED_TEXT),
        ("internal_error", OPEN_FAILED_TEXT),
    ],
)
async def test_a_modal_that_does_not_open_is_explained_to_that_person_only(
    slack: SlackFixture, word: str, said: str
) -> None:
    slack.sandbox.faults.error("views.open", word)
    await open_view(slack.sender, "1.2", VIEW, slack.response_url_server.url)
    assert slack.response_url_server.posted == [
        {"response_type": "ephemeral", "replace_original": False, "text": said}
    ]


async def test_a_limit_is_explained_with_its_seconds(slack: SlackFixture) -> None:
    slack.sandbox.faults.ratelimit("views.open", retry_after=7)
    await open_view(slack.sender, "1.2", VIEW, slack.response_url_server.url)
    assert "again in 7 seconds" in slack.response_url_server.posted[0]["text"]


async def test_without_a_message_beside_it_nothing_can_be_said(slack: SlackFixture) -> None:
    await open_view(slack.sender, "no such trigger", VIEW, None)
    assert slack.response_url_server.posted == []
    assert slack.sandbox.request_counts["views.open"] == 1


@pytest.mark.parametrize("word", ["hash_conflict", "not_found"])
async def test_a_modal_that_changed_meanwhile_is_left_to_the_newer_click(
    slack: SlackFixture, word: str
) -> None:
    slack.sandbox.faults.error("views.update", word)
    await update_view(slack.sender, OPEN, VIEW)
    assert slack.sandbox.request_counts["views.update"] == 1


async def test_any_other_refusal_of_a_modal_is_a_bug_that_shows(slack: SlackFixture) -> None:
    slack.sandbox.faults.error("views.update", "invalid_arguments")
    with pytest.raises(SlackApiError, match="invalid_arguments"):
        await update_view(slack.sender, OPEN, VIEW)
