"""The gallery: every block and element is drawn, and each one sends what Slack would send."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from playwright.async_api import Locator, Page, expect

from bot.sandbox import Sandbox
from bot.sandbox.blockkit import INTERACTIVE, Surface, check_blocks
from bot.sandbox.blockkit.blocks import BLOCKS
from bot.sandbox.blockkit.elements import ELEMENTS
from bot.sandbox.page.gallery import examples
from tests.sandbox.page.conftest import Look

SILENT = {"file_input", "plain_text_input of many lines"}
Use = Callable[[Locator], Awaitable[object]]


def _press(name: str) -> Use:
    return lambda drawn: drawn.get_by_role("button", name=name).click()


def _select(label: str) -> Use:
    return lambda drawn: drawn.locator("select").select_option(label=label)


def _tick(*labels: str) -> Use:
    async def use(drawn: Locator) -> None:
        await drawn.locator("summary").click()
        for label in labels:
            await drawn.get_by_label(label).check()
        await drawn.get_by_role("button", name="Done").click()

    return use


def _type(text: str) -> Use:
    async def use(drawn: Locator) -> None:
        field = drawn.locator("[data-do=type]")
        await field.fill(text)
        await field.press("Control+Enter")

    return use


def _search(times: int) -> Use:
    async def use(drawn: Locator) -> None:
        for _time in range(times):
            await drawn.get_by_role("combobox").press_sequentially("x")
            await drawn.get_by_role("option", name="x 2").click()
            await expect(drawn.locator(".pill")).to_contain_text("x 2")

    return use


async def _confirm(drawn: Locator) -> None:
    await drawn.get_by_role("button", name="Danger").click()
    dialog = drawn.page.get_by_role("dialog", name="Sure?")
    await dialog.get_by_role("button", name="Yes").click()


async def _overflow(drawn: Locator) -> None:
    await drawn.get_by_label("More actions").click()
    await drawn.get_by_role("button", name="Archive").click()


def _fill(value: str) -> Use:
    return lambda drawn: drawn.locator("input").fill(value)


def _value(expected: object) -> Callable[[dict[str, Any]], bool]:
    return lambda action: action.get(INTERACTIVE[action["type"]]) == expected


def _option(*values: str) -> Callable[[dict[str, Any]], bool]:
    def check(action: dict[str, Any]) -> bool:
        found = action[INTERACTIVE[action["type"]]]
        many = found if isinstance(found, list) else [found]
        return [one["value"] for one in many] == list(values)

    return check


USES: dict[str, tuple[Use, Callable[[dict[str, Any]], bool]]] = {
    "section with an accessory": (_press("Act"), _value("act")),
    "card": (_press("Open"), _value("1")),
    "carousel": (_press("Take two"), lambda action: action["action_id"] == "two"),
    "container": (_press("Press inside"), lambda action: action["action_id"] == "inside"),
    "buttons": (_confirm, _value("3")),
    "overflow": (_overflow, _option("archive")),
    "context_actions": (_press("Bad"), _value("bad")),
    "static_select": (_select("Rating"), _option("rating")),
    "static_select with groups": (_select("Demonstration"), _option("demonstration")),
    "multi_static_select": (_tick("Comparison", "Rating"), _option("comparison", "rating")),
    "external_select": (_search(1), _option("x-2")),
    "multi_external_select": (_search(1), _option("x-2")),
    "users_select": (_select("You"), _value("U0GALLERY")),
    "multi_users_select": (_tick("You"), _value(["U0GALLERY"])),
    "conversations_select": (_select("#gallery"), _value("C0GALLERY")),
    "multi_conversations_select": (_tick("#gallery"), _value(["C0GALLERY"])),
    "channels_select": (_select("#gallery"), _value("C0GALLERY")),
    "multi_channels_select": (_tick("#gallery"), _value(["C0GALLERY"])),
    "radio_buttons": (
        lambda drawn: drawn.get_by_label("Both are bad").check(),
        _option("both-are-bad"),
    ),
    "checkboxes": (lambda drawn: drawn.get_by_label("True").check(), _option("true")),
    "datepicker": (_fill("2026-12-24"), _value("2026-12-24")),
    "timepicker": (_fill("17:05"), _value("17:05")),
    "plain_text_input": (_type("words"), _value("words")),
    "email_text_input": (_type("a@example.com"), _value("a@example.com")),
    "url_text_input": (_type("https://example.com"), _value("https://example.com")),
    "number_input": (_type("7"), _value("7")),
    "rich_text_input": (
        _type("*bold*"),
        lambda action: (
            action["rich_text_value"]["elements"][0]["elements"]
            == [{"type": "text", "text": "bold", "style": {"bold": True}}]
        ),
    ),
}
"""How each example that can be used is used, and what has to be true of the action it sends."""


def test_the_gallery_has_every_block_and_every_element_and_slack_would_take_them() -> None:
    shown = json.dumps([example.blocks for example in examples()])
    missing = [kind for kind in (*BLOCKS, *ELEMENTS) if f'"type": "{kind}"' not in shown]
    assert missing == []
    for example in examples():
        assert check_blocks(example.blocks, Surface(example.surface)) == []


def test_every_kind_that_tells_the_app_something_is_used_here() -> None:
    told = {kind for example in examples() for kind in INTERACTIVE if kind == example.name}
    assert told - USES.keys() - SILENT == {
        "datetimepicker"
    }  # without an app's wish it says nothing


@pytest.mark.asyncio(loop_scope="session")
async def test_everything_is_drawn_and_what_is_used_tells_the_app(
    sandbox: Sandbox, look: Look
) -> None:
    page = await look(f"{sandbox.url}/gallery")
    assert await page.locator(".unknown").count() == 0
    assert await page.locator(".example").count() == len(examples())
    for name, (use, expected) in USES.items():
        payload = await _used(page, name, use)
        assert payload["type"] == "block_actions", name
        assert expected(payload["actions"][0]), (name, payload["actions"])
        values = (payload.get("view") or payload)["state"]["values"]
        assert payload.get("trigger_id"), name
        assert isinstance(values, dict), name


async def _used(page: Page, name: str, use: Use) -> dict[str, Any]:
    article = page.locator(f'[id="{name.replace(" ", "-")}"]')
    await use(article.locator(".drawn"))
    shown = article.locator(".payload pre")
    await expect(shown, name).to_contain_text("block_actions")
    payload: dict[str, Any] = json.loads(await shown.text_content() or "")
    return payload


@pytest.mark.asyncio(loop_scope="session")
async def test_a_denied_confirmation_sends_nothing(sandbox: Sandbox, look: Look) -> None:
    page = await look(f"{sandbox.url}/gallery")
    await page.locator("#buttons").get_by_role("button", name="Danger").click()
    dialog = page.get_by_role("dialog", name="Sure?")
    await expect(dialog).to_contain_text("cannot be undone")
    await dialog.get_by_role("button", name="No").click()
    await expect(dialog).to_be_hidden()
    assert await page.locator("#buttons .payload").is_hidden()
