"""Tests of the status, by command and button."""

from __future__ import annotations

import json
from typing import Any

from bot.clock import AdjustableClock
from bot.quality.agreement.interval import MIN_ITEMS
from bot.services.reports import agreement_job
from bot.slack.parsing.action_ids import Action
from bot.slack.views.home import NO_CAMPAIGN_TEXT
from storage.tables import AgreementReport, Expert
from tests.handlers.bolt_app import (
    COORDINATOR,
    MESSAGE,
    BoltApp,
    assign_next_task,
    command_payload,
    view_button_payload,
)
from tests.services.conftest import pair


async def answer_one_task(bolt: BoltApp) -> None:
    """Create a campaign with three tasks, one of them answered."""
    ada = bolt.slack.add_expert()
    bolt.slack.create_campaign(ada)
    assignment_id = await assign_next_task(bolt, ada)
    bolt.slack.scenario.submit_answer(ada.id, assignment_id, verdict="a")


async def queued_charts(bolt: BoltApp) -> list[tuple[str, dict[str, Any]]]:
    """Return the recipients and payloads of queued charts."""
    return [
        (row.recipient, row.payload)
        for row in await bolt.slack.outbox()
        if row.message_type == "chart"
    ]


async def reply_blocks(bolt: BoltApp, text: str) -> list[dict[str, Any]]:
    """Return the blocks of the reply to a coordinator's command."""
    response = await bolt.send(command_payload(COORDINATOR, text))
    return list(json.loads(response.body)["blocks"])


async def test_status_shows_own_progress_and_coordinators_all_campaigns(bolt: BoltApp) -> None:
    await answer_one_task(bolt)
    (ada,) = bolt.slack.scenario.rows(Expert)
    own = await bolt.send_command(ada.slack_id, "status")
    assert own.startswith("2 tasks are waiting for you")
    assert own.endswith("You gave 1 answer today, 1 in total.")
    overview = await bolt.send_command(COORDINATOR, "status")
    assert overview.startswith("• tone: 1 of 3 answers (33%)")
    assert [block["type"] for block in await reply_blocks(bolt, "status")] == ["table", "actions"]


async def test_person_without_campaign_gets_an_explanation(bolt: BoltApp) -> None:
    assert await bolt.send_command("U1", "status") == NO_CAMPAIGN_TEXT


async def test_expert_cannot_see_the_status_of_a_campaign(bolt: BoltApp) -> None:
    await answer_one_task(bolt)
    (ada,) = bolt.slack.scenario.rows(Expert)
    assert "of 3 answers" not in await bolt.send_command(ada.slack_id, "status tone")


async def test_status_of_a_campaign_computes_its_agreement(bolt: BoltApp) -> None:
    await answer_one_task(bolt)
    assert "tone: 1 of 3" in await bolt.send_command(COORDINATOR, "status tone")
    (report,) = bolt.slack.scenario.rows(AgreementReport)
    assert report.figures["answers"] == 1
    assert "Unknown campaign “ton”. Did you mean “tone”?" in await bolt.send_command(
        COORDINATOR, "status ton"
    )


async def test_agreement_is_cached_for_a_minute(bolt: BoltApp) -> None:
    await answer_one_task(bolt)
    await bolt.send_command(COORDINATOR, "status tone")
    (before,) = bolt.slack.scenario.rows(AgreementReport)
    (ada,) = bolt.slack.scenario.rows(Expert)
    bolt.slack.scenario.answer_all(ada.slack_id, verdict="tie")
    bolt.slack.advance_clock(seconds=30)
    await bolt.send_command(COORDINATOR, "status tone")
    assert bolt.slack.scenario.rows(AgreementReport) == [before]
    bolt.slack.advance_clock(seconds=31)
    await bolt.send_command(COORDINATOR, "status tone")
    (after,) = bolt.slack.scenario.rows(AgreementReport)
    assert after.figures["answers"] == 3


async def test_status_shows_models_by_letter_and_leaves_them_to_the_job(bolt: BoltApp) -> None:
    """No model name reaches Slack, not even in an answer to a coordinator."""
    scenario = bolt.slack.scenario
    ada = bolt.slack.add_expert()
    scenario.create_campaign(overlap=1, experts=[ada.id])
    scenario.import_rows("tone", [pair(number) for number in range(MIN_ITEMS)])
    scenario.answer_all(ada.id, verdict="a")
    assert "Models" not in repr(await reply_blocks(bolt, "status tone")), "the job did not run yet"
    assert scenario.rows(AgreementReport) == [], "so the job finds the campaign due"
    agreement_job.recompute_due(scenario.database, AdjustableClock(scenario.now))
    reply = repr(await reply_blocks(bolt, "status tone"))
    assert "A: rank 1" in reply
    assert "heron" not in reply
    assert "wren" not in reply


async def test_chosen_campaign_replaces_the_list(bolt: BoltApp) -> None:
    await answer_one_task(bolt)
    container = {"type": "message", "is_ephemeral": True, **MESSAGE}
    await bolt.click_button(COORDINATOR, Action("status", 1), container=container)
    (message,) = bolt.slack.response_url_server.posted
    assert message["replace_original"] is True
    assert "tone: 1 of 3" in str(message["text"])


async def test_button_in_the_home_tab_opens_a_modal_without_table(bolt: BoltApp) -> None:
    await answer_one_task(bolt)
    await bolt.send(view_button_payload(COORDINATOR, Action("status", 1), {"type": "home"}))
    (call,) = bolt.api_calls("views.open")
    assert "1 of 3" in str(call["view"])
    assert "'table'" not in str(call["view"])


async def test_status_and_chart_need_the_coordinator_role(bolt: BoltApp) -> None:
    await answer_one_task(bolt)
    await bolt.click_button("U1", Action("status", 1))
    await bolt.click_button("U1", Action("chart", 1))
    assert (
        bolt.ephemeral_texts()
        == ["Only coordinators can see the status of campaigns; ask one of them to do it for you."]
        * 2
    )
    assert await queued_charts(bolt) == []


async def test_chart_is_queued_for_the_person_who_clicked(bolt: BoltApp) -> None:
    await answer_one_task(bolt)
    await bolt.click_button(COORDINATOR, Action("chart", 1))
    assert await queued_charts(bolt) == [(COORDINATOR, {"campaign_id": 1})]
    await bolt.click_button(COORDINATOR, Action("chart", 99))
    assert len(await queued_charts(bolt)) == 1
