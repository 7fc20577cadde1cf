"""Tests of time off and opting out."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import Session, select

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


async def add_expert_with_task(bolt: BoltApp) -> SimulatedUser:
    """Return an expert with an open task."""
    ada = bolt.slack.add_expert()
    bolt.slack.create_campaign(ada)
    await assign_next_task(bolt, ada)
    return ada


def expert_row(bolt: BoltApp) -> Expert:
    """Return the row of the only expert."""
    (row,) = bolt.slack.scenario.rows(Expert)
    return row  # type: ignore[no-any-return]  # any table


def state(bolt: BoltApp) -> str:
    """Return the state of the first assignment."""
    return str(bolt.slack.scenario.rows(Assignment)[0].state)


async def test_command_with_a_day_starts_time_off(bolt: BoltApp) -> None:
    ada = await add_expert_with_task(bolt)
    reply = await bolt.send_command(ada.id, "away 2026-03-09")
    assert "I will message you again on Monday, 9 March 2026" in reply
    assert expert_row(bolt).paused_until == datetime(2026, 3, 9, tzinfo=UTC)
    assert state(bolt) == "released"


@pytest.mark.parametrize("day", ["a week", "7 days", "until next Monday", "until 9 March"])
async def test_day_can_be_written_in_words(bolt: BoltApp, day: str) -> None:
    ada = await add_expert_with_task(bolt)
    assert "on Monday, 9 March 2026" in await bolt.send_command(ada.id, f"away {day}")


async def test_day_counts_from_today_in_the_zone_of_the_expert(bolt: BoltApp) -> None:
    ada = await add_expert_with_task(bolt)
    bolt.slack.scenario.database.write_now(move_to_samoa)
    reply = await bolt.send_command(ada.id, "away tomorrow")
    assert "on Monday, 2 March 2026" in reply  # it is still Sunday there


def move_to_samoa(session: Session) -> None:
    """Set the time zone of the only expert to one that is 11 hours behind UTC."""
    expert = session.exec(select(Expert)).one()
    expert.tz = "Pacific/Pago_Pago"
    session.add(expert)


@pytest.mark.parametrize(
    ("command", "problem"),
    [
        ("away some day", "“some day” names no day. Write `/label away 3 days`"),
        ("away 2026-03-02", "Choose tomorrow or a later day"),
        ("away 2028-03-02", "more than a year ahead"),
    ],
)
async def test_invalid_day_is_reported(bolt: BoltApp, command: str, problem: str) -> None:
    ada = await add_expert_with_task(bolt)
    assert problem in await bolt.send_command(ada.id, command)
    assert state(bolt) == "delivered"


async def test_command_without_day_opens_the_dialog(bolt: BoltApp) -> None:
    ada = await add_expert_with_task(bolt)
    await bolt.send_command(ada.id, "away")
    await bolt.app.wait_for_background_tasks()
    (call,) = bolt.api_calls("views.open")
    assert "2026-03-09" in str(call["view"]), "a week from today is suggested"


async def test_person_without_campaign_gets_an_explanation(bolt: BoltApp) -> None:
    assert "not in a campaign yet" in await bolt.send_command("U1", "away 2026-03-09")


def submission(person: str, day: str | None) -> dict[str, Any]:
    """Return the submission of the dialog with this day."""
    body = submission_payload(
        person, "take_time_off", '{"target_id":0,"channel":"D1","message_ts":"1.2"}'
    )
    body["view"]["state"]["values"] = {
        "until": {"until": {"type": "datepicker", "selected_date": day}}
    }
    return body


async def test_dialog_starts_time_off_and_updates_the_message(bolt: BoltApp) -> None:
    ada = await add_expert_with_task(bolt)
    await bolt.send(submission(ada.id, "2026-03-09"))
    assert expert_row(bolt).paused_until is not None
    outbox = await bolt.slack.outbox()
    (update,) = (message for message in outbox if message.message_type == "text_in_place")
    assert (update.payload["channel"], update.payload["message_ts"]) == ("D1", "1.2")


@pytest.mark.parametrize("day", ["2026-03-02", "2029-03-02", None])
async def test_invalid_day_in_the_dialog_is_reported_at_its_field(
    bolt: BoltApp, day: str | None
) -> None:
    ada = await add_expert_with_task(bolt)
    response = await bolt.send(submission(ada.id, day))
    assert '"errors"' in response.body
    assert '"until"' in response.body
    assert state(bolt) == "delivered"


async def test_back_ends_time_off_and_summarizes_waiting_tasks(bolt: BoltApp) -> None:
    ada = await add_expert_with_task(bolt)
    await bolt.send_command(ada.id, "away 2026-03-09")
    reply = await bolt.send_command(ada.id, "back")
    assert reply == "Welcome back! 3 tasks are waiting for you, about 3 minutes."
    assert expert_row(bolt).paused_until is None


async def test_button_in_the_home_tab_ends_time_off(bolt: BoltApp) -> None:
    ada = await add_expert_with_task(bolt)
    await bolt.send_command(ada.id, "away 2026-03-09")
    await bolt.send(view_button_payload(ada.id, Action("end_time_off"), {"type": "home"}))
    assert expert_row(bolt).paused_until is None


@pytest.mark.parametrize(
    ("action", "title"), [("take_time_off", "Take time off"), ("ask_later", "Ask me later")]
)
async def test_buttons_open_the_dialog(bolt: BoltApp, action: str, title: str) -> None:
    ada = await add_expert_with_task(bolt)
    await bolt.click_button(ada.id, Action(action))
    (call,) = bolt.api_calls("views.open")
    assert title in str(call["view"])


async def test_declining_to_opt_out_queues_the_next_task(bolt: BoltApp) -> None:
    ada = await add_expert_with_task(bolt)
    bolt.slack.advance_clock(hours=1)
    await bolt.click_button(ada.id, Action("decline_opt_out"))
    assert [message.message_type for message in await bolt.slack.outbox()] == ["task_page"]


async def test_opting_out_notifies_the_expert_and_the_coordinator(bolt: BoltApp) -> None:
    ada = await add_expert_with_task(bolt)
    await bolt.click_button(ada.id, Action("opt_out"))
    (member,) = bolt.slack.scenario.rows(Membership)
    assert bolt.slack.now - member.left_at < timedelta(minutes=1)
    recipients = {
        message.recipient
        for message in await bolt.slack.outbox()
        if message.message_type in ("text", "text_in_place")
    }
    assert recipients == {ada.id, COORDINATOR}
    assert state(bolt) == "released"
