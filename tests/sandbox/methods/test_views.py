"""views.*: modals, trigger ids, Home tabs, hashes and the stack of at most three modals."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.sandbox import Sandbox, SimulatedUser

Json = dict[str, Any]
CallExpectingError = Callable[..., Json]
ErrorCode = Callable[..., str]
ModalFactory = Callable[..., Json]
TriggerFactory = Callable[[], str]

DIVIDER = {"type": "divider"}


def test_opened_modal_is_returned_in_full(
    sandbox: Sandbox,
    client: WebClient,
    new_trigger_id: TriggerFactory,
    make_modal: ModalFactory,
    make_text_input: ModalFactory,
) -> None:
    view = make_modal(make_text_input(), private_metadata="hidden", notify_on_close=True)
    stored = client.views_open(trigger_id=new_trigger_id(), view=view)["view"]
    assert stored["root_view_id"] == stored["id"]
    assert stored["previous_view_id"] is None
    assert stored["close"] is None
    assert stored["submit"] == {"type": "plain_text", "text": "Send", "emoji": True}
    assert (stored["private_metadata"], stored["callback_id"]) == ("hidden", "form")
    assert (stored["notify_on_close"], stored["clear_on_close"]) == (True, False)
    assert (stored["app_id"], stored["bot_id"]) == (sandbox.app_id, sandbox.bot_id)
    assert stored["app_installed_team_id"] == stored["team_id"] == sandbox.team_id
    assert stored["state"] == {
        "values": {"reason": {"text": {"type": "plain_text_input", "value": None}}}
    }
    assert stored["external_id"] == ""
    assert stored["hash"]


def test_trigger_works_once_within_three_seconds(
    sandbox: Sandbox,
    client: WebClient,
    new_trigger_id: TriggerFactory,
    error_code: ErrorCode,
    make_modal: ModalFactory,
) -> None:
    view = make_modal(DIVIDER)
    used = new_trigger_id()
    client.views_open(trigger_id=used, view=view)
    assert error_code("views.open", trigger_id=used, view=view) == "exchanged_trigger_id"
    late = new_trigger_id()
    sandbox.clock.advance(timedelta(seconds=3.1))
    assert error_code("views.open", trigger_id=late, view=view) == "expired_trigger_id"
    assert error_code("views.open", trigger_id="1.2.3", view=view) == "invalid_trigger_id"


def test_missing_trigger_id_is_rejected(
    call_expecting_error: CallExpectingError, make_modal: ModalFactory
) -> None:
    response = call_expecting_error("views.open", view=make_modal(DIVIDER))
    assert response["response_metadata"]["messages"] == [
        "[ERROR] missing required field: trigger_id"
    ]


def test_rejected_view_does_not_consume_trigger(
    client: WebClient,
    new_trigger_id: TriggerFactory,
    call_expecting_error: CallExpectingError,
    make_modal: ModalFactory,
) -> None:
    trigger_id = new_trigger_id()
    response = call_expecting_error(
        "views.open", trigger_id=trigger_id, view=make_modal(DIVIDER, title="no object")
    )
    assert response["error"] == "invalid_arguments"
    assert any("/view/title" in message for message in response["response_metadata"]["messages"])
    assert client.views_open(trigger_id=trigger_id, view=make_modal(DIVIDER))["ok"]


def test_view_of_wrong_type_is_rejected(
    new_trigger_id: TriggerFactory,
    error_code: ErrorCode,
    ada: SimulatedUser,
    make_modal: ModalFactory,
) -> None:
    home = {"type": "home", "blocks": [DIVIDER]}
    assert error_code("views.open", trigger_id=new_trigger_id(), view=home) == "invalid_arguments"
    assert (
        error_code("views.publish", user_id=ada.id, view=make_modal(DIVIDER)) == "invalid_arguments"
    )
    assert error_code("views.open", trigger_id=new_trigger_id(), view="{") == "invalid_arguments"
    assert error_code("views.open", trigger_id=new_trigger_id(), view=[]) == "invalid_arguments"


def test_large_view_is_rejected(
    new_trigger_id: TriggerFactory, error_code: ErrorCode, make_modal: ModalFactory
) -> None:
    section = {"type": "section", "text": {"type": "plain_text", "text": "x" * 2900}}
    assert (
        error_code("views.open", trigger_id=new_trigger_id(), view=make_modal(*[section] * 90))
        == "view_too_large"
    )


def test_at_most_three_modals_are_stacked(
    client: WebClient,
    ada: SimulatedUser,
    new_trigger_id: TriggerFactory,
    error_code: ErrorCode,
    make_modal: ModalFactory,
) -> None:
    view = make_modal(DIVIDER)
    assert error_code("views.push", trigger_id=new_trigger_id(), view=view) == "not_found"
    root = client.views_open(trigger_id=new_trigger_id(), view=view)["view"]
    second = client.views_push(trigger_id=new_trigger_id(), view=view)["view"]
    assert (second["root_view_id"], second["previous_view_id"]) == (root["id"], root["id"])
    third = client.views_push(trigger_id=new_trigger_id(), view=view)["view"]
    assert third["previous_view_id"] == second["id"]
    assert error_code("views.push", trigger_id=new_trigger_id(), view=view) == "push_limit_reached"
    assert [screen.id for screen in ada.modals] == [root["id"], second["id"], third["id"]]


def test_update_needs_latest_hash_or_none(
    client: WebClient,
    new_trigger_id: TriggerFactory,
    error_code: ErrorCode,
    make_modal: ModalFactory,
) -> None:
    first = client.views_open(trigger_id=new_trigger_id(), view=make_modal(DIVIDER))["view"]
    name, view = first["id"], make_modal(DIVIDER, external_id="mine")
    second = client.views_update(view_id=name, view=view, hash=first["hash"])["view"]
    assert second["hash"] != first["hash"]
    assert (
        error_code("views.update", view_id=name, view=view, hash=first["hash"]) == "hash_conflict"
    )
    assert error_code("views.update", view_id=name, view=view, hash="") == "hash_conflict"
    assert client.views_update(external_id="mine", view=view)["ok"]


def test_closed_modal_cannot_be_updated(
    client: WebClient,
    ada: SimulatedUser,
    new_trigger_id: TriggerFactory,
    error_code: ErrorCode,
    make_modal: ModalFactory,
) -> None:
    view = client.views_open(trigger_id=new_trigger_id(), view=make_modal(DIVIDER))["view"]
    ada.close_modal()
    assert error_code("views.update", view_id=view["id"], view=make_modal(DIVIDER)) == "not_found"
    assert error_code("views.update", view=make_modal(DIVIDER)) == "invalid_arguments"


def test_external_id_is_unique(
    client: WebClient,
    ada: SimulatedUser,
    new_trigger_id: TriggerFactory,
    error_code: ErrorCode,
    make_modal: ModalFactory,
) -> None:
    client.views_open(trigger_id=new_trigger_id(), view=make_modal(DIVIDER, external_id="mine"))
    assert (
        error_code(
            "views.push", trigger_id=new_trigger_id(), view=make_modal(DIVIDER, external_id="mine")
        )
        == "duplicate_external_id"
    )
    home = {"type": "home", "blocks": [DIVIDER], "external_id": "mine"}
    assert error_code("views.publish", user_id=ada.id, view=home) == "duplicate_external_id"
    ada.close_modal()
    assert client.views_publish(user_id=ada.id, view=home)["ok"]


def test_update_keeps_input_with_unchanged_ids(
    client: WebClient,
    ada: SimulatedUser,
    new_trigger_id: TriggerFactory,
    make_modal: ModalFactory,
    make_text_input: ModalFactory,
) -> None:
    view = make_modal(make_text_input("One", "one"), make_text_input("Two", "two"))
    view_id = client.views_open(trigger_id=new_trigger_id(), view=view)["view"]["id"]
    ada.fill("One", "first")
    ada.fill("Two", "second")
    changed = make_modal(make_text_input("One", "one"), make_text_input("Two", "other"))
    values = client.views_update(view_id=view_id, view=changed)["view"]["state"]["values"]
    assert values["one"]["text"]["value"] == "first"
    assert values["other"]["text"]["value"] is None


def test_home_tab_is_published_for_one_user(
    client: WebClient, sandbox: Sandbox, ada: SimulatedUser, error_code: ErrorCode
) -> None:
    bob = sandbox.add_user("bob")
    home = {"type": "home", "blocks": [DIVIDER]}
    first = client.views_publish(user_id=ada.id, view=home)["view"]
    assert first["type"] == "home"
    assert ada.home is not None
    assert bob.home is None
    second = client.views_publish(user_id=ada.id, view=home, hash=first["hash"])["view"]
    assert second["id"] == first["id"]
    assert (
        error_code("views.publish", user_id=ada.id, view=home, hash=first["hash"])
        == "hash_conflict"
    )
    assert error_code("views.publish", user_id="U404", view=home) == "user_not_found"
    assert error_code("views.publish", user_id=sandbox.bot_user_id, view=home) == "user_not_found"


def test_publish_needs_home_tab(open_sandbox: Callable[..., Sandbox], manifest: Json) -> None:
    manifest["features"]["app_home"]["home_tab_enabled"] = False
    sandbox = open_sandbox(manifest=manifest)
    client = WebClient(sandbox.bot_token, base_url=sandbox.api_url)
    home = {"type": "home", "blocks": [DIVIDER]}
    with pytest.raises(SlackApiError, match="not_enabled"):
        client.views_publish(user_id=sandbox.add_user("ada").id, view=home)
