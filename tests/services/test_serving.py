"""What an expert sees next: the receipt of the last deed, the next task, and no model's name."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from sqlmodel import Session

from bot.services import answering, campaigning, pushing, serving
from bot.services.answering import NotYoursError, UnknownTaskError
from bot.services.serving import MOST_LEFT, Page, TaskView
from storage.tables import Assignment, Expert
from tests.services.conftest import Workshop, pair

ADA, BOB = "U0ADA", "U0BOB"


def opened(workshop: Workshop, kind: str = "comparison", items: int = 3, **wanted: Any) -> None:  # noqa: ANN401 - whatever a campaign may choose
    """Open a campaign of Ada's."""
    workshop.creates("tone", kind, experts=[ADA], title="Tone of voice", overlap=1, **wanted)
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
    workshop.imports("tone", [rows[kind](number) for number in range(1, items + 1)])


def page(workshop: Workshop, after: int | None = None, person: str = ADA) -> Page:
    """Return what somebody sees next."""
    turn = workshop.database.write_now(serving.serve, person, after, workshop.now)
    assert turn is not None
    found = workshop.database.read_now(serving.draw, turn)
    assert found is not None
    return found


def task(workshop: Workshop, after: int | None = None) -> TaskView:
    """Return the task on the next page."""
    found = page(workshop, after).task
    assert found is not None
    return found


def test_the_first_page_is_a_task_without_a_receipt(workshop: Workshop) -> None:
    opened(workshop, guidelines="Be fair.")
    found = page(workshop)
    assert found.receipt is None
    assert found.left == 3
    assert found.task is not None
    assert (found.task.campaign, found.task.guidelines) == ("Tone of voice", "Be fair.")
    assert workshop.rows(Assignment)[0].state == "delivered"


def test_after_an_answer_comes_its_receipt_and_the_next_task(workshop: Workshop) -> None:
    opened(workshop)
    first = task(workshop).id
    workshop.answers(ADA, first, verdict="a")
    found = page(workshop, first)
    assert found.receipt is not None
    assert (found.receipt.assignment, found.receipt.words) == (first, "Saved: A is better")
    assert found.receipt.sheet_label == "Add a reason"
    assert found.task is not None
    assert found.task.id != first
    assert found.left == 2


def test_a_reason_that_is_there_can_be_edited(workshop: Workshop) -> None:
    opened(workshop)
    first = task(workshop).id
    workshop.answers(ADA, first, verdict="a", reason="It is short.")
    receipt = page(workshop, first).receipt
    assert receipt is not None
    assert receipt.sheet_label == "Edit"


def test_where_no_reason_is_wanted_none_is_offered(workshop: Workshop) -> None:
    opened(workshop, settings={"reason": False})
    first = task(workshop).id
    workshop.answers(ADA, first, verdict="a")
    receipt = page(workshop, first).receipt
    assert receipt is not None
    assert receipt.sheet_label == ""


def test_after_the_last_answer_nothing_is_left(workshop: Workshop) -> None:
    opened(workshop, items=1)
    first = task(workshop).id
    workshop.answers(ADA, first, verdict="tie")
    found = page(workshop, first)
    assert (found.task, found.left) == (None, 0)
    assert found.receipt is not None


def test_a_rating_in_progress_stays_on_the_page(workshop: Workshop) -> None:
    opened(workshop, "rating")
    first = task(workshop).id
    workshop.answers(ADA, first, humor="4")
    found = page(workshop, first)
    assert found.receipt is None
    assert found.task is not None
    assert (found.task.id, found.task.value) == (first, {"humor": 4})


def test_an_undone_task_is_on_the_page_again_even_before_others_that_are_open(
    workshop: Workshop,
) -> None:
    opened(workshop)
    first = task(workshop).id
    workshop.answers(ADA, first, verdict="a")
    second = task(workshop, first).id
    workshop.database.write_now(answering.undo, first, workshop.click(ADA))
    found = page(workshop, first)
    assert found.receipt is None
    assert found.task is not None
    assert (found.task.id, found.task.value) == (first, {})
    workshop.answers(ADA, first, verdict="b")
    assert task(workshop, first).id == second


def test_a_skip_has_a_receipt_in_words(workshop: Workshop) -> None:
    opened(workshop)
    first = task(workshop).id
    workshop.database.write_now(answering.skip, first, "not_my_field", workshop.click(ADA))
    receipt = page(workshop, first).receipt
    assert receipt is not None
    assert (receipt.words, receipt.sheet_label) == ("Skipped: not my field", "")


def test_a_task_that_moved_on_has_no_receipt(workshop: Workshop) -> None:
    opened(workshop)
    first = task(workshop).id
    workshop.passes(days=3)
    workshop.database.write_now(pushing.expire, workshop.now)
    found = page(workshop, first)
    assert found.receipt is None
    assert found.task is not None
    assert found.task.id != first


def in_thread(workshop: Workshop, assignment: int) -> None:
    """Note that the response comes in the message's thread."""

    def note(session: Session) -> None:
        session.get_one(Assignment, assignment).in_thread = True

    workshop.database.write_now(note)


def test_a_message_with_a_thread_keeps_its_receipt_and_nothing_else(workshop: Workshop) -> None:
    opened(workshop, "demonstration")
    first = task(workshop).id
    in_thread(workshop, first)
    workshop.answers(ADA, first, response="Because.")
    found = page(workshop, first)
    assert found.keeps_receipt_only
    assert found.task is None
    assert found.receipt is not None
    assert workshop.count("assignment") == 1


def test_a_message_with_a_thread_but_without_a_receipt_is_used_again(workshop: Workshop) -> None:
    opened(workshop, "demonstration")
    first = task(workshop).id
    in_thread(workshop, first)
    workshop.passes(days=3)
    workshop.database.write_now(pushing.expire, workshop.now)
    found = page(workshop, first)
    assert not found.keeps_receipt_only
    assert found.task is not None


def test_an_answer_taken_back_before_its_receipt_was_drawn_has_none(workshop: Workshop) -> None:
    opened(workshop, "demonstration")
    first = task(workshop).id
    in_thread(workshop, first)
    workshop.answers(ADA, first, response="So it is.")
    turn = workshop.database.write_now(serving.serve, ADA, first, workshop.now)
    assert turn is not None
    assert workshop.database.read_now(serving.draw, turn) is not None
    workshop.database.write_now(answering.undo, first, workshop.click(ADA))
    assert workshop.database.read_now(serving.draw, turn) is None
    assert task(workshop, first).id == first


def test_nobody_is_shown_anything_who_is_no_expert(workshop: Workshop) -> None:
    opened(workshop)
    assert workshop.database.write_now(serving.serve, BOB, None, workshop.now) is None


def test_an_open_task_of_a_paused_campaign_can_still_be_finished(workshop: Workshop) -> None:
    opened(workshop)
    first = task(workshop).id
    workshop.directs("tone", campaigning.pause, workshop.by)
    assert task(workshop, first).id == first
    workshop.answers(ADA, first, verdict="a")
    assert page(workshop, first).task is None


@pytest.mark.parametrize("kind", ["comparison", "rating"])
def test_no_models_name_is_on_any_page(workshop: Workshop, kind: str) -> None:
    opened(workshop, kind)
    first = task(workshop).id
    given: dict[str, object] = {"verdict": "a"} if kind == "comparison" else {"humor": "1"}
    workshop.answers(ADA, first, **given)
    for found in (page(workshop), page(workshop, first)):
        assert "heron-7b" not in repr(found)
        assert "wren-mini" not in repr(found)


def test_candidates_are_shown_in_the_stored_order_however_often(workshop: Workshop) -> None:
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


def test_more_than_can_be_counted_is_said_to_be_many(workshop: Workshop) -> None:
    opened(workshop, items=MOST_LEFT + 5)
    assert page(workshop).left == MOST_LEFT


def test_the_page_knows_where_somebody_can_be_reached(workshop: Workshop) -> None:
    opened(workshop)
    assert page(workshop).channel is None

    def reach(session: Session) -> None:
        session.get_one(Expert, 1).channel = "D1"

    workshop.database.write_now(reach)
    assert page(workshop).channel == "D1"


def test_a_task_is_only_handed_to_whoever_holds_it(workshop: Workshop) -> None:
    opened(workshop)
    first = task(workshop).id
    held = workshop.database.write_now(serving.held_task, first, workshop.click(ADA))
    assert held == replace(task(workshop), channel=held.channel)
    with pytest.raises(NotYoursError):
        workshop.database.write_now(serving.held_task, first, workshop.click(BOB))
    with pytest.raises(UnknownTaskError):
        workshop.database.write_now(serving.held_task, 404, workshop.click(ADA))
