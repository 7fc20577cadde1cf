"""Tests of reviewing from Slack, by button and in dialogs."""

from __future__ import annotations

import json
from typing import Any

from bot.slack.parsing.action_ids import Action
from storage.tables import Assignment, Decision, Role, RoleGrant
from tests.handlers.bolt_app import (
    COORDINATOR,
    MESSAGE,
    BoltApp,
    command_payload,
    submission_payload,
    view_button_payload,
)
from tests.services.conftest import pair
from tests.services.reviews.test_review_queue import EXPERTS, answer_by_text
from tests.slack.conftest import entered_state


def create_disagreements(bolt: BoltApp, count: int = 2) -> None:
    """Create comparisons on which three experts disagree."""
    scenario = bolt.slack.scenario
    scenario.create_campaign(experts=EXPERTS, overlap=3)
    scenario.import_rows("tone", [pair(number) for number in range(count)])
    for _ in range(count):
        answer_by_text(scenario, "a", "a", "b")


def last_reply(bolt: BoltApp) -> dict[str, Any]:
    """Return the last message sent to a response_url."""
    return dict(bolt.slack.response_url_server.posted[-1])


def button_labels(reply: dict[str, Any]) -> list[str]:
    """Return the labels of the buttons of a message, in order."""
    rows = (block for block in reply["blocks"] if block["type"] == "actions")
    return [one["text"]["text"] for row in rows for one in row["elements"] if "text" in one]


async def test_accepting_an_answer_shows_the_next_case(bolt: BoltApp) -> None:
    create_disagreements(bolt)
    assert "Review 1 of 2: experts disagree" in await bolt.send_command(COORDINATOR, "review tone")
    await bolt.click_button(COORDINATOR, Action("accept_answer", 1, "disagreed", "1"))
    assert "Undo" in str(last_reply(bolt)["blocks"])
    assert "Question 1?" in str(last_reply(bolt)["blocks"])
    assert [row.decided_by for row in bolt.slack.scenario.rows(Decision)] == [COORDINATOR]
    await bolt.click_button(COORDINATOR, Action("keep_as_is", 2, "disagreed"))
    assert "The review queue is empty" in last_reply(bolt)["text"]


async def test_one_message_becomes_the_next_case_and_shows_the_place(bolt: BoltApp) -> None:
    create_disagreements(bolt)
    first = await bolt.send(command_payload(COORDINATOR, "review tone only=disagreements"))
    assert "Review 1 of 2: experts disagree" in first.body
    assert "Show: Disagreements" in first.body
    shown = {"container": {"type": "message", "is_ephemeral": True, **MESSAGE}}
    await bolt.click_button(COORDINATOR, Action("keep_as_is", 1, "disagreed-1-only"), **shown)
    reply = last_reply(bolt)
    assert reply["replace_original"]
    assert "✓ Item pair-0: kept as is." in str(reply["blocks"])
    assert "Review 2 of 2: experts disagree" in str(reply["blocks"])
    await bolt.click_button(COORDINATOR, Action("next_case", 2, "disagreed-2-only"), **shown)
    assert "You passed 1 case without a decision." in last_reply(bolt)["text"]
    assert {"Review again", "Show all cases"} <= set(button_labels(last_reply(bolt)))


async def test_cases_of_other_reasons_do_not_count_as_passed(bolt: BoltApp) -> None:
    create_disagreements(bolt)
    await bolt.click_button(COORDINATOR, Action("keep_as_is", 1, "flagged-1-only"))
    assert last_reply(bolt)["text"].endswith("No cases are left under “Flags”.")
    assert button_labels(last_reply(bolt)) == ["Undo", "Show all cases"]


async def test_filter_and_decisions_are_one_tap(bolt: BoltApp) -> None:
    create_disagreements(bolt)
    await bolt.click_button(COORDINATOR, Action("filter_cases", 1, "", "flagged"))
    assert last_reply(bolt)["text"] == "No cases are left under “Flags”."
    assert "Show all cases" in str(last_reply(bolt)["blocks"])
    await bolt.click_button(COORDINATOR, Action("review", 1))
    assert "Review 1 of 2" in str(last_reply(bolt)["blocks"])
    await bolt.click_button(COORDINATOR, Action("filter_cases", 1, "", "all"))
    assert "Review 1 of 2" in str(last_reply(bolt)["blocks"])
    await bolt.click_button(COORDINATOR, Action("accept_answer", 1, "disagreed", "1"))
    await bolt.click_button(COORDINATOR, Action("show_decisions", 1))
    assert "Item pair-0: " in str(last_reply(bolt)["blocks"])


async def test_button_shows_the_first_case_of_its_campaign_or_of_all(bolt: BoltApp) -> None:
    create_disagreements(bolt, 1)
    bolt.slack.scenario.create_campaign("other", experts=EXPERTS)
    for campaign_id in (1, 0):
        await bolt.click_button(COORDINATOR, Action("review", campaign_id))
        assert "Question 0?" in str(last_reply(bolt)["blocks"])
    await bolt.click_button(COORDINATOR, Action("review", 2))
    assert "The review queue is empty" in last_reply(bolt)["text"]


async def test_dialog_stores_a_decision(bolt: BoltApp) -> None:
    create_disagreements(bolt, 1)
    await bolt.click_button(COORDINATOR, Action("decide", 1, "disagreed"))
    (call,) = bolt.api_calls("views.open")
    view = call["view"] if isinstance(call["view"], dict) else json.loads(call["view"])
    submission = submission_payload(COORDINATOR, "decide", view["private_metadata"])
    value = {"type": "radio_buttons", "selected_option": {"value": "tie"}}
    (block,) = (b for b in view["blocks"] if b.get("block_id", "").startswith("verdict:"))
    action_id = block["element"]["action_id"]
    submission["view"]["state"]["values"] = {block["block_id"]: {action_id: value}}
    assert (await bolt.send(submission)).status == 200
    (decision,) = bolt.slack.scenario.rows(Decision)
    assert decision.value["verdict"] == "tie"
    assert "The review queue is empty" in last_reply(bolt)["text"]


async def test_corrected_text_in_several_boxes_is_stored_unchanged(bolt: BoltApp) -> None:
    text = "\n".join(["word " * 50] * 40)
    bolt.slack.scenario.create_campaign(kind="curation", experts=EXPERTS, overlap=2)
    bolt.slack.scenario.import_rows("tone", [{"prompt": "Explain tides.", "response": text}])
    await bolt.click_button(COORDINATOR, Action("decide", 1, "sampled"))
    (call,) = bolt.api_calls("views.open")
    view = call["view"] if isinstance(call["view"], dict) else json.loads(call["view"])
    submission = submission_payload(COORDINATOR, "decide", view["private_metadata"])
    state = entered_state(view["blocks"])
    fix = {"type": "radio_buttons", "selected_option": {"value": "fix"}}
    state["verdict:0"] = dict.fromkeys(state["verdict:0"], fix)
    reason = {"type": "checkboxes", "selected_options": [{"value": "low_quality"}]}
    state["categories:0"] = dict.fromkeys(state["categories:0"], reason)
    submission["view"]["state"]["values"] = state
    assert (await bolt.send(submission)).status == 200
    (decision,) = bolt.slack.scenario.rows(Decision)
    assert decision.value["corrected"] == text
    assert sum(block_id.startswith("corrected:") for block_id in state) > 2


async def test_send_back_stores_the_reason_for_every_answer(bolt: BoltApp) -> None:
    create_disagreements(bolt, 1)
    metadata = '{"task_id": 1, "reason": "disagreed"}'
    submission = submission_payload(COORDINATOR, "send_back", metadata)
    reason = {"type": "plain_text_input", "value": "Mind the units."}
    submission["view"]["state"]["values"] = {"reason": {"reason": reason}}
    assert (await bolt.send(submission)).status == 200
    rows = bolt.slack.scenario.rows(Assignment)
    assert {row.sent_back_reason for row in rows} == {"Mind the units."}


async def test_senior_expert_can_review_but_not_fix(bolt: BoltApp) -> None:
    create_disagreements(bolt, 1)
    grant = RoleGrant(
        slack_id="U0SENIOR", role=Role.SENIOR, source=COORDINATOR, created_at=bolt.slack.now
    )
    bolt.slack.scenario.database.write_now(lambda session: session.add(grant))
    await bolt.click_button("U0SENIOR", Action("accept_answer", 1, "disagreed", "1"))
    assert [row.decided_by for row in bolt.slack.scenario.rows(Decision)] == ["U0SENIOR"]
    assert "Only coordinators can" in await bolt.send_command("U0SENIOR", "fix tone")


async def test_undo_shows_the_case_again(bolt: BoltApp) -> None:
    create_disagreements(bolt, 1)
    await bolt.click_button(COORDINATOR, Action("accept_answer", 1, "disagreed", "1"))
    await bolt.click_button(COORDINATOR, Action("undo_decision", 1))
    assert "Question 0?" in str(last_reply(bolt)["blocks"])
    assert bolt.slack.scenario.rows(Decision)[-1].value is None


async def test_full_text_opens_and_its_pages_turn(bolt: BoltApp) -> None:
    create_disagreements(bolt, 1)
    await bolt.click_button(COORDINATOR, Action("show_case", 1, "disagreed"))
    (call,) = bolt.api_calls("views.open")
    assert "A is better" in str(call["view"])
    assert "Question 0?" in str(call["view"])
    body = view_button_payload(
        COORDINATOR, Action("show_case_page", 1, "disagreed", "9"), {"type": "modal", "id": "V1"}
    )
    await bolt.send(body)
    assert "A is better" in str(bolt.api_calls("views.update"))
