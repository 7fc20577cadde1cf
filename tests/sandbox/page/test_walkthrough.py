"""The whole product in a real browser, from the first task to an export."""

from __future__ import annotations

from pathlib import Path
from zipfile import ZipFile

import pytest
from playwright.async_api import Page, expect

from bot.sandbox import SimulatedUser
from tests.journeys.journey import Journey
from tests.sandbox.page.conftest import OpenPage

pytestmark = pytest.mark.asyncio(loop_scope="session")

EXPORT_TIMEOUT_MS = 60_000
"""Milliseconds for an export, which runs in its own process, on a busy machine."""


async def open_campaign(
    journey: Journey, open_page: OpenPage, kind: str, **page_options: object
) -> tuple[Page, SimulatedUser]:
    """Return Ada's page and Ada, with the first task of a campaign of this kind."""
    ada = journey.add_user()
    journey.create_campaign(kind, [ada])
    journey.start_bot()
    page = await open_page(f"{journey.sandbox.url}/?as={ada.id}", **page_options)
    await expect(page.locator(".message").last).to_contain_text(kind.title())
    return page, ada


async def test_a_comparison_is_answered_and_undone(journey: Journey, open_page: OpenPage) -> None:
    page, _ada = await open_campaign(journey, open_page, "comparison")
    await page.get_by_role("button", name="A is better", exact=True).click()
    await expect(page.get_by_role("button", name="Undo")).to_be_visible()
    journey.sandbox.wait_until(lambda: len(journey.answer_values()) == 1)
    await page.get_by_role("button", name="Undo").click()
    journey.sandbox.wait_until(lambda: journey.answer_values() == [])


async def test_focus_stays_in_the_message_when_the_next_task_replaces_it(
    journey: Journey, open_page: OpenPage
) -> None:
    page, _ada = await open_campaign(journey, open_page, "comparison")
    await page.get_by_role("button", name="A is better", exact=True).focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("button", name="Undo")).to_be_visible()
    await expect(page.locator(".message:focus-within").first).to_be_visible()


async def test_a_rating_is_answered(journey: Journey, open_page: OpenPage) -> None:
    page, _ada = await open_campaign(journey, open_page, "rating")
    rows = page.locator(".message").last.locator("[data-type=actions]:has(button)")
    for number in range(await rows.count()):
        await rows.nth(number).get_by_role("button").nth(2).click()
    journey.sandbox.wait_until(lambda: len(journey.answer_values()) == 1)


async def test_modal_shows_errors_at_their_field_and_submits(
    journey: Journey, open_page: OpenPage
) -> None:
    page, _ada = await open_campaign(journey, open_page, "demonstration")
    await page.get_by_role("button", name="Write the response…").click()
    modal = page.get_by_role("dialog", name="Your response")
    field = modal.get_by_role("textbox").first
    await expect(field).to_be_focused()
    await modal.get_by_role("button", name="Save").click()
    await expect(modal.locator(".error").first).to_have_text("Please complete this required field.")
    await expect(field).to_be_focused()
    await expect(field).to_have_attribute("aria-invalid", "true")
    await field.fill("An answer\n\nof two paragraphs.")
    await modal.get_by_role("button", name="Save").click()
    await expect(modal).to_be_hidden()
    journey.sandbox.wait_until(lambda: len(journey.answer_values()) == 1)
    assert journey.answer_values()[0] == {"response": "An answer\n\nof two paragraphs."}


async def test_escape_closes_a_modal_and_returns_the_focus(
    journey: Journey, open_page: OpenPage
) -> None:
    page, ada = await open_campaign(journey, open_page, "demonstration")
    opener = page.get_by_role("button", name="Write the response…")
    await opener.click()
    await expect(page.get_by_role("dialog")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog")).to_be_hidden()
    await expect(opener).to_be_focused()
    assert ada.modal is None


async def tab_to(page: Page, text: str) -> None:
    """Press Tab until an element with this text has the focus."""
    for _step in range(60):
        await page.keyboard.press("Tab")
        if await page.evaluate("document.activeElement.innerText") == text:
            return
    pytest.fail(f"Tab does not reach {text!r}")


async def test_a_task_is_answered_by_keyboard(journey: Journey, open_page: OpenPage) -> None:
    page, _ada = await open_campaign(journey, open_page, "comparison")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")  # follows the skip link
    await tab_to(page, "A is better")
    await page.keyboard.press("Enter")
    journey.sandbox.wait_until(lambda: len(journey.answer_values()) == 1)
    await expect(page.get_by_role("button", name="Undo")).to_be_visible()
    await tab_to(page, "Undo")
    await page.keyboard.press("Enter")
    journey.sandbox.wait_until(lambda: journey.answer_values() == [])


async def test_a_modal_is_submitted_by_keyboard(journey: Journey, open_page: OpenPage) -> None:
    page, _ada = await open_campaign(journey, open_page, "demonstration")
    await tab_to(page, "Write the response…")
    await page.keyboard.press("Enter")
    modal = page.get_by_role("dialog", name="Your response")
    await expect(modal.get_by_role("textbox").first).to_be_focused()
    await page.keyboard.type("An answer.")
    await tab_to(page, "Save")
    await page.keyboard.press("Enter")
    await expect(modal).to_be_hidden()
    journey.sandbox.wait_until(lambda: len(journey.answer_values()) == 1)
    await expect(page.locator(".message:focus-within").first).to_be_visible()


async def test_a_command_is_completed_and_answered_ephemerally(
    journey: Journey, open_page: OpenPage
) -> None:
    page, _ada = await open_campaign(journey, open_page, "comparison")
    box = page.get_by_role("combobox", name="Message Labelbot")
    await box.press_sequentially("/la")
    await expect(page.get_by_role("option", name="/label")).to_be_visible()
    await box.press("Tab")
    await expect(box).to_have_value("/label ")
    await box.press_sequentially("status")
    await box.press("Enter")
    response = page.locator(".message.ephemeral")
    await expect(response).to_contain_text("waiting for you")
    await expect(response).to_contain_text("Only visible to you")
    await expect(box).to_have_value("")


async def test_advancing_the_clock_sends_a_reminder_and_keeps_typed_text(
    journey: Journey, open_page: OpenPage
) -> None:
    page, _ada = await open_campaign(journey, open_page, "comparison")
    box = page.get_by_role("combobox", name="Message Labelbot")
    await box.fill("half a thought")
    before = await page.locator(".message").count()
    for hour in range(11, 15):
        await page.get_by_label("Advance clock").click()
        await page.get_by_role("button", name="+1 hour").click()
        await expect(page.locator("#clock")).to_contain_text(f"{hour}:0")
    await expect(page.locator(".message")).to_have_count(before + 1)
    await expect(page.locator("#announcer")).to_contain_text("Labelbot")
    await expect(box).to_have_value("half a thought")


async def test_home_tab_shows_open_tasks_and_its_button_works(
    journey: Journey, open_page: OpenPage
) -> None:
    page, ada = await open_campaign(journey, open_page, "comparison")
    await page.get_by_role("link", name="Home").click()
    await expect(page.get_by_role("heading", name="Your tasks")).to_be_visible()
    before = len(ada.messages)
    await page.get_by_role("button", name="get the next task").click()
    journey.sandbox.wait_until(lambda: len(ada.messages) > before)


async def test_a_coordinator_exports_and_downloads_a_dataset(
    journey: Journey, open_page: OpenPage, tmp_path: Path
) -> None:
    ada, cora = journey.add_user(), journey.add_user("cora")
    journey.coordinators = (cora.id,)
    journey.create_campaign("comparison", [ada])
    journey.start_bot()
    ada.click("A is better")
    journey.sandbox.wait_until(lambda: len(journey.answer_values()) == 1)
    page = await open_page(f"{journey.sandbox.url}/?as={cora.id}")
    box = page.get_by_role("combobox", name="Message Labelbot")
    await box.fill("/label export comparison")
    await box.press("Enter")
    card = page.locator("a.file-card")
    await expect(card).to_contain_text("comparison-preference-", timeout=EXPORT_TIMEOUT_MS)
    async with page.expect_download() as download_info:
        await card.click()
    download = await download_info.value
    await download.save_as(tmp_path / "export.zip")
    with ZipFile(tmp_path / "export.zip") as archive:
        contents = {Path(name).name: archive.read(name) for name in archive.namelist()}
    assert b"Question" in contents["data.jsonl"]
    assert {"README.md", "manifest.json", "data.parquet"} <= contents.keys()


async def test_a_missing_acknowledgment_shows_a_warning(
    journey: Journey, open_page: OpenPage
) -> None:
    page, _ada = await open_campaign(journey, open_page, "comparison")
    journey.sandbox.faults.lose_acks(1)
    await page.get_by_role("button", name="A is better", exact=True).click()
    await expect(page.get_by_role("alert")).to_contain_text("This app is not responding")


async def test_unread_badge_is_shown_until_the_user_opens_the_conversation(
    journey: Journey, open_page: OpenPage
) -> None:
    bo = journey.add_user("bo")
    page, ada = await open_campaign(journey, open_page, "comparison")
    await page.goto(f"{journey.sandbox.url}/?as={bo.id}")
    entry = page.get_by_role("link", name="Ada")
    await expect(entry.locator(".unread")).to_have_count(0)
    ada.send_message("/label next")
    await expect(entry.locator(".unread")).to_have_text("1 unread")
    await entry.click()
    await page.wait_for_url(f"**/?as={ada.id}*")
    await expect(page.get_by_role("heading", name="Labelbot")).to_be_visible()
    await page.goto(f"{journey.sandbox.url}/?as={bo.id}")
    await expect(page.get_by_role("link", name="Ada").locator(".unread")).to_have_count(0)


async def test_on_a_phone_the_sidebar_is_a_drawer(journey: Journey, open_page: OpenPage) -> None:
    page, _ada = await open_campaign(journey, open_page, "comparison", width=390)
    await expect(page.get_by_role("link", name="Ada")).to_be_hidden()
    await page.get_by_role("button", name="People and conversations").click()
    await expect(page.get_by_role("link", name="Ada")).to_be_visible()
    assert await page.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.mark.parametrize("width", [1280, 390])
async def test_overflow_menu_of_the_last_message_is_in_the_viewport(
    journey: Journey, open_page: OpenPage, width: int
) -> None:
    page, _ada = await open_campaign(journey, open_page, "comparison", width=width)
    await page.get_by_label("More actions", exact=True).click()
    option = page.get_by_role("button", name="Why this task…")
    await expect(option).to_be_in_viewport(ratio=1)


async def test_after_a_reload_an_open_modal_focuses_its_first_field(
    journey: Journey, open_page: OpenPage
) -> None:
    page, _ada = await open_campaign(journey, open_page, "demonstration")
    await page.get_by_role("button", name="Write the response…").click()
    await expect(page.get_by_role("dialog")).to_be_visible()
    await page.reload()
    modal = page.get_by_role("dialog", name="Your response")
    await expect(modal.get_by_role("textbox").first).to_be_focused()
