"""Experts rank, validate and look at each other's answers; nothing that was tapped gets lost."""

from __future__ import annotations

from tests.journeys.journey import Journey

CANDIDATES = [
    {
        "id": "1",
        "prompt": "Name a tree.",
        "candidates": [
            {"text": "Oak.", "model": "secret-a"},
            {"text": "Rose.", "model": "secret-b"},
            {"text": "Elm.", "model": "secret-c"},
        ],
    }
]

CLAIM = [{"id": "1", "source": "It may rain.", "paraphrase": "It will rain.", "model": "secret-a"}]


def test_tapping_in_order_with_a_tie_and_a_window_for_second_thoughts(story: Journey) -> None:
    ada = story.add_user()
    story.create_campaign("ranking", [ada], CANDIDATES)
    story.start_bot()
    ada.wait_for_text("tap the best one first")
    ada.click("B")
    ada.wait_for_text("1. B.  Tap number 2.")
    ada.click("Next one ties")
    ada.wait_for_text("✓ Next one ties")
    ada.click("A")
    ada.wait_for_text("1. B, A.  Tap number 2.")
    ada.click("One back")
    ada.wait_for_text("1. B.  Tap number 2.")
    ada.click("Rank in a window")
    ada.submit_modal(rank_of_a="3", rank_of_b="1", rank_of_c="2")
    ada.wait_for_text("Saved: B, then C, then A")
    assert story.answer_values() == [{"ranks": "b>c>a"}]


def test_a_rank_given_twice_is_told_at_its_menu(story: Journey) -> None:
    ada = story.add_user()
    story.create_campaign("ranking", [ada], CANDIDATES, settings={"ties": False})
    story.start_bot()
    ada.click("Rank in a window")
    sent = ada.submit_modal(rank_of_a="2", rank_of_b="1", rank_of_c="1")
    assert sent.errors == {"ranks:c": "B has rank 1 already; each rank is for one response."}
    ada.submit_modal(rank_of_c="3")
    ada.wait_for_text("Saved: B, then A, then C")


def test_a_no_opens_its_reason_and_a_colleague_sends_it_back(story: Journey) -> None:
    ada, bob = story.add_user(), story.add_user("bob")
    story.create_campaign("validation", [ada, bob], CLAIM, settings={"levels": 2})
    story.start_bot()
    story.sandbox.wait_until(lambda: bool(ada.messages or bob.messages))
    first, second = (ada, bob) if ada.messages else (bob, ada)
    first.click("No")
    first.close_modal()
    first.wait_for_text("It counts once this is written")
    first.click("Write it")
    first.submit_modal(why="Changes the meaning")
    first.wait_for_text("Saved: not faithful")
    second.wait_for_text("Is this answer right?")
    second.wait_for_text("not faithful")
    second.click("Send back")
    second.submit_modal(what_should_they_look_at_again="May is not will: mend it.")
    first.wait_for_text("May is not will: mend it.")
    first.click("Correct it")
    first.submit_modal(corrected_text="Perhaps it rains.")
    second.wait_for_text("Perhaps it rains.")
    second.click("Confirm")
    second.wait_for_text("Saved: confirmed")
    (answer,) = [row for row in story.assignments() if row.finalized_by]
    assert answer.value == {"verdict": "fix", "corrected": "Perhaps it rains."}
