"""What people do around an app: say how they are, come and go, react, mend what they wrote."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.async_api import Locator, Page, expect
from slack_sdk import WebClient

from bot.sandbox import Sandbox, SimulatedUser
from tests.sandbox.page.conftest import OpenPage
from tests.sandbox.receiver import Receiver

pytestmark = pytest.mark.asyncio(loop_scope="session")

Json = dict[str, Any]

DROP = """
(main) => {
  const data = new DataTransfer();
  data.items.add(new File(["a,b\\n1,2\\n"], "pairs.csv", { type: "text/csv" }));
  for (const type of ["dragover", "drop"]) {
    const how = { dataTransfer: data, bubbles: true, cancelable: true };
    main.dispatchEvent(new DragEvent(type, how));
  }
}
"""
"""Lets go of a file over the conversation, as a mouse would."""


async def looks(look: OpenPage, sandbox: Sandbox, person: SimulatedUser, **where: str) -> Page:
    """Return somebody's window."""
    query = "&".join(f"{key}={value}" for key, value in {"as": person.id, **where}.items())
    return await look(f"{sandbox.url}/?{query}")


async def more(message: Locator) -> Locator:
    """Open the menu of a message and return it."""
    await message.get_by_role("article").hover()
    await message.get_by_label("More actions for this message").click()
    return message.locator("details[open]")


async def test_a_status_is_set_shown_and_cleared(
    sandbox: Sandbox, ada: SimulatedUser, client: WebClient, look: OpenPage
) -> None:
    page = await looks(look, sandbox, ada)
    me = page.locator("#about-me")
    await me.get_by_text("Set a status").click()
    await me.get_by_label("Emoji").select_option(":palm_tree:")
    await me.get_by_label("Clear the status after").select_option(label="For an hour")
    await me.get_by_label("Status", exact=True).fill("On holiday")
    await page.keyboard.press("Enter")
    await expect(me.locator("summary")).to_contain_text("On holiday")
    await expect(page.get_by_role("link", name="Ada Lovelace On holiday")).to_be_visible()
    profile = client.users_info(user=ada.id)["user"]["profile"]
    assert (profile["status_text"], profile["status_emoji"]) == ("On holiday", ":palm_tree:")
    assert profile["status_expiration"] - sandbox.clock.now().timestamp() <= 3600
    await me.get_by_role("button", name="Clear the status").click()
    await expect(me.locator("summary")).to_contain_text("Set a status")


async def test_do_not_disturb_is_for_a_while_or_every_day(
    sandbox: Sandbox, ada: SimulatedUser, client: WebClient, look: OpenPage
) -> None:
    page = await looks(look, sandbox, ada)
    me = page.locator("#about-me")
    await me.get_by_text("Set a status").click()
    await me.get_by_role("button", name="1 h", exact=True).click()
    await expect(me.locator("summary")).to_contain_text("Do not disturb until")
    await expect(page.get_by_role("link", name="Do not disturb")).to_be_visible()
    assert client.dnd_info(user=ada.id)["dnd_enabled"] is True
    await me.get_by_role("button", name="Resume").click()
    await expect(me.locator("summary")).not_to_contain_text("Do not disturb")
    await me.get_by_label("Quiet every day from").fill("22:00")
    await me.get_by_label("Quiet every day to").fill("07:00")
    await me.get_by_role("button", name="Save these hours").click()
    await expect(me.locator("summary")).to_contain_text("Do not disturb")
    told = client.dnd_info(user=ada.id)
    assert told["next_dnd_end_ts"] - told["next_dnd_start_ts"] == 9 * 3600


async def test_the_bot_is_asked_into_a_channel_and_out_of_it(
    sandbox: Sandbox, ada: SimulatedUser, receiver: Receiver, look: OpenPage
) -> None:
    bob = sandbox.add_user("bob", real_name="Bob")
    room = sandbox.add_channel("labels", members=[ada], bot=False)
    page = await looks(look, sandbox, ada, **{"in": room.id})
    await page.get_by_text("1 member", exact=True).click()
    await page.get_by_role("button", name="Add Example").click()
    await expect(page.get_by_text("2 members")).to_be_visible()
    await page.get_by_text("2 members").click()
    await page.get_by_role("button", name="Add Bob").click()
    await expect(page.get_by_text("3 members")).to_be_visible()
    sandbox.wait_until_delivered()
    joined = [one["event"]["user"] for one in receiver.payloads("member_joined_channel")]
    assert set(joined) == {sandbox.bot_user_id, bob.id}
    await page.get_by_text("3 members").click()
    await page.get_by_role("button", name="Remove Example").click()
    sandbox.wait_until(lambda: receiver.payloads("channel_left"))
    await page.get_by_text("2 members").click()
    await page.get_by_role("button", name="Leave").click()
    await expect(page.get_by_role("heading", name="Example")).to_be_visible()
    await page.get_by_role("button", name="labels join").click()
    await expect(page.get_by_role("heading", name="labels")).to_be_visible()


async def test_a_reaction_is_put_and_taken_back_with_one_tap(
    sandbox: Sandbox, ada: SimulatedUser, receiver: Receiver, client: WebClient, look: OpenPage
) -> None:
    client.chat_postMessage(channel=ada.id, text="news")
    page = await looks(look, sandbox, ada)
    message = page.locator(".message").last
    menu = await more(message)
    await menu.get_by_role("button", name="React with eyes").click()
    mark = message.get_by_role("button", name="eyes, 1: Ada Lovelace")
    await expect(mark).to_have_attribute("aria-pressed", "true")
    sandbox.wait_until(lambda: receiver.payloads("reaction_added"))
    await mark.click()
    await expect(mark).to_have_count(0)
    sandbox.wait_until(lambda: receiver.payloads("reaction_removed"))


async def test_one_edits_and_deletes_ones_own_messages_only(
    sandbox: Sandbox, ada: SimulatedUser, receiver: Receiver, client: WebClient, look: OpenPage
) -> None:
    client.chat_postMessage(channel=ada.id, text="not hers")
    ada.send_message("frist")
    page = await looks(look, sandbox, ada)
    menu = await more(page.locator(".message").first)
    await expect(menu.get_by_role("button", name="Delete message")).to_have_count(0)
    await page.keyboard.press("Escape")
    mine = page.locator(".message").last
    await (await more(mine)).get_by_role("button", name="Edit message").click()
    box = page.get_by_role("combobox", name="Message Example")
    await expect(box).to_be_focused()
    await box.fill("first")
    await box.press("Enter")
    await expect(mine).to_contain_text("first")
    await expect(mine).to_contain_text("(edited)")
    await (await more(mine)).get_by_role("button", name="Delete message").click()
    await expect(page.locator(".message")).to_have_count(1)

    def told() -> bool:
        subtypes = {one["event"].get("subtype") for one in receiver.payloads("message")}
        return {"message_changed", "message_deleted"} <= subtypes

    sandbox.wait_until(told)


async def test_shortcuts_are_used_on_a_message_and_anywhere(
    sandbox: Sandbox, ada: SimulatedUser, receiver: Receiver, client: WebClient, look: OpenPage
) -> None:
    ts = client.chat_postMessage(channel=ada.id, text="news")["ts"]
    page = await looks(look, sandbox, ada)
    await (await more(page.locator(".message").last)).get_by_role("button", name="File").click()
    sandbox.wait_until(lambda: receiver.payloads("message_action"))
    (told,) = receiver.payloads("message_action")
    assert (told["callback_id"], told["message_ts"]) == ("file", ts)
    assert told["message"]["text"] == "news"
    assert told["channel"] == {"id": ada.dm, "name": "directmessage"}
    assert "/response/" in told["response_url"]
    await page.get_by_label("Shortcuts").click()
    await page.get_by_role("button", name="Ask Ask").click()
    sandbox.wait_until(lambda: receiver.payloads("shortcut"))
    (told,) = receiver.payloads("shortcut")
    assert (told["callback_id"], told["user"]["id"]) == ("ask", ada.id)
    assert not {"channel", "response_url", "message"} & told.keys()
    assert told["trigger_id"]


async def test_a_file_is_dropped_into_the_conversation(
    sandbox: Sandbox, ada: SimulatedUser, receiver: Receiver, client: WebClient, look: OpenPage
) -> None:
    page = await looks(look, sandbox, ada)
    await page.locator("main").evaluate(DROP)
    await expect(page.locator("a.file-card")).to_contain_text("pairs.csv")
    sandbox.wait_until(lambda: receiver.payloads("message"))
    event = receiver.payloads("message")[0]["event"]
    assert (event["subtype"], event["channel_type"]) == ("file_share", "im")
    assert client.files_info(file=event["files"][0]["id"])["file"]["name"] == "pairs.csv"
    assert ada.download_file("pairs.csv") == b"a,b\n1,2\n"


async def test_a_file_of_the_app_is_described_shown_and_downloaded(
    sandbox: Sandbox, ada: SimulatedUser, client: WebClient, look: OpenPage
) -> None:
    client.files_upload_v2(
        channel=ada.dm, content=b"\x89PNG", filename="chart.png", alt_txt="Agreement by week"
    )
    page = await looks(look, sandbox, ada)
    await expect(page.get_by_role("img", name="Agreement by week")).to_have_count(1)
    async with page.expect_download() as waiting:
        await page.locator("a.file-card").click()
    assert (await waiting.value).suggested_filename == "chart.png"


async def test_a_command_that_nobody_answers_is_said_in_slacks_words(
    sandbox: Sandbox, ada: SimulatedUser, receiver: Receiver, look: OpenPage
) -> None:
    page = await looks(look, sandbox, ada)
    sandbox.wait_until(lambda: receiver.payloads("app_home_opened"))
    receiver.respond_once_with("", after=1.5)
    box = page.get_by_role("combobox", name="Message Example")
    await box.fill("/plain words")
    await box.press("Enter")
    said = "/plain failed with the error “operation_timeout”."
    await expect(page.get_by_role("alert")).to_contain_text(said)
