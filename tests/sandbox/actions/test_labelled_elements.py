"""Clicking, choosing and filling in messages, modals and the Home tab."""

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
BuildBlocks = Callable[..., list[Json]]
PostElements = Callable[..., None]


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def options(*texts: str) -> list[Json]:
    return [{"text": plain(text), "value": text.lower()} for text in texts]


@pytest.fixture
def post_elements(
    client: WebClient,
    ada: SimulatedUser,
    receiver: Receiver,  # noqa: ARG001 - acknowledges the interactions
) -> PostElements:
    """Return a function that posts elements to Ada in one actions block."""

    def post(*elements: Json) -> None:
        blocks = [{"type": "actions", "block_id": "acts", "elements": list(elements)}]
        client.chat_postMessage(channel=ada.id, text="?", blocks=blocks)

    return post


def test_click_uses_the_newest_message_with_the_button(
    client: WebClient, ada: SimulatedUser, receiver: Receiver, make_question_blocks: BuildBlocks
) -> None:
    client.chat_postMessage(channel=ada.id, text="?", blocks=make_question_blocks("Old", "old"))
    newest = client.chat_postMessage(
        channel=ada.id, text="?", blocks=make_question_blocks("New", "new")
    )
    client.chat_postMessage(channel=ada.id, text="later, without buttons")
    payload = ada.click("A is better").payload or {}
    assert payload["container"]["message_ts"] == newest["ts"]
    assert ada.buttons == ["A is better", "B is better"] * 2
    assert receiver.deliveries


def test_outdated_message_snapshot_can_be_clicked(
    client: WebClient, ada: SimulatedUser, receiver: Receiver, make_question_blocks: BuildBlocks
) -> None:
    posted = client.chat_postMessage(
        channel=ada.id, text="?", blocks=make_question_blocks("Then", "then")
    )
    snapshot = ada.wait_for_text("Then")
    client.chat_update(channel=ada.dm, ts=posted["ts"], text="answered", blocks=[])
    with pytest.raises(NotVisibleError):
        ada.click("A is better", within=0)
    payload = ada.click("A is better", in_=snapshot).payload or {}
    assert payload["actions"][0]["block_id"] == "then"
    assert payload["message"]["blocks"] == snapshot.blocks
    assert receiver.deliveries


def test_click_waits_for_the_button(
    client: WebClient, ada: SimulatedUser, receiver: Receiver, make_question_blocks: BuildBlocks
) -> None:
    def post() -> None:
        client.chat_postMessage(channel=ada.id, text="?", blocks=make_question_blocks())

    timer = threading.Timer(0.05, post)
    timer.start()
    ada.click("A is better")
    timer.join()
    assert receiver.payloads("block_actions")


def test_not_visible_error_lists_what_is_visible(
    client: WebClient, ada: SimulatedUser, make_question_blocks: BuildBlocks
) -> None:
    client.chat_postMessage(channel=ada.id, text="?", blocks=make_question_blocks("Which?"))
    with pytest.raises(NotVisibleError, match=r"'C is better' cannot be clicked.*'A is better'"):
        ada.click("C is better", within=0.01)
    with pytest.raises(NotVisibleError, match=r"(?s)'Whom\?' is not visible.*Which\?"):
        ada.wait_for_text("Whom?", within=0.01)
    with pytest.raises(NotVisibleError, match=r"'Which\?' is still visible"):
        ada.wait_until_gone("Which?", within=0.01)


def test_modal_covers_everything_else(
    client: WebClient,
    ada: SimulatedUser,
    new_trigger_id: Callable[[], str],
    make_question_blocks: BuildBlocks,
    make_modal: Any,  # noqa: ANN401 - a function that builds a view
) -> None:
    client.chat_postMessage(channel=ada.id, text="?", blocks=make_question_blocks())
    client.views_open(trigger_id=new_trigger_id(), view=make_modal({"type": "divider"}))
    with pytest.raises(NotVisibleError):
        ada.click("A is better", within=0.01)
    ada.close_modal()
    ada.click("A is better")


def test_users_cannot_click_in_messages_of_others(
    sandbox: Sandbox, client: WebClient, ada: SimulatedUser, make_question_blocks: BuildBlocks
) -> None:
    bob = sandbox.add_user("bob")
    client.chat_postMessage(channel=ada.id, text="?", blocks=make_question_blocks())
    client.views_publish(
        user_id=ada.id, view={"type": "home", "blocks": make_question_blocks("Hers", "h")}
    )
    assert (bob.buttons, bob.messages, bob.latest, bob.home) == ([], [], None, None)
    with pytest.raises(NotVisibleError):
        bob.click("A is better", within=0.01)


def test_button_is_found_by_its_action_id(post_elements: PostElements, ada: SimulatedUser) -> None:
    post_elements({"type": "button", "action_id": "go", "text": plain("Go on"), "style": "primary"})
    action = (ada.click("go").payload or {})["actions"][0]
    assert (action["action_id"], action["style"]) == ("go", "primary")


def test_options_of_radio_buttons_and_checkboxes_can_be_clicked(
    post_elements: PostElements, ada: SimulatedUser
) -> None:
    post_elements(
        {"type": "radio_buttons", "action_id": "one", "options": options("Yes", "No")},
        {"type": "checkboxes", "action_id": "many", "options": options("Red", "Blue")},
    )
    action = (ada.click("No").payload or {})["actions"][0]
    assert (action["type"], action["selected_option"]["value"]) == ("radio_buttons", "no")

    def selected_after_click(text: str) -> list[str]:
        clicked = (ada.click(text).payload or {})["actions"][0]
        return [option["value"] for option in clicked["selected_options"]]

    assert [selected_after_click(text) for text in ("Red", "Blue", "Red")] == [
        ["red"],
        ["red", "blue"],
        ["blue"],
    ]


def test_overflow_menu_has_no_state(post_elements: PostElements, ada: SimulatedUser) -> None:
    post_elements({"type": "overflow", "action_id": "more", "options": options("Skip", "Report")})
    by_click = ada.click("Skip").payload or {}
    by_choice = ada.choose("more", "Report").payload or {}
    assert by_click["actions"][0]["selected_option"]["value"] == "skip"
    assert by_choice["actions"][0]["selected_option"]["value"] == "report"
    assert by_choice["state"] == {"values": {}}


@pytest.mark.parametrize(
    ("element", "values", "expected"),
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
def test_pickers_hold_the_chosen_value(
    post_elements: PostElements,
    ada: SimulatedUser,
    element: Json,
    values: tuple[Any, ...],
    expected: Json,
) -> None:
    post_elements(element | {"action_id": "pick"})
    payload = ada.choose("pick", *values).payload or {}
    fields = {
        key: [ada.id] if value == ["ID"] else ada.id if value == "ID" else value
        for key, value in expected.items()
    }
    entry = payload["state"]["values"]["acts"]["pick"]
    assert entry == {"type": element["type"]} | fields
    assert fields.items() <= payload["actions"][0].items()


def test_multi_select_holds_exactly_the_chosen_options(
    sandbox: Sandbox, post_elements: PostElements, ada: SimulatedUser
) -> None:
    channel = sandbox.add_channel("labels", members=[ada])
    post_elements(
        {"type": "multi_static_select", "action_id": "why", "options": options("A", "B", "C")},
        {"type": "channels_select", "action_id": "where"},
    )
    ada.choose("why", "A", "C")
    selected = (ada.choose("why", "B", "C").payload or {})["actions"][0]["selected_options"]
    assert [option["value"] for option in selected] == ["b", "c"]
    where = (ada.choose("where", "#labels").payload or {})["actions"][0]
    assert where["selected_channel"] == channel.id
    with pytest.raises(NotVisibleError, match="no option 'D'"):
        ada.choose("why", "D")
    with pytest.raises(NotVisibleError, match="is called 'nowhere'"):
        ada.choose("where", "nowhere")
    with pytest.raises(NotVisibleError, match="no element 'unknown'"):
        ada.choose("unknown", "x", within=0.01)


def test_external_select_requests_options_from_the_app(
    post_elements: PostElements, ada: SimulatedUser, receiver: Receiver
) -> None:
    post_elements({"type": "external_select", "action_id": "item"})
    receiver.respond_with({"options": options("Item 17")})
    ada.choose("item", "Item 17")
    (suggestion,) = receiver.payloads("block_suggestion")
    assert (suggestion["action_id"], suggestion["block_id"]) == ("item", "acts")
    assert (suggestion["value"], suggestion["container"]["type"]) == ("Item 17", "message")
    receiver.respond_with({"option_groups": [{"label": plain("G"), "options": options("Other")}]})
    action = (ada.choose("item", "Other").payload or {})["actions"][0]
    assert action["selected_option"]["value"] == "other"


def test_external_select_in_a_view_sends_the_view(
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


def test_outdated_view_snapshot_can_be_clicked(
    client: WebClient, ada: SimulatedUser, receiver: Receiver, make_question_blocks: BuildBlocks
) -> None:
    client.views_publish(
        user_id=ada.id, view={"type": "home", "blocks": make_question_blocks("Then", "then")}
    )
    snapshot = ada.home
    assert snapshot is not None
    assert snapshot.buttons == ["A is better", "B is better"]
    client.views_publish(
        user_id=ada.id, view={"type": "home", "blocks": make_question_blocks("Now", "now")}
    )
    payload = ada.click("A is better", in_=snapshot).payload or {}
    assert payload["view"]["hash"] == snapshot.hash
    assert payload["actions"][0]["block_id"] == "then"
    with pytest.raises(NotVisibleError, match="Home 'Now"):
        ada.wait_for_text("Then", within=0)
    assert receiver.deliveries


@pytest.mark.parametrize(
    "response",
    [
        {},
        {"options": options(*map(str, range(101)))},
        {"option_groups": [{}] * 101},
        {"options": [{"text": plain("Too long a value"), "value": "x" * 151}]},
        {"options": [{"text": {"type": "mrkdwn", "text": "*x*"}, "value": "x"}]},
        {"options": [{"text": plain("No value")}]},
    ],
)
def test_invalid_options_fail_the_suggestion(
    post_elements: PostElements, ada: SimulatedUser, receiver: Receiver, response: Json
) -> None:
    post_elements({"type": "external_select", "action_id": "item"})
    receiver.respond_with(response)
    with pytest.raises(NotAcknowledgedError, match="block_suggestion"):
        ada.choose("item", "x")


def test_app_can_return_no_options(
    post_elements: PostElements, ada: SimulatedUser, receiver: Receiver
) -> None:
    post_elements({"type": "external_select", "action_id": "item"})
    receiver.respond_with({"options": []})
    with pytest.raises(NotVisibleError, match="no option 'x'"):
        ada.choose("item", "x")


def test_accessory_is_found_by_the_section_text(
    client: WebClient, ada: SimulatedUser, receiver: Receiver
) -> None:
    menu = {"type": "static_select", "action_id": "s", "options": options("Noise")}
    section = {"type": "section", "text": {"type": "mrkdwn", "text": "Why?"}, "accessory": menu}
    client.chat_postMessage(channel=ada.id, text="?", blocks=[section])
    assert ada.choose("Why?", "Noise").payload
    assert receiver.deliveries


def test_feedback_button_sends_the_clicked_one(
    client: WebClient, ada: SimulatedUser, receiver: Receiver
) -> None:
    feedback_buttons = {
        "type": "feedback_buttons",
        "action_id": "fb",
        "positive_button": {"text": plain("Good"), "value": "good"},
        "negative_button": {"text": plain("Bad"), "value": "bad"},
    }
    blocks = [{"type": "context_actions", "elements": [feedback_buttons]}]
    client.chat_postMessage(channel=ada.id, text="?", blocks=blocks)
    assert ada.buttons == ["Good", "Bad"]
    action = (ada.click("Bad").payload or {})["actions"][0]
    assert (action["type"], action["value"], action["text"]["text"]) == (
        "feedback_buttons",
        "bad",
        "Bad",
    )
    assert receiver.deliveries


def test_only_dispatching_inputs_send_block_actions(
    client: WebClient, ada: SimulatedUser, receiver: Receiver, make_text_input: Callable[..., Json]
) -> None:
    on_enter = make_text_input("On enter", "on_enter") | {"dispatch_action": True}
    config = {"trigger_actions_on": ["on_character_entered"]}
    on_character = make_text_input("On character", "on_character", dispatch_action_config=config)
    blocks = [make_text_input("Plain", "plain"), on_enter, on_character | {"dispatch_action": True}]
    client.views_publish(user_id=ada.id, view={"type": "home", "blocks": blocks})
    ada.open_home()
    assert ada.fill("Plain", "first").payload is None
    payload = ada.fill("On enter", "second").payload or {}
    assert payload["actions"][0]["value"] == "second"
    values = payload["view"]["state"]["values"]
    assert [values[name]["text"]["value"] for name in ("plain", "on_enter", "on_character")] == [
        "first",
        "second",
        None,
    ]
    assert ada.fill("On character", "x").payload
    assert len(receiver.payloads("block_actions")) == 2


def test_open_home_tab_comes_before_messages(
    client: WebClient, ada: SimulatedUser, receiver: Receiver, make_question_blocks: BuildBlocks
) -> None:
    client.chat_postMessage(channel=ada.id, text="?", blocks=make_question_blocks())
    client.views_publish(
        user_id=ada.id, view={"type": "home", "blocks": make_question_blocks("Home", "h")}
    )
    in_message = ada.click("A is better").payload or {}
    ada.open_home()
    in_home = ada.click("A is better").payload or {}
    ada.open_messages()
    in_message_again = ada.click("A is better").payload or {}
    containers = [
        payload["container"]["type"] for payload in (in_message, in_home, in_message_again)
    ]
    assert containers == ["message", "view", "message"]
    assert receiver.deliveries


def test_disabled_interactivity_rejects_clicks(
    open_sandbox: Callable[..., Sandbox], manifest: Json, make_question_blocks: BuildBlocks
) -> None:
    manifest["settings"]["interactivity"]["is_enabled"] = False
    sandbox = open_sandbox(manifest=manifest)
    ada = sandbox.add_user("ada")
    client = WebClient(sandbox.bot_token, base_url=sandbox.api_url)
    client.chat_postMessage(channel=ada.id, text="?", blocks=make_question_blocks())
    with pytest.raises(ActionRejectedError, match="not enabled"):
        ada.click("A is better")
