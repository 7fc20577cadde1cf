"""Modals in a real browser: every input is submitted, and errors appear at their field."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Locator, Page, expect
from slack_sdk import WebClient

from bot.sandbox import Sandbox, SimulatedUser
from tests.sandbox.page.conftest import OpenPage
from tests.sandbox.receiver import Receiver

pytestmark = pytest.mark.asyncio(loop_scope="session")

Json = dict[str, Any]
Modal = Callable[..., Json]


def plain(text: str) -> Json:
    """Return a text object as Slack stores it."""
    return {"type": "plain_text", "text": text, "emoji": True}


def option(text: str) -> Json:
    """Return an option as Slack stores it."""
    return {"text": plain(text), "value": text}


def entry(kind: str, **more: Any) -> Json:  # noqa: ANN401 - any field of an element or block
    """Return an input block named after the element in it."""
    block = {key: more.pop(key) for key in ("optional", "dispatch_action") if key in more}
    element = {"type": kind, "action_id": "it"} | more
    return {"type": "input", "block_id": kind, "label": plain(kind), "element": element} | block


async def tick(dialog: Locator, name: str, *labels: str) -> None:
    """Select options in a multi-select menu."""
    menu = dialog.locator("details.multi").filter(has=dialog.page.get_by_label(name, exact=True))
    await menu.locator("summary").click()
    for label in labels:
        await menu.get_by_label(label, exact=True).check()
    await menu.get_by_role("button", name="Done").click()


@dataclass
class Stage:
    """Ada's page and a receiver in place of the app."""

    sandbox: Sandbox
    ada: SimulatedUser
    app: Receiver
    client: WebClient
    page: Page

    async def open_modal(self, view: Json) -> Locator:
        """Open a modal and return it."""
        payload = self.ada.use_shortcut("ask").payload or {}
        self.client.views_open(trigger_id=payload["trigger_id"], view=view)
        dialog = self.page.locator("#modal").get_by_role("dialog")
        await expect(dialog).to_be_visible()
        return dialog


@pytest_asyncio.fixture(loop_scope="session")
async def stage(
    sandbox: Sandbox,
    ada: SimulatedUser,
    receiver: Receiver,
    client: WebClient,
    open_page: OpenPage,
) -> Stage:
    """Return Ada's page without an open modal."""
    page = await open_page(f"{sandbox.url}/?as={ada.id}")
    return Stage(sandbox, ada, receiver, client, page)


async def test_every_input_is_submitted(stage: Stage, make_modal: Modal, tmp_path: Path) -> None:
    bob = stage.sandbox.add_user("bob", real_name="Bob")
    channel = stage.sandbox.add_channel("labels", members=[stage.ada])
    options = [option("one"), option("two")]
    view = make_modal(
        entry("plain_text_input"),
        entry("email_text_input"),
        entry("url_text_input"),
        entry("number_input", is_decimal_allowed=True),
        entry("rich_text_input"),
        entry("static_select", options=options),
        entry("multi_static_select", options=options),
        entry("users_select"),
        entry("multi_users_select"),
        entry("conversations_select"),
        entry("multi_conversations_select"),
        entry("channels_select"),
        entry("multi_channels_select"),
        entry("radio_buttons", options=options),
        entry("checkboxes", options=options),
        entry("datepicker"),
        entry("timepicker"),
        entry("datetimepicker"),
        entry("file_input", max_files=2),
        entry("external_select", optional=True),
    )
    dialog = await stage.open_modal(view)
    fields = {
        "plain_text_input": "words",
        "email_text_input": "a@example.com",
        "url_text_input": "https://example.com/x",
        "number_input": "2.5",
        "rich_text_input": "some *bold* words",
    }
    for name, text in fields.items():
        await dialog.get_by_label(name, exact=True).fill(text)
    for name, label in (
        ("static_select", "two"),
        ("users_select", "Bob"),
        ("conversations_select", "#labels"),
        ("channels_select", "#labels"),
    ):
        await dialog.get_by_label(name, exact=True).select_option(label=label)
    for name, label in (
        ("multi_static_select", "one"),
        ("multi_users_select", "Bob"),
        ("multi_conversations_select", "#labels"),
        ("multi_channels_select", "#labels"),
    ):
        await tick(dialog, name, label)
    await dialog.get_by_role("radiogroup", name="radio_buttons").get_by_label("two").check()
    await dialog.get_by_role("group", name="checkboxes").get_by_label("one").check()
    await dialog.get_by_label("datepicker", exact=True).fill("2026-12-24")
    await dialog.get_by_label("timepicker", exact=True).fill("17:05")
    await dialog.get_by_label("datetimepicker", exact=True).fill("2026-12-24T17:05")
    path = tmp_path / "notes.txt"
    path.write_text("notes")
    await dialog.get_by_label("file_input", exact=True).set_input_files(path)
    await expect(dialog.locator(".pill")).to_contain_text("notes.txt")
    await dialog.get_by_role("button", name="Send").click()
    await expect(dialog).to_have_count(0)
    (payload,) = stage.app.payloads("view_submission")
    values = {name: value["it"] for name, value in payload["view"]["state"]["values"].items()}
    (file,) = values.pop("file_input")["files"]
    assert (file["name"], file["mimetype"], file["size"]) == ("notes.txt", "text/plain", 5)
    rich = values.pop("rich_text_input")["rich_text_value"]["elements"][0]["elements"]
    assert [leaf.get("style") for leaf in rich] == [None, {"bold": True}, None]
    expected: Json = {
        "plain_text_input": {"value": "words"},
        "email_text_input": {"value": "a@example.com"},
        "url_text_input": {"value": "https://example.com/x"},
        "number_input": {"value": "2.5"},
        "static_select": {"selected_option": option("two")},
        "multi_static_select": {"selected_options": [option("one")]},
        "users_select": {"selected_user": bob.id},
        "multi_users_select": {"selected_users": [bob.id]},
        "conversations_select": {"selected_conversation": channel.id},
        "multi_conversations_select": {"selected_conversations": [channel.id]},
        "channels_select": {"selected_channel": channel.id},
        "multi_channels_select": {"selected_channels": [channel.id]},
        "radio_buttons": {"selected_option": option("two")},
        "checkboxes": {"selected_options": [option("one")]},
        "datepicker": {"selected_date": "2026-12-24"},
        "timepicker": {"selected_time": "17:05"},
        "datetimepicker": {"selected_date_time": 1_798_131_900},
        "external_select": {"selected_option": None},
    }
    assert values == {name: {"type": name} | value for name, value in expected.items()}


INVALID_ENTRIES: list[tuple[str, Json, str, str]] = [
    ("plain_text_input", {"min_length": 5}, "four", "Please enter at least 5 characters."),
    ("email_text_input", {}, "ada at home", "Please enter a valid email address."),
    ("url_text_input", {}, "example.com", "Please enter a valid URL."),
    (
        "number_input",
        {"is_decimal_allowed": False, "max_value": "10"},
        "11",
        "Please enter a number of at most 10.",
    ),
    ("rich_text_input", {}, "", "Please complete this required field."),
    (
        "static_select",
        {"options": [option("one")]},
        "",
        "Please complete this required field.",
    ),
    ("file_input", {}, "", "Please complete this required field."),
]
"""Inputs, their options, an invalid entry, and the error that Slack's client shows."""


async def test_invalid_entries_show_errors_and_send_nothing(
    stage: Stage, make_modal: Modal
) -> None:
    view = make_modal(*(entry(kind, **more) for kind, more, _text, _error in INVALID_ENTRIES))
    dialog = await stage.open_modal(view)
    for kind, _more, text, _error in INVALID_ENTRIES:
        if text:
            await dialog.get_by_label(kind, exact=True).fill(text)
    await dialog.get_by_role("button", name="Send").click()
    for kind, _more, _text, error in INVALID_ENTRIES:
        block = dialog.locator(".input").filter(has=stage.page.get_by_text(kind, exact=True))
        await expect(block.locator(".error")).to_have_text(error)
    first = dialog.get_by_label("plain_text_input", exact=True)
    await expect(first).to_be_focused()
    await expect(first).to_have_accessible_description("Please enter at least 5 characters.")
    await first.fill("five!")
    await expect(dialog.locator(".error:not(:empty)")).to_have_count(len(INVALID_ENTRIES) - 1)
    assert stage.app.payloads("view_submission") == []


async def test_response_actions_show_errors_update_push_and_clear(
    stage: Stage, form_modal: Json, make_modal: Modal
) -> None:
    dialog = await stage.open_modal(form_modal)
    field = dialog.get_by_label("Your reason")
    await field.fill("because")
    stage.app.respond_once_with({"response_action": "errors", "errors": {"reason": "Say more."}})
    await field.press("Enter")
    await expect(dialog.locator(".error")).to_have_text("Say more.")
    await expect(field).to_be_focused()
    await expect(field).to_have_value("because")
    second = make_modal(entry("plain_text_input"), title=plain("Second"))
    stage.app.respond_once_with({"response_action": "update", "view": second})
    await field.press("Enter")
    await expect(stage.page.get_by_role("dialog", name="Second")).to_be_visible()
    third = make_modal({"type": "divider"}, title=plain("Third"), notify_on_close=True)
    stage.app.respond_once_with({"response_action": "push", "view": third})
    await stage.page.get_by_label("plain_text_input").fill("words")
    await stage.page.keyboard.press("Enter")
    await expect(stage.page.get_by_role("dialog", name="Third")).to_be_visible()
    assert len(stage.ada.modals) == 2
    stage.app.respond_once_with({"response_action": "clear"})
    await stage.page.locator("#modal").get_by_role("button", name="Send").click()
    await expect(stage.page.get_by_role("dialog")).to_have_count(0)
    assert stage.app.payloads("view_closed") == []


async def test_view_closed_does_not_contain_entered_values(stage: Stage, form_modal: Json) -> None:
    dialog = await stage.open_modal(form_modal | {"notify_on_close": True})
    await dialog.get_by_label("Your reason").fill("half a")
    await dialog.get_by_role("button", name="Close", exact=True).last.click()
    await expect(dialog).to_have_count(0)
    stage.sandbox.wait_until(lambda: stage.app.payloads("view_closed"))
    (payload,) = stage.app.payloads("view_closed")
    assert payload["is_cleared"] is False
    assert payload["view"]["state"]["values"] == {}
    assert "trigger_id" not in payload


@pytest.mark.parametrize(
    ("response", "error"),
    [
        ({"delay_seconds": 1.5}, "We had some trouble connecting. Try again?"),
        ({"status": 500}, "We had some trouble connecting. Try again?"),
    ],
)
async def test_a_modal_stays_open_if_the_app_is_late_or_fails(
    stage: Stage, form_modal: Json, response: Json, error: str
) -> None:
    dialog = await stage.open_modal(form_modal)
    await dialog.get_by_label("Your reason").fill("because")
    stage.app.respond_once_with("", **response)
    await dialog.get_by_role("button", name="Send").click()
    await expect(dialog.get_by_role("alert")).to_contain_text(error)
    await expect(dialog.get_by_label("Your reason")).to_have_value("because")
    await dialog.get_by_role("button", name="Send").click()
    await expect(dialog).to_have_count(0)
