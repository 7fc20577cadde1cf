"""How far people and campaigns are, typed or pressed for."""

from __future__ import annotations

import json
from typing import Any

from bot.slack.home import NOBODY
from bot.slack.ids import Press
from storage.tables import Expert, Survey
from tests.handlers.front import COORDINATOR, MESSAGE, Front, hold, in_view, typed


async def answered(front: Front) -> None:
    """Let an expert answer one of three tasks."""
    ada = front.line.expert()
    front.line.campaign(ada)
    given = await hold(front, ada)
    front.line.workshop.answers(ada.id, given, verdict="a")


async def charts(front: Front) -> list[tuple[str, dict[str, Any]]]:
    """Return the charts that are queued, with whom they are for."""
    return [(row.lane, row.facts) for row in await front.line.outbox() if row.word == "chart"]


async def shown(front: Front, text: str) -> list[dict[str, Any]]:
    """Return the blocks that a coordinator is answered with."""
    answer = await front.sends(typed(COORDINATOR, text))
    return list(json.loads(answer.body)["blocks"])


async def test_status_is_about_oneself_and_for_coordinators_about_everything(front: Front) -> None:
    await answered(front)
    (ada,) = front.line.workshop.rows(Expert)
    own = await front.says(ada.slack_id, "status")
    assert own.startswith("2 waiting for you")
    assert own.endswith("You answered 1 today and 1 in all.")
    theirs = await front.says(COORDINATOR, "status")
    assert theirs.startswith("• tone: 1 of 3 answers (33%)")
    assert [block["type"] for block in await shown(front, "status")] == ["table", "actions"]


async def test_a_stranger_hears_how_to_take_part(front: Front) -> None:
    assert await front.says("U1", "status") == NOBODY


async def test_an_expert_who_names_a_campaign_still_hears_of_themselves(front: Front) -> None:
    await answered(front)
    (ada,) = front.line.workshop.rows(Expert)
    assert "of 3 answers" not in await front.says(ada.slack_id, "status tone")


async def test_a_campaign_that_is_named_is_shown_as_a_whole_and_looked_into(front: Front) -> None:
    await answered(front)
    assert "tone: 1 of 3" in await front.says(COORDINATOR, "status tone")
    (kept,) = front.line.workshop.rows(Survey)
    assert kept.found["answers"] == 1
    assert "There is no campaign called “ton”; perhaps you mean “tone”" in await front.says(
        COORDINATOR, "status ton"
    )


async def test_what_was_found_a_moment_ago_will_do(front: Front) -> None:
    await answered(front)
    await front.says(COORDINATOR, "status tone")
    (before,) = front.line.workshop.rows(Survey)
    (ada,) = front.line.workshop.rows(Expert)
    front.line.workshop.does_all(ada.slack_id, verdict="tie")
    front.line.passes(seconds=30)
    await front.says(COORDINATOR, "status tone")
    assert front.line.workshop.rows(Survey) == [before]
    front.line.passes(seconds=31)
    await front.says(COORDINATOR, "status tone")
    (after,) = front.line.workshop.rows(Survey)
    assert after.found["answers"] == 3


async def test_a_campaign_that_is_picked_takes_the_place_of_the_list(front: Front) -> None:
    await answered(front)
    whispering = {"type": "message", "is_ephemeral": True, **MESSAGE}
    await front.presses(COORDINATOR, Press("status", 1), container=whispering)
    (said,) = front.line.hook.posted
    assert said["replace_original"] is True
    assert "tone: 1 of 3" in str(said["text"])


async def test_from_the_home_tab_a_campaign_opens_in_a_modal_without_a_table(front: Front) -> None:
    await answered(front)
    await front.sends(in_view(COORDINATOR, Press("status", 1), {"type": "home"}))
    (call,) = front.called("views.open")
    assert "1 of 3" in str(call["view"])
    assert "'table'" not in str(call["view"])


async def test_others_may_not_look(front: Front) -> None:
    await answered(front)
    await front.presses("U1", Press("status", 1))
    await front.presses("U1", Press("chart", 1))
    assert (
        front.whispered()
        == ["Only coordinators can look at campaigns; ask one of them to do it for you."] * 2
    )
    assert await charts(front) == []


async def test_a_chart_is_queued_for_whoever_asks(front: Front) -> None:
    await answered(front)
    await front.presses(COORDINATOR, Press("chart", 1))
    assert await charts(front) == [(COORDINATOR, {"campaign": 1})]
    await front.presses(COORDINATOR, Press("chart", 99))
    assert len(await charts(front)) == 1
