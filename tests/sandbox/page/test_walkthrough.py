"""The whole product in a real browser, as a newcomer meets it."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from bot.sandbox import SimulatedUser
from tests.journeys.journey import Journey
from tests.sandbox.page.conftest import OpenPage

pytestmark = pytest.mark.asyncio(loop_scope="session")

EXPORTED = 60_000
"""Milliseconds in which an export is made, by a process of its own, on a busy machine."""


async def begin(
    story: Journey, look: OpenPage, kind: str, **how: object
) -> tuple[Page, SimulatedUser]:
    """Return Ada's window on a campaign of one kind, with her first task in it."""
    ada = story.add_user()
    story.create_campaign(kind, [ada])
    story.start_bot()
    page = await look(f"{story.sandbox.url}/?as={ada.id}", **how)
    await expect(page.locator(".message").last).to_contain_text(kind.title())
    return page, ada


async def test_a_person_compares_and_takes_it_back(story: Journey, look: OpenPage) -> None:
    page, _ada = await begin(story, look, "comparison")
    await page.get_by_role("button", name="A is better", exact=True).click()
    await expect(page.get_by_role("button", name="Undo")).to_be_visible()
    story.sandbox.wait_until(lambda: len(story.answer_values()) == 1)
    await page.get_by_role("button", name="Undo").click()
    story.sandbox.wait_until(lambda: story.answer_values() == [])


async def test_the_focus_stays_at_the_message_when_the_next_task_takes_its_place(
    story: Journey, look: OpenPage
) -> None:
    page, _ada = await begin(story, look, "comparison")
    await page.get_by_role("button", name="A is better", exact=True).focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("button", name="Undo")).to_be_visible()
    focused = await page.evaluate("document.activeElement.closest('.message') !== null")
    assert focused


async def test_a_person_rates(story: Journey, look: OpenPage) -> None:
    page, _ada = await begin(story, look, "rating")
    rows = page.locator(".message").last.locator("[data-type=actions]:has(button)")
    for number in range(await rows.count()):
        await rows.nth(number).get_by_role("button").nth(2).click()
    story.sandbox.wait_until(lambda: len(story.answer_values()) == 1)


async def test_a_person_writes_in_a_modal_and_mistakes_stand_at_their_field(
    story: Journey, look: OpenPage
) -> None:
    page, _ada = await begin(story, look, "demonstration")
    await page.get_by_role("button", name="Write the response").click()
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
    story.sandbox.wait_until(lambda: len(story.answer_values()) == 1)
    assert story.answer_values()[0] == {"response": "An answer\n\nof two paragraphs."}


async def test_escape_closes_a_modal_and_the_focus_returns(story: Journey, look: OpenPage) -> None:
    page, ada = await begin(story, look, "demonstration")
    opener = page.get_by_role("button", name="Write the response")
    await opener.click()
    await expect(page.get_by_role("dialog")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog")).to_be_hidden()
    await expect(opener).to_be_focused()
    assert ada.modal is None


async def tab_to(page: Page, wanted: str) -> None:
    """Press Tab until what is focused reads so."""
    for _step in range(60):
        await page.keyboard.press("Tab")
        if await page.evaluate("document.activeElement.innerText") == wanted:
            return
    pytest.fail(f"the keyboard does not reach {wanted!r}")


async def test_a_task_is_done_without_a_mouse(story: Journey, look: OpenPage) -> None:
    page, _ada = await begin(story, look, "comparison")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")  # skips to the conversation
    await tab_to(page, "A is better")
    await page.keyboard.press("Enter")
    story.sandbox.wait_until(lambda: len(story.answer_values()) == 1)
    await expect(page.get_by_role("button", name="Undo")).to_be_visible()
    await tab_to(page, "Undo")
    await page.keyboard.press("Enter")
    story.sandbox.wait_until(lambda: story.answer_values() == [])


async def test_a_modal_is_filled_and_sent_without_a_mouse(story: Journey, look: OpenPage) -> None:
    page, _ada = await begin(story, look, "demonstration")
    await tab_to(page, "Write the response")
    await page.keyboard.press("Enter")
    modal = page.get_by_role("dialog", name="Your response")
    await expect(modal.get_by_role("textbox").first).to_be_focused()
    await page.keyboard.type("An answer.")
    await tab_to(page, "Save")
    await page.keyboard.press("Enter")
    await expect(modal).to_be_hidden()
    story.sandbox.wait_until(lambda: len(story.answer_values()) == 1)
    inside = await page.evaluate("document.activeElement.closest('.message') !== null")
    assert inside


async def test_a_command_is_completed_and_only_its_author_sees_the_answer(
    story: Journey, look: OpenPage
) -> None:
    page, _ada = await begin(story, look, "comparison")
    box = page.get_by_role("combobox", name="Message Labelbot")
    await box.press_sequentially("/la")
    await expect(page.get_by_role("option", name="/label")).to_be_visible()
    await box.press("Tab")
    await expect(box).to_have_value("/label ")
    await box.press_sequentially("status")
    await box.press("Enter")
    whisper = page.locator(".message.whisper")
    await expect(whisper).to_contain_text("waiting for you")
    await expect(whisper).to_contain_text("Only visible to you")
    await expect(box).to_have_value("")


async def test_turning_the_clock_brings_a_reminder_and_what_was_typed_stays(
    story: Journey, look: OpenPage
) -> None:
    page, _ada = await begin(story, look, "comparison")
    box = page.get_by_role("combobox", name="Message Labelbot")
    await box.fill("half a thought")
    before = await page.locator(".message").count()
    for _hour in range(4):
        await page.get_by_label("Turn the clock").click()
        await page.get_by_role("button", name="+1 hour").click()
    await expect(page.locator("#clock")).to_contain_text("14:0")
    await expect(page.locator(".message")).to_have_count(before + 1)
    await expect(page.locator("#announcer")).to_contain_text("Labelbot")
    await expect(box).to_have_value("half a thought")


async def test_the_home_tab_shows_what_waits_and_its_button_works(
    story: Journey, look: OpenPage
) -> None:
    page, ada = await begin(story, look, "comparison")
    await page.get_by_role("link", name="Home").click()
    await expect(page.get_by_role("heading", name="Your tasks")).to_be_visible()
    before = len(ada.messages)
    await page.get_by_role("button", name="Bring me the next task").click()
    story.sandbox.wait_until(lambda: len(ada.messages) > before)


async def test_a_coordinator_exports_and_downloads_the_file(
    story: Journey, look: OpenPage, tmp_path: Path
) -> None:
    ada, cora = story.add_user(), story.add_user("cora")
    story.coordinators = (cora.id,)
    story.create_campaign("comparison", [ada])
    story.start_bot()
    ada.click("A is better")
    story.sandbox.wait_until(lambda: len(story.answer_values()) == 1)
    page = await look(f"{story.sandbox.url}/?as={cora.id}")
    box = page.get_by_role("combobox", name="Message Labelbot")
    await box.fill("/label export comparison")
    await box.press("Enter")
    card = page.locator("a.file-card")
    await expect(card).to_contain_text("comparison-preference.jsonl", timeout=EXPORTED)
    async with page.expect_download() as waiting:
        await card.click()
    download = await waiting.value
    await download.save_as(tmp_path / "data.jsonl")
    assert "Question" in (tmp_path / "data.jsonl").read_text()


async def test_an_app_that_does_not_answer_is_warned_about(story: Journey, look: OpenPage) -> None:
    page, _ada = await begin(story, look, "comparison")
    story.sandbox.faults.lose_acks(1)
    await page.get_by_role("button", name="A is better", exact=True).click()
    await expect(page.get_by_role("alert")).to_contain_text("This app is not responding")


async def test_another_person_has_an_unread_mark_until_she_looks(
    story: Journey, look: OpenPage
) -> None:
    bo = story.add_user("bo")
    page, ada = await begin(story, look, "comparison")
    await page.goto(f"{story.sandbox.url}/?as={bo.id}")
    entry = page.get_by_role("link", name="Ada")
    await expect(entry.locator(".unread")).to_have_count(0)
    ada.send_message("/label next")
    await expect(entry.locator(".unread")).to_have_text("2")  # that it comes, and the task
    await entry.click()
    await expect(page.get_by_role("heading", name="Labelbot")).to_be_visible()
    await page.goto(f"{story.sandbox.url}/?as={bo.id}")
    await expect(page.get_by_role("link", name="Ada").locator(".unread")).to_have_count(0)


async def test_on_a_phone_people_are_in_a_drawer(story: Journey, look: OpenPage) -> None:
    page, _ada = await begin(story, look, "comparison", width=390)
    await expect(page.get_by_role("link", name="Ada")).to_be_hidden()
    await page.get_by_role("button", name="People and conversations").click()
    await expect(page.get_by_role("link", name="Ada")).to_be_visible()
    wide = await page.evaluate("document.documentElement.scrollWidth")
    assert wide <= 390


@pytest.mark.parametrize("width", [1280, 390])
async def test_what_is_behind_the_dots_of_the_last_message_is_in_sight(
    story: Journey, look: OpenPage, width: int
) -> None:
    page, _ada = await begin(story, look, "comparison", width=width)
    await page.get_by_label("More actions", exact=True).click()
    offered = page.get_by_role("button", name="Why me?")
    await expect(offered).to_be_in_viewport(ratio=1)


async def test_a_modal_that_was_open_before_begins_at_its_first_field(
    story: Journey, look: OpenPage
) -> None:
    page, _ada = await begin(story, look, "demonstration")
    await page.get_by_role("button", name="Write the response").click()
    await expect(page.get_by_role("dialog")).to_be_visible()
    await page.reload()
    modal = page.get_by_role("dialog", name="Your response")
    await expect(modal.get_by_role("textbox").first).to_be_focused()
