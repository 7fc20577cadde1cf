"""Submitting and closing modals: the client's checks and the app's responses."""

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
BuildView = Callable[..., Json]
OpenModal = Callable[..., None]

DIVIDER = {"type": "divider"}


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


@pytest.fixture
def open_modal(
    client: WebClient, new_trigger_id: Callable[[], str], make_modal: BuildView
) -> OpenModal:
    """Return a function that opens a modal for Ada with these blocks and further fields."""

    def open_view(*blocks: Json, push: bool = False, **fields: object) -> None:
        call = client.views_push if push else client.views_open
        call(trigger_id=new_trigger_id(), view=make_modal(*blocks, **fields))

    return open_view


@pytest.fixture
def make_field(make_text_input: BuildView) -> BuildView:
    """Return a function that builds an input block with an element of this type."""

    def build_block(kind: str, *, optional: bool = False, **fields: object) -> Json:
        element = {"type": kind} | fields
        return make_text_input("Field", "field", **element) | {"optional": optional}

    return build_block


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
def test_client_rejects_invalid_values(
    ada: SimulatedUser, open_modal: OpenModal, make_field: BuildView, case: tuple[Json, Any, str]
) -> None:
    element, value, error = case
    open_modal(make_field(**element))
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
def test_valid_values_are_sent_in_the_state(
    ada: SimulatedUser, open_modal: OpenModal, make_field: BuildView, case: tuple[Json, Any, Json]
) -> None:
    element, value, expected = case
    open_modal(make_field(**({"optional": True} | element)))
    payload = ada.submit_modal(field=value).payload or {}
    (entry,) = payload["view"]["state"]["values"]["field"].values()
    assert entry == {"type": element["kind"]} | expected
    assert ada.modal is None


def test_untouched_input_has_its_initial_value(
    ada: SimulatedUser, open_modal: OpenModal, make_text_input: BuildView
) -> None:
    open_modal(make_text_input(initial_value="as it was"))
    payload = ada.submit_modal().payload or {}
    assert payload["view"]["state"]["values"]["reason"]["text"]["value"] == "as it was"


def test_rich_text_and_files_can_be_submitted(
    ada: SimulatedUser, open_modal: OpenModal, make_field: BuildView, make_text_input: BuildView
) -> None:
    rich = make_text_input("Rich", "rich", type="rich_text_input")
    open_modal(rich, make_field("file_input", max_files=1))
    ada.attach_file("Field", "a.txt", b"abc")
    payload = ada.submit_modal(rich="bold words").payload or {}
    values = payload["view"]["state"]["values"]
    assert ada.name == "ada"
    leaf = values["rich"]["text"]["rich_text_value"]["elements"][0]["elements"][0]
    assert leaf == {"type": "text", "text": "bold words"}
    (entry,) = values["field"].values()
    assert [file["name"] for file in entry["files"]] == ["a.txt"]


def test_rich_text_input_shows_its_text(
    ada: SimulatedUser, open_modal: OpenModal, make_text_input: BuildView
) -> None:
    open_modal(make_text_input("Rich", "rich", type="rich_text_input"))
    ada.fill("Rich", "bold words")
    assert ada.modal is not None
    assert "bold words" in ada.modal.plain_text


def test_too_many_files_are_rejected(
    ada: SimulatedUser, open_modal: OpenModal, make_field: BuildView
) -> None:
    open_modal(make_field("file_input", max_files=1))
    for name in ("a.txt", "b.txt"):
        ada.attach_file("Field", name, b"abc")
    with pytest.raises(ActionRejectedError, match="no more than 1"):
        ada.submit_modal()


@pytest.mark.parametrize("text", [7, None, "", ["Too short"], {"text": "Too short"}, True])
def test_error_must_be_a_text(
    ada: SimulatedUser,
    open_modal: OpenModal,
    make_text_input: Callable[..., Json],
    receiver: Receiver,
    text: object,
) -> None:
    open_modal(make_text_input())
    receiver.respond_once_with({"response_action": "errors", "errors": {"reason": text}})
    with pytest.raises(NotAcknowledgedError, match="errors must be texts"):
        ada.submit_modal(reason="no")
    assert ada.modal is not None
    assert ada.modal.errors == {}


def test_errors_are_shown_until_the_next_submission(
    ada: SimulatedUser, open_modal: OpenModal, receiver: Receiver, make_text_input: BuildView
) -> None:
    open_modal(make_text_input())
    receiver.respond_once_with({"response_action": "errors", "errors": {"reason": "Too short"}})
    assert ada.submit_modal(reason="no").errors == {"reason": "Too short"}
    assert ada.modal is not None
    assert ada.modal.errors == {"reason": "Too short"}
    ada.wait_for_text("Too short")
    assert ada.submit_modal().errors == {}
    assert ada.modal is None


@pytest.mark.parametrize(
    ("response", "problem"),
    [
        ({"response_action": "errors", "errors": {"nowhere": "x"}}, "not input blocks"),
        ({"response_action": "errors", "errors": {}}, "without errors"),
        ({"response_action": "errors"}, "without errors"),
        ({"response_action": "dance"}, "unknown response_action"),
        ({"text": "thanks"}, "unknown response_action"),
        ("thanks", "not a JSON object"),
        ({"response_action": "update"}, "must provide an object"),
        ({"response_action": "update", "view": {"type": "modal", "blocks": []}}, "/view"),
        ({"response_action": "push", "view": {"type": "home", "blocks": [DIVIDER]}}, "modal"),
    ],
)
def test_invalid_response_fails_the_submission(
    ada: SimulatedUser, open_modal: OpenModal, receiver: Receiver, response: object, problem: str
) -> None:
    open_modal(DIVIDER)
    receiver.respond_with(response)
    with pytest.raises(NotAcknowledgedError, match=problem):
        ada.submit_modal()
    assert ada.modal is not None


def test_app_can_update_push_and_clear(
    ada: SimulatedUser, open_modal: OpenModal, receiver: Receiver, make_modal: BuildView
) -> None:
    open_modal(DIVIDER)
    assert ada.modal is not None
    first_id = ada.modal.id
    second_view = make_modal(DIVIDER, title=plain("Second"))
    receiver.respond_once_with({"response_action": "update", "view": second_view})
    ada.submit_modal()
    assert (ada.modal.id, ada.modal.title) == (first_id, "Second")
    receiver.respond_once_with({"response_action": "push", "view": make_modal(DIVIDER)})
    ada.submit_modal()
    assert [view.title for view in ada.modals] == ["Second", "A form"]
    receiver.respond_once_with({"response_action": "clear"})
    ada.submit_modal()
    assert ada.modals == []


def test_closing_a_modal_shows_the_one_below(ada: SimulatedUser, open_modal: OpenModal) -> None:
    open_modal(DIVIDER, title=plain("Below"))
    open_modal(DIVIDER, push=True)
    assert ada.close_modal().payload is None
    assert [view.title for view in ada.modals] == ["Below"]
    ada.close_modal()
    with pytest.raises(NotVisibleError, match="no modal is open"):
        ada.close_modal(within=0.01)
    with pytest.raises(NotVisibleError, match="with the inputs"):
        ada.submit_modal(within=0.01, reason="x")


@pytest.mark.parametrize("all_modals", [True, False])
def test_closing_the_stack_sends_each_view_closed(
    ada: SimulatedUser,
    open_modal: OpenModal,
    receiver: Receiver,
    all_modals: bool,  # noqa: FBT001 - parametrized
) -> None:
    open_modal(DIVIDER, notify_on_close=True)
    open_modal(DIVIDER, push=True, notify_on_close=True, clear_on_close=not all_modals)
    ada.close_modal(all_modals=all_modals)
    closed = receiver.payloads("view_closed")
    assert [payload["is_cleared"] for payload in closed] == [True, True]
    assert ada.modals == []


def test_modal_without_a_submit_button_cannot_be_submitted(
    ada: SimulatedUser, client: WebClient, new_trigger_id: Callable[[], str]
) -> None:
    view = {"type": "modal", "title": plain("Read"), "blocks": [DIVIDER]}
    client.views_open(trigger_id=new_trigger_id(), view=view)
    with pytest.raises(ActionRejectedError, match="no submit button"):
        ada.submit_modal()


def test_failed_submission_keeps_the_modal_open(
    ada: SimulatedUser, open_modal: OpenModal, receiver: Receiver, make_text_input: BuildView
) -> None:
    open_modal(make_text_input())
    receiver.respond_with(status=500)
    with pytest.raises(NotAcknowledgedError):
        ada.submit_modal(reason="because")
    receiver.respond_with()
    submission = ada.submit_modal()
    submission.redeliver()
    payloads = receiver.payloads("view_submission")
    values = [payload["view"]["state"]["values"] for payload in payloads]
    assert len(values) == 3
    assert values[0] == values[1] == values[2]


def test_conversation_menu_can_request_response_urls(
    sandbox: Sandbox, ada: SimulatedUser, open_modal: OpenModal, make_field: BuildView
) -> None:
    channel = sandbox.add_channel("labels", members=[ada])
    open_modal(make_field("conversations_select", response_url_enabled=True))
    payload = ada.submit_modal(field="labels").payload or {}
    (url,) = payload["response_urls"]
    assert (url["block_id"], url["channel_id"]) == ("field", channel.id)
    assert url["response_url"].startswith(sandbox.url)
