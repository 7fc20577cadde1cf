"""An expert writes ideal responses: in a modal, in parts, and in the thread where they are long."""

from __future__ import annotations

import pytest

from bot.sandbox import Message, Rejected
from tests.journeys.story import Story

LONG = "\n\n".join(f"Paragraph {number}: {'word ' * 400}end." for number in range(1, 4))
"""Over 6,000 characters: more than two of Slack's inputs hold."""


def test_a_response_is_written_in_a_modal(story: Story) -> None:
    ada = story.person()
    story.campaign("demonstration", [ada])
    story.begins()
    ada.sees("Please explain 1.")
    ada.clicks("Write the response")
    ada.submits(response="Because of *this* & <that>.")
    ada.sees("Saved: your response, 5 words")
    ada.sees("Please explain 2.")
    assert story.values() == [{"response": "Because of *this* & <that>."}]


def test_a_draft_is_edited(story: Story) -> None:
    ada = story.person()
    rows = [{"id": "one", "prompt": "Explain.", "draft": "A first try."}]
    story.campaign("demonstration", [ada], rows)
    story.begins()
    ada.sees("Improve this draft")
    ada.clicks("Improve the draft")
    ada.sees("A first try.")
    ada.submits()
    ada.sees("That was all for now")
    assert story.values() == [{"response": "A first try."}]


def test_a_blank_response_is_refused_and_nothing_is_stored(story: Story) -> None:
    ada = story.person()
    story.campaign("demonstration", [ada])
    story.begins()
    ada.clicks("Write the response")
    sent = ada.submits(response="   ")
    assert sent.errors == {"response:0": "Please write a response before you send it."}
    assert story.versions() == []
    ada.submits(response="Now I do.")
    ada.sees("Please explain 2.")


def test_a_long_response_goes_in_as_parts_whole_and_in_order(story: Story) -> None:
    ada = story.person()
    story.campaign("demonstration", [ada])
    story.begins()
    ada.clicks("Write the response")
    parts = LONG.split("\n\n")
    ada.fills("Your response", parts[0])
    ada.clicks("Add another part")
    ada.fills("Your response, part 2", parts[1])
    ada.clicks("Add another part")
    ada.fills("Your response, part 3", parts[2])
    ada.submits()
    ada.sees("Please explain 2.")
    assert story.values() == [{"response": LONG}]


def test_a_stored_long_response_is_edited_without_loss(story: Story) -> None:
    ada = story.person()
    rows = [{"id": "one", "prompt": "Explain.", "draft": LONG}]
    story.campaign("demonstration", [ada], rows)
    story.begins()
    ada.clicks("Improve the draft")
    ada.submits()
    ada.sees("That was all for now")
    assert story.values() == [{"response": LONG}]


def test_one_input_ends_where_slack_ends_it(story: Story) -> None:
    ada = story.person()
    story.campaign("demonstration", [ada])
    story.begins()
    ada.clicks("Write the response")
    with pytest.raises(Rejected):
        ada.submits(response="x" * 3001)
    assert story.versions() == []


def test_messages_in_the_thread_become_one_response(story: Story) -> None:
    ada = story.person()
    story.campaign("demonstration", [ada])
    story.begins()
    task = ada.sees("Please explain 1.")
    ada.types("First thought.", thread=task)
    ada.types("Second thought.", thread=task)
    ada.sees("in 2 messages so far")
    assert story.versions() == []
    ada.clicks("Save it")
    ada.sees("Please explain 2.")
    ada.sees("✓ Saved: your response, 4 words")
    assert story.values() == [{"response": "First thought.\n\nSecond thought."}]


def test_a_text_file_in_the_thread_is_taken_whole(story: Story) -> None:
    ada = story.person()
    story.campaign("demonstration", [ada])
    story.begins()
    task = ada.sees("Please explain 1.")
    text = LONG * 5
    ada.types("It begins.", thread=task)
    ada.uploads("answer.txt", text.encode(), thread=task)
    ada.types("It ends.", thread=task)
    ada.sees("in 3 messages so far")
    ada.clicks("Save it")
    ada.sees("Please explain 2.")
    assert story.values() == [{"response": f"It begins.\n\n{text}\n\nIt ends."}]


def test_a_file_that_is_no_text_is_refused_in_the_thread(story: Story) -> None:
    ada = story.person()
    story.campaign("demonstration", [ada])
    story.begins()
    task = ada.sees("Please explain 1.")
    ada.uploads("photo.png", b"\x89PNG\xff\xfe\x00", thread=task)
    ada.sees("“photo.png” could not be added")
    assert story.versions() == []


def test_a_thread_can_be_started_over(story: Story) -> None:
    ada = story.person()
    story.campaign("demonstration", [ada])
    story.begins()
    task = ada.sees("Please explain 1.")
    ada.types("Wrong.", thread=task)
    ada.sees("Kept. Your response has 6 characters")
    ada.clicks("Start over")
    ada.sees("Started over")
    ada.types("All right.", thread=task)
    ada.sees("Kept. Your response has 10 characters")
    ada.clicks("Save it")
    ada.sees("Please explain 2.")
    assert story.values() == [{"response": "All right."}]


def test_edits_and_deletions_in_the_thread_count(story: Story) -> None:
    ada = story.person()
    story.campaign("demonstration", [ada])
    story.begins()
    task = ada.sees("Please explain 1.")
    first = ada.types("One.", thread=task)
    second = ada.types("Two.", thread=task)
    assert isinstance(first, Message)
    assert isinstance(second, Message)
    ada.sees("in 2 messages so far")
    ada.edits(second, "Two and a half.")
    ada.deletes(first)
    ada.sees("Your response has 15 characters in 1 message")
    ada.clicks("Save it")
    ada.sees("Please explain 2.")
    assert story.values() == [{"response": "Two and a half."}]


def test_a_message_outside_any_thread_gets_a_hint(story: Story) -> None:
    ada = story.person()
    story.campaign("demonstration", [ada])
    story.begins()
    ada.sees("Please explain 1.")
    ada.types("What is this?")
    ada.sees("Type /label next")
    assert story.versions() == []
