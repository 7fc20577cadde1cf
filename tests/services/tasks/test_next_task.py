"""What an expert sees next: the receipt of the last deed, the next task, and no model's name."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from sqlmodel import Session

from bot.services.answers import submit
from bot.services.answers.submit import NotAssigneeError, UnknownTaskError
from bot.services.campaigns import campaigns
from bot.services.tasks import next_task, scheduled_delivery
from bot.services.tasks.next_task import MAX_COUNTED_TASKS, TaskPage, TaskView
from storage.tables import Assignment, Expert
from tests.services.conftest import Scenario, pair

ADA, BOB = "U0ADA", "U0BOB"


def opened(workshop: Scenario, kind: str = "comparison", items: int = 3, **wanted: Any) -> None:  # noqa: ANN401 - whatever a campaign may choose
    """Open a campaign of Ada's."""
    workshop.create_campaign(
        "tone", kind, experts=[ADA], title="Tone of voice", overlap=1, **wanted
    )
    rows: dict[str, Any] = {
        "comparison": pair,
        "rating": lambda n: {
            "id": str(n),
            "prompt": f"Topic {n}",
            "text": f"Joke {n}",
            "model": "heron-7b",
        },
        "demonstration": lambda n: {"id": str(n), "prompt": f"Explain {n}."},
    }
    workshop.import_rows("tone", [rows[kind](number) for number in range(1, items + 1)])


def page(workshop: Scenario, after: int | None = None, person: str = ADA) -> TaskPage:
    """Return what somebody sees next."""
    turn = workshop.database.write_now(next_task.decide_next_task, person, after, workshop.now)
    assert turn is not None
    found = workshop.database.read_now(next_task.build_page, turn)
    assert found is not None
    return found


def task(workshop: Scenario, after: int | None = None) -> TaskView:
    """Return the task on the next page."""
    found = page(workshop, after).task
    assert found is not None
    return found


def test_the_first_page_is_a_task_without_a_receipt(workshop: Scenario) -> None:
    opened(workshop, guidelines="Be fair.")
    found = page(workshop)
    assert found.receipt is None
    assert found.remaining == 3
    assert found.task is not None
    assert (found.task.campaign_title, found.task.guidelines) == ("Tone of voice", "Be fair.")
    assert workshop.rows(Assignment)[0].state == "delivered"


def test_after_an_answer_comes_its_receipt_and_the_next_task(workshop: Scenario) -> None:
    opened(workshop)
    first = task(workshop).id
    workshop.submit_answer(ADA, first, verdict="a")
    found = page(workshop, first)
    assert found.receipt is not None
    assert (found.receipt.assignment_id, found.receipt.summary) == (first, "Saved: A is better")
    assert found.receipt.modal_label == "Add a reason"
    assert found.task is not None
    assert found.task.id != first
    assert found.remaining == 2


def test_a_reason_that_is_there_can_be_edited(workshop: Scenario) -> None:
    opened(workshop)
    first = task(workshop).id
    workshop.submit_answer(ADA, first, verdict="a", reason="It is short.")
    receipt = page(workshop, first).receipt
    assert receipt is not None
    assert receipt.modal_label == "Edit"


def test_where_no_reason_is_wanted_none_is_offered(workshop: Scenario) -> None:
    opened(workshop, settings={"reason": False})
    first = task(workshop).id
    workshop.submit_answer(ADA, first, verdict="a")
    receipt = page(workshop, first).receipt
    assert receipt is not None
    assert receipt.modal_label == ""


def test_after_the_last_answer_nothing_is_left(workshop: Scenario) -> None:
    opened(workshop, items=1)
    first = task(workshop).id
    workshop.submit_answer(ADA, first, verdict="tie")
    found = page(workshop, first)
    assert (found.task, found.remaining) == (None, 0)
    assert found.receipt is not None


def test_a_rating_in_progress_stays_on_the_page(workshop: Scenario) -> None:
    opened(workshop, "rating")
    first = task(workshop).id
    workshop.submit_answer(ADA, first, humor="4")
    found = page(workshop, first)
    assert found.receipt is None
    assert found.task is not None
    assert (found.task.id, found.task.value) == (first, {"humor": 4})


def test_an_undone_task_is_on_the_page_again_even_before_others_that_are_open(
    workshop: Scenario,
) -> None:
    opened(workshop)
    first = task(workshop).id
    workshop.submit_answer(ADA, first, verdict="a")
    second = task(workshop, first).id
    workshop.database.write_now(submit.undo, first, workshop.interaction(ADA))
    found = page(workshop, first)
    assert found.receipt is None
    assert found.task is not None
    assert (found.task.id, found.task.value) == (first, {})
    workshop.submit_answer(ADA, first, verdict="b")
    assert task(workshop, first).id == second


def test_a_skip_has_a_receipt_in_words(workshop: Scenario) -> None:
    opened(workshop)
    first = task(workshop).id
    workshop.database.write_now(submit.skip_task, first, "not_my_field", workshop.interaction(ADA))
    receipt = page(workshop, first).receipt
    assert receipt is not None
    assert (receipt.summary, receipt.modal_label) == ("Skipped: not my field", "")


def test_a_task_that_moved_on_has_no_receipt(workshop: Scenario) -> None:
    opened(workshop)
    first = task(workshop).id
    workshop.advance_clock(days=3)
    workshop.database.write_now(scheduled_delivery.expire_leases, workshop.now)
    found = page(workshop, first)
    assert found.receipt is None
    assert found.task is not None
    assert found.task.id != first


def in_thread(workshop: Scenario, assignment: int) -> None:
    """Note that the response comes in the message's thread."""

    def note(session: Session) -> None:
        session.get_one(Assignment, assignment).answered_in_thread = True

    workshop.database.write_now(note)


def test_a_message_with_a_thread_keeps_its_receipt_and_nothing_else(workshop: Scenario) -> None:
    opened(workshop, "demonstration")
    first = task(workshop).id
    in_thread(workshop, first)
    workshop.submit_answer(ADA, first, response="Because.")
    found = page(workshop, first)
    assert found.keeps_receipt_only
    assert found.task is None
    assert found.receipt is not None
    assert workshop.count("assignment") == 1


def test_a_message_with_a_thread_but_without_a_receipt_is_used_again(workshop: Scenario) -> None:
    opened(workshop, "demonstration")
    first = task(workshop).id
    in_thread(workshop, first)
    workshop.advance_clock(days=3)
    workshop.database.write_now(scheduled_delivery.expire_leases, workshop.now)
    found = page(workshop, first)
    assert not found.keeps_receipt_only
    assert found.task is not None


def test_an_answer_taken_back_before_its_receipt_was_drawn_has_none(workshop: Scenario) -> None:
    opened(workshop, "demonstration")
    first = task(workshop).id
    in_thread(workshop, first)
    workshop.submit_answer(ADA, first, response="So it is.")
    turn = workshop.database.write_now(next_task.decide_next_task, ADA, first, workshop.now)
    assert turn is not None
    assert workshop.database.read_now(next_task.build_page, turn) is not None
    workshop.database.write_now(submit.undo, first, workshop.interaction(ADA))
    assert workshop.database.read_now(next_task.build_page, turn) is None
    assert task(workshop, first).id == first


def test_nobody_is_shown_anything_who_is_no_expert(workshop: Scenario) -> None:
    opened(workshop)
    assert workshop.database.write_now(next_task.decide_next_task, BOB, None, workshop.now) is None


def test_an_open_task_of_a_paused_campaign_can_still_be_finished(workshop: Scenario) -> None:
    opened(workshop)
    first = task(workshop).id
    workshop.run_for_campaign("tone", campaigns.pause, workshop.by)
    assert task(workshop, first).id == first
    workshop.submit_answer(ADA, first, verdict="a")
    assert page(workshop, first).task is None


@pytest.mark.parametrize("kind", ["comparison", "rating"])
def test_no_models_name_is_on_any_page(workshop: Scenario, kind: str) -> None:
    opened(workshop, kind)
    first = task(workshop).id
    given: dict[str, object] = {"verdict": "a"} if kind == "comparison" else {"humor": "1"}
    workshop.submit_answer(ADA, first, **given)
    for found in (page(workshop), page(workshop, first)):
        assert "heron-7b" not in repr(found)
        assert "wren-mini" not in repr(found)


def test_candidates_are_shown_in_the_stored_order_however_often(workshop: Scenario) -> None:
    opened(workshop)
    first = task(workshop)

    def turn(session: Session) -> None:
        row = session.get_one(Assignment, first.id)
        row.candidate_order = row.candidate_order[::-1]

    workshop.database.write_now(turn)
    again = task(workshop)
    (_, a, b), (_, c, d) = first.form.passages, again.form.passages
    assert (a.text, b.text) == (d.text, c.text)
    assert task(workshop).form == again.form


def test_more_than_can_be_counted_is_said_to_be_many(workshop: Scenario) -> None:
    opened(workshop, items=MAX_COUNTED_TASKS + 5)
    assert page(workshop).remaining == MAX_COUNTED_TASKS


def test_the_page_knows_where_somebody_can_be_reached(workshop: Scenario) -> None:
    opened(workshop)
    assert page(workshop).channel is None

    def reach(session: Session) -> None:
        session.get_one(Expert, 1).channel = "D1"

    workshop.database.write_now(reach)
    assert page(workshop).channel == "D1"


def test_a_task_is_only_handed_to_whoever_holds_it(workshop: Scenario) -> None:
    opened(workshop)
    first = task(workshop).id
    held = workshop.database.write_now(next_task.held_task, first, workshop.interaction(ADA))
    assert held == replace(task(workshop), channel=held.channel)
    with pytest.raises(NotAssigneeError):
        workshop.database.write_now(next_task.held_task, first, workshop.interaction(BOB))
    with pytest.raises(UnknownTaskError):
        workshop.database.write_now(next_task.held_task, 404, workshop.interaction(ADA))
