"""Reviewing from Slack: one case after the other, decided on the message or in a window."""

from __future__ import annotations

import json
from typing import Any

from bot.slack.parsing.action_ids import Action
from storage.tables import Assignment, Decision, Role, RoleGrant
from tests.handlers.bolt_app import COORDINATOR, BoltApp, submission_payload
from tests.services.conftest import pair
from tests.services.reviews.test_review_queue import EXPERTS, answer_by_text


def ready(bolt: BoltApp, count: int = 2) -> None:
    """Let three experts disagree about some comparisons."""
    scenario = bolt.slack.scenario
    scenario.create_campaign(experts=EXPERTS, overlap=3)
    scenario.import_rows("tone", [pair(number) for number in range(count)])
    for _ in range(count):
        answer_by_text(scenario, "a", "a", "b")


def posted(bolt: BoltApp) -> dict[str, Any]:
    """Return what the message was replaced by."""
    return dict(bolt.slack.response_url_server.posted[-1])


async def test_a_case_is_decided_with_a_tap_and_the_next_one_comes(bolt: BoltApp) -> None:
    ready(bolt)
    assert "Review: experts disagree" in await bolt.send_command(COORDINATOR, "review tone")
    await bolt.click_button(COORDINATOR, Action("accept_answer", 1, "disagreed", "1"))
    assert "Undo" in str(posted(bolt)["blocks"])
    assert "Question 1?" in str(posted(bolt)["blocks"])
    assert [row.decided_by for row in bolt.slack.scenario.rows(Decision)] == [COORDINATOR]
    await bolt.click_button(COORDINATOR, Action("keep_as_is", 2, "disagreed"))
    assert "The review queue is empty" in posted(bolt)["text"]


async def test_a_button_brings_the_first_case_of_its_campaign_or_of_all(bolt: BoltApp) -> None:
    ready(bolt, 1)
    bolt.slack.scenario.create_campaign("other", experts=EXPERTS)
    for number in (1, 0):
        await bolt.click_button(COORDINATOR, Action("review", number))
        assert "Question 0?" in str(posted(bolt)["blocks"])
    await bolt.click_button(COORDINATOR, Action("review", 2))
    assert "The review queue is empty" in posted(bolt)["text"]


async def test_a_decision_made_in_the_window(bolt: BoltApp) -> None:
    ready(bolt, 1)
    await bolt.click_button(COORDINATOR, Action("decide", 1, "disagreed"))
    (opened,) = bolt.api_calls("views.open")
    view = opened["view"] if isinstance(opened["view"], dict) else json.loads(opened["view"])
    sent = submission_payload(COORDINATOR, "decide", view["private_metadata"])
    chosen = {"type": "radio_buttons", "selected_option": {"value": "tie"}}
    (verdict,) = (b for b in view["blocks"] if b.get("block_id", "").startswith("verdict:"))
    action = verdict["element"]["action_id"]
    sent["view"]["state"]["values"] = {verdict["block_id"]: {action: chosen}}
    assert (await bolt.send(sent)).status == 200
    (decision,) = bolt.slack.scenario.rows(Decision)
    assert decision.value["verdict"] == "tie"
    assert "Nothing waits" in posted(bolt)["text"]


async def test_what_is_sent_back_goes_to_those_who_answered(bolt: BoltApp) -> None:
    ready(bolt, 1)
    sent = submission_payload(COORDINATOR, "send_back", '{"task_id": 1, "reason": "disagreed"}')
    reason = {"type": "plain_text_input", "value": "Mind the units."}
    sent["view"]["state"]["values"] = {"reason": {"reason": reason}}
    assert (await bolt.send(sent)).status == 200
    rows = bolt.slack.scenario.rows(Assignment)
    assert {row.sent_back_reason for row in rows} == {"Mind the units."}


async def test_a_senior_expert_decides_and_may_not_do_more(bolt: BoltApp) -> None:
    ready(bolt, 1)
    grant = RoleGrant(
        slack_id="U0SENIOR", role=Role.SENIOR, source=COORDINATOR, created_at=bolt.slack.now
    )
    bolt.slack.scenario.database.write_now(lambda session: session.add(grant))
    await bolt.click_button("U0SENIOR", Action("accept_answer", 1, "disagreed", "1"))
    assert [row.decided_by for row in bolt.slack.scenario.rows(Decision)] == ["U0SENIOR"]
    assert "Only coordinators can" in await bolt.send_command("U0SENIOR", "fix tone")


async def test_a_decision_is_taken_back_and_its_case_is_there_again(bolt: BoltApp) -> None:
    ready(bolt, 1)
    await bolt.click_button(COORDINATOR, Action("accept_answer", 1, "disagreed", "1"))
    await bolt.click_button(COORDINATOR, Action("undo_decision", 1))
    assert "Question 0?" in str(posted(bolt)["blocks"])
    assert bolt.slack.scenario.rows(Decision)[-1].value is None
