"""An expert compares responses, changes answers and skips tasks."""

from __future__ import annotations

import pytest
from sqlalchemy import update
from sqlmodel import Session

from bot.sandbox import NotVisibleError
from storage.tables import Campaign
from tests.journeys.journey import Journey, newest_message


def test_one_tap_stores_the_verdict_and_shows_the_next_task(journey: Journey) -> None:
    ada = journey.add_user()
    journey.create_campaign("comparison", [ada])
    journey.start_bot()

    ada.wait_for_text("Which response is better?")
    ada.wait_for_text("Question 1?")
    ada.click("A is better")

    ada.wait_for_text("Saved: A is better")
    ada.wait_for_text("Question 2?")
    assert journey.answer_values() == [{"verdict": "a"}]
    assert len(ada.messages) == 1, "the next task replaces the answered one"


def test_verdict_and_criteria_take_one_tap_each(journey: Journey) -> None:
    ada = journey.add_user()
    settings = {"criteria": ["Correctness", "Clear style"]}
    journey.create_campaign("comparison", [ada], settings=settings)
    journey.start_bot()
    ada.wait_for_text("Question 1?")
    ada.click("answer:clear_style:tie")
    ada.wait_for_text("✓ Tie")
    ada.click("A is better")
    ada.wait_for_text("✓ A is better")
    assert [version.complete for version in journey.annotations()] == [False, False]
    ada.click("answer:correctness:b")
    ada.wait_for_text("Saved: A is better (Correctness B, Clear style tie)")
    ada.wait_for_text("Question 2?")
    assert journey.answer_values() == [{"verdict": "a", "correctness": "b", "clear_style": "tie"}]


def test_last_answer_says_there_are_no_more_tasks(journey: Journey) -> None:
    ada = journey.add_user()
    journey.create_campaign("comparison", [ada])
    journey.start_bot()
    for number in (1, 2, 3):
        ada.wait_for_text(f"Question {number}?")
        ada.click("Tie")
    ada.wait_for_text("No more tasks for now")
    assert journey.answer_values() == [{"verdict": "tie"}] * 3


def test_undo_reopens_the_task_and_keeps_every_version(journey: Journey) -> None:
    ada = journey.add_user()
    journey.create_campaign("comparison", [ada])
    journey.start_bot()
    ada.click("A is better")
    ada.wait_for_text("Question 2?")
    ada.click("Undo")
    ada.wait_for_text("Question 1?")
    ada.click("B is better")
    ada.wait_for_text("Saved: B is better")
    ada.wait_for_text("Question 2?")
    assert [version.value for version in journey.annotations()] == [
        {"verdict": "a"},
        None,
        {"verdict": "b"},
    ]
    assert journey.answer_values() == [{"verdict": "b"}]


def test_repeated_click_stores_one_annotation(journey: Journey) -> None:
    ada = journey.add_user()
    journey.create_campaign("comparison", [ada])
    journey.start_bot()
    interaction = ada.click("A is better", times=2)
    ada.wait_for_text("Question 2?")
    ada.click("Undo")
    ada.wait_for_text("Question 1?")
    interaction.redeliver()
    assert [version.value for version in journey.annotations()] == [{"verdict": "a"}, None]


def test_answer_on_an_outdated_message_is_a_new_version(journey: Journey) -> None:
    ada = journey.add_user()
    journey.create_campaign("comparison", [ada])
    journey.start_bot()
    outdated = ada.wait_for_text("Question 1?")
    ada.click("A is better")
    ada.wait_for_text("Question 2?")
    ada.click("Both are bad", in_=outdated)
    ada.wait_for_text("Saved: Both are bad")
    assert [version.value for version in journey.annotations()] == [
        {"verdict": "a"},
        {"verdict": "both_bad"},
    ]


def test_reason_can_be_added_and_edited(journey: Journey) -> None:
    ada = journey.add_user()
    journey.create_campaign("comparison", [ada])
    journey.start_bot()
    ada.click("A is better")
    ada.click("Add reason…")
    ada.submit_modal(reason="It is shorter.")
    ada.wait_for_text("Edit…")
    ada.click("Edit…")
    ada.submit_modal(reason="It is shorter, and right.")
    journey.sandbox.wait_until(lambda: len(journey.annotations()) == 3)
    assert journey.answer_values() == [{"verdict": "a", "reason": "It is shorter, and right."}]


def test_strength_needs_one_tap(journey: Journey) -> None:
    ada = journey.add_user()
    journey.create_campaign("comparison", [ada], settings={"strength": True})
    journey.start_bot()
    ada.click("B is slightly better")
    ada.wait_for_text("Saved: B is slightly better")
    assert journey.answer_values() == [{"verdict": "b1"}]


def test_skipped_task_goes_to_another_expert_and_never_returns(journey: Journey) -> None:
    ada, grace = journey.add_user("ada"), journey.add_user("grace")
    journey.create_campaign("comparison", [ada, grace])
    journey.start_bot()
    ada.wait_for_text("Question 1?")
    ada.choose("Skip…", "Not my field")
    ada.wait_for_text("Skipped: not my field")
    grace.wait_for_text("Which response is better?")
    for _ in range(3):
        for person in (ada, grace):
            if "A is better" in person.buttons:
                journey.click_and_wait(person, "A is better")
    answered = [(row.task_id, row.expert_id) for row in journey.assignments()]
    assert len(set(answered)) == len(answered)
    assert sum(row.state == "answered" for row in journey.assignments()) == 3
    assert [row.skip_reason for row in journey.assignments() if row.state == "skipped"] == [
        "not_my_field"
    ]


def test_undo_restores_a_skipped_task(journey: Journey) -> None:
    ada = journey.add_user()
    journey.create_campaign("comparison", [ada])
    journey.start_bot()
    ada.wait_for_text("Question 1?")
    ada.choose("Skip…", "Unclear")
    ada.wait_for_text("Question 2?")
    ada.click("Undo")
    ada.wait_for_text("Question 1?")
    ada.click("A is better")
    ada.wait_for_text("Saved: A is better")


def test_only_the_assigned_expert_can_answer(journey: Journey) -> None:
    ada, eve = journey.add_user("ada"), journey.add_user("eve")
    journey.create_campaign("comparison", [ada])
    journey.start_bot()
    task = ada.wait_for_text("Question 1?")
    with pytest.raises(NotVisibleError):
        eve.click("A is better", within=0.2)
    eve.click("A is better", in_=task)
    eve.wait_for_text("This task is assigned to someone else")
    ada.wait_until_gone("someone else")
    assert journey.annotations() == []


def test_model_names_never_reach_slack(journey: Journey) -> None:
    ada = journey.add_user()
    journey.create_campaign("comparison", [ada])
    journey.start_bot()
    ada.click("A is better")
    ada.wait_for_text("Question 2?")
    ada.choose("Skip…", "Broken or empty")
    ada.wait_for_text("Question 3?")
    assert "secret" not in repr(journey.sandbox.traffic)


def _set_seed(session: Session, seed: str) -> None:
    session.connection().execute(update(Campaign).values(seed=seed))


def test_candidate_order_differs_between_experts_and_is_stored(journey: Journey) -> None:
    people = [journey.add_user(f"expert{number}") for number in range(6)]
    journey.create_campaign("comparison", people, overlap=6)
    journey.database.write_now(_set_seed, "a seed that gives both orders")
    journey.start_bot()
    for person in people:
        person.wait_for_text("Question 1?")
    orders = {tuple(row.candidate_order) for row in journey.assignments()}
    assert orders == {(0, 1), (1, 0)}
    for person, row in zip(people, journey.assignments(), strict=True):
        shown = newest_message(person).plain_text
        left_is_first = shown.index("Left answer") < shown.index("Right answer")
        assert left_is_first == (row.candidate_order == [0, 1])
