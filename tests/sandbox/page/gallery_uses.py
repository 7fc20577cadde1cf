"""How each interactive example of the gallery is used, and what its action contains."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from playwright.async_api import Locator, expect

Json = dict[str, Any]


@dataclass(frozen=True)
class Use:
    """How an example is used, and the fields that its action has because of that."""

    act: Callable[[Locator], Awaitable[object]]
    action_fields: Json


def _plain(text: str) -> Json:
    return {"type": "plain_text", "text": text, "emoji": True}


def _option(text: str) -> Json:
    return {"text": _plain(text), "value": text.lower().replace(" ", "-")}


def _click(name: str, value: str = "", **more: Json) -> Use:
    button: Json = {"text": _plain(name)} | ({"value": value} if value else {}) | more
    return Use(lambda preview: preview.get_by_role("button", name=name).click(), button)


def _select(label: str, action_fields: Json) -> Use:
    return Use(lambda preview: preview.locator("select").select_option(label=label), action_fields)


def _tick(action_fields: Json, *labels: str) -> Use:
    async def act(preview: Locator) -> None:
        await preview.locator("summary").click()
        for label in labels:
            await preview.get_by_label(label).check()
        await preview.get_by_role("button", name="Done").click()

    return Use(act, action_fields)


def _type(text: str, action_fields: Json | None = None) -> Use:
    async def act(preview: Locator) -> None:
        field = preview.locator("[data-action=type]")
        await field.fill(text)
        await field.press("Control+Enter")

    return Use(act, action_fields or {"value": text})


def _search(action_fields: Json) -> Use:
    async def act(preview: Locator) -> None:
        await preview.get_by_role("combobox").press_sequentially("x")
        await preview.get_by_role("option", name="x 2").click()
        await expect(preview.locator(".pill")).to_contain_text("x 2")

    return Use(act, action_fields)


def _fill(value: str, action_fields: Json) -> Use:
    return Use(lambda preview: preview.locator("input").fill(value), action_fields)


def _check(label: str, action_fields: Json) -> Use:
    return Use(lambda preview: preview.get_by_label(label).check(), action_fields)


async def _click_and_confirm(preview: Locator) -> None:
    await preview.get_by_role("button", name="Danger").click()
    await _confirm(preview, "Delete it?")


async def _select_and_confirm(preview: Locator) -> None:
    await preview.locator("select").select_option(label="Archive")
    await _confirm(preview, "Archive it?")


async def _confirm(preview: Locator, title: str) -> None:
    dialog = preview.page.get_by_role("dialog", name=title)
    await dialog.get_by_role("button", name="Yes").click()


async def _overflow(preview: Locator) -> None:
    await preview.get_by_label("More actions").click()
    await preview.get_by_role("button", name="Archive").click()


BOLD = {"type": "text", "text": "bold", "style": {"bold": True}}

USES: dict[str, Use] = {
    "section with an accessory": _click("Open", "open"),
    "card": _click("Open", "1"),
    "carousel": _click("Open stories"),
    "container": _click("Click inside"),
    "buttons": Use(_click_and_confirm, {"text": _plain("Danger"), "value": "3", "style": "danger"}),
    "overflow": Use(_overflow, {"selected_option": _option("Archive")}),
    "context_actions": _click("Bad", "bad"),
    "static_select": _select("Rating", {"selected_option": _option("Rating")}),
    "static_select with groups": _select(
        "Demonstration", {"selected_option": _option("Demonstration")}
    ),
    "static_select with a confirmation": Use(
        _select_and_confirm, {"selected_option": _option("Archive")}
    ),
    "multi_static_select": _tick(
        {"selected_options": [_option("Comparison"), _option("Rating")]}, "Comparison", "Rating"
    ),
    "external_select": _search({"selected_option": _option("x 2")}),
    "multi_external_select": _search({"selected_options": [_option("x 2")]}),
    "users_select": _select("You", {"selected_user": "U0GALLERY"}),
    "multi_users_select": _tick({"selected_users": ["U0GALLERY"]}, "You"),
    "conversations_select": _select("#gallery", {"selected_conversation": "C0GALLERY"}),
    "multi_conversations_select": _tick({"selected_conversations": ["C0GALLERY"]}, "#gallery"),
    "channels_select": _select("#gallery", {"selected_channel": "C0GALLERY"}),
    "multi_channels_select": _tick({"selected_channels": ["C0GALLERY"]}, "#gallery"),
    "radio_buttons": _check("Both are bad", {"selected_option": _option("Both are bad")}),
    "checkboxes": _check("True", {"selected_options": [_option("True")]}),
    "datepicker": _fill("2026-12-24", {"selected_date": "2026-12-24"}),
    "timepicker": _fill("17:05", {"selected_time": "17:05", "timezone": "Europe/London"}),
    "datetimepicker": _fill("2026-12-24T17:05", {"selected_date_time": 1_798_131_900}),
    "plain_text_input": _type("text"),
    "email_text_input": _type("a@example.com"),
    "url_text_input": _type("https://example.com"),
    "number_input": _type("7"),
    "rich_text_input": _type(
        "*bold*",
        {
            "rich_text_value": {
                "type": "rich_text",
                "elements": [{"type": "rich_text_section", "elements": [BOLD]}],
            }
        },
    ),
}
"""How each example that sends an action is used."""
