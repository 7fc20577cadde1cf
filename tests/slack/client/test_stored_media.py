"""Stored images in Slack: uploaded once, shown as a `slack_file`, and a text until Slack can."""

from __future__ import annotations

import asyncio
import base64

import pytest

from bot.sandbox.png import striped_png
from bot.slack.blockkit.passages import MISSING_IMAGE
from bot.slack.blockkit.types import ImageBlock
from bot.slack.client.call_budget import ProcessBudget
from bot.slack.client.stored_media import READY_CHECKS
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
    assert stored.shown_since is not None
    assert shown_files(slack) == [stored.slack_file_id] * 2
    (upload,) = slack.api_calls(UPLOAD)
    assert upload["filename"] == "file.png"
    (complete,) = slack.api_calls(COMPLETE)
    assert not {"channel_id", "channels"} & complete.keys()


@pytest.mark.parametrize("method", [UPLOAD, COMPLETE, "upload"])
async def test_task_is_shown_without_an_image_that_cannot_be_uploaded(
    slack: SlackFixture, method: str
) -> None:
    ada = slack.add_expert()
    import_image_tasks(slack, ada.id)
    if method == "upload":
        slack.sandbox.faults.fail(method, 500, 2)
    else:
        slack.sandbox.faults.error(method, "file_uploads_disabled", 2)
    await slack.show_task(ada)
    (message,) = ada.messages  # the update that follows the message has the image
    assert (MISSING_IMAGE in message.plain_text, message.is_edited) == (False, True)
    posted = slack.api_calls("chat.postMessage")[0]["blocks"]
    assert MISSING_IMAGE in str(posted)
    assert "A red line" in str(posted)


async def test_file_that_was_deleted_in_slack_is_uploaded_again(slack: SlackFixture) -> None:
    ada = slack.add_expert()
    import_image_tasks(slack, ada.id)
    await slack.show_task(ada)
    (stored,) = slack.scenario.rows(MediaFile)
    slack.sandbox.delete_file(stored.slack_file_id or "")
    await slack.sender.post(ada.dm, "Again", [image_block(stored.url)])
    (again,) = slack.scenario.rows(MediaFile)
    assert again.slack_file_id != stored.slack_file_id
    assert len(slack.api_calls(UPLOAD)) == 2
    assert shown_files(slack)[-1] == again.slack_file_id
    assert MISSING_IMAGE not in ada.messages[-1].plain_text


async def test_image_that_slack_has_not_processed_is_a_text_in_dialogs(slack: SlackFixture) -> None:
    ada = slack.add_expert()
    import_image_tasks(slack, ada.id)
    (stored,) = slack.scenario.rows(MediaFile)
    slack.sandbox.faults.delay_file_processing(READY_CHECKS)
    view = {"type": "home", "blocks": [image_block(stored.url)]}
    await slack.sender.call("views.publish", {"user_id": ada.id, "view": view})
    (published,) = slack.api_calls("views.publish")
    assert MISSING_IMAGE in str(published)
    await slack.sender.call("views.publish", {"user_id": ada.id, "view": view})
    assert MISSING_IMAGE not in str(slack.api_calls("views.publish")[-1])
    assert len(slack.api_calls(UPLOAD)) == 1


@pytest.mark.parametrize("error", ["file_not_found", "file_deleted"])
async def test_upload_that_slack_lost_is_repeated(slack: SlackFixture, error: str) -> None:
    ada = slack.add_expert()
    import_image_tasks(slack, ada.id)
    (stored,) = slack.scenario.rows(MediaFile)
    slack.sandbox.faults.error("files.info", error)
    assert await slack.sender.media.upload([stored.url]) == {}
    assert stored.url in await slack.sender.media.upload([stored.url])
    assert len(slack.api_calls(UPLOAD)) == 2


@pytest.mark.slow
async def test_message_waits_when_slack_limits_uploads(slack: SlackFixture) -> None:
    slack.sender.budget = ProcessBudget(slack.clock)
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
