"""A third-party Slack app that asks where to have lunch, independent of this project.

It is written as in Bolt's guides; environment variables name the address of Slack.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient

Json = dict[str, Any]

client = WebClient(token=os.environ["SLACK_BOT_TOKEN"], base_url=os.environ["SLACK_API_URL"])
app = App(client=client, signing_secret=os.environ["SLACK_SIGNING_SECRET"])

PLACE_OPTIONS = [
    {"text": {"type": "plain_text", "text": name}, "value": name} for name in ("Canteen", "Park")
]


@app.command("/lunch")
def open_lunch_modal(ack: Callable[..., None], body: Json) -> None:
    """Open a modal that asks for a place."""
    ack()
    menu = {"type": "static_select", "action_id": "place", "options": PLACE_OPTIONS}
    label = {"type": "plain_text", "text": "Where to?"}
    client.views_open(
        trigger_id=body["trigger_id"],
        view={
            "type": "modal",
            "callback_id": "lunch",
            "title": {"type": "plain_text", "text": "Lunch"},
            "submit": {"type": "plain_text", "text": "Ask them"},
            "private_metadata": body["channel_id"],
            "blocks": [{"type": "input", "block_id": "where", "label": label, "element": menu}],
        },
    )


@app.view("lunch")
def post_lunch_message(ack: Callable[..., None], body: Json) -> None:
    """Post the question in the channel."""
    ack()
    view = body["view"]
    place = view["state"]["values"]["where"]["place"]["selected_option"]["value"]
    button_text = {"type": "plain_text", "text": "I am in"}
    button = {"type": "button", "action_id": "join", "text": button_text}
    client.chat_postMessage(
        channel=view["private_metadata"],
        text=f"Lunch at the {place}?",
        blocks=[
            {"type": "section", "text": {"type": "mrkdwn", "text": f"Lunch at the *{place}*?"}},
            {"type": "actions", "elements": [button]},
        ],
    )


@app.action("join")
def announce_participant(
    ack: Callable[..., None], body: Json, respond: Callable[..., None]
) -> None:
    """Post who comes along."""
    ack()
    respond(text=f"<@{body['user']['id']}> comes along.", response_type="in_channel")


if __name__ == "__main__":
    SocketModeHandler(app, os.environ["SLACK_APP_TOKEN"]).start()  # type: ignore[no-untyped-call]  # Bolt does not type it
