"""The payloads of interactions, field by field."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from slack_sdk import WebClient

from bot.sandbox import MessageSnapshot, Sandbox, SimulatedUser

if TYPE_CHECKING:
    from tests.sandbox.receiver import Receiver

Json = dict[str, Any]


def test_block_actions_of_a_message(
    sandbox: Sandbox,
    client: WebClient,
    ada: SimulatedUser,
    receiver: Receiver,
    make_question_blocks: Callable[..., list[Json]],
) -> None:
    posted = client.chat_postMessage(channel=ada.id, text="?", blocks=make_question_blocks())
    payload = ada.click("A is better").payload or {}
    assert payload["type"] == "block_actions"
    assert payload["team"] == {"id": sandbox.team_id, "domain": "sandbox"}
    assert (payload["enterprise"], payload["is_enterprise_install"]) == (None, False)
    assert payload["user"] == {
        "id": ada.id,
        "username": "ada",
        "name": "ada",
        "team_id": sandbox.team_id,
    }
    assert payload["api_app_id"] == sandbox.app_id
    assert payload["container"] == {
        "type": "message",
        "message_ts": posted["ts"],
        "channel_id": ada.dm,
        "is_ephemeral": False,
    }
    assert payload["channel"] == {"id": ada.dm, "name": "directmessage"}
    assert payload["message"] == posted["message"]
    assert payload["state"] == {"values": {}}
    (action,) = payload["actions"]
    assert action == {
        "action_ts": action["action_ts"],
        "type": "button",
        "block_id": "q",
        "action_id": "choose_a",
        "text": {"type": "plain_text", "text": "A is better", "emoji": True},
        "value": "a",
    }
    assert receiver.payloads("block_actions") == [payload]


def test_block_actions_in_a_thread_have_thread_ts(
    client: WebClient,
    ada: SimulatedUser,
    receiver: Receiver,
    make_question_blocks: Callable[..., list[Json]],
) -> None:
    parent = client.chat_postMessage(channel=ada.id, text="parent")["ts"]
    client.chat_postMessage(
        channel=ada.id, text="?", blocks=make_question_blocks(), thread_ts=parent
    )
    payload = ada.click("A is better").payload or {}
    assert payload["container"]["thread_ts"] == parent
    assert receiver.deliveries


def test_block_actions_of_the_home_tab_have_no_message(
    client: WebClient,
    ada: SimulatedUser,
    receiver: Receiver,
    make_question_blocks: Callable[..., list[Json]],
) -> None:
    home = {"type": "home", "blocks": make_question_blocks()}
    view = client.views_publish(user_id=ada.id, view=home)["view"]
    ada.open_home()
    payload = ada.click("B is better").payload or {}
    assert payload["container"] == {"type": "view", "view_id": view["id"]}
    assert payload["view"]["hash"] == view["hash"]
    assert not {"message", "channel", "response_url", "state"} & set(payload)
    assert receiver.deliveries


def test_view_submission_has_the_state(
    client: WebClient,
    ada: SimulatedUser,
    new_trigger_id: Callable[[], str],
    make_modal: Callable[..., Json],
    make_text_input: Callable[..., Json],
) -> None:
    opened = client.views_open(trigger_id=new_trigger_id(), view=make_modal(make_text_input()))[
        "view"
    ]
    payload = ada.submit_modal(reason="because").payload or {}
    assert payload["type"] == "view_submission"
    assert payload["response_urls"] == []
    assert payload["trigger_id"]
    view = payload["view"]
    assert (view["id"], view["hash"]) == (opened["id"], opened["hash"])
    assert view["state"]["values"] == {
        "reason": {"text": {"type": "plain_text_input", "value": "because"}}
    }


def test_view_closed_has_no_input_values_and_no_trigger(
    client: WebClient,
    ada: SimulatedUser,
    new_trigger_id: Callable[[], str],
    make_modal: Callable[..., Json],
    make_text_input: Callable[..., Json],
) -> None:
    view = make_modal(make_text_input(), notify_on_close=True)
    client.views_open(trigger_id=new_trigger_id(), view=view)
    ada.fill("Your reason", "unsent")
    payload = ada.close_modal().payload or {}
    assert (payload["type"], payload["is_cleared"]) == ("view_closed", False)
    assert payload["view"]["state"]["values"] == {}
    assert "trigger_id" not in payload


def test_message_shortcut_has_the_message(
    client: WebClient, ada: SimulatedUser, receiver: Receiver
) -> None:
    client.chat_postMessage(channel=ada.id, text="quote me")
    payload = ada.use_message_shortcut("file", ada.wait_for_text("quote me")).payload or {}
    assert payload["type"] == "message_action"
    assert (payload["callback_id"], payload["message"]["text"]) == ("file", "quote me")
    assert payload["message_ts"] == payload["message"]["ts"]
    assert payload["response_url"]
    assert receiver.deliveries


def test_global_shortcut_has_no_channel_and_no_response_url(
    ada: SimulatedUser, receiver: Receiver
) -> None:
    payload = ada.use_shortcut("ask").payload or {}
    assert (payload["type"], payload["callback_id"]) == ("shortcut", "ask")
    assert not {"channel", "response_url"} & set(payload)
    assert receiver.deliveries


def test_command_text_is_escaped(sandbox: Sandbox, ada: SimulatedUser, receiver: Receiver) -> None:
    channel = sandbox.add_channel("labels", members=[ada])
    ada.send_message("/plain  a < b & @ada in #labels ", channel=channel)
    ada.send_message("/names a < b & @ada in #labels")
    plain, names = [delivery.fields for delivery in receiver.deliveries]
    assert plain["text"] == "a &lt; b &amp; @ada in #labels"
    assert names["text"] == f"a &lt; b &amp; <@{ada.id}|ada> in <#{channel.id}|labels>"
    assert (plain["channel_id"], plain["channel_name"]) == (channel.id, "labels")
    assert (names["channel_id"], names["channel_name"]) == (ada.dm, "directmessage")
    assert (plain["user_id"], plain["user_name"]) == (ada.id, "ada")
    assert plain["response_url"].startswith(sandbox.url)
    assert {"token", "trigger_id", "api_app_id", "team_domain"} <= set(plain)


def test_block_actions_of_a_message_have_the_state_of_all_inputs(
    client: WebClient, ada: SimulatedUser, receiver: Receiver
) -> None:
    options = [
        {"text": {"type": "plain_text", "text": text}, "value": text.lower()}
        for text in ("Noise", "Typo")
    ]
    menu: Json = {"type": "static_select", "action_id": "why", "options": options}
    menu["placeholder"] = {"type": "plain_text", "text": "Why?"}
    day = {"type": "datepicker", "action_id": "day", "initial_date": "2026-01-02"}
    blocks = [{"type": "actions", "block_id": "both", "elements": [menu, day]}]
    client.chat_postMessage(channel=ada.id, text="?", blocks=blocks)
    payload = ada.choose("Why?", "Noise").payload or {}
    option = payload["actions"][0]["selected_option"]
    assert option["value"] == "noise"
    assert payload["actions"][0]["placeholder"]["text"] == "Why?"
    assert payload["state"]["values"] == {
        "both": {
            "why": {"type": "static_select", "selected_option": option},
            "day": {"type": "datepicker", "selected_date": "2026-01-02"},
        }
    }
    assert isinstance(ada.latest, MessageSnapshot)
    assert receiver.deliveries
