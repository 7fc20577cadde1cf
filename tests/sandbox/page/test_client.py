"""The page as a Slack client: modal stacks, threads, files, paging, traffic, faults and theme."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import expect
from slack_bolt import App
from slack_sdk import WebClient

from bot.sandbox import Sandbox, SimulatedUser
from tests.sandbox.page.conftest import OpenPage
from tests.sandbox.receiver import Receiver

pytestmark = pytest.mark.asyncio(loop_scope="session")

Json = dict[str, Any]


def page_url(sandbox: Sandbox, user: SimulatedUser) -> str:
    """Return the address of the user's conversation with the app."""
    return f"{sandbox.url}/?as={user.id}"


def button(text: str, action_id: str) -> Json:
    """Return an actions block with one button."""
    label = {"type": "plain_text", "text": text}
    return {
        "type": "actions",
        "elements": [{"type": "button", "text": label, "action_id": action_id}],
    }


async def test_closing_a_modal_shows_the_one_below(
    ada: SimulatedUser, sandbox: Sandbox, socket_app: App, client: WebClient, open_page: OpenPage
) -> None:
    def view(depth: int) -> Json:
        return {
            "type": "modal",
            "callback_id": "form",
            "title": {"type": "plain_text", "text": f"Depth {depth}"},
            "blocks": [button("Deeper", "deeper")],
            "notify_on_close": True,
        }

    @socket_app.action("deeper")
    def deeper(ack: Callable[[], None], body: Json) -> None:
        ack()
        depth = len(ada.modals) + 1
        call = client.views_push if ada.modals else client.views_open
        call(trigger_id=body["trigger_id"], view=view(depth))

    @socket_app.view_closed("form")
    def closed(ack: Callable[[], None]) -> None:
        ack()

    client.chat_postMessage(channel=ada.id, text="go", blocks=[button("Deeper", "deeper")])
    page = await open_page(page_url(sandbox, ada))
    await page.locator(".message").get_by_role("button", name="Deeper").click()
    for depth in (1, 2):
        dialog = page.get_by_role("dialog", name=f"Depth {depth}")
        await dialog.get_by_role("button", name="Deeper").click()
    await expect(page.get_by_role("dialog", name="Depth 3")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog", name="Depth 2")).to_be_visible()
    await page.get_by_role("button", name="Close all 2 dialogs").click()
    await expect(page.get_by_role("dialog")).to_have_count(0)
    assert ada.modals == []


async def test_a_click_sends_all_state_values(
    sandbox: Sandbox, ada: SimulatedUser, receiver: Receiver, client: WebClient, open_page: OpenPage
) -> None:
    options = [{"text": {"type": "plain_text", "text": value}, "value": value} for value in "ab"]
    radio = {"type": "radio_buttons", "action_id": "r", "options": options}
    text = {"type": "plain_text_input", "action_id": "t"}
    label = {"type": "plain_text", "text": "Why"}
    blocks: list[Json] = [
        {"type": "input", "block_id": "why", "label": label, "element": text},
        {"type": "actions", "block_id": "pick", "elements": [radio]},
        button("Go", "go"),
    ]
    client.chat_postMessage(channel=ada.id, text="go", blocks=blocks)
    page = await open_page(page_url(sandbox, ada))
    await page.get_by_label("Why").fill("because")
    await page.get_by_label("b", exact=True).check()
    await page.get_by_role("button", name="Go").click()
    sandbox.wait_until(lambda: len(receiver.payloads("block_actions")) == 2)
    values = receiver.payloads("block_actions")[-1]["state"]["values"]
    assert values["why"]["t"]["value"] == "because"
    assert values["pick"]["r"]["selected_option"]["value"] == "b"


async def test_replies_go_to_the_thread_and_files_to_the_conversation(
    sandbox: Sandbox, ada: SimulatedUser, client: WebClient, open_page: OpenPage, tmp_path: Path
) -> None:
    client.chat_postMessage(channel=ada.id, text="A question")
    page = await open_page(page_url(sandbox, ada))
    await page.get_by_role("article").hover()
    await page.get_by_role("link", name="Reply in thread").click()
    await page.wait_for_load_state()
    await page.get_by_label("Reply…").fill("An answer")
    await page.keyboard.press("Enter")
    await expect(page.locator("#thread-messages")).to_contain_text("An answer")
    await expect(page.get_by_role("link", name="1 reply")).to_be_visible()
    await page.get_by_role("link", name="Close thread").click()
    await expect(page.locator("body[data-live]:not(.in-thread)")).to_be_visible()
    path = tmp_path / "notes.txt"
    path.write_text("notes")
    await page.get_by_label("Share a file").set_input_files(path)
    await expect(page.locator("a.file-card")).to_contain_text("notes.txt")


async def test_a_long_conversation_is_paged(
    sandbox: Sandbox, ada: SimulatedUser, open_page: OpenPage
) -> None:
    for number in range(130):
        ada.send_message(f"Message {number}.")
    page = await open_page(page_url(sandbox, ada))
    await expect(page.locator(".message")).to_have_count(100)
    await page.get_by_role("link", name="Earlier messages").click()
    await expect(page.locator(".message")).to_have_count(30)
    await expect(page.locator(".message").first).to_contain_text("Message 0.")
    await page.get_by_role("link", name="Latest messages").click()
    await expect(page.locator(".message").last).to_contain_text("Message 129.")


async def test_app_text_is_escaped_and_external_images_are_not_loaded(
    sandbox: Sandbox, ada: SimulatedUser, client: WebClient, open_page: OpenPage
) -> None:
    markup = "<img src=x onerror=alert(1)>"
    image = {"type": "image", "image_url": "https://example.com/x.png", "alt_text": markup}
    plain = {"type": "section", "text": {"type": "plain_text", "text": markup}}
    client.chat_postMessage(channel=ada.id, text="x", blocks=[plain, image])
    page = await open_page(page_url(sandbox, ada))
    await expect(page.locator(".message")).to_contain_text("https://example.com/x.png")
    assert await page.locator("img").count() == 0


async def test_traffic_shows_requests_and_filters_by_problems(
    sandbox: Sandbox, ada: SimulatedUser, client: WebClient, open_page: OpenPage
) -> None:
    client.chat_postMessage(channel=ada.id, text="fine")
    page = await open_page(f"{sandbox.url}/traffic")
    await page.get_by_label("Filter").fill("chat.postMessage")
    await expect(page.locator(".record:visible")).to_have_count(1)
    await page.locator(".record:visible summary").click()
    request = await page.locator(".record:visible pre").first.text_content()
    assert json.loads(request or "")["text"] == "fine"
    await page.get_by_label("Problems only").check()
    await expect(page.locator(".record:visible")).to_have_count(0)


async def test_faults_are_switched_on_and_off(
    sandbox: Sandbox, ada: SimulatedUser, open_page: OpenPage
) -> None:
    page = await open_page(page_url(sandbox, ada))
    await page.locator("#faults-menu > summary").click()
    outage = page.get_by_role("switch", name="Slack is down")
    await outage.click()
    await expect(outage).to_have_attribute("aria-checked", "true")
    await expect(page.locator("#fault-count")).to_have_text("1 on")
    assert [fault.status for fault in sandbox.faults.active()] == [503]
    await outage.click()
    await expect(outage).to_have_attribute("aria-checked", "false")
    assert sandbox.faults.active() == []


async def test_theme_is_kept_after_a_reload(
    sandbox: Sandbox, ada: SimulatedUser, open_page: OpenPage
) -> None:
    page = await open_page(page_url(sandbox, ada))
    background = "getComputedStyle(document.body).backgroundColor"
    light = await page.evaluate(background)
    await page.get_by_role("button", name="Switch theme").click()
    dark = await page.evaluate(background)
    assert dark != light
    await page.reload()
    assert await page.evaluate(background) == dark


async def test_an_updated_message_keeps_focus_and_typed_text(
    sandbox: Sandbox, ada: SimulatedUser, client: WebClient, open_page: OpenPage
) -> None:
    label = {"type": "plain_text", "text": "Why"}
    text = {"type": "plain_text_input", "action_id": "t"}
    why: Json = {"type": "input", "block_id": "why", "label": label, "element": text}
    posted = client.chat_postMessage(channel=ada.id, text="x", blocks=[why])
    page = await open_page(page_url(sandbox, ada))
    await page.get_by_label("Why").press_sequentially("half a ")
    section: Json = {"type": "section", "text": {"type": "mrkdwn", "text": "Something new"}}
    client.chat_update(channel=ada.dm, ts=str(posted["ts"]), text="x", blocks=[section, why])
    await expect(page.locator(".message")).to_contain_text("Something new")
    await expect(page.get_by_label("Why")).to_be_focused()
    await page.keyboard.type("thought")
    await expect(page.get_by_label("Why")).to_have_value("half a thought")
