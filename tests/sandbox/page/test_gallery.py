"""The gallery: every block and element is rendered and sends the payload that Slack sends."""

from __future__ import annotations

import json
from typing import Any, Literal

import pytest
from playwright.async_api import Page, expect

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
from tests.sandbox.page.gallery_uses import USES, Use

Json = dict[str, Any]

WITHOUT_ACTION = {"file_input", "multiline plain_text_input"}
"""Examples of modal inputs that send nothing before the modal is submitted."""

SHARED_KEYS = {
    *("type", "team", "enterprise", "is_enterprise_install", "user", "api_app_id", "token"),
    *("container", "trigger_id", "actions"),
}
MESSAGE_PAYLOAD_KEYS = SHARED_KEYS | {"channel", "message", "state", "response_url"}
VIEW_PAYLOAD_KEYS = SHARED_KEYS | {"view"}


def test_gallery_has_valid_examples_of_every_block_and_element() -> None:
    examples = json.dumps([example.blocks for example in load_examples()])
    missing = [kind for kind in (*BLOCKS, *ELEMENTS) if f'"type": "{kind}"' not in examples]
    assert missing == []
    for example in load_examples():
        assert check_blocks(example.blocks, Surface(example.surface)) == []


def test_every_interactive_example_is_used() -> None:
    interactive = {
        example.name
        for example in load_examples()
        if any(target.kind in INTERACTIVE for target in interactive_elements(example.blocks))
    }
    assert interactive - USES.keys() - WITHOUT_ACTION == set()
    used = {
        target.kind
        for example in load_examples()
        if example.name in USES
        for target in interactive_elements(example.blocks)
    }
    assert INTERACTIVE.keys() - used == set()


@pytest.mark.parametrize("kind", ["modal", "home"])
def test_examples_are_rendered_on_every_surface_that_allows_them(
    kind: Literal["modal", "home"],
) -> None:
    world = build_gallery_world()
    actor = Actor(world, GALLERY_USER_ID)
    surface = Surface(kind)
    allowed = [item for item in load_examples() if check_blocks(item.blocks, surface) == []]
    assert len(allowed) > 30
    for example in allowed:
        blocks = with_defaults(example.blocks, world.ids.block_id)
        view = View("V1", GALLERY_USER_ID, kind, {"blocks": blocks}, "h", "V1")
        home = {
            "view_id": view.id,
            "blocks": blocks,
            "context": build_render_context(actor, view),
        }
        html = render_part("home", home, "App")
        assert "Unsupported" not in html, example.name
        assert len(html) > 100, example.name


@pytest.mark.asyncio(loop_scope="session")
async def test_using_an_example_sends_the_payload_that_slack_sends(
    sandbox: Sandbox, open_page: OpenPage
) -> None:
    page = await open_page(f"{sandbox.url}/gallery")
    assert await page.locator(".unknown").count() == 0
    assert await page.locator(".example").count() == len(load_examples())
    for name, use in USES.items():
        payload = await _use(page, name, use)
        is_view = "view" in payload
        assert payload.keys() == (VIEW_PAYLOAD_KEYS if is_view else MESSAGE_PAYLOAD_KEYS), name
        assert payload["type"] == "block_actions", name
        assert payload["user"].keys() == {"id", "username", "name", "team_id"}
        _check_container(payload, payload["view"] if is_view else payload["message"])
        _check_action(name, payload, use)


def _check_container(payload: Json, source: Json) -> None:
    if "view" in payload:
        assert payload["container"] == {"type": "view", "view_id": source["id"]}
        return
    assert payload["container"] == {
        "type": "message",
        "message_ts": source["ts"],
        "channel_id": payload["channel"]["id"],
        "is_ephemeral": False,
    }
    assert payload["channel"] == {"id": "D0GALLERY", "name": "directmessage"}
    assert "/response/" in payload["response_url"]


ECHOED_KEYS = ("placeholder", "confirm")
"""Fields of the element that its action repeats, besides `initial_*`."""


def _check_action(name: str, payload: Json, use: Use) -> None:
    (action,) = payload["actions"]
    source = payload.get("view") or payload["message"]
    element = next(
        target.element
        for target in interactive_elements(source["blocks"])
        if (target.block_id, target.action_id) == (action["block_id"], action["action_id"])
    )
    echoed = {
        key: value
        for key, value in element.items()
        if key.startswith("initial_") or key in ECHOED_KEYS
    }
    kind = element["type"]
    ids = {key: action[key] for key in ("block_id", "action_id", "action_ts")}
    actual = json.loads(json.dumps(action))
    actual.get("rich_text_value", {}).pop("block_id", None)
    assert actual == {"type": kind, **ids, **echoed, **use.action_fields}, name
    if kind in STATEFUL:
        values = (payload.get("view") or payload)["state"]["values"]
        value = values[action["block_id"]][action["action_id"]]
        key = STATEFUL[kind].key
        assert (value["type"], value[key]) == (kind, action[key]), name


async def _use(page: Page, name: str, use: Use) -> Json:
    article = page.locator(f'[id="{name.replace(" ", "-")}"]')
    await use.act(article.locator(".example-preview"))
    panel = article.locator(".payload pre")
    await expect(panel, name).to_contain_text("block_actions")
    payload: Json = json.loads(await panel.text_content() or "")
    return payload


@pytest.mark.asyncio(loop_scope="session")
async def test_a_denied_confirmation_sends_nothing(sandbox: Sandbox, open_page: OpenPage) -> None:
    page = await open_page(f"{sandbox.url}/gallery")
    await page.locator("#buttons").get_by_role("button", name="Danger").click()
    dialog = page.get_by_role("dialog", name="Delete it?")
    await expect(dialog).to_contain_text("cannot be undone")
    await dialog.get_by_role("button", name="No").click()
    await expect(dialog).to_be_hidden()
    assert await page.locator("#buttons .payload").is_hidden()


@pytest.mark.asyncio(loop_scope="session")
async def test_workspace_images_are_shown_and_external_ones_described(
    sandbox: Sandbox, open_page: OpenPage
) -> None:
    page = await open_page(f"{sandbox.url}/gallery")
    picture = page.get_by_role("img", name="A sky that fades from blue to red")
    await expect(picture).to_be_visible()
    assert await picture.evaluate("image => image.naturalWidth") == 240
    await expect(page.locator("#image")).to_contain_text("https://example.com/picture.png")


@pytest.mark.asyncio(loop_scope="session")
@pytest.mark.parametrize("path", ["gallery", "traffic"])
async def test_gallery_and_traffic_fit_a_phone(
    sandbox: Sandbox, open_page: OpenPage, path: str
) -> None:
    page = await open_page(f"{sandbox.url}/{path}", width=390)
    await expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert await page.evaluate("document.documentElement.scrollWidth") <= 390
