"""The next screen: the receipt of the last action, the next task, and no model names."""

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
from storage.row_id import id_of
from storage.tables import Assignment, Expert
from tests.services.conftest import Scenario, pair

ADA, BOB = "U0ADA", "U0BOB"


def create_campaign(
    scenario: Scenario,
    kind: str = "comparison",
    items: int = 3,
    **options: Any,  # noqa: ANN401 - any field of a NewCampaign
) -> None:
    """Create a campaign with Ada as its expert."""
    scenario.create_campaign(
        "tone", kind, experts=[ADA], title="Tone of voice", overlap=1, **options
    )
    build_row: dict[str, Any] = {
        "comparison": pair,
        "rating": lambda n: {
            "id": str(n),
            "prompt": f"Topic {n}",
            "text": f"Joke {n}",
            "model": "heron-7b",
        },
        "demonstration": lambda n: {"id": str(n), "prompt": f"Explain {n}."},
    }
    scenario.import_rows("tone", [build_row[kind](number) for number in range(1, items + 1)])


def next_page(scenario: Scenario, previous_id: int | None = None) -> TaskPage:
    """Return Ada's next page after an action on an assignment."""
    now = scenario.now
    decision = scenario.database.write_now(next_task.decide_next_task, ADA, previous_id, now)
    assert decision is not None
    page = scenario.database.read_now(next_task.build_page, decision)
    assert page is not None
    return page


def next_view(scenario: Scenario, previous_id: int | None = None) -> TaskView:
    """Return the task on Ada's next page."""
    view = next_page(scenario, previous_id).task
    assert view is not None
    return view


def test_first_page_has_no_receipt(scenario: Scenario) -> None:
    create_campaign(scenario, guidelines="Be fair.")
    page = next_page(scenario)
    assert page.receipt is None
    assert page.remaining == 3
    assert page.task is not None
    assert (page.task.campaign_title, page.task.guidelines) == ("Tone of voice", "Be fair.")
    assert scenario.rows(Assignment)[0].state == "delivered"


def test_page_after_answer_has_receipt_and_next_task(scenario: Scenario) -> None:
    create_campaign(scenario)
    first = next_view(scenario).id
    scenario.submit_answer(ADA, first, verdict="a")
    page = next_page(scenario, first)
    assert page.receipt is not None
    assert (page.receipt.assignment_id, page.receipt.summary) == (first, "Saved: A is better")
    assert page.receipt.modal_label == "Add reason…"
    assert page.task is not None
    assert page.task.id != first
    assert page.remaining == 2


def test_existing_reason_can_be_edited(scenario: Scenario) -> None:
    create_campaign(scenario)
    first = next_view(scenario).id
    scenario.submit_answer(ADA, first, verdict="a", reason="It is short.")
    receipt = next_page(scenario, first).receipt
    assert receipt is not None
    assert receipt.modal_label == "Edit…"


def test_reason_is_not_offered_if_disabled(scenario: Scenario) -> None:
    create_campaign(scenario, settings={"reason": False})
    first = next_view(scenario).id
    scenario.submit_answer(ADA, first, verdict="a")
    receipt = next_page(scenario, first).receipt
    assert receipt is not None
    assert receipt.modal_label == ""


def test_page_after_last_answer_has_no_task(scenario: Scenario) -> None:
    create_campaign(scenario, items=1)
    first = next_view(scenario).id
    scenario.submit_answer(ADA, first, verdict="tie")
    page = next_page(scenario, first)
    assert (page.task, page.remaining) == (None, 0)
    assert page.receipt is not None


def test_partial_rating_stays_on_page(scenario: Scenario) -> None:
    create_campaign(scenario, "rating")
    first = next_view(scenario).id
    scenario.submit_answer(ADA, first, humor="4")
    page = next_page(scenario, first)
    assert page.receipt is None
    assert page.task is not None
    assert (page.task.id, page.task.value) == (first, {"humor": 4})


def test_undone_task_is_shown_before_other_open_tasks(scenario: Scenario) -> None:
    create_campaign(scenario)
    first = next_view(scenario).id
    scenario.submit_answer(ADA, first, verdict="a")
    second = next_view(scenario, first).id
    scenario.database.write_now(submit.undo, first, scenario.interaction(ADA))
    page = next_page(scenario, first)
    assert page.receipt is None
    assert page.task is not None
    assert (page.task.id, page.task.value) == (first, {})
    scenario.submit_answer(ADA, first, verdict="b")
    assert next_view(scenario, first).id == second


def test_receipt_of_skip_names_reason(scenario: Scenario) -> None:
    create_campaign(scenario)
    first = next_view(scenario).id
    scenario.database.write_now(submit.skip_task, first, "not_my_field", scenario.interaction(ADA))
    receipt = next_page(scenario, first).receipt
    assert receipt is not None
    assert (receipt.summary, receipt.modal_label) == ("Skipped: not my field", "")


def test_expired_task_has_no_receipt(scenario: Scenario) -> None:
    create_campaign(scenario)
    first = next_view(scenario).id
    scenario.advance_clock(days=3)
    scenario.database.write_now(scheduled_delivery.expire_leases, scenario.now)
    page = next_page(scenario, first)
    assert page.receipt is None
    assert page.task is not None
    assert page.task.id != first


def mark_has_thread(scenario: Scenario, assignment_id: int) -> None:
    """Mark an assignment as answered in the thread of its message."""

    def update(session: Session) -> None:
        session.get_one(Assignment, assignment_id).has_thread = True

    scenario.database.write_now(update)


def test_message_with_thread_keeps_only_receipt(scenario: Scenario) -> None:
    create_campaign(scenario, "demonstration")
    first = next_view(scenario).id
    mark_has_thread(scenario, first)
    scenario.submit_answer(ADA, first, response="Because.")
    page = next_page(scenario, first)
    assert page.keeps_receipt_only
    assert page.task is None
    assert page.receipt is not None
    assert scenario.count("assignment") == 1


def test_message_with_thread_but_no_receipt_is_reused(scenario: Scenario) -> None:
    create_campaign(scenario, "demonstration")
    first = next_view(scenario).id
    mark_has_thread(scenario, first)
    scenario.advance_clock(days=3)
    scenario.database.write_now(scheduled_delivery.expire_leases, scenario.now)
    page = next_page(scenario, first)
    assert not page.keeps_receipt_only
    assert page.task is not None


def test_undone_answer_has_no_receipt(scenario: Scenario) -> None:
    create_campaign(scenario, "demonstration")
    first = next_view(scenario).id
    mark_has_thread(scenario, first)
    scenario.submit_answer(ADA, first, response="So it is.")
    decision = scenario.database.write_now(next_task.decide_next_task, ADA, first, scenario.now)
    assert decision is not None
    assert scenario.database.read_now(next_task.build_page, decision) is not None
    scenario.database.write_now(submit.undo, first, scenario.interaction(ADA))
    assert scenario.database.read_now(next_task.build_page, decision) is None
    assert next_view(scenario, first).id == first


def test_non_expert_has_no_next_task(scenario: Scenario) -> None:
    create_campaign(scenario)
    assert scenario.database.write_now(next_task.decide_next_task, BOB, None, scenario.now) is None


def test_open_task_of_paused_campaign_can_be_answered(scenario: Scenario) -> None:
    create_campaign(scenario)
    first = next_view(scenario).id
    scenario.run_for_campaign("tone", campaigns.pause, scenario.actor)
    assert next_view(scenario, first).id == first
    scenario.submit_answer(ADA, first, verdict="a")
    assert next_page(scenario, first).task is None


@pytest.mark.parametrize("kind", ["comparison", "rating"])
def test_pages_have_no_model_names(scenario: Scenario, kind: str) -> None:
    create_campaign(scenario, kind)
    first = next_view(scenario).id
    values: dict[str, object] = {"verdict": "a"} if kind == "comparison" else {"humor": "1"}
    scenario.submit_answer(ADA, first, **values)
    for page in (next_page(scenario), next_page(scenario, first)):
        assert "heron-7b" not in repr(page)
        assert "wren-mini" not in repr(page)


def test_candidates_are_always_shown_in_stored_order(scenario: Scenario) -> None:
    create_campaign(scenario)
    first = next_view(scenario)

    def reverse_order(session: Session) -> None:
        row = session.get_one(Assignment, first.id)
        row.candidate_order = row.candidate_order[::-1]

    scenario.database.write_now(reverse_order)
    again = next_view(scenario)
    (_, a, b), (_, c, d) = first.form.passages, again.form.passages
    assert (a.text, b.text) == (d.text, c.text)
    assert next_view(scenario).form == again.form


def test_remaining_tasks_are_those_of_the_same_campaign(scenario: Scenario) -> None:
    create_campaign(scenario)
    scenario.create_campaign("jokes", experts=[ADA], title="Jokes")
    scenario.import_rows("jokes", [pair(1), pair(2)])
    first = next_page(scenario)
    assert first.task is not None
    assert (first.task.campaign_title, first.remaining) == ("Tone of voice", 3)
    for remaining in (2, 1):
        scenario.submit_answer(ADA, id_of(scenario.rows(Assignment)[-1]), verdict="a")
        assert next_page(scenario).remaining == remaining
    scenario.submit_answer(ADA, id_of(scenario.rows(Assignment)[-1]), verdict="a")
    page = next_page(scenario)
    assert page.task is not None
    assert (page.task.campaign_title, page.remaining) == ("Jokes", 2)


def test_counting_remaining_tasks_stops_at_maximum(scenario: Scenario) -> None:
    create_campaign(scenario, items=MAX_COUNTED_TASKS + 5)
    assert next_page(scenario).remaining == MAX_COUNTED_TASKS


def test_page_has_channel_of_expert(scenario: Scenario) -> None:
    create_campaign(scenario)
    assert next_page(scenario).channel is None

    def set_channel(session: Session) -> None:
        session.get_one(Expert, 1).channel = "D1"

    scenario.database.write_now(set_channel)
    assert next_page(scenario).channel == "D1"


def test_only_assignee_can_open_task(scenario: Scenario) -> None:
    create_campaign(scenario)
    first = next_view(scenario).id
    view = scenario.database.write_now(next_task.open_task, first, scenario.interaction(ADA))
    assert view == replace(next_view(scenario), channel=view.channel)
    with pytest.raises(NotAssigneeError):
        scenario.database.write_now(next_task.open_task, first, scenario.interaction(BOB))
    with pytest.raises(UnknownTaskError):
        scenario.database.write_now(next_task.open_task, 404, scenario.interaction(ADA))
