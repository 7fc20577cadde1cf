"""Time off: typed, chosen in a window, ended again; and what somebody says to the last question."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.sandbox import SimulatedUser
from bot.slack.parsing.action_ids import Action
from storage.tables import Assignment, Expert, Membership
from tests.handlers.bolt_app import (
    COORDINATOR,
    BoltApp,
    assign_next_task,
    submission_payload,
    view_button_payload,
)


async def at_work(bolt: BoltApp) -> SimulatedUser:
    """Return an expert with a task."""
    ada = bolt.slack.add_expert()
    bolt.slack.create_campaign(ada)
    await assign_next_task(bolt, ada)
    return ada


def row(bolt: BoltApp) -> Expert:
    """Return the only expert."""
    (found,) = bolt.slack.scenario.rows(Expert)
    return found  # type: ignore[no-any-return]  # any table


def state(bolt: BoltApp) -> str:
    """Return the state of the first assignment."""
    return str(bolt.slack.scenario.rows(Assignment)[0].state)


async def test_a_day_that_is_typed_begins_the_time_off(bolt: BoltApp) -> None:
    ada = await at_work(bolt)
    said = await bolt.send_command(ada.id, "away 2026-03-09")
    assert "I will message you again on Monday, 9 March 2026" in said
    assert row(bolt).paused_until == datetime(2026, 3, 9, tzinfo=UTC)
    assert state(bolt) == "released"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("away tomorrow", "“tomorrow” is no day"),
        ("away 2026-03-02", "must be tomorrow or later"),
        ("away 2028-03-02", "more than a year ahead"),
    ],
)
async def test_a_day_that_cannot_be_is_told_so(bolt: BoltApp, typed: str, said: str) -> None:
    ada = await at_work(bolt)
    assert said in await bolt.send_command(ada.id, typed)
    assert state(bolt) == "delivered"


async def test_without_a_day_a_window_asks_for_it(bolt: BoltApp) -> None:
    ada = await at_work(bolt)
    await bolt.send_command(ada.id, "away")
    await bolt.app.wait_for_background_tasks()
    (opened,) = bolt.api_calls("views.open")
    assert "2026-03-09" in str(opened["view"]), "a week from today is suggested"


async def test_a_stranger_has_nothing_to_pause(bolt: BoltApp) -> None:
    assert "not in a campaign yet" in await bolt.send_command("U1", "away 2026-03-09")


def chosen(person: str, day: str | None) -> dict[str, Any]:
    """Return the window as it is sent."""
    body = submission_payload(
        person, "take_time_off", '{"target_id":0,"channel":"D1","message_ts":"1.2"}'
    )
    body["view"]["state"]["values"] = {
        "until": {"until": {"type": "datepicker", "selected_date": day}}
    }
    return body


async def test_a_day_that_is_chosen_begins_it_and_answers_the_question(bolt: BoltApp) -> None:
    ada = await at_work(bolt)
    await bolt.send(chosen(ada.id, "2026-03-09"))
    assert row(bolt).paused_until is not None
    (said,) = [one for one in await bolt.slack.outbox() if one.message_type == "text_in_place"]
    assert (said.payload["channel"], said.payload["message_ts"]) == ("D1", "1.2")


@pytest.mark.parametrize("day", ["2026-03-02", "2029-03-02", None])
async def test_a_wrong_day_is_told_at_its_field(bolt: BoltApp, day: str | None) -> None:
    ada = await at_work(bolt)
    answer = await bolt.send(chosen(ada.id, day))
    assert '"errors"' in answer.body
    assert '"until"' in answer.body
    assert state(bolt) == "delivered"


async def test_back_ends_it_and_says_what_waits(bolt: BoltApp) -> None:
    ada = await at_work(bolt)
    await bolt.send_command(ada.id, "away 2026-03-09")
    said = await bolt.send_command(ada.id, "back")
    assert said == "Welcome back! 3 tasks are waiting for you, about 3 minutes."
    assert row(bolt).paused_until is None


async def test_the_button_at_home_ends_it_too(bolt: BoltApp) -> None:
    ada = await at_work(bolt)
    await bolt.send_command(ada.id, "away 2026-03-09")
    await bolt.send(view_button_payload(ada.id, Action("end_time_off"), {"type": "home"}))
    assert row(bolt).paused_until is None


@pytest.mark.parametrize(
    ("deed", "title"), [("take_time_off", "Take time off"), ("ask_later", "Ask me later")]
)
async def test_the_buttons_open_the_window(bolt: BoltApp, deed: str, title: str) -> None:
    ada = await at_work(bolt)
    await bolt.click_button(ada.id, Action(deed))
    (opened,) = bolt.api_calls("views.open")
    assert title in str(opened["view"])


async def test_staying_brings_the_next_task(bolt: BoltApp) -> None:
    ada = await at_work(bolt)
    bolt.slack.advance_clock(hours=1)
    await bolt.click_button(ada.id, Action("decline_opt_out"))
    assert [one.message_type for one in await bolt.slack.outbox()] == ["task_page"]


async def test_leaving_is_told_to_both_sides(bolt: BoltApp) -> None:
    ada = await at_work(bolt)
    await bolt.click_button(ada.id, Action("opt_out"))
    (member,) = bolt.slack.scenario.rows(Membership)
    assert bolt.slack.now - member.left_at < timedelta(minutes=1)
    told = {
        one.recipient
        for one in await bolt.slack.outbox()
        if one.message_type in ("text", "text_in_place")
    }
    assert told == {ada.id, COORDINATOR}
    assert state(bolt) == "released"
