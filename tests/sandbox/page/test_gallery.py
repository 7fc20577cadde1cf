"""The gallery: every block and element is drawn, and each one sends what Slack would send."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Literal

import pytest
from playwright.async_api import Locator, Page, expect

from bot.sandbox import Sandbox
from bot.sandbox.actions.actor import Actor
from bot.sandbox.blockkit import INTERACTIVE, STATEFUL, Surface, check_blocks, with_defaults
from bot.sandbox.blockkit.blocks import BLOCKS
from bot.sandbox.blockkit.elements import ELEMENTS
from bot.sandbox.page.gallery import GALLERY_USER_ID, build_gallery_world, load_examples
from bot.sandbox.page.page_templates import render_part
from bot.sandbox.page.render_context import build_render_context
from bot.sandbox.state_values import interactive_elements
from bot.sandbox.workspace import View
from tests.sandbox.page.conftest import OpenPage

Json = dict[str, Any]
Act = Callable[[Locator], Awaitable[object]]

SILENT = {"file_input", "plain_text_input of many lines"}
"""Inputs of a modal that tell the app nothing before it is submitted."""

SHARED = {
    *("type", "team", "enterprise", "is_enterprise_install", "user", "api_app_id", "token"),
    *("container", "trigger_id", "actions"),
}
FROM_MESSAGES = SHARED | {"channel", "message", "state", "response_url"}
FROM_VIEWS = SHARED | {"view"}


@dataclass(frozen=True)
class Use:
    """What somebody does with an example, and what its action says of that."""

    act: Act
    change: Json


def _plain(text: str) -> Json:
    return {"type": "plain_text", "text": text, "emoji": True}


def _option(text: str) -> Json:
    return {"text": _plain(text), "value": text.lower().replace(" ", "-")}


def _press(name: str, value: str = "", **more: Json) -> Use:
    button: Json = {"text": _plain(name)} | ({"value": value} if value else {}) | more
    return Use(lambda drawn: drawn.get_by_role("button", name=name).click(), button)


def _select(label: str, change: Json) -> Use:
    return Use(lambda drawn: drawn.locator("select").select_option(label=label), change)


def _tick(change: Json, *labels: str) -> Use:
    async def act(drawn: Locator) -> None:
        await drawn.locator("summary").click()
        for label in labels:
            await drawn.get_by_label(label).check()
        await drawn.get_by_role("button", name="Done").click()

    return Use(act, change)


def _type(text: str, change: Json | None = None) -> Use:
    async def act(drawn: Locator) -> None:
        field = drawn.locator("[data-do=type]")
        await field.fill(text)
        await field.press("Control+Enter")

    return Use(act, change or {"value": text})


def _search(change: Json) -> Use:
    async def act(drawn: Locator) -> None:
        await drawn.get_by_role("combobox").press_sequentially("x")
        await drawn.get_by_role("option", name="x 2").click()
        await expect(drawn.locator(".pill")).to_contain_text("x 2")

    return Use(act, change)


def _fill(value: str, change: Json) -> Use:
    return Use(lambda drawn: drawn.locator("input").fill(value), change)


def _check(label: str, change: Json) -> Use:
    return Use(lambda drawn: drawn.get_by_label(label).check(), change)


async def _press_and_confirm(drawn: Locator) -> None:
    await drawn.get_by_role("button", name="Danger").click()
    await _say_yes(drawn, "Sure?")


async def _select_and_confirm(drawn: Locator) -> None:
    await drawn.locator("select").select_option(label="Archive")
    await _say_yes(drawn, "Really?")


async def _say_yes(drawn: Locator, title: str) -> None:
    dialog = drawn.page.get_by_role("dialog", name=title)
    await dialog.get_by_role("button", name="Yes").click()


async def _overflow(drawn: Locator) -> None:
    await drawn.get_by_label("More actions").click()
    await drawn.get_by_role("button", name="Archive").click()


BOLD = {"type": "text", "text": "bold", "style": {"bold": True}}

USES: dict[str, Use] = {
    "section with an accessory": _press("Act", "act"),
    "card": _press("Open", "1"),
    "carousel": _press("Take two"),
    "container": _press("Press inside"),
    "buttons": Use(_press_and_confirm, {"text": _plain("Danger"), "value": "3", "style": "danger"}),
    "overflow": Use(_overflow, {"selected_option": _option("Archive")}),
    "context_actions": _press("Bad", "bad"),
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
    "plain_text_input": _type("words"),
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
"""How each example that tells the app something is used."""


def test_the_gallery_has_every_block_and_every_element_and_slack_would_take_them() -> None:
    shown = json.dumps([example.blocks for example in load_examples()])
    missing = [kind for kind in (*BLOCKS, *ELEMENTS) if f'"type": "{kind}"' not in shown]
    assert missing == []
    for example in load_examples():
        assert check_blocks(example.blocks, Surface(example.surface)) == []


def test_everything_that_tells_the_app_something_is_used_here() -> None:
    interactive = {
        example.name
        for example in load_examples()
        if any(target.kind in INTERACTIVE for target in interactive_elements(example.blocks))
    }
    assert interactive - USES.keys() - SILENT == set()
    used = {
        t.kind
        for one in load_examples()
        if one.name in USES
        for t in interactive_elements(one.blocks)
    }
    assert INTERACTIVE.keys() - used == set()


@pytest.mark.parametrize("kind", ["modal", "home"])
def test_everything_is_drawn_in_modals_and_home_tabs_where_slack_shows_it(
    kind: Literal["modal", "home"],
) -> None:
    world = build_gallery_world()
    actor = Actor(world, GALLERY_USER_ID)
    fitting = [one for one in load_examples() if check_blocks(one.blocks, Surface(kind)) == []]
    assert len(fitting) > 30
    for example in fitting:
        blocks = with_defaults(example.blocks, world.ids.block_id)
        view = View("V1", GALLERY_USER_ID, kind, {"blocks": blocks}, "h", "V1")
        canvas = build_render_context(actor, view)
        html = render_part("home", {"view": view.id, "blocks": blocks, "canvas": canvas}, "App")
        assert "cannot draw" not in html, example.name
        assert len(html) > 100, example.name


@pytest.mark.asyncio(loop_scope="session")
async def test_everything_is_drawn_and_what_is_used_tells_the_app_as_slack_does(
    sandbox: Sandbox, look: OpenPage
) -> None:
    page = await look(f"{sandbox.url}/gallery")
    assert await page.locator(".unknown").count() == 0
    assert await page.locator(".example").count() == len(load_examples())
    for name, use in USES.items():
        payload = await _used(page, name, use)
        is_view = "view" in payload
        assert payload.keys() == (FROM_VIEWS if is_view else FROM_MESSAGES), name
        assert payload["type"] == "block_actions", name
        assert payload["user"].keys() == {"id", "username", "name", "team_id"}
        _check_place(payload, payload["view"] if is_view else payload["message"])
        _check_action(name, payload, use)


def _check_place(payload: Json, place: Json) -> None:
    if "view" in payload:
        assert payload["container"] == {"type": "view", "view_id": place["id"]}
        return
    assert payload["container"] == {
        "type": "message",
        "message_ts": place["ts"],
        "channel_id": payload["channel"]["id"],
        "is_ephemeral": False,
    }
    assert payload["channel"] == {"id": "D0GALLERY", "name": "directmessage"}
    assert "/response/" in payload["response_url"]


ECHOES = ("placeholder", "confirm")
"""What an action repeats of its element besides every `initial_…`."""


def _check_action(name: str, payload: Json, use: Use) -> None:
    (action,) = payload["actions"]
    place = payload.get("view") or payload["message"]
    element = next(
        target.element
        for target in interactive_elements(place["blocks"])
        if (target.block_id, target.action_id) == (action["block_id"], action["action_id"])
    )
    echoed = {
        key: one for key, one in element.items() if key.startswith("initial_") or key in ECHOES
    }
    kind = element["type"]
    named = {key: action[key] for key in ("block_id", "action_id", "action_ts")}
    found = json.loads(json.dumps(action))
    found.get("rich_text_value", {}).pop("block_id", None)
    assert found == {"type": kind, **named, **echoed, **use.change}, name
    if kind in STATEFUL:
        values = (payload.get("view") or payload)["state"]["values"]
        held = values[action["block_id"]][action["action_id"]]
        key = STATEFUL[kind].key
        assert (held["type"], held[key]) == (kind, action[key]), name


async def _used(page: Page, name: str, use: Use) -> Json:
    article = page.locator(f'[id="{name.replace(" ", "-")}"]')
    await use.act(article.locator(".drawn"))
    shown = article.locator(".payload pre")
    await expect(shown, name).to_contain_text("block_actions")
    payload: Json = json.loads(await shown.text_content() or "")
    return payload


@pytest.mark.asyncio(loop_scope="session")
async def test_a_denied_confirmation_sends_nothing(sandbox: Sandbox, look: OpenPage) -> None:
    page = await look(f"{sandbox.url}/gallery")
    await page.locator("#buttons").get_by_role("button", name="Danger").click()
    dialog = page.get_by_role("dialog", name="Sure?")
    await expect(dialog).to_contain_text("cannot be undone")
    await dialog.get_by_role("button", name="No").click()
    await expect(dialog).to_be_hidden()
    assert await page.locator("#buttons .payload").is_hidden()


@pytest.mark.asyncio(loop_scope="session")
async def test_a_picture_of_the_workspace_is_shown_and_others_are_described(
    sandbox: Sandbox, look: OpenPage
) -> None:
    page = await look(f"{sandbox.url}/gallery")
    picture = page.get_by_role("img", name="A sky that goes from blue to red")
    await expect(picture).to_be_visible()
    assert await picture.evaluate("image => image.naturalWidth") == 240
    await expect(page.locator("#image")).to_contain_text("https://example.com/picture.png")


@pytest.mark.asyncio(loop_scope="session")
@pytest.mark.parametrize("path", ["gallery", "traffic"])
async def test_the_other_pages_fit_a_phone(sandbox: Sandbox, look: OpenPage, path: str) -> None:
    page = await look(f"{sandbox.url}/{path}", width=390)
    await expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert await page.evaluate("document.documentElement.scrollWidth") <= 390
