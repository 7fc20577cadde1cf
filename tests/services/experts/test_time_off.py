"""Time off: what is held moves on at once, nothing is sent, and one summary waits on return."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlmodel import Session

from bot.services.campaigns import campaigns
from bot.services.experts import time_off
from bot.services.experts.profiles import Profile, save_profile
from bot.services.experts.time_off import NotAnExpertError, ReturnDayPastError, ReturnDayTooFarError
from bot.services.tasks import scheduled_delivery
from storage.tables import Assignment, Expert
from tests.services.conftest import NOW, Scenario, run_notifications
from tests.services.invariants import check_counts
from tests.services.tasks.test_scheduled_delivery import (
    ADA,
    BOB,
    changes,
    dispatched,
    expire,
    opened,
    said,
    words,
)

THURSDAY = date(2026, 3, 5)


def pauses(workshop: Scenario, until: date = THURSDAY) -> None:
    """Let Ada take time off."""
    workshop.database.write_now(time_off.start_time_off, ADA, until, workshop.now)


def welcomed(workshop: Scenario) -> list[dict[str, object]]:
    """Welcome whoever is back, and return what is said to them."""
    before = len(words(workshop, "welcome"))
    run_notifications(workshop, time_off.welcome_back)
    facts = [row.payload for row in words(workshop, "welcome")[before:]]
    said(workshop)
    return facts


def test_what_is_held_goes_to_a_colleague_at_once(workshop: Scenario) -> None:
    opened(workshop, ADA, BOB, items=1)
    given = workshop.assign_next(ADA)
    assert dispatched(workshop) == 0
    pauses(workshop)
    assert workshop.rows(Assignment)[0].state == "released"
    assert [row.payload for row in words(workshop, "released")] == [{"assignment": given}]
    said(workshop)
    assert dispatched(workshop) == 1
    assert words(workshop, "task")[-1].recipient == BOB
    check_counts(workshop)


def test_what_was_rated_in_part_is_kept_and_may_come_back(workshop: Scenario) -> None:
    workshop.create_campaign("jokes", "rating", experts=[ADA], overlap=1)
    workshop.import_rows("jokes", [{"id": "joke-1", "prompt": "Cats", "text": "Meow."}])
    given = workshop.assign_next(ADA) or 0
    workshop.submit_answer(ADA, given, funny="3")
    before = workshop.rows(Assignment)[0].value
    pauses(workshop)
    assert workshop.rows(Assignment)[0].value == before is not None
    assert workshop.assign_next(ADA) == given, "nobody else took it, and she asks herself"
    check_counts(workshop)


def test_nothing_is_sent_until_then_and_one_summary_after_it(workshop: Scenario) -> None:
    opened(workshop, ADA, BOB, items=2)
    workshop.assign_next(ADA)
    pauses(workshop)
    said(workshop)
    workshop.answer_all(BOB, verdict="a")
    workshop.import_rows("tone", [{**row, "id": f"new-{n}"} for n, row in enumerate(rows())])
    for _hour in range(24 * 2 + 23):
        assert dispatched(workshop) <= 1, "Bob may get some"
        assert welcomed(workshop) == []
        workshop.advance_clock(hours=1)
        assert {row.recipient for row in words(workshop, "task")} <= {BOB}
    workshop.advance_clock(hours=1)
    assert welcomed(workshop) == [{"moved": 1}]
    assert welcomed(workshop) == []
    dispatched(workshop)
    assert words(workshop, "task")[-1].recipient == ADA


def rows() -> list[dict[str, object]]:
    """Return rows for more items."""
    return [{"prompt": f"{n}?", "response_a": "x", "response_b": "y"} for n in range(3)]


def test_the_summary_comes_before_any_task(workshop: Scenario) -> None:
    opened(workshop, ADA)
    pauses(workshop)
    workshop.advance_clock(days=3)
    assert dispatched(workshop) == 0
    assert welcomed(workshop) == [{"moved": 0}]
    assert dispatched(workshop) == 1


@pytest.mark.parametrize("known", [{"dnd_until": NOW + timedelta(days=9)}, {"days": [7]}])
def test_the_summary_waits_for_a_good_moment(workshop: Scenario, known: dict[str, object]) -> None:
    opened(workshop, ADA)
    pauses(workshop)
    workshop.advance_clock(days=3)
    changes(workshop, **known)
    assert welcomed(workshop) == []


def test_a_pause_over_the_end_of_a_lease_and_a_deadline_costs_nobody_anything(
    workshop: Scenario,
) -> None:
    deadline = NOW + timedelta(days=1)
    lease = timedelta(hours=4)
    opened(workshop, ADA, BOB, items=1, lease=lease, reminders=(), deadline=deadline)
    workshop.assign_next(ADA)
    pauses(workshop)
    workshop.advance_clock(days=2)
    assert expire(workshop) == 0
    assert workshop.answer_all(BOB, verdict="a") == 1
    workshop.advance_clock(days=1)
    assert welcomed(workshop) == [{"moved": 1}]
    assert workshop.assign_next(ADA) is None
    check_counts(workshop)


def test_whoever_comes_back_sooner_is_told_at_once_and_only_then(workshop: Scenario) -> None:
    opened(workshop, ADA, BOB, items=1)
    workshop.assign_next(ADA)
    pauses(workshop)
    said(workshop)
    workshop.answer_all(BOB, verdict="a")
    workshop.advance_clock(hours=1)
    found = workshop.database.write_now(time_off.end_time_off, ADA, workshop.now)
    assert (found.taken_over, found.progress.waiting) == (1, 0)
    workshop.advance_clock(days=4)
    assert welcomed(workshop) == []


def test_who_asks_during_a_pause_is_answered_and_stays_away(workshop: Scenario) -> None:
    opened(workshop, ADA, items=2)
    pauses(workshop)
    assert workshop.assign_next(ADA) is not None
    workshop.submit_answer(ADA, 1, verdict="a")
    assert dispatched(workshop) == 0


@pytest.mark.parametrize(
    ("tz", "until", "error"),
    [
        ("UTC", date(2026, 3, 2), ReturnDayPastError),
        ("UTC", date(2026, 3, 3), None),
        ("Pacific/Pago_Pago", date(2026, 3, 2), None),
        ("Pacific/Kiritimati", date(2026, 3, 2), ReturnDayPastError),
        ("UTC", date(2027, 3, 3), None),
        ("UTC", date(2027, 3, 4), ReturnDayTooFarError),
        ("UTC", date(9999, 12, 31), ReturnDayTooFarError),
    ],
)
def test_the_day_must_be_ahead_where_they_live(
    workshop: Scenario, tz: str, until: date, error: type[Exception] | None
) -> None:
    opened(workshop, ADA)
    changes(workshop, tz=tz)
    if error:
        with pytest.raises(error):
            pauses(workshop, until)
        assert workshop.rows(Expert)[0].paused_until is None
    else:
        pauses(workshop, until)
        assert workshop.rows(Expert)[0].paused_until > workshop.now


def test_the_pause_ends_at_midnight_where_they_live(workshop: Scenario) -> None:
    opened(workshop, ADA)
    changes(workshop, tz="Pacific/Kiritimati")
    pauses(workshop, date(2026, 3, 5))
    assert workshop.rows(Expert)[0].paused_until.isoformat() == "2026-03-04T10:00:00+00:00"


def test_a_stranger_has_nothing_to_pause(workshop: Scenario) -> None:
    with pytest.raises(NotAnExpertError):
        pauses(workshop)


SICK = Profile("Ada", "UTC", "Out sick", ":face_with_thermometer:")


def profile(workshop: Scenario, said_there: Profile) -> bool:
    """Let Slack tell of Ada."""
    return workshop.database.write_now(save_profile, ADA, said_there, workshop.now)


def test_a_status_out_of_the_office_does_the_same_until_it_is_gone(workshop: Scenario) -> None:
    opened(workshop, ADA, BOB, items=1)
    workshop.assign_next(ADA)
    assert profile(workshop, SICK)
    assert not profile(workshop, SICK), "it is no news"
    assert workshop.rows(Assignment)[0].state == "released"
    said(workshop)
    workshop.answer_all(BOB, verdict="a")
    workshop.advance_clock(days=1)
    assert welcomed(workshop) == []
    profile(workshop, Profile("Ada", "UTC"))
    assert welcomed(workshop) == [{"moved": 1}]


def test_a_status_that_ends_by_itself_needs_no_word_of_slacks(workshop: Scenario) -> None:
    opened(workshop, ADA)
    ends = NOW + timedelta(hours=2)
    profile(workshop, Profile("Ada", "UTC", "OOO", "", ends))
    workshop.advance_clock(hours=1.9)
    assert welcomed(workshop) == []
    workshop.advance_clock(hours=0.1)
    assert welcomed(workshop) == [{"moved": 0}]


def test_who_left_the_workspace_holds_nothing(workshop: Scenario) -> None:
    opened(workshop, ADA, BOB, items=1)
    workshop.assign_next(ADA)
    assert profile(workshop, Profile("Ada", "UTC", is_deactivated=True))
    assert dispatched(workshop) == 0 or words(workshop, "task")[-1].recipient == BOB
    assert workshop.rows(Assignment)[0].state == "released"


def test_what_a_paused_campaign_gave_is_given_back_too(workshop: Scenario) -> None:
    opened(workshop, ADA, BOB, items=1)
    workshop.assign_next(ADA)
    workshop.run_for_campaign("tone", campaigns.pause, workshop.by)
    pauses(workshop)
    workshop.run_for_campaign("tone", campaigns.resume, workshop.by)
    said(workshop)
    assert dispatched(workshop) == 1
    check_counts(workshop)


def test_a_stopped_clock_does_not_hold_it_back(workshop: Scenario) -> None:
    opened(workshop, ADA, items=1)
    workshop.assign_next(ADA)

    def stop(session: Session) -> None:
        session.get_one(Assignment, 1).lease_paused_at = NOW

    workshop.database.write_now(stop)
    workshop.advance_clock(days=9)
    assert workshop.database.write_now(scheduled_delivery.expire_leases, workshop.now) == 0
    pauses(workshop, date(2026, 3, 20))
    assert workshop.rows(Assignment)[0].lease_paused_at is None
