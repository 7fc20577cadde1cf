"""A starter app: it greets, and asks for a hobby in a modal."""

from __future__ import annotations

import os
from typing import Any

from slack_bolt import Ack, App, Say
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient

Json = dict[str, Any]


def greet(message: Json, say: Say) -> None:
    text = f"Hey there <@{message['user']}>!"
    label = {"type": "plain_text", "text": "Introduce yourself"}
    button = {"type": "button", "action_id": "introduce", "text": label}
    section = {"type": "section", "text": {"type": "mrkdwn", "text": text}, "accessory": button}
    say(text=text, blocks=[section])


def open_form(ack: Ack, body: Json, client: WebClient) -> None:
    ack()
    hobby = {
        "type": "input",
        "block_id": "hobby",
        "label": {"type": "plain_text", "text": "Hobby"},
        "element": {"type": "plain_text_input", "action_id": "text"},
    }
    form = {
        "type": "modal",
        "callback_id": "introduction",
        "title": {"type": "plain_text", "text": "About you"},
        "submit": {"type": "plain_text", "text": "Send"},
        "blocks": [hobby],
    }
    client.views_open(trigger_id=body["trigger_id"], view=form)


def receive_form(ack: Ack, body: Json, view: Json, client: WebClient) -> None:
    hobby = view["state"]["values"]["hobby"]["text"]["value"]
    if len(hobby) < 3:
        ack(response_action="errors", errors={"hobby": "Write at least three letters."})
        return
    ack()
    client.chat_postMessage(channel=body["user"]["id"], text=f"I like {hobby}, too.")


def register_listeners(app: App) -> None:
    app.message("hello")(greet)
    app.action("introduce")(open_form)
    app.view("introduction")(receive_form)


def main() -> None:
    url = os.environ.get("SLACK_API_URL", "https://slack.com/api/")
    app = App(client=WebClient(os.environ["SLACK_BOT_TOKEN"], base_url=url))
    register_listeners(app)
    handler: Any = SocketModeHandler(app, os.environ["SLACK_APP_TOKEN"])
    handler.start()


if __name__ == "__main__":
    main()
