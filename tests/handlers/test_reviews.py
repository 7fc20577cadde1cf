"""Reviewing from Slack: one case after the other, decided on the message or in a window."""

from __future__ import annotations

import json
from typing import Any

from bot.slack.parsing.action_ids import Action
from storage.tables import Assignment, Decision, Role, RoleGrant
from tests.handlers.bolt_app import COORDINATOR, BoltApp, submission_payload
from tests.services.conftest import pair
from tests.services.reviews.test_review_queue import PEOPLE, texts


def ready(front: BoltApp, count: int = 2) -> None:
    """Let three experts disagree about some comparisons."""
    workshop = front.slack.scenario
    workshop.create_campaign(experts=PEOPLE, overlap=3)
    workshop.import_rows("tone", [pair(number) for number in range(count)])
    for _ in range(count):
        texts(workshop, "a", "a", "b")


def posted(front: BoltApp) -> dict[str, Any]:
    """Return what the message was replaced by."""
    return dict(front.slack.response_url_server.posted[-1])


async def test_a_case_is_decided_with_a_tap_and_the_next_one_comes(front: BoltApp) -> None:
    ready(front)
    assert "Review: experts disagree" in await front.send_command(COORDINATOR, "review tone")
    await front.click_button(COORDINATOR, Action("adopt", 1, "disagreed", "1"))
    assert "Take it back" in str(posted(front)["blocks"])
    assert "Question 1?" in str(posted(front)["blocks"])
    assert [row.decided_by for row in front.slack.scenario.rows(Decision)] == [COORDINATOR]
    await front.click_button(COORDINATOR, Action("leave", 2, "disagreed"))
    assert "Nothing waits for review" in posted(front)["text"]


async def test_a_button_brings_the_first_case_of_its_campaign_or_of_all(front: BoltApp) -> None:
    ready(front, 1)
    front.slack.scenario.create_campaign("other", experts=PEOPLE)
    for number in (1, 0):
        await front.click_button(COORDINATOR, Action("review", number))
        assert "Question 0?" in str(posted(front)["blocks"])
    await front.click_button(COORDINATOR, Action("review", 2))
    assert "Nothing waits for review" in posted(front)["text"]


async def test_a_decision_made_in_the_window(front: BoltApp) -> None:
    ready(front, 1)
    await front.click_button(COORDINATOR, Action("decide", 1, "disagreed"))
    (opened,) = front.api_calls("views.open")
    view = opened["view"] if isinstance(opened["view"], dict) else json.loads(opened["view"])
    sent = submission_payload(COORDINATOR, "decide", view["private_metadata"])
    chosen = {"type": "radio_buttons", "selected_option": {"value": "tie"}}
    (verdict,) = (b for b in view["blocks"] if b.get("block_id", "").startswith("verdict:"))
    action = verdict["element"]["action_id"]
    sent["view"]["state"]["values"] = {verdict["block_id"]: {action: chosen}}
    assert (await front.send(sent)).status == 200
    (decision,) = front.slack.scenario.rows(Decision)
    assert decision.value["verdict"] == "tie"
    assert "Nothing waits" in posted(front)["text"]


async def test_what_is_sent_back_goes_to_those_who_answered(front: BoltApp) -> None:
    ready(front, 1)
    sent = submission_payload(COORDINATOR, "send_back", '{"task": 1, "why": "disagreed"}')
    reason = {"type": "plain_text_input", "value": "Mind the units."}
    sent["view"]["state"]["values"] = {"reason": {"reason": reason}}
    assert (await front.send(sent)).status == 200
    rows = front.slack.scenario.rows(Assignment)
    assert {row.sent_back_reason for row in rows} == {"Mind the units."}


async def test_a_senior_expert_decides_and_may_not_do_more(front: BoltApp) -> None:
    ready(front, 1)
    grant = RoleGrant(
        slack_id="U0SENIOR", role=Role.SENIOR, source=COORDINATOR, created_at=front.slack.now
    )
    front.slack.scenario.database.write_now(lambda session: session.add(grant))
    await front.click_button("U0SENIOR", Action("adopt", 1, "disagreed", "1"))
    assert [row.decided_by for row in front.slack.scenario.rows(Decision)] == ["U0SENIOR"]
    assert "Only coordinators can" in await front.send_command("U0SENIOR", "correct tone")


async def test_a_decision_is_taken_back_and_its_case_is_there_again(front: BoltApp) -> None:
    ready(front, 1)
    await front.click_button(COORDINATOR, Action("adopt", 1, "disagreed", "1"))
    await front.click_button(COORDINATOR, Action("undecide", 1))
    assert "Question 0?" in str(posted(front)["blocks"])
    assert front.slack.scenario.rows(Decision)[-1].value is None
