"""Status, channel membership, reactions, edits, shortcuts and files on the page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.async_api import Locator, Page, expect
from slack_sdk import WebClient

from bot.sandbox import Sandbox, SimulatedUser
from tests.sandbox.page.conftest import OpenPage
from tests.sandbox.receiver import Receiver

pytestmark = pytest.mark.asyncio(loop_scope="session")

Json = dict[str, Any]

DROP_FILE_SCRIPT = """
(main) => {
  const data = new DataTransfer();
  data.items.add(new File(["a,b\\n1,2\\n"], "pairs.csv", { type: "text/csv" }));
  for (const type of ["dragover", "drop"]) {
    const options = { dataTransfer: data, bubbles: true, cancelable: true };
    main.dispatchEvent(new DragEvent(type, options));
  }
}
"""
"""Drops a file on the conversation."""


async def open_as(
    open_page: OpenPage, sandbox: Sandbox, user: SimulatedUser, **location: str
) -> Page:
    """Return the page of a user."""
    query = "&".join(f"{key}={value}" for key, value in {"as": user.id, **location}.items())
    return await open_page(f"{sandbox.url}/?{query}")


async def open_message_menu(message: Locator) -> Locator:
    """Open the menu of a message and return it."""
    await message.get_by_role("article").hover()
    await message.get_by_label("Message actions").click()
    return message.locator("details[open]")


async def test_a_status_is_set_and_cleared(
    sandbox: Sandbox, ada: SimulatedUser, client: WebClient, open_page: OpenPage
) -> None:
    page = await open_as(open_page, sandbox, ada)
    me = page.locator("#my-status")
    await me.get_by_text("Set a status").click()
    await me.get_by_label("Emoji").select_option(":palm_tree:")
    await me.get_by_label("Clear status after").select_option(label="Clear after 1 hour")
    await me.get_by_label("Status", exact=True).fill("On holiday")
    await page.keyboard.press("Enter")
    await expect(me.locator("summary")).to_contain_text("On holiday")
    await expect(page.get_by_role("link", name="Ada Lovelace On holiday")).to_be_visible()
    profile = client.users_info(user=ada.id)["user"]["profile"]
    assert (profile["status_text"], profile["status_emoji"]) == ("On holiday", ":palm_tree:")
    assert profile["status_expiration"] - sandbox.clock.now().timestamp() <= 3600
    await me.get_by_role("button", name="Clear status").click()
    await expect(me.locator("summary")).to_contain_text("Set a status")


async def test_do_not_disturb_is_set_once_or_daily(
    sandbox: Sandbox, ada: SimulatedUser, client: WebClient, open_page: OpenPage
) -> None:
    page = await open_as(open_page, sandbox, ada)
    me = page.locator("#my-status")
    await me.get_by_text("Set a status").click()
    await me.get_by_role("button", name="1 h", exact=True).click()
    await expect(me.locator("summary")).to_contain_text("Do not disturb until")
    await expect(page.get_by_role("link", name="Do not disturb")).to_be_visible()
    assert client.dnd_info(user=ada.id)["dnd_enabled"] is True
    await me.get_by_role("button", name="Resume notifications").click()
    await expect(me.locator("summary")).not_to_contain_text("Do not disturb")
    await me.get_by_label("Do not disturb every day from").fill("22:00")
    await me.get_by_label("Do not disturb every day to").fill("07:00")
    await me.get_by_role("button", name="Save hours").click()
    await expect(me.locator("summary")).to_contain_text("Do not disturb")
    dnd = client.dnd_info(user=ada.id)
    assert dnd["next_dnd_end_ts"] - dnd["next_dnd_start_ts"] == 9 * 3600


async def test_members_and_the_bot_are_added_to_and_removed_from_a_channel(
    sandbox: Sandbox, ada: SimulatedUser, receiver: Receiver, open_page: OpenPage
) -> None:
    bob = sandbox.add_user("bob", real_name="Bob")
    channel = sandbox.add_channel("labels", members=[ada], bot=False)
    page = await open_as(open_page, sandbox, ada, **{"in": channel.id})
    await page.get_by_text("1 member", exact=True).click()
    await page.get_by_role("button", name="Add Example").click()
    await expect(page.get_by_text("2 members")).to_be_visible()
    await page.get_by_text("2 members").click()
    await page.get_by_role("button", name="Add Bob").click()
    await expect(page.get_by_text("3 members")).to_be_visible()
    sandbox.wait_until_delivered()
    joined = [payload["event"]["user"] for payload in receiver.payloads("member_joined_channel")]
    assert set(joined) == {sandbox.bot_user_id, bob.id}
    await page.get_by_text("3 members").click()
    await page.get_by_role("button", name="Remove Example").click()
    sandbox.wait_until(lambda: receiver.payloads("channel_left"))
    await page.get_by_text("2 members").click()
    await page.get_by_role("button", name="Leave channel").click()
    await expect(page.get_by_role("heading", name="Example")).to_be_visible()
    await page.get_by_role("button", name="Join labels").click()
    await expect(page.get_by_role("heading", name="labels")).to_be_visible()


async def test_a_reaction_is_added_and_removed(
    sandbox: Sandbox, ada: SimulatedUser, receiver: Receiver, client: WebClient, open_page: OpenPage
) -> None:
    client.chat_postMessage(channel=ada.id, text="news")
    page = await open_as(open_page, sandbox, ada)
    message = page.locator(".message").last
    menu = await open_message_menu(message)
    await menu.get_by_role("button", name="React with eyes").click()
    reaction = message.get_by_role("button", name="eyes, 1: Ada Lovelace")
    await expect(reaction).to_have_attribute("aria-pressed", "true")
    sandbox.wait_until(lambda: receiver.payloads("reaction_added"))
    await reaction.click()
    await expect(reaction).to_have_count(0)
    sandbox.wait_until(lambda: receiver.payloads("reaction_removed"))


async def test_users_edit_and_delete_only_their_own_messages(
    sandbox: Sandbox, ada: SimulatedUser, receiver: Receiver, client: WebClient, open_page: OpenPage
) -> None:
    client.chat_postMessage(channel=ada.id, text="not hers")
    ada.send_message("frist")
    page = await open_as(open_page, sandbox, ada)
    menu = await open_message_menu(page.locator(".message").first)
    await expect(menu.get_by_role("button", name="Delete message")).to_have_count(0)
    await page.keyboard.press("Escape")
    mine = page.locator(".message").last
    await (await open_message_menu(mine)).get_by_role("button", name="Edit message").click()
    box = page.get_by_role("combobox", name="Message Example")
    await expect(box).to_be_focused()
    await box.fill("first")
    await box.press("Enter")
    await expect(mine).to_contain_text("first")
    await expect(mine).to_contain_text("(edited)")
    await (await open_message_menu(mine)).get_by_role("button", name="Delete message").click()
    await expect(page.locator(".message")).to_have_count(1)

    def has_events() -> bool:
        subtypes = {payload["event"].get("subtype") for payload in receiver.payloads("message")}
        return {"message_changed", "message_deleted"} <= subtypes

    sandbox.wait_until(has_events)


async def test_message_and_global_shortcuts_send_their_payloads(
    sandbox: Sandbox, ada: SimulatedUser, receiver: Receiver, client: WebClient, open_page: OpenPage
) -> None:
    ts = client.chat_postMessage(channel=ada.id, text="news")["ts"]
    page = await open_as(open_page, sandbox, ada)
    await (
        (await open_message_menu(page.locator(".message").last))
        .get_by_role("button", name="File")
        .click()
    )
    sandbox.wait_until(lambda: receiver.payloads("message_action"))
    (payload,) = receiver.payloads("message_action")
    assert (payload["callback_id"], payload["message_ts"]) == ("file", ts)
    assert payload["message"]["text"] == "news"
    assert payload["channel"] == {"id": ada.dm, "name": "directmessage"}
    assert "/response/" in payload["response_url"]
    await page.get_by_label("Shortcuts").click()
    await page.get_by_role("button", name="Ask Ask").click()
    sandbox.wait_until(lambda: receiver.payloads("shortcut"))
    (payload,) = receiver.payloads("shortcut")
    assert (payload["callback_id"], payload["user"]["id"]) == ("ask", ada.id)
    assert not {"channel", "response_url", "message"} & payload.keys()
    assert payload["trigger_id"]


async def test_a_dropped_file_is_shared_in_the_conversation(
    sandbox: Sandbox, ada: SimulatedUser, receiver: Receiver, client: WebClient, open_page: OpenPage
) -> None:
    page = await open_as(open_page, sandbox, ada)
    await page.locator("main").evaluate(DROP_FILE_SCRIPT)
    await expect(page.locator("a.file-card")).to_contain_text("pairs.csv")
    sandbox.wait_until(lambda: receiver.payloads("message"))
    event = receiver.payloads("message")[0]["event"]
    assert (event["subtype"], event["channel_type"]) == ("file_share", "im")
    assert client.files_info(file=event["files"][0]["id"])["file"]["name"] == "pairs.csv"
    assert ada.download_file("pairs.csv") == b"a,b\n1,2\n"


async def test_a_file_of_the_app_has_alt_text_and_a_download(
    sandbox: Sandbox, ada: SimulatedUser, client: WebClient, open_page: OpenPage
) -> None:
    client.files_upload_v2(
        channel=ada.dm, content=b"\x89PNG", filename="chart.png", alt_txt="Agreement by week"
    )
    page = await open_as(open_page, sandbox, ada)
    await expect(page.get_by_role("img", name="Agreement by week")).to_have_count(1)
    async with page.expect_download() as download_info:
        await page.locator("a.file-card").click()
    assert (await download_info.value).suggested_filename == "chart.png"


async def test_a_command_without_response_shows_slacks_error(
    sandbox: Sandbox, ada: SimulatedUser, receiver: Receiver, open_page: OpenPage
) -> None:
    page = await open_as(open_page, sandbox, ada)
    sandbox.wait_until(lambda: receiver.payloads("app_home_opened"))
    receiver.respond_once_with("", delay_seconds=1.5)
    box = page.get_by_role("combobox", name="Message Example")
    await box.fill("/plain words")
    await box.press("Enter")
    error = "/plain failed with the error “operation_timeout”."
    await expect(page.get_by_role("alert")).to_contain_text(error)


async def test_page_opens_home_if_the_messages_tab_is_disabled(
    manifest: dict[str, Any], open_sandbox: Callable[..., Sandbox], open_page: OpenPage
) -> None:
    manifest["features"]["app_home"]["messages_tab_enabled"] = False
    sandbox = open_sandbox(manifest=manifest)
    ada = sandbox.add_user("ada")
    for query in (f"as={ada.id}", f"as={ada.id}&in={ada.dm}&tab=messages"):
        page = await open_page(f"{sandbox.url}/?{query}")
        tabs = page.get_by_role("navigation", name="App tabs").get_by_role("link")
        await expect(tabs).to_have_text(["Home"])
        await expect(page.locator("body")).to_have_attribute("data-tab", "home")
        await expect(page.get_by_role("combobox", name="Message Example")).to_have_count(0)
