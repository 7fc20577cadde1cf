"""Tests of the buttons of a task message: answer, undo, skip, next task."""

from __future__ import annotations

from bot.slack.parsing.action_ids import Action
from storage.tables import Expert
from tests.handlers.bolt_app import MESSAGE, BoltApp, assign_next_task, mark_experts_away


async def test_answer_undo_and_skip_change_the_assignment(bolt: BoltApp) -> None:
    ada = bolt.slack.add_expert()
    bolt.slack.create_campaign(ada)
    assignment_id = await assign_next_task(bolt, ada)
    states = []
    for number, action in enumerate(
        (
            Action("answer", assignment_id, "verdict", "tie"),
            Action("undo", assignment_id),
            Action("skip", assignment_id, "", "broken"),
        )
    ):
        element = {"action_ts": f"17.{number}", "action_id": action.action_id}
        await bolt.click_button(ada.id, action, actions=[{**element, "value": action.value}])
        (row,) = await bolt.slack.assignments()
        states.append((row.state, row.value))
    assert states == [("answered", {"verdict": "tie"}), ("delivered", None), ("skipped", None)]


async def test_next_task_replaces_the_clicked_message(bolt: BoltApp) -> None:
    ada = bolt.slack.add_expert()
    bolt.slack.create_campaign(ada)
    assignment_id = await assign_next_task(bolt, ada)
    await bolt.click_button(ada.id, Action("answer", assignment_id, "verdict", "tie"))
    (row,) = await bolt.slack.outbox()
    location = {"channel": MESSAGE["channel_id"], "message_ts": MESSAGE["message_ts"]}
    assert (row.message_type, row.payload) == (
        "task_page",
        {"assignment_id": assignment_id, **location},
    )
    assert row.response_url == bolt.slack.response_url_server.url


async def test_click_of_another_person_is_refused_ephemerally(bolt: BoltApp) -> None:
    ada, eve = bolt.slack.add_expert("ada"), bolt.slack.add_expert("eve")
    bolt.slack.create_campaign(ada)
    assignment_id = await assign_next_task(bolt, ada)
    await bolt.click_button(eve.id, Action("answer", assignment_id, "verdict", "a"))
    assert bolt.ephemeral_texts() == [
        "This task is assigned to someone else. Your answer was not saved. Use `/label next`."
    ]
    assert bolt.slack.scenario.count("annotation") == 0


async def test_requesting_a_task_ends_the_absence(bolt: BoltApp) -> None:
    ada = bolt.slack.add_expert()
    bolt.slack.create_campaign(ada)
    mark_experts_away(bolt)
    await bolt.click_button(ada.id, Action("next_task"))
    (row,) = await bolt.slack.outbox()
    assert (row.message_type, row.payload["assignment_id"]) == ("task_page", None)
    assert bolt.slack.scenario.rows(Expert)[0].away_since is None
