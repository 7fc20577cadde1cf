"""Sending modals off: what the client checks, and what the app may answer."""

from __future__ import annotations

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
View = Callable[..., Json]
Open = Callable[..., None]

DIVIDER = {"type": "divider"}


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


@pytest.fixture
def opens(client: WebClient, trigger: Callable[[], str], modal: View) -> Open:
    """Return what opens a modal for Ada with the given blocks."""

    def open_view(*blocks: Json, push: bool = False, **more: object) -> None:
        call = client.views_push if push else client.views_open
        call(trigger_id=trigger(), view=modal(*blocks, **more))

    return open_view


@pytest.fixture
def field(text_input: View) -> View:
    """Return what makes an input block of any type, called Field."""

    def block(kind: str, *, optional: bool = False, **element: object) -> Json:
        inner = {"type": kind} | element
        return text_input("Field", "field", **inner) | {"optional": optional}

    return block


@pytest.mark.parametrize(
    "case",
    [
        ({"kind": "plain_text_input"}, "", "required"),
        ({"kind": "plain_text_input", "min_length": 3}, "ab", "at least 3"),
        ({"kind": "plain_text_input", "max_length": 3}, "abcd", "no more than 3"),
        ({"kind": "plain_text_input"}, "x" * 3001, "no more than 3000"),
        ({"kind": "email_text_input"}, "ada at example", "valid email"),
        ({"kind": "url_text_input"}, "example.com", "valid URL"),
        ({"kind": "number_input", "is_decimal_allowed": True}, "many", "enter a number"),
        ({"kind": "number_input", "is_decimal_allowed": False}, "1.5", "whole number"),
        (
            {"kind": "number_input", "is_decimal_allowed": False, "min_value": "2"},
            1,
            "at least 2",
        ),
        (
            {"kind": "number_input", "is_decimal_allowed": True, "max_value": "2"},
            2.5,
            "at most 2",
        ),
        ({"kind": "multi_users_select", "max_selected_items": 1}, ["ada", "example"], "than 1"),
    ],
)
def test_the_client_refuses_before_the_app_hears_of_it(
    ada: SimulatedUser, opens: Open, field: View, case: tuple[Json, Any, str]
) -> None:
    element, value, error = case
    opens(field(**element))
    with pytest.raises(ActionRejectedError) as caught:
        ada.submit_modal(field=value)
    assert list(caught.value.errors) == ["field"]
    assert error in caught.value.errors["field"]
    assert ada.modal is not None


@pytest.mark.parametrize(
    "case",
    [
        ({"kind": "plain_text_input"}, "a < b", {"value": "a < b"}),
        ({"kind": "plain_text_input", "optional": True}, "", {"value": None}),
        ({"kind": "plain_text_input", "initial_value": "as it was"}, None, {"value": None}),
        ({"kind": "email_text_input"}, "ada@example.com", {"value": "ada@example.com"}),
        ({"kind": "url_text_input"}, "https://example.com/a", {"value": "https://example.com/a"}),
        ({"kind": "number_input", "is_decimal_allowed": True}, 2.5, {"value": "2.5"}),
        ({"kind": "multi_users_select", "optional": True}, [], {"selected_users": []}),
    ],
)
def test_what_is_right_arrives_as_slack_holds_it(
    ada: SimulatedUser, opens: Open, field: View, case: tuple[Json, Any, Json]
) -> None:
    element, value, held = case
    opens(field(**({"optional": True} | element)))
    payload = ada.submit_modal(field=value).payload or {}
    (entry,) = payload["view"]["state"]["values"]["field"].values()
    assert entry == {"type": element["kind"]} | held
    assert ada.modal is None


def test_an_input_left_alone_holds_its_first_value(
    ada: SimulatedUser, opens: Open, text_input: View
) -> None:
    opens(text_input(initial_value="as it was"))
    payload = ada.submit_modal().payload or {}
    assert payload["view"]["state"]["values"]["reason"]["text"]["value"] == "as it was"


def test_rich_text_and_files_can_be_entered(
    ada: SimulatedUser, opens: Open, field: View, text_input: View
) -> None:
    rich = text_input("Rich", "rich", type="rich_text_input")
    opens(rich, field("file_input", max_files=1))
    ada.attach_file("Field", "a.txt", b"abc")
    payload = ada.submit_modal(rich="bold words").payload or {}
    values = payload["view"]["state"]["values"]
    assert ada.name == "ada"
    leaf = values["rich"]["text"]["rich_text_value"]["elements"][0]["elements"][0]
    assert leaf == {"type": "text", "text": "bold words"}
    (entry,) = values["field"].values()
    assert [file["name"] for file in entry["files"]] == ["a.txt"]


def test_what_rich_text_holds_is_shown(ada: SimulatedUser, opens: Open, text_input: View) -> None:
    opens(text_input("Rich", "rich", type="rich_text_input"))
    ada.fill("Rich", "bold words")
    assert ada.modal is not None
    assert "bold words" in ada.modal.plain_text


def test_too_many_files_are_refused(ada: SimulatedUser, opens: Open, field: View) -> None:
    opens(field("file_input", max_files=1))
    for name in ("a.txt", "b.txt"):
        ada.attach_file("Field", name, b"abc")
    with pytest.raises(ActionRejectedError, match="no more than 1"):
        ada.submit_modal()


def test_errors_are_shown_under_their_inputs_until_the_next_try(
    ada: SimulatedUser, opens: Open, receiver: Receiver, text_input: View
) -> None:
    opens(text_input())
    receiver.respond_once_with({"response_action": "errors", "errors": {"reason": "Too short"}})
    assert ada.submit_modal(reason="no").errors == {"reason": "Too short"}
    assert ada.modal is not None
    assert ada.modal.errors == {"reason": "Too short"}
    ada.wait_for_text("Too short")
    assert ada.submit_modal().errors == {}
    assert ada.modal is None


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        ({"response_action": "errors", "errors": {"nowhere": "x"}}, "no input blocks"),
        ({"response_action": "errors", "errors": {}}, "no errors"),
        ({"response_action": "errors"}, "no errors"),
        ({"response_action": "dance"}, "knows no such answer"),
        ({"text": "thanks"}, "knows no such answer"),
        ("thanks", "cannot read"),
        ({"response_action": "update"}, "must provide an object"),
        ({"response_action": "update", "view": {"type": "modal", "blocks": []}}, "/view"),
        ({"response_action": "push", "view": {"type": "home", "blocks": [DIVIDER]}}, "modal"),
    ],
)
def test_an_answer_that_slack_cannot_use_is_an_error_to_the_person(
    ada: SimulatedUser, opens: Open, receiver: Receiver, answer: object, problem: str
) -> None:
    opens(DIVIDER)
    receiver.respond_with(answer)
    with pytest.raises(NotAcknowledgedError, match=problem):
        ada.submit_modal()
    assert ada.modal is not None


def test_the_app_can_update_push_and_clear(
    ada: SimulatedUser, opens: Open, receiver: Receiver, modal: View
) -> None:
    opens(DIVIDER)
    assert ada.modal is not None
    first = ada.modal.id
    second = modal(DIVIDER, title=plain("Second"))
    receiver.respond_once_with({"response_action": "update", "view": second})
    ada.submit_modal()
    assert (ada.modal.id, ada.modal.title) == (first, "Second")
    receiver.respond_once_with({"response_action": "push", "view": modal(DIVIDER)})
    ada.submit_modal()
    assert [screen.title for screen in ada.modals] == ["Second", "A form"]
    receiver.respond_once_with({"response_action": "clear"})
    ada.submit_modal()
    assert ada.modals == []


def test_closing_one_shows_the_one_below(ada: SimulatedUser, opens: Open) -> None:
    opens(DIVIDER, title=plain("Below"))
    opens(DIVIDER, push=True)
    assert ada.close_modal().payload is None
    assert [screen.title for screen in ada.modals] == ["Below"]
    ada.close_modal()
    with pytest.raises(NotVisibleError, match="does not open"):
        ada.close_modal(within=0.01)
    with pytest.raises(NotVisibleError, match="with the inputs"):
        ada.submit_modal(within=0.01, reason="x")


@pytest.mark.parametrize("everything", [True, False])
def test_closing_the_stack_tells_of_each_that_asked(
    ada: SimulatedUser,
    opens: Open,
    receiver: Receiver,
    everything: bool,  # noqa: FBT001 - both are the test
) -> None:
    opens(DIVIDER, notify_on_close=True)
    opens(DIVIDER, push=True, notify_on_close=True, clear_on_close=not everything)
    ada.close_modal(all_modals=everything)
    closed = receiver.payloads("view_closed")
    assert [one["is_cleared"] for one in closed] == [True, True]
    assert ada.modals == []


def test_a_modal_without_a_submit_button_cannot_be_sent(
    ada: SimulatedUser, client: WebClient, trigger: Callable[[], str]
) -> None:
    view = {"type": "modal", "title": plain("Read"), "blocks": [DIVIDER]}
    client.views_open(trigger_id=trigger(), view=view)
    with pytest.raises(ActionRejectedError, match="no button"):
        ada.submit_modal()


def test_an_unanswered_modal_stays(
    ada: SimulatedUser, opens: Open, receiver: Receiver, text_input: View
) -> None:
    opens(text_input())
    receiver.respond_with(status=500)
    with pytest.raises(NotAcknowledgedError):
        ada.submit_modal(reason="because")
    receiver.respond_with()
    sent = ada.submit_modal()
    sent.redeliver()
    values = [one["view"]["state"]["values"] for one in receiver.payloads("view_submission")]
    assert len(values) == 3
    assert values[0] == values[1] == values[2]


def test_a_menu_of_channels_can_ask_for_response_urls(
    sandbox: Sandbox, ada: SimulatedUser, opens: Open, field: View
) -> None:
    room = sandbox.add_channel("labels", members=[ada])
    opens(field("conversations_select", response_url_enabled=True))
    payload = ada.submit_modal(field="labels").payload or {}
    (url,) = payload["response_urls"]
    assert (url["block_id"], url["channel_id"]) == ("field", room.id)
    assert url["response_url"].startswith(sandbox.url)
