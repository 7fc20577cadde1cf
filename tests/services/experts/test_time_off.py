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
    update_experts,
    dispatch,
    expire,
    open_campaign,
    deliver_waiting,
    messages_of_type,
)

THURSDAY = date(2026, 3, 5)


def pauses(scenario: Scenario, until: date = THURSDAY) -> None:
    """Let Ada take time off."""
    scenario.database.write_now(time_off.start_time_off, ADA, until, scenario.now)


def welcomed(scenario: Scenario) -> list[dict[str, object]]:
    """Welcome whoever is back, and return what is said to them."""
    before = len(messages_of_type(scenario, "welcome_back"))
    run_notifications(scenario, time_off.welcome_back)
    facts = [row.payload for row in messages_of_type(scenario, "welcome_back")[before:]]
    deliver_waiting(scenario)
    return facts


def test_what_is_held_goes_to_a_colleague_at_once(scenario: Scenario) -> None:
    open_campaign(scenario, ADA, BOB, items=1)
    given = scenario.assign_next(ADA)
    assert dispatch(scenario) == 0
    pauses(scenario)
    assert scenario.rows(Assignment)[0].state == "released"
    assert [row.payload for row in messages_of_type(scenario, "released")] == [{"assignment_id": given}]
    deliver_waiting(scenario)
    assert dispatch(scenario) == 1
    assert messages_of_type(scenario, "new_task")[-1].recipient == BOB
    check_counts(scenario)


def test_what_was_rated_in_part_is_kept_and_may_come_back(scenario: Scenario) -> None:
    scenario.create_campaign("jokes", "rating", experts=[ADA], overlap=1)
    scenario.import_rows("jokes", [{"id": "joke-1", "prompt": "Cats", "text": "Meow."}])
    given = scenario.assign_next(ADA) or 0
    scenario.submit_answer(ADA, given, funny="3")
    before = scenario.rows(Assignment)[0].value
    pauses(scenario)
    assert scenario.rows(Assignment)[0].value == before is not None
    assert scenario.assign_next(ADA) == given, "nobody else took it, and she asks herself"
    check_counts(scenario)


def test_nothing_is_sent_until_then_and_one_summary_after_it(scenario: Scenario) -> None:
    open_campaign(scenario, ADA, BOB, items=2)
    scenario.assign_next(ADA)
    pauses(scenario)
    deliver_waiting(scenario)
    scenario.answer_all(BOB, verdict="a")
    scenario.import_rows("tone", [{**row, "id": f"new-{n}"} for n, row in enumerate(rows())])
    for _hour in range(24 * 2 + 23):
        assert dispatch(scenario) <= 1, "Bob may get some"
        assert welcomed(scenario) == []
        scenario.advance_clock(hours=1)
        assert {row.recipient for row in messages_of_type(scenario, "new_task")} <= {BOB}
    scenario.advance_clock(hours=1)
    assert welcomed(scenario) == [{"reassigned": 1}]
    assert welcomed(scenario) == []
    dispatch(scenario)
    assert messages_of_type(scenario, "new_task")[-1].recipient == ADA


def rows() -> list[dict[str, object]]:
    """Return rows for more items."""
    return [{"prompt": f"{n}?", "response_a": "x", "response_b": "y"} for n in range(3)]


def test_the_summary_comes_before_any_task(scenario: Scenario) -> None:
    open_campaign(scenario, ADA)
    pauses(scenario)
    scenario.advance_clock(days=3)
    assert dispatch(scenario) == 0
    assert welcomed(scenario) == [{"reassigned": 0}]
    assert dispatch(scenario) == 1


@pytest.mark.parametrize("known", [{"dnd_until": NOW + timedelta(days=9)}, {"work_days": [7]}])
def test_the_summary_waits_for_a_good_moment(scenario: Scenario, known: dict[str, object]) -> None:
    open_campaign(scenario, ADA)
    pauses(scenario)
    scenario.advance_clock(days=3)
    update_experts(scenario, **known)
    assert welcomed(scenario) == []


def test_a_pause_over_the_end_of_a_lease_and_a_deadline_costs_nobody_anything(
    scenario: Scenario,
) -> None:
    deadline = NOW + timedelta(days=1)
    lease = timedelta(hours=4)
    open_campaign(scenario, ADA, BOB, items=1, lease=lease, reminders=(), deadline=deadline)
    scenario.assign_next(ADA)
    pauses(scenario)
    scenario.advance_clock(days=2)
    assert expire(scenario) == 0
    assert scenario.answer_all(BOB, verdict="a") == 1
    scenario.advance_clock(days=1)
    assert welcomed(scenario) == [{"reassigned": 1}]
    assert scenario.assign_next(ADA) is None
    check_counts(scenario)


def test_whoever_comes_back_sooner_is_told_at_once_and_only_then(scenario: Scenario) -> None:
    open_campaign(scenario, ADA, BOB, items=1)
    scenario.assign_next(ADA)
    pauses(scenario)
    deliver_waiting(scenario)
    scenario.answer_all(BOB, verdict="a")
    scenario.advance_clock(hours=1)
    found = scenario.database.write_now(time_off.end_time_off, ADA, scenario.now)
    assert (found.taken_over, found.progress.waiting) == (1, 0)
    scenario.advance_clock(days=4)
    assert welcomed(scenario) == []


def test_who_asks_during_a_pause_is_answered_and_stays_away(scenario: Scenario) -> None:
    open_campaign(scenario, ADA, items=2)
    pauses(scenario)
    assert scenario.assign_next(ADA) is not None
    scenario.submit_answer(ADA, 1, verdict="a")
    assert dispatch(scenario) == 0


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
    scenario: Scenario, tz: str, until: date, error: type[Exception] | None
) -> None:
    open_campaign(scenario, ADA)
    update_experts(scenario, tz=tz)
    if error:
        with pytest.raises(error):
            pauses(scenario, until)
        assert scenario.rows(Expert)[0].paused_until is None
    else:
        pauses(scenario, until)
        assert scenario.rows(Expert)[0].paused_until > scenario.now


def test_the_pause_ends_at_midnight_where_they_live(scenario: Scenario) -> None:
    open_campaign(scenario, ADA)
    update_experts(scenario, tz="Pacific/Kiritimati")
    pauses(scenario, date(2026, 3, 5))
    assert scenario.rows(Expert)[0].paused_until.isoformat() == "2026-03-04T10:00:00+00:00"


def test_a_stranger_has_nothing_to_pause(scenario: Scenario) -> None:
    with pytest.raises(NotAnExpertError):
        pauses(scenario)


SICK = Profile("Ada", "UTC", "Out sick", ":face_with_thermometer:")


def profile(scenario: Scenario, said_there: Profile) -> bool:
    """Let Slack tell of Ada."""
    return scenario.database.write_now(save_profile, ADA, said_there, scenario.now)


def test_a_status_out_of_the_office_does_the_same_until_it_is_gone(scenario: Scenario) -> None:
    open_campaign(scenario, ADA, BOB, items=1)
    scenario.assign_next(ADA)
    assert profile(scenario, SICK)
    assert not profile(scenario, SICK), "it is no news"
    assert scenario.rows(Assignment)[0].state == "released"
    deliver_waiting(scenario)
    scenario.answer_all(BOB, verdict="a")
    scenario.advance_clock(days=1)
    assert welcomed(scenario) == []
    profile(scenario, Profile("Ada", "UTC"))
    assert welcomed(scenario) == [{"reassigned": 1}]


def test_a_status_that_ends_by_itself_needs_no_word_of_slacks(scenario: Scenario) -> None:
    open_campaign(scenario, ADA)
    ends = NOW + timedelta(hours=2)
    profile(scenario, Profile("Ada", "UTC", "OOO", "", ends))
    scenario.advance_clock(hours=1.9)
    assert welcomed(scenario) == []
    scenario.advance_clock(hours=0.1)
    assert welcomed(scenario) == [{"reassigned": 0}]


def test_who_left_the_workspace_holds_nothing(scenario: Scenario) -> None:
    open_campaign(scenario, ADA, BOB, items=1)
    scenario.assign_next(ADA)
    assert profile(scenario, Profile("Ada", "UTC", is_deactivated=True))
    assert dispatch(scenario) == 0 or messages_of_type(scenario, "new_task")[-1].recipient == BOB
    assert scenario.rows(Assignment)[0].state == "released"


def test_what_a_paused_campaign_gave_is_given_back_too(scenario: Scenario) -> None:
    open_campaign(scenario, ADA, BOB, items=1)
    scenario.assign_next(ADA)
    scenario.run_for_campaign("tone", campaigns.pause, scenario.actor)
    pauses(scenario)
    scenario.run_for_campaign("tone", campaigns.resume, scenario.actor)
    deliver_waiting(scenario)
    assert dispatch(scenario) == 1
    check_counts(scenario)


def test_a_stopped_clock_does_not_hold_it_back(scenario: Scenario) -> None:
    open_campaign(scenario, ADA, items=1)
    scenario.assign_next(ADA)

    def stop(session: Session) -> None:
        session.get_one(Assignment, 1).lease_paused_at = NOW

    scenario.database.write_now(stop)
    scenario.advance_clock(days=9)
    assert scenario.database.write_now(scheduled_delivery.expire_leases, scenario.now) == 0
    pauses(scenario, date(2026, 3, 20))
    assert scenario.rows(Assignment)[0].lease_paused_at is None
