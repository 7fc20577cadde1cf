"""Stored images in Slack: uploaded once, shown as a `slack_file`, and replaced by a text if not."""

from __future__ import annotations

import asyncio
import base64

import pytest

from bot.sandbox.png import striped_png
from bot.slack.blockkit.passages import MISSING_IMAGE
from bot.slack.blockkit.types import ImageBlock
from bot.slack.client.rate_limiter import RateLimiter
from storage.queries import media_files
from storage.tables import MediaFile
from tests.services.conftest import pair
from tests.slack.slack_fixture import SlackFixture

PNG = striped_png(2, [(255, 0, 0)])
IMAGE = f"data:image/png;base64,{base64.b64encode(PNG).decode()}"
UPLOAD, COMPLETE = "files.getUploadURLExternal", "files.completeUploadExternal"


def import_image_tasks(slack: SlackFixture, *people: str, count: int = 2) -> None:
    """Import items that show one image, with an overlap for everybody."""
    slack.scenario.now = slack.now
    slack.scenario.create_campaign(experts=people, overlap=len(people))
    rows = [pair(number, image=IMAGE, alt="A red line") for number in range(count)]
    slack.scenario.import_rows("tone", rows)


def shown_files(slack: SlackFixture) -> list[str]:
    """Return the Slack files in all messages, in order."""
    return [
        block["slack_file"]["id"]
        for call in slack.api_calls("chat.postMessage")
        for block in call["blocks"]
        if block["type"] == "image"
    ]


async def test_image_is_uploaded_once_and_shown_to_everybody(slack: SlackFixture) -> None:
    ada, ben = slack.add_expert(), slack.add_expert("ben")
    import_image_tasks(slack, ada.id, ben.id)
    await asyncio.gather(slack.show_task(ada), slack.show_task(ben))
    (stored,) = slack.scenario.rows(MediaFile)
    assert stored.uploaded_at is not None
    assert shown_files(slack) == [stored.slack_file_id] * 2
    (upload,) = slack.api_calls(UPLOAD)
    assert upload["filename"] == "image.png"
    (complete,) = slack.api_calls(COMPLETE)
    assert not {"channel_id", "channels"} & complete.keys()


@pytest.mark.parametrize("method", [UPLOAD, COMPLETE, "upload"])
async def test_task_is_shown_without_an_image_that_cannot_be_uploaded(
    slack: SlackFixture, method: str
) -> None:
    ada = slack.add_expert()
    import_image_tasks(slack, ada.id)
    if method == "upload":
        slack.sandbox.faults.fail(method, 500)
    else:
        slack.sandbox.faults.error(method, "file_uploads_disabled")
    await slack.show_task(ada)
    (message,) = ada.messages
    assert MISSING_IMAGE in message.plain_text
    assert "A red line" in message.plain_text
    (stored,) = slack.scenario.rows(MediaFile)
    assert stored.slack_file_id is None
    await slack.sender.post(ada.dm, "Again", [image_block(stored.url)])
    assert len(shown_files(slack)) == 1


async def test_file_that_was_deleted_in_slack_is_uploaded_again(slack: SlackFixture) -> None:
    ada = slack.add_expert()
    import_image_tasks(slack, ada.id)
    (stored,) = slack.scenario.rows(MediaFile)
    slack.database.write_now(media_files.record_upload, stored.url, "F0DELETED", slack.now)
    await slack.sender.post(ada.dm, "First", [image_block(stored.url)])
    assert MISSING_IMAGE in ada.messages[0].plain_text
    assert slack.api_calls(UPLOAD) == []
    await slack.sender.post(ada.dm, "Second", [image_block(stored.url)])
    assert len(slack.api_calls(UPLOAD)) == 1
    (stored,) = slack.scenario.rows(MediaFile)
    assert shown_files(slack)[-1] == stored.slack_file_id


@pytest.mark.slow
async def test_message_waits_when_slack_limits_uploads(slack: SlackFixture) -> None:
    slack.sender.rate_limiter = RateLimiter()
    ada = slack.add_expert()
    import_image_tasks(slack, ada.id)
    slack.sandbox.faults.ratelimit(UPLOAD, 1)
    await slack.show_task(ada)
    assert len(shown_files(slack)) == 1


async def test_dialogs_and_replaced_messages_show_the_image(slack: SlackFixture) -> None:
    ada = slack.add_expert()
    import_image_tasks(slack, ada.id)
    (stored,) = slack.scenario.rows(MediaFile)
    block = image_block(stored.url)
    view = {"type": "home", "blocks": [block]}
    await slack.sender.call("views.publish", {"user_id": ada.id, "view": view})
    url = slack.response_url_server.url
    assert await slack.sender.replace(url, slack.now, "Replaced", [block])
    (stored,) = slack.scenario.rows(MediaFile)
    expected = [{**block, "slack_file": {"id": stored.slack_file_id}}]
    (published,) = slack.api_calls("views.publish")
    assert published["view"]["blocks"] == expected
    assert slack.response_url_server.posted[0]["blocks"] == expected


async def test_replaced_message_waits_when_slack_limits_uploads(slack: SlackFixture) -> None:
    ada = slack.add_expert()
    import_image_tasks(slack, ada.id)
    (stored,) = slack.scenario.rows(MediaFile)
    slack.sandbox.faults.ratelimit(UPLOAD, 1)
    url = slack.response_url_server.url
    assert not await slack.sender.replace(url, slack.now, "Later", [image_block(stored.url)])
    assert slack.response_url_server.posted == []


def image_block(url: str) -> ImageBlock:
    """Return an image block as it is before a message is sent."""
    return {
        "type": "image",
        "block_id": "picture",
        "alt_text": "A red line",
        "slack_file": {"id": url},
    }
