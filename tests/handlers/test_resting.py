"""Time off: typed, chosen in a window, ended again; and what somebody says to the last question."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.sandbox import Person
from bot.slack.ids import Press
from storage.tables import Assignment, Expert, Membership
from tests.handlers.front import COORDINATOR, Front, hold, in_view, submitted


async def at_work(front: Front) -> Person:
    """Return an expert with a task."""
    ada = front.line.expert()
    front.line.campaign(ada)
    await hold(front, ada)
    return ada


def row(front: Front) -> Expert:
    """Return the only expert."""
    (found,) = front.line.workshop.rows(Expert)
    return found  # type: ignore[no-any-return]  # any table


def state(front: Front) -> str:
    """Return the state of the first assignment."""
    return str(front.line.workshop.rows(Assignment)[0].state)


async def test_a_day_that_is_typed_begins_the_time_off(front: Front) -> None:
    ada = await at_work(front)
    said = await front.says(ada.id, "away 2026-03-09")
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
async def test_a_day_that_cannot_be_is_told_so(front: Front, typed: str, said: str) -> None:
    ada = await at_work(front)
    assert said in await front.says(ada.id, typed)
    assert state(front) == "delivered"


async def test_without_a_day_a_window_asks_for_it(front: Front) -> None:
    ada = await at_work(front)
    await front.says(ada.id, "away")
    await front.desk.finish()
    (opened,) = front.called("views.open")
    assert "2026-03-09" in str(opened["view"]), "a week from today is suggested"


async def test_a_stranger_has_nothing_to_pause(front: Front) -> None:
    assert "in no campaign yet" in await front.says("U1", "away 2026-03-09")


def chosen(person: str, day: str | None) -> dict[str, Any]:
    """Return the window as it is sent."""
    body = submitted(person, "rest", '{"assignment":0,"channel":"D1","message_ts":"1.2"}')
    body["view"]["state"]["values"] = {
        "until": {"until": {"type": "datepicker", "selected_date": day}}
    }
    return body


async def test_a_day_that_is_chosen_begins_it_and_answers_the_question(front: Front) -> None:
    ada = await at_work(front)
    await front.sends(chosen(ada.id, "2026-03-09"))
    assert row(front).paused_until is not None
    (said,) = [one for one in await front.line.outbox() if one.word == "instead"]
    assert (said.facts["channel"], said.facts["message_ts"]) == ("D1", "1.2")


@pytest.mark.parametrize("day", ["2026-03-02", "2029-03-02", None])
async def test_a_wrong_day_is_told_at_its_field(front: Front, day: str | None) -> None:
    ada = await at_work(front)
    answer = await front.sends(chosen(ada.id, day))
    assert '"errors"' in answer.body
    assert '"until"' in answer.body
    assert state(front) == "delivered"


async def test_back_ends_it_and_says_what_waits(front: Front) -> None:
    ada = await at_work(front)
    await front.says(ada.id, "away 2026-03-09")
    said = await front.says(ada.id, "back")
    assert said == "Welcome back! 3 tasks wait for you, about 3 minutes."
    assert row(front).paused_until is None


async def test_the_button_at_home_ends_it_too(front: Front) -> None:
    ada = await at_work(front)
    await front.says(ada.id, "away 2026-03-09")
    await front.sends(in_view(ada.id, Press("back"), {"type": "home"}))
    assert row(front).paused_until is None


@pytest.mark.parametrize(("deed", "title"), [("rest", "Time off"), ("later", "Later")])
async def test_the_buttons_open_the_window(front: Front, deed: str, title: str) -> None:
    ada = await at_work(front)
    await front.presses(ada.id, Press(deed))
    (opened,) = front.called("views.open")
    assert title in str(opened["view"])


async def test_staying_brings_the_next_task(front: Front) -> None:
    ada = await at_work(front)
    front.line.passes(hours=1)
    await front.presses(ada.id, Press("stay"))
    assert [one.word for one in await front.line.outbox()] == ["turn"]


async def test_leaving_is_told_to_both_sides(front: Front) -> None:
    ada = await at_work(front)
    await front.presses(ada.id, Press("farewell"))
    (member,) = front.line.workshop.rows(Membership)
    assert front.line.now - member.left_at < timedelta(minutes=1)
    told = {one.lane for one in await front.line.outbox() if one.word in ("words", "instead")}
    assert told == {ada.id, COORDINATOR}
    assert state(front) == "released"
