"""Experts rank, validate and look at each other's answers; nothing that was tapped gets lost."""

from __future__ import annotations

from tests.journeys.story import Story

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


def test_tapping_in_order_with_a_tie_and_a_window_for_second_thoughts(story: Story) -> None:
    ada = story.person()
    story.campaign("ranking", [ada], CANDIDATES)
    story.begins()
    ada.sees("tap the best one first")
    ada.clicks("B")
    ada.sees("1. B.  Tap number 2.")
    ada.clicks("Next one ties")
    ada.sees("✓ Next one ties")
    ada.clicks("A")
    ada.sees("1. B, A.  Tap number 2.")
    ada.clicks("One back")
    ada.sees("1. B.  Tap number 2.")
    ada.clicks("Rank in a window")
    ada.submits(rank_of_a="3", rank_of_b="1", rank_of_c="2")
    ada.sees("Saved: B, then C, then A")
    assert story.values() == [{"ranks": "b>c>a"}]


def test_a_rank_given_twice_is_told_at_its_menu(story: Story) -> None:
    ada = story.person()
    story.campaign("ranking", [ada], CANDIDATES, settings={"ties": False})
    story.begins()
    ada.clicks("Rank in a window")
    sent = ada.submits(rank_of_a="2", rank_of_b="1", rank_of_c="1")
    assert sent.errors == {"ranks:c": "B has rank 1 already; each rank is for one response."}
    ada.submits(rank_of_c="3")
    ada.sees("Saved: B, then A, then C")


def test_a_no_opens_its_reason_and_a_colleague_sends_it_back(story: Story) -> None:
    ada, bob = story.person(), story.person("bob")
    story.campaign("validation", [ada, bob], CLAIM, settings={"levels": 2})
    story.begins()
    story.sandbox.wait_until(lambda: bool(ada.messages or bob.messages))
    first, second = (ada, bob) if ada.messages else (bob, ada)
    first.clicks("No")
    first.closes()
    first.sees("It counts once this is written")
    first.clicks("Write it")
    first.submits(why="Changes the meaning")
    first.sees("Saved: not faithful")
    second.sees("Is this answer right?")
    second.sees("not faithful")
    second.clicks("Send back")
    second.submits(what_should_they_look_at_again="May is not will: mend it.")
    first.sees("May is not will: mend it.")
    first.clicks("Correct it")
    first.submits(corrected_text="Perhaps it rains.")
    second.sees("Perhaps it rains.")
    second.clicks("Confirm")
    second.sees("Saved: confirmed")
    (answer,) = [row for row in story.assignments() if row.locked_by]
    assert answer.value == {"verdict": "fix", "corrected": "Perhaps it rains."}
