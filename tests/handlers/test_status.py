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


async def answered(front: BoltApp) -> None:
    """Let an expert answer one of three tasks."""
    ada = front.slack.add_expert()
    front.slack.create_campaign(ada)
    given = await assign_next_task(front, ada)
    front.slack.scenario.submit_answer(ada.id, given, verdict="a")


async def charts(front: BoltApp) -> list[tuple[str, dict[str, Any]]]:
    """Return the charts that are queued, with whom they are for."""
    return [
        (row.recipient, row.payload)
        for row in await front.slack.outbox()
        if row.message_type == "chart"
    ]


async def shown(front: BoltApp, text: str) -> list[dict[str, Any]]:
    """Return the blocks that a coordinator is answered with."""
    answer = await front.send(command_payload(COORDINATOR, text))
    return list(json.loads(answer.body)["blocks"])


async def test_status_is_about_oneself_and_for_coordinators_about_everything(
    front: BoltApp,
) -> None:
    await answered(front)
    (ada,) = front.slack.scenario.rows(Expert)
    own = await front.send_command(ada.slack_id, "status")
    assert own.startswith("2 waiting for you")
    assert own.endswith("You answered 1 today and 1 in all.")
    theirs = await front.send_command(COORDINATOR, "status")
    assert theirs.startswith("• tone: 1 of 3 answers (33%)")
    assert [block["type"] for block in await shown(front, "status")] == ["table", "actions"]


async def test_a_stranger_hears_how_to_take_part(front: BoltApp) -> None:
    assert await front.send_command("U1", "status") == NO_CAMPAIGN_TEXT


async def test_an_expert_who_names_a_campaign_still_hears_of_themselves(front: BoltApp) -> None:
    await answered(front)
    (ada,) = front.slack.scenario.rows(Expert)
    assert "of 3 answers" not in await front.send_command(ada.slack_id, "status tone")


async def test_a_campaign_that_is_named_is_shown_as_a_whole_and_looked_into(front: BoltApp) -> None:
    await answered(front)
    assert "tone: 1 of 3" in await front.send_command(COORDINATOR, "status tone")
    (kept,) = front.slack.scenario.rows(AgreementReport)
    assert kept.found["answers"] == 1
    assert "There is no campaign called “ton”; perhaps you mean “tone”" in await front.send_command(
        COORDINATOR, "status ton"
    )


async def test_what_was_found_a_moment_ago_will_do(front: BoltApp) -> None:
    await answered(front)
    await front.send_command(COORDINATOR, "status tone")
    (before,) = front.slack.scenario.rows(AgreementReport)
    (ada,) = front.slack.scenario.rows(Expert)
    front.slack.scenario.answer_all(ada.slack_id, verdict="tie")
    front.slack.advance_clock(seconds=30)
    await front.send_command(COORDINATOR, "status tone")
    assert front.slack.scenario.rows(AgreementReport) == [before]
    front.slack.advance_clock(seconds=31)
    await front.send_command(COORDINATOR, "status tone")
    (after,) = front.slack.scenario.rows(AgreementReport)
    assert after.found["answers"] == 3


async def test_a_campaign_that_is_picked_takes_the_place_of_the_list(front: BoltApp) -> None:
    await answered(front)
    whispering = {"type": "message", "is_ephemeral": True, **MESSAGE}
    await front.click_button(COORDINATOR, Action("status", 1), container=whispering)
    (said,) = front.slack.response_url_server.posted
    assert said["replace_original"] is True
    assert "tone: 1 of 3" in str(said["text"])


async def test_from_the_home_tab_a_campaign_opens_in_a_modal_without_a_table(
    front: BoltApp,
) -> None:
    await answered(front)
    await front.send(view_button_payload(COORDINATOR, Action("status", 1), {"type": "home"}))
    (call,) = front.api_calls("views.open")
    assert "1 of 3" in str(call["view"])
    assert "'table'" not in str(call["view"])


async def test_others_may_not_look(front: BoltApp) -> None:
    await answered(front)
    await front.click_button("U1", Action("status", 1))
    await front.click_button("U1", Action("chart", 1))
    assert (
        front.ephemeral_texts()
        == ["Only coordinators can look at campaigns; ask one of them to do it for you."] * 2
    )
    assert await charts(front) == []


async def test_a_chart_is_queued_for_whoever_asks(front: BoltApp) -> None:
    await answered(front)
    await front.click_button(COORDINATOR, Action("chart", 1))
    assert await charts(front) == [(COORDINATOR, {"campaign": 1})]
    await front.click_button(COORDINATOR, Action("chart", 99))
    assert len(await charts(front)) == 1
