"""An expert writes ideal responses: in a modal, in parts, and in the thread where they are long."""

from __future__ import annotations

import pytest

from bot.sandbox import ActionRejectedError, MessageSnapshot
from tests.journeys.journey import Journey

LONG = "\n\n".join(f"Paragraph {number}: {'word ' * 400}end." for number in range(1, 4))
"""Over 6,000 characters: more than two of Slack's inputs hold."""


def test_a_response_is_written_in_a_modal(journey: Journey) -> None:
    ada = journey.add_user()
    journey.create_campaign("demonstration", [ada])
    journey.start_bot()
    ada.wait_for_text("Please explain 1.")
    ada.click("Write the response")
    ada.submit_modal(response="Because of *this* & <that>.")
    ada.wait_for_text("Saved: your response, 5 words")
    ada.wait_for_text("Please explain 2.")
    assert journey.answer_values() == [{"response": "Because of *this* & <that>."}]


def test_a_draft_is_edited(journey: Journey) -> None:
    ada = journey.add_user()
    rows = [{"id": "one", "prompt": "Explain.", "draft": "A first try."}]
    journey.create_campaign("demonstration", [ada], rows)
    journey.start_bot()
    ada.wait_for_text("Improve this draft")
    ada.click("Improve the draft")
    ada.wait_for_text("A first try.")
    ada.submit_modal()
    ada.wait_for_text("That was all for now")
    assert journey.answer_values() == [{"response": "A first try."}]


def test_a_blank_response_is_refused_and_nothing_is_stored(journey: Journey) -> None:
    ada = journey.add_user()
    journey.create_campaign("demonstration", [ada])
    journey.start_bot()
    ada.click("Write the response")
    sent = ada.submit_modal(response="   ")
    assert sent.errors == {"response:0": "Enter your response."}
    assert journey.annotations() == []
    ada.submit_modal(response="Now I do.")
    ada.wait_for_text("Please explain 2.")


def test_a_long_response_goes_in_as_parts_whole_and_in_order(journey: Journey) -> None:
    ada = journey.add_user()
    journey.create_campaign("demonstration", [ada])
    journey.start_bot()
    ada.click("Write the response")
    parts = LONG.split("\n\n")
    ada.fill("Your response", parts[0])
    ada.click("Add another part")
    ada.fill("Your response, part 2", parts[1])
    ada.click("Add another part")
    ada.fill("Your response, part 3", parts[2])
    ada.submit_modal()
    ada.wait_for_text("Please explain 2.")
    assert journey.answer_values() == [{"response": LONG}]


def test_a_stored_long_response_is_edited_without_loss(journey: Journey) -> None:
    ada = journey.add_user()
    rows = [{"id": "one", "prompt": "Explain.", "draft": LONG}]
    journey.create_campaign("demonstration", [ada], rows)
    journey.start_bot()
    ada.click("Improve the draft")
    ada.submit_modal()
    ada.wait_for_text("That was all for now")
    assert journey.answer_values() == [{"response": LONG}]


def test_one_input_ends_where_slack_ends_it(journey: Journey) -> None:
    ada = journey.add_user()
    journey.create_campaign("demonstration", [ada])
    journey.start_bot()
    ada.click("Write the response")
    with pytest.raises(ActionRejectedError):
        ada.submit_modal(response="x" * 3001)
    assert journey.annotations() == []


def test_messages_in_the_thread_become_one_response(journey: Journey) -> None:
    ada = journey.add_user()
    journey.create_campaign("demonstration", [ada])
    journey.start_bot()
    task = ada.wait_for_text("Please explain 1.")
    ada.send_message("First thought.", thread=task)
    ada.send_message("Second thought.", thread=task)
    ada.wait_for_text("in 2 messages so far")
    assert journey.annotations() == []
    ada.click("Save it")
    ada.wait_for_text("Please explain 2.")
    ada.wait_for_text("✓ Saved: your response, 4 words")
    assert journey.answer_values() == [{"response": "First thought.\n\nSecond thought."}]


def test_a_text_file_in_the_thread_is_taken_whole(journey: Journey) -> None:
    ada = journey.add_user()
    journey.create_campaign("demonstration", [ada])
    journey.start_bot()
    task = ada.wait_for_text("Please explain 1.")
    text = LONG * 5
    ada.send_message("It begins.", thread=task)
    ada.upload_file("answer.txt", text.encode(), thread=task)
    ada.send_message("It ends.", thread=task)
    ada.wait_for_text("in 3 messages so far")
    ada.click("Save it")
    ada.wait_for_text("Please explain 2.")
    assert journey.answer_values() == [{"response": f"It begins.\n\n{text}\n\nIt ends."}]


def test_a_file_that_is_no_text_is_refused_in_the_thread(journey: Journey) -> None:
    ada = journey.add_user()
    journey.create_campaign("demonstration", [ada])
    journey.start_bot()
    task = ada.wait_for_text("Please explain 1.")
    ada.upload_file("photo.png", b"\x89PNG\xff\xfe\x00", thread=task)
    ada.wait_for_text("“photo.png” could not be added")
    assert journey.annotations() == []


def test_a_thread_can_be_started_over(journey: Journey) -> None:
    ada = journey.add_user()
    journey.create_campaign("demonstration", [ada])
    journey.start_bot()
    task = ada.wait_for_text("Please explain 1.")
    ada.send_message("Wrong.", thread=task)
    ada.wait_for_text("Kept. Your response has 6 characters")
    ada.click("Start over")
    ada.wait_for_text("Started over")
    ada.send_message("All right.", thread=task)
    ada.wait_for_text("Kept. Your response has 10 characters")
    ada.click("Save it")
    ada.wait_for_text("Please explain 2.")
    assert journey.answer_values() == [{"response": "All right."}]


def test_edits_and_deletions_in_the_thread_count(journey: Journey) -> None:
    ada = journey.add_user()
    journey.create_campaign("demonstration", [ada])
    journey.start_bot()
    task = ada.wait_for_text("Please explain 1.")
    first = ada.send_message("One.", thread=task)
    second = ada.send_message("Two.", thread=task)
    assert isinstance(first, MessageSnapshot)
    assert isinstance(second, MessageSnapshot)
    ada.wait_for_text("in 2 messages so far")
    ada.edit_message(second, "Two and a half.")
    ada.delete_message(first)
    ada.wait_for_text("Your response has 15 characters in 1 message")
    ada.click("Save it")
    ada.wait_for_text("Please explain 2.")
    assert journey.answer_values() == [{"response": "Two and a half."}]


def test_a_message_outside_any_thread_gets_a_hint(journey: Journey) -> None:
    ada = journey.add_user()
    journey.create_campaign("demonstration", [ada])
    journey.start_bot()
    ada.wait_for_text("Please explain 1.")
    ada.send_message("What is this?")
    ada.wait_for_text("Type /label next")
    assert journey.annotations() == []
