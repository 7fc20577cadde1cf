"""The modal that assigns tasks, and its results."""

from __future__ import annotations

from typing import Any

from syrupy.assertion import SnapshotAssertion

from bot.sandbox.blockkit import check_message
from bot.services.tasks.manual_assignment import NO_TASKS_LEFT, AssignmentRequest, AssignmentResult
from bot.slack.views.assign_modal import AssignSubmission, assign_modal, parse_modal, render_results
from storage.queries.item_search import ItemFilter
from tests.slack.conftest import as_yaml, message_yaml, view_problems, visible_text


def test_modal_asks_for_experts_and_tasks(snapshot: SnapshotAssertion) -> None:
    view = assign_modal(7, "Good jokes")
    assert view_problems(view) == []
    assert as_yaml(view) == snapshot
    assert view_problems(assign_modal(7, "t" * 300)) == []


def test_submitted_modal_is_parsed() -> None:
    people = {"type": "multi_users_select", "selected_users": ["U1ADA", "U1BO"]}
    values: dict[str, Any] = {
        "people": {"people": people},
        "count": {"count": {"type": "number_input"}},
    }
    assert parse_modal(values) == AssignSubmission(("U1ADA", "U1BO"), AssignmentRequest("", 1))
    values["count"]["count"] = {"type": "number_input", "value": "5"}
    values["item"] = {"item": {"type": "plain_text_input", "value": " joke-7 "}}
    assert parse_modal(values).request == AssignmentRequest("joke-7", 5)
    values["item"]["item"]["value"] = None
    values["domain"] = {"domain": {"type": "plain_text_input", "value": "law"}}
    assert parse_modal(values).request.wanted == ItemFilter(domain="law")
    chosen = [{"value": "7"}, {"value": "nonsense"}]
    values["items"] = {"items": {"type": "multi_external_select", "selected_options": chosen}}
    assert parse_modal(values).item_ids == (7, 0)
    assert parse_modal(values).request.wanted is None


def test_results_name_each_expert(snapshot: SnapshotAssertion) -> None:
    message = render_results(
        "jokes", [AssignmentResult("U1ADA", 2), AssignmentResult("U1BO", 0, NO_TASKS_LEFT)]
    )
    assert check_message({"text": message.text, "blocks": message.blocks}) == []
    assert message_yaml(message) == snapshot


def test_results_without_tasks_say_so() -> None:
    message = render_results("jokes", [AssignmentResult("U1BO", 0, NO_TASKS_LEFT)])
    assert message.text == "Assigned no tasks of “jokes”."
    assert visible_text(message.blocks).startswith(message.text)


def test_one_task_is_announced_in_the_singular() -> None:
    text = render_results("jokes", [AssignmentResult("U1ADA", 1)]).text
    assert text == "Assigned 1 task of “jokes”, for delivery in working hours."
