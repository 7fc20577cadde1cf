"""Opening modals: tried once, and a failure is explained to the person."""

from __future__ import annotations

import pytest
from slack_sdk.errors import SlackApiError

from bot.slack.client.modals import OPEN_FAILED_TEXT, TRIGGER_EXPIRED_TEXT, open_view, update_view
from bot.slack.views.task_modals import notice_modal
from tests.slack.slack_fixture import SlackFixture

VIEW = notice_modal("Title", "Text.")
OPEN_VIEW = {"id": "V1", "hash": "1.x"}


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("expired_trigger_id", TRIGGER_EXPIRED_TEXT),
        ("trigger_expired", TRIGGER_EXPIRED_TEXT),
        ("invalid_arguments", OPEN_FAILED_TEXT),
        ("internal_error", OPEN_FAILED_TEXT),
    ],
)
async def test_failure_to_open_is_explained_ephemerally(
    slack: SlackFixture, code: str, text: str
) -> None:
    slack.sandbox.faults.error("views.open", code)
    await open_view(slack.sender, "1.2", VIEW, slack.response_url_server.url)
    assert slack.response_url_server.posted == [
        {"response_type": "ephemeral", "replace_original": False, "text": text}
    ]


async def test_second_delivery_of_a_tap_explains_nothing(slack: SlackFixture) -> None:
    """The first one opened the dialog."""
    slack.sandbox.faults.error("views.open", "exchanged_trigger_id")
    await open_view(slack.sender, "1.2", VIEW, slack.response_url_server.url)
    assert slack.response_url_server.posted == []


async def test_rate_limit_is_explained_with_its_seconds(slack: SlackFixture) -> None:
    slack.sandbox.faults.ratelimit("views.open", retry_after=7)
    await open_view(slack.sender, "1.2", VIEW, slack.response_url_server.url)
    assert "again in 7 seconds" in slack.response_url_server.posted[0]["text"]


async def test_failure_without_a_response_url_is_only_logged(slack: SlackFixture) -> None:
    await open_view(slack.sender, "no such trigger", VIEW, None)
    assert slack.response_url_server.posted == []
    assert slack.sandbox.request_counts["views.open"] == 1


@pytest.mark.parametrize("code", ["hash_conflict", "not_found"])
async def test_modal_that_has_changed_is_not_updated(slack: SlackFixture, code: str) -> None:
    slack.sandbox.faults.error("views.update", code)
    await update_view(slack.sender, OPEN_VIEW, VIEW)
    assert slack.sandbox.request_counts["views.update"] == 1


async def test_other_errors_of_an_update_are_raised(slack: SlackFixture) -> None:
    slack.sandbox.faults.error("views.update", "invalid_arguments")
    with pytest.raises(SlackApiError, match="invalid_arguments"):
        await update_view(slack.sender, OPEN_VIEW, VIEW)
