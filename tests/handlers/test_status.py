"""How far people and campaigns are, typed or pressed for."""

from __future__ import annotations

import json
from typing import Any

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


async def answered(bolt: BoltApp) -> None:
    """Let an expert answer one of three tasks."""
    ada = bolt.slack.add_expert()
    bolt.slack.create_campaign(ada)
    given = await assign_next_task(bolt, ada)
    bolt.slack.scenario.submit_answer(ada.id, given, verdict="a")


async def charts(bolt: BoltApp) -> list[tuple[str, dict[str, Any]]]:
    """Return the charts that are queued, with whom they are for."""
    return [
        (row.recipient, row.payload)
        for row in await bolt.slack.outbox()
        if row.message_type == "chart"
    ]


async def shown(bolt: BoltApp, text: str) -> list[dict[str, Any]]:
    """Return the blocks that a coordinator is answered with."""
    answer = await bolt.send(command_payload(COORDINATOR, text))
    return list(json.loads(answer.body)["blocks"])


async def test_status_is_about_oneself_and_for_coordinators_about_everything(
    bolt: BoltApp,
) -> None:
    await answered(bolt)
    (ada,) = bolt.slack.scenario.rows(Expert)
    own = await bolt.send_command(ada.slack_id, "status")
    assert own.startswith("2 tasks are waiting for you")
    assert own.endswith("You gave 1 answer today, 1 in total.")
    theirs = await bolt.send_command(COORDINATOR, "status")
    assert theirs.startswith("• tone: 1 of 3 answers (33%)")
    assert [block["type"] for block in await shown(bolt, "status")] == ["table", "actions"]


async def test_a_stranger_hears_how_to_take_part(bolt: BoltApp) -> None:
    assert await bolt.send_command("U1", "status") == NO_CAMPAIGN_TEXT


async def test_an_expert_who_names_a_campaign_still_hears_of_themselves(bolt: BoltApp) -> None:
    await answered(bolt)
    (ada,) = bolt.slack.scenario.rows(Expert)
    assert "of 3 answers" not in await bolt.send_command(ada.slack_id, "status tone")


async def test_a_campaign_that_is_named_is_shown_as_a_whole_and_looked_into(bolt: BoltApp) -> None:
    await answered(bolt)
    assert "tone: 1 of 3" in await bolt.send_command(COORDINATOR, "status tone")
    (kept,) = bolt.slack.scenario.rows(AgreementReport)
    assert kept.figures["answers"] == 1
    assert "Unknown campaign “ton”. Did you mean “tone”?" in await bolt.send_command(
        COORDINATOR, "status ton"
    )


async def test_what_was_found_a_moment_ago_will_do(bolt: BoltApp) -> None:
    await answered(bolt)
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


async def test_a_campaign_that_is_picked_takes_the_place_of_the_list(bolt: BoltApp) -> None:
    await answered(bolt)
    whispering = {"type": "message", "is_ephemeral": True, **MESSAGE}
    await bolt.click_button(COORDINATOR, Action("status", 1), container=whispering)
    (said,) = bolt.slack.response_url_server.posted
    assert said["replace_original"] is True
    assert "tone: 1 of 3" in str(said["text"])


async def test_from_the_home_tab_a_campaign_opens_in_a_modal_without_a_table(
    bolt: BoltApp,
) -> None:
    await answered(bolt)
    await bolt.send(view_button_payload(COORDINATOR, Action("status", 1), {"type": "home"}))
    (call,) = bolt.api_calls("views.open")
    assert "1 of 3" in str(call["view"])
    assert "'table'" not in str(call["view"])


async def test_others_may_not_look(bolt: BoltApp) -> None:
    await answered(bolt)
    await bolt.click_button("U1", Action("status", 1))
    await bolt.click_button("U1", Action("chart", 1))
    assert (
        bolt.ephemeral_texts()
        == ["Only coordinators can look at campaigns; ask one of them to do it for you."] * 2
    )
    assert await charts(bolt) == []


async def test_a_chart_is_queued_for_whoever_asks(bolt: BoltApp) -> None:
    await answered(bolt)
    await bolt.click_button(COORDINATOR, Action("chart", 1))
    assert await charts(bolt) == [(COORDINATOR, {"campaign_id": 1})]
    await bolt.click_button(COORDINATOR, Action("chart", 99))
    assert len(await charts(bolt)) == 1
