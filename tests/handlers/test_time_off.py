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


async def at_work(front: BoltApp) -> SimulatedUser:
    """Return an expert with a task."""
    ada = front.slack.add_expert()
    front.slack.create_campaign(ada)
    await assign_next_task(front, ada)
    return ada


def row(front: BoltApp) -> Expert:
    """Return the only expert."""
    (found,) = front.slack.scenario.rows(Expert)
    return found  # type: ignore[no-any-return]  # any table


def state(front: BoltApp) -> str:
    """Return the state of the first assignment."""
    return str(front.slack.scenario.rows(Assignment)[0].state)


async def test_a_day_that_is_typed_begins_the_time_off(front: BoltApp) -> None:
    ada = await at_work(front)
    said = await front.send_command(ada.id, "away 2026-03-09")
    assert "I will write again on Monday, 9 March 2026" in said
    assert row(front).paused_until == datetime(2026, 3, 9, tzinfo=UTC)
    assert state(front) == "released"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("away tomorrow", "“tomorrow” is no day"),
        ("away 2026-03-02", "must be tomorrow or later"),
        ("away 2028-03-02", "more than a year ahead"),
    ],
)
async def test_a_day_that_cannot_be_is_told_so(front: BoltApp, typed: str, said: str) -> None:
    ada = await at_work(front)
    assert said in await front.send_command(ada.id, typed)
    assert state(front) == "delivered"


async def test_without_a_day_a_window_asks_for_it(front: BoltApp) -> None:
    ada = await at_work(front)
    await front.send_command(ada.id, "away")
    await front.desk.wait_for_background_tasks()
    (opened,) = front.api_calls("views.open")
    assert "2026-03-09" in str(opened["view"]), "a week from today is suggested"


async def test_a_stranger_has_nothing_to_pause(front: BoltApp) -> None:
    assert "in no campaign yet" in await front.send_command("U1", "away 2026-03-09")


def chosen(person: str, day: str | None) -> dict[str, Any]:
    """Return the window as it is sent."""
    body = submission_payload(person, "rest", '{"assignment":0,"channel":"D1","message_ts":"1.2"}')
    body["view"]["state"]["values"] = {
        "until": {"until": {"type": "datepicker", "selected_date": day}}
    }
    return body


async def test_a_day_that_is_chosen_begins_it_and_answers_the_question(front: BoltApp) -> None:
    ada = await at_work(front)
    await front.send(chosen(ada.id, "2026-03-09"))
    assert row(front).paused_until is not None
    (said,) = [one for one in await front.slack.outbox() if one.message_type == "instead"]
    assert (said.payload["channel"], said.payload["message_ts"]) == ("D1", "1.2")


@pytest.mark.parametrize("day", ["2026-03-02", "2029-03-02", None])
async def test_a_wrong_day_is_told_at_its_field(front: BoltApp, day: str | None) -> None:
    ada = await at_work(front)
    answer = await front.send(chosen(ada.id, day))
    assert '"errors"' in answer.body
    assert '"until"' in answer.body
    assert state(front) == "delivered"


async def test_back_ends_it_and_says_what_waits(front: BoltApp) -> None:
    ada = await at_work(front)
    await front.send_command(ada.id, "away 2026-03-09")
    said = await front.send_command(ada.id, "back")
    assert said == "Welcome back! 3 tasks wait for you, about 3 minutes."
    assert row(front).paused_until is None


async def test_the_button_at_home_ends_it_too(front: BoltApp) -> None:
    ada = await at_work(front)
    await front.send_command(ada.id, "away 2026-03-09")
    await front.send(view_button_payload(ada.id, Action("back"), {"type": "home"}))
    assert row(front).paused_until is None


@pytest.mark.parametrize(("deed", "title"), [("rest", "Time off"), ("later", "Later")])
async def test_the_buttons_open_the_window(front: BoltApp, deed: str, title: str) -> None:
    ada = await at_work(front)
    await front.click_button(ada.id, Action(deed))
    (opened,) = front.api_calls("views.open")
    assert title in str(opened["view"])


async def test_staying_brings_the_next_task(front: BoltApp) -> None:
    ada = await at_work(front)
    front.slack.advance_clock(hours=1)
    await front.click_button(ada.id, Action("stay"))
    assert [one.message_type for one in await front.slack.outbox()] == ["turn"]


async def test_leaving_is_told_to_both_sides(front: BoltApp) -> None:
    ada = await at_work(front)
    await front.click_button(ada.id, Action("farewell"))
    (member,) = front.slack.scenario.rows(Membership)
    assert front.slack.now - member.left_at < timedelta(minutes=1)
    told = {
        one.recipient
        for one in await front.slack.outbox()
        if one.message_type in ("words", "instead")
    }
    assert told == {ada.id, COORDINATOR}
    assert state(front) == "released"
