"""An expert writes responses: in a modal, in several parts, and in the task's thread."""

from __future__ import annotations

import pytest

from bot.sandbox import ActionRejectedError, MessageSnapshot
from tests.journeys.journey import Journey

LONG_TEXT = "\n\n".join(f"Paragraph {number}: {'word ' * 400}end." for number in range(1, 4))
"""Over 6,000 characters, so it needs three of Slack's inputs."""


def test_response_is_written_in_a_modal(journey: Journey) -> None:
    ada = journey.add_user()
    journey.create_campaign("demonstration", [ada])
    journey.start_bot()
    ada.wait_for_text("Please explain 1.")
    ada.click("Write the response…")
    ada.submit_modal(response="Because of *this* & <that>.")
    ada.wait_for_text("Saved: your response, 5 words")
    ada.wait_for_text("Please explain 2.")
    assert journey.answer_values() == [{"response": "Because of *this* & <that>."}]


def test_formatted_response_is_stored_as_markdown(journey: Journey) -> None:
    ada = journey.add_user()
    journey.create_campaign("demonstration", [ada])
    journey.start_bot()
    ada.click("Write the response…")
    ada.fill("Your response", "Keep **this**")
    ada.click("Use formatting")
    ada.wait_for_text("Bold, lists, links, quotes and code are stored as Markdown")
    ada.click("Add another part")
    ada.fill("Your response, part 2", "See:\n1. `a_b`\n2. *bold* text")
    ada.submit_modal()
    ada.wait_for_text("Please explain 2.")
    expected = "Keep **this**\n\nSee:\n1. `a_b`\n2. **bold** text"
    assert journey.answer_values() == [{"response": expected}]


def test_draft_is_edited(journey: Journey) -> None:
    ada = journey.add_user()
    rows = [{"id": "one", "prompt": "Explain.", "draft": "A first try."}]
    journey.create_campaign("demonstration", [ada], rows)
    journey.start_bot()
    ada.wait_for_text("Improve this draft")
    ada.click("Improve the draft…")
    ada.wait_for_text("A first try.")
    ada.submit_modal()
    ada.wait_for_text("No more tasks for now")
    assert journey.answer_values() == [{"response": "A first try."}]


def test_blank_response_is_refused(journey: Journey) -> None:
    ada = journey.add_user()
    journey.create_campaign("demonstration", [ada])
    journey.start_bot()
    ada.click("Write the response…")
    submission = ada.submit_modal(response="   ")
    assert submission.errors == {"response:0": "Enter your response."}
    assert journey.annotations() == []
    ada.submit_modal(response="Now I do.")
    ada.wait_for_text("Please explain 2.")


def test_parts_of_a_long_response_are_joined_in_order(journey: Journey) -> None:
    ada = journey.add_user()
    journey.create_campaign("demonstration", [ada])
    journey.start_bot()
    ada.click("Write the response…")
    parts = LONG_TEXT.split("\n\n")
    ada.fill("Your response", parts[0])
    ada.click("Add another part")
    ada.fill("Your response, part 2", parts[1])
    ada.click("Add another part")
    ada.fill("Your response, part 3", parts[2])
    ada.submit_modal()
    ada.wait_for_text("Please explain 2.")
    assert journey.answer_values() == [{"response": LONG_TEXT}]


def test_long_draft_is_edited_without_loss(journey: Journey) -> None:
    ada = journey.add_user()
    rows = [{"id": "one", "prompt": "Explain.", "draft": LONG_TEXT}]
    journey.create_campaign("demonstration", [ada], rows)
    journey.start_bot()
    ada.click("Improve the draft…")
    ada.submit_modal()
    ada.wait_for_text("No more tasks for now")
    assert journey.answer_values() == [{"response": LONG_TEXT}]


def test_one_input_holds_at_most_3000_characters(journey: Journey) -> None:
    ada = journey.add_user()
    journey.create_campaign("demonstration", [ada])
    journey.start_bot()
    ada.click("Write the response…")
    with pytest.raises(ActionRejectedError):
        ada.submit_modal(response="x" * 3001)
    assert journey.annotations() == []


def test_thread_messages_become_one_response(journey: Journey) -> None:
    ada = journey.add_user()
    journey.create_campaign("demonstration", [ada])
    journey.start_bot()
    task = ada.wait_for_text("Please explain 1.")
    ada.send_message("First thought.", thread=task)
    ada.send_message("Second thought.", thread=task)
    ada.wait_for_text("characters in 2 messages")
    assert journey.annotations() == []
    ada.click("Save response")
    ada.wait_for_text("Please explain 2.")
    ada.wait_for_text("✓ Saved: your response, 4 words")
    assert journey.answer_values() == [{"response": "First thought.\n\nSecond thought."}]


def test_text_file_in_the_thread_is_part_of_the_response(journey: Journey) -> None:
    ada = journey.add_user()
    journey.create_campaign("demonstration", [ada])
    journey.start_bot()
    task = ada.wait_for_text("Please explain 1.")
    text = LONG_TEXT * 5
    ada.send_message("It begins.", thread=task)
    ada.upload_file("answer.txt", text.encode(), thread=task)
    ada.send_message("It ends.", thread=task)
    ada.wait_for_text("characters in 3 messages")
    ada.click("Save response")
    ada.wait_for_text("Please explain 2.")
    assert journey.answer_values() == [{"response": f"It begins.\n\n{text}\n\nIt ends."}]


def test_binary_file_in_the_thread_is_refused(journey: Journey) -> None:
    ada = journey.add_user()
    journey.create_campaign("demonstration", [ada])
    journey.start_bot()
    task = ada.wait_for_text("Please explain 1.")
    ada.upload_file("photo.png", b"\x89PNG\xff\xfe\x00", thread=task)
    ada.wait_for_text("“photo.png” could not be added")
    assert journey.annotations() == []


def test_thread_draft_can_be_started_over(journey: Journey) -> None:
    ada = journey.add_user()
    journey.create_campaign("demonstration", [ada])
    journey.start_bot()
    task = ada.wait_for_text("Please explain 1.")
    ada.send_message("Wrong.", thread=task)
    ada.wait_for_text("Draft: 6 characters")
    ada.click("Start over")
    ada.wait_for_text("Started over")
    ada.send_message("All right.", thread=task)
    ada.wait_for_text("Draft: 10 characters")
    ada.click("Save response")
    ada.wait_for_text("Please explain 2.")
    assert journey.answer_values() == [{"response": "All right."}]


def test_edits_and_deletions_in_the_thread_change_the_draft(journey: Journey) -> None:
    ada = journey.add_user()
    journey.create_campaign("demonstration", [ada])
    journey.start_bot()
    task = ada.wait_for_text("Please explain 1.")
    first = ada.send_message("One.", thread=task)
    second = ada.send_message("Two.", thread=task)
    assert isinstance(first, MessageSnapshot)
    assert isinstance(second, MessageSnapshot)
    ada.wait_for_text("characters in 2 messages")
    ada.edit_message(second, "Two and a half.")
    ada.delete_message(first)
    ada.wait_for_text("Draft: 15 characters in 1 message")
    ada.click("Save response")
    ada.wait_for_text("Please explain 2.")
    assert journey.answer_values() == [{"response": "Two and a half."}]


def test_message_outside_a_thread_gets_a_hint(journey: Journey) -> None:
    ada = journey.add_user()
    journey.create_campaign("demonstration", [ada])
    journey.start_bot()
    ada.wait_for_text("Please explain 1.")
    ada.send_message("What is this?")
    ada.wait_for_text("Type /label next")
    assert journey.annotations() == []
