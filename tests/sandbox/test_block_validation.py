"""Images that count as unfetchable: Slack refuses what shows them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.sandbox import Sandbox, SimulatedUser

Json = dict[str, Any]
CallExpectingError = Callable[..., Json]

URL = "https://images.example/cat.png"
UNTIL_CLEARED = 99
SECTION: Json = {"type": "section", "text": {"type": "mrkdwn", "text": "x"}}


def image(url: str = URL) -> Json:
    return {"type": "image", "image_url": url, "alt_text": "A cat"}


@pytest.mark.parametrize(
    ("blocks", "pointer"),
    [
        ([{"type": "divider"}, image()], "/blocks/1/image_url"),
        ([{"type": "context", "elements": [image()]}], "/blocks/0/elements/0/image_url"),
        ([SECTION | {"accessory": image()}], "/blocks/0/accessory/image_url"),
    ],
)
def test_message_with_unfetchable_image_is_refused(
    sandbox: Sandbox,
    ada: SimulatedUser,
    call_expecting_error: CallExpectingError,
    blocks: list[Json],
    pointer: str,
) -> None:
    sandbox.faults.make_images_unfetchable("https://images.example/*", UNTIL_CLEARED)
    response = call_expecting_error("chat.postMessage", channel=ada.id, text="x", blocks=blocks)
    message = f"downloading image failed [json-pointer:{pointer}]"
    assert response["error"] == "invalid_blocks"
    assert response["errors"] == [message]
    assert response["response_metadata"]["messages"] == [f"[ERROR] {message}"]


def test_other_images_are_accepted(sandbox: Sandbox, client: WebClient, ada: SimulatedUser) -> None:
    sandbox.faults.make_images_unfetchable(URL, UNTIL_CLEARED)
    client.chat_postMessage(channel=ada.id, text="x", blocks=[image("https://images.example/b")])
    attachment = {"text": "old", "image_url": URL}
    client.chat_postMessage(channel=ada.id, text="x", attachments=[attachment])
    sandbox.faults.clear()
    client.chat_postMessage(channel=ada.id, text="x", blocks=[image()])


def test_image_can_be_unfetchable_once(
    sandbox: Sandbox, client: WebClient, ada: SimulatedUser
) -> None:
    sandbox.faults.make_images_unfetchable(URL, 1)
    with pytest.raises(SlackApiError, match="invalid_blocks"):
        client.chat_postMessage(channel=ada.id, text="x", blocks=[image()])
    client.chat_postMessage(channel=ada.id, text="x", blocks=[image()])


def test_home_tab_with_unfetchable_image_is_refused(
    sandbox: Sandbox, ada: SimulatedUser, call_expecting_error: CallExpectingError
) -> None:
    sandbox.faults.make_images_unfetchable(URL, UNTIL_CLEARED)
    view = {"type": "home", "blocks": [image()]}
    response = call_expecting_error("views.publish", user_id=ada.id, view=view)
    message = "[ERROR] downloading image failed [json-pointer:/view/blocks/0/image_url]"
    assert response["error"] == "invalid_arguments"
    assert response["response_metadata"]["messages"] == [message]
