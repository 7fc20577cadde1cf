"""views.*: modals by trigger, Home tabs, hashes and the stack of three."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.sandbox import Sandbox, SimulatedUser

Json = dict[str, Any]
Refusal = Callable[..., Json]
View = Callable[..., Json]
Trigger = Callable[[], str]

DIVIDER = {"type": "divider"}


def test_an_opened_modal_is_echoed_whole(
    sandbox: Sandbox, client: WebClient, trigger: Trigger, modal: View, text_input: View
) -> None:
    view = modal(text_input(), private_metadata="hidden", notify_on_close=True)
    stored = client.views_open(trigger_id=trigger(), view=view)["view"]
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


def test_a_trigger_works_once_for_three_seconds_and_only_if_it_is_one(
    sandbox: Sandbox, client: WebClient, trigger: Trigger, refusal: Refusal, modal: View
) -> None:
    view = modal(DIVIDER)
    used = trigger()
    client.views_open(trigger_id=used, view=view)
    assert refusal("views.open", trigger_id=used, view=view)["error"] == "exchanged_trigger_id"
    late = trigger()
    sandbox.clock.advance(timedelta(seconds=3.1))
    assert refusal("views.open", trigger_id=late, view=view)["error"] == "expired_trigger_id"
    assert refusal("views.open", trigger_id="1.2.3", view=view)["error"] == "invalid_trigger_id"
    nothing = refusal("views.open", view=view)
    assert nothing["response_metadata"]["messages"] == [
        "[ERROR] missing required field: trigger_id"
    ]


def test_a_refused_view_does_not_use_the_trigger_up(
    client: WebClient, trigger: Trigger, refusal: Refusal, modal: View
) -> None:
    ticket = trigger()
    answer = refusal("views.open", trigger_id=ticket, view=modal(DIVIDER, title="no object"))
    assert answer["error"] == "invalid_arguments"
    assert any("/view/title" in told for told in answer["response_metadata"]["messages"])
    assert client.views_open(trigger_id=ticket, view=modal(DIVIDER))["ok"]


def test_views_of_the_wrong_kind_or_no_view_at_all_are_refused(
    trigger: Trigger, refusal: Refusal, ada: SimulatedUser, modal: View
) -> None:
    home = {"type": "home", "blocks": [DIVIDER]}
    assert refusal("views.open", trigger_id=trigger(), view=home)["error"] == "invalid_arguments"
    assert refusal("views.publish", user_id=ada.id, view=modal(DIVIDER))["error"] == (
        "invalid_arguments"
    )
    assert refusal("views.open", trigger_id=trigger(), view="{")["error"] == "invalid_arguments"
    assert refusal("views.open", trigger_id=trigger(), view=[])["error"] == "invalid_arguments"


def test_a_view_that_is_too_large_is_refused(
    trigger: Trigger, refusal: Refusal, modal: View
) -> None:
    section = {"type": "section", "text": {"type": "plain_text", "text": "x" * 2900}}
    answer = refusal("views.open", trigger_id=trigger(), view=modal(*[section] * 90))
    assert answer["error"] == "view_too_large"


def test_three_modals_are_stacked_and_no_more(
    client: WebClient, ada: SimulatedUser, trigger: Trigger, refusal: Refusal, modal: View
) -> None:
    view = modal(DIVIDER)
    assert refusal("views.push", trigger_id=trigger(), view=view)["error"] == "not_found"
    root = client.views_open(trigger_id=trigger(), view=view)["view"]
    second = client.views_push(trigger_id=trigger(), view=view)["view"]
    assert (second["root_view_id"], second["previous_view_id"]) == (root["id"], root["id"])
    third = client.views_push(trigger_id=trigger(), view=view)["view"]
    assert third["previous_view_id"] == second["id"]
    assert refusal("views.push", trigger_id=trigger(), view=view)["error"] == "push_limit_reached"
    assert [screen.id for screen in ada.modals] == [root["id"], second["id"], third["id"]]


def test_an_update_needs_the_latest_hash_or_none(
    client: WebClient, trigger: Trigger, refusal: Refusal, modal: View
) -> None:
    first = client.views_open(trigger_id=trigger(), view=modal(DIVIDER))["view"]
    name, view = first["id"], modal(DIVIDER, external_id="mine")
    second = client.views_update(view_id=name, view=view, hash=first["hash"])["view"]
    assert second["hash"] != first["hash"]
    stale = refusal("views.update", view_id=name, view=view, hash=first["hash"])
    assert stale["error"] == "hash_conflict"
    empty = refusal("views.update", view_id=name, view=view, hash="")
    assert empty["error"] == "hash_conflict"
    assert client.views_update(external_id="mine", view=view)["ok"]


def test_a_closed_modal_cannot_be_updated(
    client: WebClient, ada: SimulatedUser, trigger: Trigger, refusal: Refusal, modal: View
) -> None:
    view = client.views_open(trigger_id=trigger(), view=modal(DIVIDER))["view"]
    ada.close_modal()
    assert refusal("views.update", view_id=view["id"], view=modal(DIVIDER))["error"] == "not_found"
    assert refusal("views.update", view=modal(DIVIDER))["error"] == "invalid_arguments"


def test_an_external_id_is_given_once(
    client: WebClient,
    ada: SimulatedUser,
    trigger: Trigger,
    refusal: Refusal,
    modal: View,
) -> None:
    client.views_open(trigger_id=trigger(), view=modal(DIVIDER, external_id="mine"))
    again = refusal("views.push", trigger_id=trigger(), view=modal(DIVIDER, external_id="mine"))
    assert again["error"] == "duplicate_external_id"
    home = {"type": "home", "blocks": [DIVIDER], "external_id": "mine"}
    assert refusal("views.publish", user_id=ada.id, view=home)["error"] == "duplicate_external_id"
    ada.close_modal()
    assert client.views_publish(user_id=ada.id, view=home)["ok"]


def test_what_was_typed_stays_where_the_ids_stay(
    client: WebClient, ada: SimulatedUser, trigger: Trigger, modal: View, text_input: View
) -> None:
    both = modal(text_input("One", "one"), text_input("Two", "two"))
    view = client.views_open(trigger_id=trigger(), view=both)["view"]
    ada.fill("One", "first")
    ada.fill("Two", "second")
    changed = modal(text_input("One", "one"), text_input("Two", "other"))
    after = client.views_update(view_id=view["id"], view=changed)["view"]["state"]["values"]
    assert after["one"]["text"]["value"] == "first"
    assert after["other"]["text"]["value"] is None


def test_a_home_tab_is_published_for_one_person(
    client: WebClient, sandbox: Sandbox, ada: SimulatedUser, refusal: Refusal
) -> None:
    bob = sandbox.add_user("bob")
    home = {"type": "home", "blocks": [DIVIDER]}
    first = client.views_publish(user_id=ada.id, view=home)["view"]
    assert first["type"] == "home"
    assert ada.home is not None
    assert bob.home is None
    second = client.views_publish(user_id=ada.id, view=home, hash=first["hash"])["view"]
    assert second["id"] == first["id"]
    stale = refusal("views.publish", user_id=ada.id, view=home, hash=first["hash"])
    assert stale["error"] == "hash_conflict"
    assert refusal("views.publish", user_id="U404", view=home)["error"] == "user_not_found"
    bot = refusal("views.publish", user_id=sandbox.bot_user_id, view=home)
    assert bot["error"] == "user_not_found"


def test_without_a_home_tab_nothing_is_published(
    open_sandbox: Callable[..., Sandbox], manifest: Json
) -> None:
    manifest["features"]["app_home"]["home_tab_enabled"] = False
    sandbox = open_sandbox(manifest=manifest)
    client = WebClient(sandbox.bot_token, base_url=sandbox.api_url)
    home = {"type": "home", "blocks": [DIVIDER]}
    with pytest.raises(SlackApiError, match="not_enabled"):
        client.views_publish(user_id=sandbox.add_user("ada").id, view=home)
