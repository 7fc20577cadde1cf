"""Clicking, choosing and filling in, wherever it can be done."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from slack_sdk import WebClient

from bot.sandbox import (
    ActionRejectedError,
    NotAcknowledgedError,
    NotVisibleError,
    Sandbox,
    SimulatedUser,
)

if TYPE_CHECKING:
    from tests.sandbox.receiver import Receiver

Json = dict[str, Any]
Blocks = Callable[..., list[Json]]
Ask = Callable[..., None]


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def options(*texts: str) -> list[Json]:
    return [{"text": plain(text), "value": text.lower()} for text in texts]


@pytest.fixture
def ask(
    client: WebClient,
    ada: SimulatedUser,
    receiver: Receiver,  # noqa: ARG001 - somebody has to acknowledge
) -> Ask:
    """Return what posts elements to Ada, in one block of actions."""

    def post(*elements: Json) -> None:
        blocks = [{"type": "actions", "block_id": "acts", "elements": list(elements)}]
        client.chat_postMessage(channel=ada.id, text="?", blocks=blocks)

    return post


def test_the_newest_message_with_such_a_button_is_clicked(
    client: WebClient, ada: SimulatedUser, receiver: Receiver, question: Blocks
) -> None:
    client.chat_postMessage(channel=ada.id, text="?", blocks=question("Old", "old"))
    newer = client.chat_postMessage(channel=ada.id, text="?", blocks=question("New", "new"))
    client.chat_postMessage(channel=ada.id, text="newest, but without buttons")
    payload = ada.click("A is better").payload or {}
    assert payload["container"]["message_ts"] == newer["ts"]
    assert ada.buttons == ["A is better", "B is better"] * 2
    assert receiver.deliveries


def test_an_old_picture_of_a_message_can_still_be_clicked_in(
    client: WebClient, ada: SimulatedUser, receiver: Receiver, question: Blocks
) -> None:
    posted = client.chat_postMessage(channel=ada.id, text="?", blocks=question("Then", "then"))
    picture = ada.wait_for_text("Then")
    client.chat_update(channel=ada.dm, ts=posted["ts"], text="answered", blocks=[])
    with pytest.raises(NotVisibleError):
        ada.click("A is better", within=0)
    payload = ada.click("A is better", in_=picture).payload or {}
    assert payload["actions"][0]["block_id"] == "then"
    assert payload["message"]["blocks"] == picture.blocks
    assert receiver.deliveries


def test_clicking_waits_until_the_button_is_there(
    client: WebClient, ada: SimulatedUser, receiver: Receiver, question: Blocks
) -> None:
    def post() -> None:
        client.chat_postMessage(channel=ada.id, text="?", blocks=question())

    timer = threading.Timer(0.05, post)
    timer.start()
    ada.click("A is better")
    timer.join()
    assert receiver.payloads("block_actions")


def test_what_is_not_there_is_told_with_what_is(
    client: WebClient, ada: SimulatedUser, question: Blocks
) -> None:
    client.chat_postMessage(channel=ada.id, text="?", blocks=question("Which?"))
    with pytest.raises(NotVisibleError, match=r"'C is better' cannot be clicked.*'A is better'"):
        ada.click("C is better", within=0.01)
    with pytest.raises(NotVisibleError, match=r"(?s)'Whom\?' is not to be seen.*Which\?"):
        ada.wait_for_text("Whom?", within=0.01)
    with pytest.raises(NotVisibleError, match=r"'Which\?' is still to be seen"):
        ada.wait_until_gone("Which?", within=0.01)


def test_a_modal_covers_everything_else(
    client: WebClient,
    ada: SimulatedUser,
    trigger: Callable[[], str],
    question: Blocks,
    modal: Any,  # noqa: ANN401 - a function
) -> None:
    client.chat_postMessage(channel=ada.id, text="?", blocks=question())
    client.views_open(trigger_id=trigger(), view=modal({"type": "divider"}))
    with pytest.raises(NotVisibleError):
        ada.click("A is better", within=0.01)
    ada.close_modal()
    ada.click("A is better")


def test_nobody_clicks_in_what_somebody_else_was_sent(
    sandbox: Sandbox, client: WebClient, ada: SimulatedUser, question: Blocks
) -> None:
    bob = sandbox.add_user("bob")
    client.chat_postMessage(channel=ada.id, text="?", blocks=question())
    client.views_publish(user_id=ada.id, view={"type": "home", "blocks": question("Hers", "h")})
    assert (bob.buttons, bob.messages, bob.latest, bob.home) == ([], [], None, None)
    with pytest.raises(NotVisibleError):
        bob.click("A is better", within=0.01)


def test_a_button_is_found_by_its_action_id(ask: Ask, ada: SimulatedUser) -> None:
    ask({"type": "button", "action_id": "go", "text": plain("Go on"), "style": "primary"})
    action = (ada.click("go").payload or {})["actions"][0]
    assert (action["action_id"], action["style"]) == ("go", "primary")


def test_radio_buttons_and_checkboxes_are_clicked_by_their_options(
    ask: Ask, ada: SimulatedUser
) -> None:
    ask(
        {"type": "radio_buttons", "action_id": "one", "options": options("Yes", "No")},
        {"type": "checkboxes", "action_id": "many", "options": options("Red", "Blue")},
    )
    chosen = (ada.click("No").payload or {})["actions"][0]
    assert (chosen["type"], chosen["selected_option"]["value"]) == ("radio_buttons", "no")

    def ticked(text: str) -> list[str]:
        action = (ada.click(text).payload or {})["actions"][0]
        return [option["value"] for option in action["selected_options"]]

    assert [ticked("Red"), ticked("Blue"), ticked("Red")] == [["red"], ["red", "blue"], ["blue"]]


def test_an_overflow_menu_keeps_nothing(ask: Ask, ada: SimulatedUser) -> None:
    ask({"type": "overflow", "action_id": "more", "options": options("Skip", "Report")})
    by_click = ada.click("Skip").payload or {}
    by_choice = ada.choose("more", "Report").payload or {}
    assert by_click["actions"][0]["selected_option"]["value"] == "skip"
    assert by_choice["actions"][0]["selected_option"]["value"] == "report"
    assert by_choice["state"] == {"values": {}}


@pytest.mark.parametrize(
    ("element", "picked", "value"),
    [
        ({"type": "datepicker"}, ("2026-01-02",), {"selected_date": "2026-01-02"}),
        (
            {"type": "timepicker", "timezone": "Asia/Tokyo"},
            ("09:30",),
            {"selected_time": "09:30", "timezone": "Asia/Tokyo"},
        ),
        ({"type": "datetimepicker"}, (1_700_000_000,), {"selected_date_time": 1_700_000_000}),
        ({"type": "users_select"}, ("ada",), {"selected_user": "ID"}),
        ({"type": "users_select"}, ("USLACKBOT",), {"selected_user": "USLACKBOT"}),
        ({"type": "multi_users_select"}, ("Ada Lovelace",), {"selected_users": ["ID"]}),
        ({"type": "datepicker", "initial_date": "2026-01-02"}, ("",), {"selected_date": None}),
    ],
)
def test_pickers_hold_what_was_picked(
    ask: Ask, ada: SimulatedUser, element: Json, picked: tuple[Any, ...], value: Json
) -> None:
    ask(element | {"action_id": "pick"})
    payload = ada.choose("pick", *picked).payload or {}
    wanted = {
        key: [ada.id] if one == ["ID"] else ada.id if one == "ID" else one
        for key, one in value.items()
    }
    entry = payload["state"]["values"]["acts"]["pick"]
    assert entry == {"type": element["type"]} | wanted
    assert wanted.items() <= payload["actions"][0].items()


def test_a_menu_of_many_holds_exactly_what_was_chosen(
    sandbox: Sandbox, ask: Ask, ada: SimulatedUser
) -> None:
    room = sandbox.add_channel("labels", members=[ada])
    ask(
        {"type": "multi_static_select", "action_id": "why", "options": options("A", "B", "C")},
        {"type": "channels_select", "action_id": "where"},
    )
    ada.choose("why", "A", "C")
    chosen = (ada.choose("why", "B", "C").payload or {})["actions"][0]["selected_options"]
    assert [option["value"] for option in chosen] == ["b", "c"]
    where = (ada.choose("where", "#labels").payload or {})["actions"][0]
    assert where["selected_channel"] == room.id
    with pytest.raises(NotVisibleError, match="'D' is not there"):
        ada.choose("why", "D")
    with pytest.raises(NotVisibleError, match="is called 'nowhere'"):
        ada.choose("where", "nowhere")
    with pytest.raises(NotVisibleError, match="'whither' is not to be found"):
        ada.choose("whither", "x", within=0.01)


def test_an_external_menu_asks_the_app_for_its_options(
    ask: Ask, ada: SimulatedUser, receiver: Receiver
) -> None:
    ask({"type": "external_select", "action_id": "item"})
    receiver.respond_with({"options": options("Item 17")})
    ada.choose("item", "Item 17")
    (suggestion,) = receiver.payloads("block_suggestion")
    assert (suggestion["action_id"], suggestion["block_id"]) == ("item", "acts")
    assert (suggestion["value"], suggestion["container"]["type"]) == ("Item 17", "message")
    receiver.respond_with({"option_groups": [{"label": plain("G"), "options": options("Other")}]})
    action = (ada.choose("item", "Other").payload or {})["actions"][0]
    assert action["selected_option"]["value"] == "other"


def test_an_external_menu_in_a_view_tells_the_view(
    client: WebClient, ada: SimulatedUser, receiver: Receiver
) -> None:
    menu = {"type": "external_select", "action_id": "item", "min_query_length": 1}
    blocks = [{"type": "actions", "block_id": "acts", "elements": [menu]}]
    client.views_publish(user_id=ada.id, view={"type": "home", "blocks": blocks})
    receiver.respond_with({"options": options("Item 17")})
    ada.choose("item", "Item 17")
    assert ada.home is not None
    assert "Item 17" in ada.home.plain_text
    assert ada.home.buttons == []
    (suggestion,) = receiver.payloads("block_suggestion")
    assert suggestion["view"]["id"] == suggestion["container"]["view_id"] == ada.home.id
    assert "message" not in suggestion


def test_an_old_picture_of_a_view_can_be_clicked_in_too(
    client: WebClient, ada: SimulatedUser, receiver: Receiver, question: Blocks
) -> None:
    client.views_publish(user_id=ada.id, view={"type": "home", "blocks": question("Then", "then")})
    picture = ada.home
    assert picture is not None
    assert picture.buttons == ["A is better", "B is better"]
    client.views_publish(user_id=ada.id, view={"type": "home", "blocks": question("Now", "now")})
    payload = ada.click("A is better", in_=picture).payload or {}
    assert payload["view"]["hash"] == picture.hash
    assert payload["actions"][0]["block_id"] == "then"
    with pytest.raises(NotVisibleError, match="Home 'Now"):
        ada.wait_for_text("Then", within=0)
    assert receiver.deliveries


@pytest.mark.parametrize(
    "answer",
    [
        {},
        {"options": options(*map(str, range(101)))},
        {"option_groups": [{}] * 101},
        {"options": [{"text": plain("Too long a value"), "value": "x" * 151}]},
        {"options": [{"text": {"type": "mrkdwn", "text": "*x*"}, "value": "x"}]},
        {"options": [{"text": plain("No value")}]},
    ],
)
def test_an_external_menu_needs_a_sound_answer(
    ask: Ask, ada: SimulatedUser, receiver: Receiver, answer: Json
) -> None:
    ask({"type": "external_select", "action_id": "item"})
    receiver.respond_with(answer)
    with pytest.raises(NotAcknowledgedError, match="block_suggestion"):
        ada.choose("item", "x")


def test_an_app_may_have_nothing_to_offer(ask: Ask, ada: SimulatedUser, receiver: Receiver) -> None:
    ask({"type": "external_select", "action_id": "item"})
    receiver.respond_with({"options": []})
    with pytest.raises(NotVisibleError, match="the option 'x' is not there"):
        ada.choose("item", "x")


def test_an_accessory_is_found_by_the_text_beside_it(
    client: WebClient, ada: SimulatedUser, receiver: Receiver
) -> None:
    menu = {"type": "static_select", "action_id": "s", "options": options("Noise")}
    section = {"type": "section", "text": {"type": "mrkdwn", "text": "Why?"}, "accessory": menu}
    client.chat_postMessage(channel=ada.id, text="?", blocks=[section])
    assert ada.choose("Why?", "Noise").payload
    assert receiver.deliveries


def test_a_feedback_button_tells_which_half_was_pressed(
    client: WebClient, ada: SimulatedUser, receiver: Receiver
) -> None:
    pair = {
        "type": "feedback_buttons",
        "action_id": "fb",
        "positive_button": {"text": plain("Good"), "value": "good"},
        "negative_button": {"text": plain("Bad"), "value": "bad"},
    }
    blocks = [{"type": "context_actions", "elements": [pair]}]
    client.chat_postMessage(channel=ada.id, text="?", blocks=blocks)
    assert ada.buttons == ["Good", "Bad"]
    action = (ada.click("Bad").payload or {})["actions"][0]
    assert (action["type"], action["value"], action["text"]["text"]) == (
        "feedback_buttons",
        "bad",
        "Bad",
    )
    assert receiver.deliveries


def test_an_input_tells_the_app_only_if_it_dispatches(
    client: WebClient, ada: SimulatedUser, receiver: Receiver, text_input: Callable[..., Json]
) -> None:
    loud = text_input("Loud", "loud") | {"dispatch_action": True}
    config = {"trigger_actions_on": ["on_character_entered"]}
    lively = text_input("Lively", "lively", dispatch_action_config=config)
    blocks = [text_input("Quiet", "quiet"), loud, lively | {"dispatch_action": True}]
    client.views_publish(user_id=ada.id, view={"type": "home", "blocks": blocks})
    ada.open_home()
    assert ada.fill("Quiet", "hm").payload is None
    payload = ada.fill("Loud", "AH").payload or {}
    assert payload["actions"][0]["value"] == "AH"
    values = payload["view"]["state"]["values"]
    assert [values[name]["text"]["value"] for name in ("quiet", "loud", "lively")] == [
        "hm",
        "AH",
        None,
    ]
    assert ada.fill("Lively", "x").payload
    assert len(receiver.payloads("block_actions")) == 2


def test_the_home_tab_comes_first_while_it_is_open(
    client: WebClient, ada: SimulatedUser, receiver: Receiver, question: Blocks
) -> None:
    client.chat_postMessage(channel=ada.id, text="?", blocks=question())
    client.views_publish(user_id=ada.id, view={"type": "home", "blocks": question("Home", "h")})
    by_message = ada.click("A is better").payload or {}
    ada.open_home()
    by_home = ada.click("A is better").payload or {}
    ada.open_messages()
    again = ada.click("A is better").payload or {}
    containers = [one["container"]["type"] for one in (by_message, by_home, again)]
    assert containers == ["message", "view", "message"]
    assert receiver.deliveries


def test_without_interactivity_nothing_can_be_clicked(
    open_sandbox: Callable[..., Sandbox], manifest: Json, question: Blocks
) -> None:
    manifest["settings"]["interactivity"]["is_enabled"] = False
    sandbox = open_sandbox(manifest=manifest)
    ada = sandbox.add_user("ada")
    client = WebClient(sandbox.bot_token, base_url=sandbox.api_url)
    client.chat_postMessage(channel=ada.id, text="?", blocks=question())
    with pytest.raises(ActionRejectedError, match="not enabled"):
        ada.click("A is better")
