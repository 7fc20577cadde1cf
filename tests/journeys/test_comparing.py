"""An expert compares responses, changes their mind, and hands back what they cannot judge."""

from __future__ import annotations

import pytest
from sqlalchemy import update
from sqlmodel import Session

from bot.sandbox import NotVisible
from storage.tables import Campaign
from tests.journeys.story import Story, newest


def test_one_tap_stores_the_verdict_and_brings_the_next_task(story: Story) -> None:
    ada = story.person()
    story.campaign("comparison", [ada])
    story.begins()

    ada.sees("Which response is better?")
    ada.sees("Question 1?")
    ada.clicks("A is better")

    ada.sees("Saved: A is better")
    ada.sees("Question 2?")
    assert story.values() == [{"verdict": "a"}]
    assert len(ada.messages) == 1, "the next task takes the place of the one answered"


def test_the_last_answer_ends_with_a_word_of_thanks(story: Story) -> None:
    ada = story.person()
    story.campaign("comparison", [ada])
    story.begins()
    for number in (1, 2, 3):
        ada.sees(f"Question {number}?")
        ada.clicks("Tie")
    ada.sees("That was all for now")
    assert story.values() == [{"verdict": "tie"}] * 3


def test_undo_opens_the_task_again_and_keeps_every_version(story: Story) -> None:
    ada = story.person()
    story.campaign("comparison", [ada])
    story.begins()
    ada.clicks("A is better")
    ada.sees("Question 2?")
    ada.clicks("Undo")
    ada.sees("Question 1?")
    ada.clicks("B is better")
    ada.sees("Saved: B is better")
    ada.sees("Question 2?")
    assert [version.value for version in story.versions()] == [
        {"verdict": "a"},
        None,
        {"verdict": "b"},
    ]
    assert story.values() == [{"verdict": "b"}]


def test_the_same_click_twice_is_one_annotation(story: Story) -> None:
    ada = story.person()
    story.campaign("comparison", [ada])
    story.begins()
    click = ada.clicks("A is better", times=2)
    ada.sees("Question 2?")
    ada.clicks("Undo")
    ada.sees("Question 1?")
    click.again()
    assert [version.value for version in story.versions()] == [{"verdict": "a"}, None]


def test_another_answer_on_an_old_picture_is_a_new_version(story: Story) -> None:
    ada = story.person()
    story.campaign("comparison", [ada])
    story.begins()
    old = ada.sees("Question 1?")
    ada.clicks("A is better")
    ada.sees("Question 2?")
    ada.clicks("Both bad", in_=old)
    ada.sees("Saved: Both bad")
    assert [version.value for version in story.versions()] == [
        {"verdict": "a"},
        {"verdict": "both_bad"},
    ]


def test_a_reason_can_be_added_and_changed(story: Story) -> None:
    ada = story.person()
    story.campaign("comparison", [ada])
    story.begins()
    ada.clicks("A is better")
    ada.clicks("Add a reason")
    ada.submits(reason="It is shorter.")
    ada.sees("Edit")
    ada.clicks("Edit")
    ada.submits(reason="It is shorter, and right.")
    story.sandbox.wait_until(lambda: len(story.versions()) == 3)
    assert story.values() == [{"verdict": "a", "reason": "It is shorter, and right."}]


def test_strength_is_still_one_tap(story: Story) -> None:
    ada = story.person()
    story.campaign("comparison", [ada], settings={"strength": True})
    story.begins()
    ada.clicks("B is slightly better")
    ada.sees("Saved: B is slightly better")
    assert story.values() == [{"verdict": "b1"}]


def test_a_skipped_task_goes_to_a_colleague_and_never_comes_back(story: Story) -> None:
    ada, grace = story.person("ada"), story.person("grace")
    story.campaign("comparison", [ada, grace])
    story.begins()
    ada.sees("Question 1?")
    ada.chooses("Skip because…", "Not my field")
    ada.sees("Skipped: not my field")
    grace.sees("Which response is better?")
    for _ in range(3):
        for person in (ada, grace):
            if "A is better" in person.buttons:
                story.taps(person, "A is better")
    answered = [(row.task_id, row.expert_id) for row in story.assignments()]
    assert len(set(answered)) == len(answered)
    assert sum(row.state == "answered" for row in story.assignments()) == 3
    assert [row.skip_reason for row in story.assignments() if row.state == "skipped"] == [
        "not_my_field"
    ]


def test_undoing_a_skip_brings_the_task_back(story: Story) -> None:
    ada = story.person()
    story.campaign("comparison", [ada])
    story.begins()
    ada.sees("Question 1?")
    ada.chooses("Skip because…", "Unclear")
    ada.sees("Question 2?")
    ada.clicks("Undo")
    ada.sees("Question 1?")
    ada.clicks("A is better")
    ada.sees("Saved: A is better")


def test_nobody_else_can_answer(story: Story) -> None:
    ada, eve = story.person("ada"), story.person("eve")
    story.campaign("comparison", [ada])
    story.begins()
    task = ada.sees("Question 1?")
    with pytest.raises(NotVisible):
        eve.clicks("A is better", within=0.2)
    eve.clicks("A is better", in_=task)
    eve.sees("This task was given to somebody else")
    ada.sees_not("somebody else")
    assert story.versions() == []


def test_no_model_name_ever_reaches_slack(story: Story) -> None:
    ada = story.person()
    story.campaign("comparison", [ada])
    story.begins()
    ada.clicks("A is better")
    ada.sees("Question 2?")
    ada.chooses("Skip because…", "Broken or empty")
    ada.sees("Question 3?")
    assert "secret" not in repr(story.sandbox.traffic)


def _sow(session: Session, seed: str) -> None:
    session.connection().execute(update(Campaign).values(seed=seed))


def test_the_order_differs_between_experts_and_is_stored(story: Story) -> None:
    people = [story.person(f"expert{number}") for number in range(6)]
    story.campaign("comparison", people, overlap=6)
    story.database.write_now(_sow, "a seed for which both orders come up")
    story.begins()
    for person in people:
        person.sees("Question 1?")
    orders = {tuple(row.candidate_order) for row in story.assignments()}
    assert orders == {(0, 1), (1, 0)}
    for person, row in zip(people, story.assignments(), strict=True):
        shown = newest(person).plain
        left_is_first = shown.index("Left answer") < shown.index("Right answer")
        assert left_is_first == (row.candidate_order == [0, 1])
