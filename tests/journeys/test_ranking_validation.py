"""Experts rank responses, validate items and confirm each other's answers."""

from __future__ import annotations

from tests.journeys.journey import Journey

RANKING_ROWS = [
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

VALIDATION_ROWS = [
    {"id": "1", "source": "It may rain.", "paraphrase": "It will rain.", "model": "secret-a"}
]


def test_ranking_by_taps_with_a_tie_then_in_a_modal(journey: Journey) -> None:
    ada = journey.add_user()
    journey.create_campaign("ranking", [ada], RANKING_ROWS)
    journey.start_bot()
    ada.wait_for_text("tap your 1st choice")
    ada.click("B")
    ada.wait_for_text("1. B.  Tap your 2nd choice.")
    ada.click("Tie with previous")
    ada.wait_for_text("✓ Tie with previous")
    ada.click("A")
    ada.wait_for_text("1. B, A.  Tap your 2nd choice.")
    ada.click("Undo last")
    ada.wait_for_text("1. B.  Tap your 2nd choice.")
    ada.click("Rank in a dialog…")
    ada.submit_modal(rank_of_a="3", rank_of_b="1", rank_of_c="2")
    ada.wait_for_text("Saved: B, then C, then A")
    assert journey.answer_values() == [{"ranks": "b>c>a"}]


def test_ranking_asks_for_the_best_response_on_each_criterion(journey: Journey) -> None:
    ada = journey.add_user()
    settings = {"criteria": ["Correctness", "Clear style"]}
    journey.create_campaign("ranking", [ada], RANKING_ROWS, settings=settings)
    journey.start_bot()
    ada.wait_for_text("tap your 1st choice")
    ada.click("answer:clear_style:tie")
    ada.wait_for_text("✓ Tie")
    for number, name in enumerate("cab", start=1):
        ada.click(f"answer:ranks:{name}")
        ada.wait_for_text(f"{number}. {name.upper()}")
    assert not any(version.complete for version in journey.annotations())
    ada.click("answer:correctness:c")
    ada.wait_for_text("Saved: C, then A, then B (Correctness C, Clear style tie)")
    value = {"ranks": "c>a>b", "correctness": "c", "clear_style": "tie"}
    assert journey.answer_values() == [value]


def test_duplicate_rank_is_an_error_at_its_menu(journey: Journey) -> None:
    ada = journey.add_user()
    journey.create_campaign("ranking", [ada], RANKING_ROWS, settings={"ties": False})
    journey.start_bot()
    ada.click("Rank in a dialog…")
    submission = ada.submit_modal(rank_of_a="2", rank_of_b="1", rank_of_c="1")
    assert submission.errors == {"ranks:c": "B already has rank 1; use each rank once."}
    ada.submit_modal(rank_of_c="3")
    ada.wait_for_text("Saved: B, then A, then C")


def test_no_needs_a_reason_and_can_be_sent_back(journey: Journey) -> None:
    ada, bob = journey.add_user(), journey.add_user("bob")
    journey.create_campaign("validation", [ada, bob], VALIDATION_ROWS, settings={"levels": 2})
    journey.start_bot()
    journey.sandbox.wait_until(lambda: bool(ada.messages or bob.messages))
    first, second = (ada, bob) if ada.messages else (bob, ada)
    first.click("No")
    first.close_modal()
    first.wait_for_text("Not submitted yet: add a reason.")
    first.click("Add reason…")
    first.submit_modal(reason="Changes the meaning")
    first.wait_for_text("Saved: not faithful")
    second.wait_for_text("Is this answer correct?")
    second.wait_for_text("not faithful")
    second.click("Send back")
    second.submit_modal(reason="May is not will: fix it.")
    first.wait_for_text("May is not will: fix it.")
    first.click("Correct it")
    first.submit_modal(corrected_text="Perhaps it rains.")
    second.wait_for_text("Perhaps it rains.")
    second.click("Confirm")
    second.wait_for_text("Saved: confirmed")
    (answer,) = [row for row in journey.assignments() if row.finalized_by]
    assert answer.value == {"verdict": "fix", "corrected": "Perhaps it rains."}
