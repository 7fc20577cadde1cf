"""Time off: open tasks are released at once, nothing is sent, and one summary on return."""

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
    deliver_waiting,
    dispatch,
    expire,
    messages_of_type,
    open_campaign,
    update_experts,
)

THURSDAY = date(2026, 3, 5)


def start_time_off(scenario: Scenario, until: date = THURSDAY) -> None:
    """Start Ada's time off."""
    scenario.database.write_now(time_off.start_time_off, ADA, until, scenario.now)


def welcome_back(scenario: Scenario) -> list[dict[str, object]]:
    """Welcome returning experts and deliver the messages; return their payloads."""
    before = len(messages_of_type(scenario, "welcome_back"))
    run_notifications(scenario, time_off.welcome_back)
    payloads = [row.payload for row in messages_of_type(scenario, "welcome_back")[before:]]
    deliver_waiting(scenario)
    return payloads


def test_open_task_goes_to_colleague_at_once(scenario: Scenario) -> None:
    open_campaign(scenario, ADA, BOB, items=1)
    assignment_id = scenario.assign_next(ADA)
    assert dispatch(scenario) == 0
    start_time_off(scenario)
    assert scenario.rows(Assignment)[0].state == "released"
    assert [row.payload for row in messages_of_type(scenario, "released")] == [
        {"assignment_id": assignment_id}
    ]
    deliver_waiting(scenario)
    assert dispatch(scenario) == 1
    assert messages_of_type(scenario, "new_task")[-1].recipient == BOB
    check_counts(scenario)


def test_partial_rating_is_kept(scenario: Scenario) -> None:
    scenario.create_campaign("jokes", "rating", experts=[ADA], overlap=1)
    scenario.import_rows("jokes", [{"id": "joke-1", "prompt": "Cats", "text": "Meow."}])
    assignment_id = scenario.assign_next(ADA) or 0
    scenario.submit_answer(ADA, assignment_id, funny="3")
    before = scenario.rows(Assignment)[0].value
    start_time_off(scenario)
    assert scenario.rows(Assignment)[0].value == before is not None
    assert scenario.assign_next(ADA) == assignment_id, "nobody else took it, and she requested it"
    check_counts(scenario)


def test_nothing_is_sent_during_time_off_and_one_summary_after(scenario: Scenario) -> None:
    open_campaign(scenario, ADA, BOB, items=2)
    scenario.assign_next(ADA)
    start_time_off(scenario)
    deliver_waiting(scenario)
    scenario.answer_all(BOB, verdict="a")
    scenario.import_rows("tone", more_rows())
    for _hour in range(24 * 2 + 23):
        assert dispatch(scenario) <= 1, "only Bob can get tasks"
        assert welcome_back(scenario) == []
        scenario.advance_clock(hours=1)
        assert {row.recipient for row in messages_of_type(scenario, "new_task")} <= {BOB}
    scenario.advance_clock(hours=1)
    assert welcome_back(scenario) == [{"reassigned": 1}]
    assert welcome_back(scenario) == []
    dispatch(scenario)
    assert messages_of_type(scenario, "new_task")[-1].recipient == ADA


def more_rows() -> list[dict[str, object]]:
    """Return rows of three more items."""
    return [
        {"id": f"new-{n}", "prompt": f"{n}?", "response_a": "x", "response_b": "y"}
        for n in range(3)
    ]


def test_summary_is_sent_before_any_task(scenario: Scenario) -> None:
    open_campaign(scenario, ADA)
    start_time_off(scenario)
    scenario.advance_clock(days=3)
    assert dispatch(scenario) == 0
    assert welcome_back(scenario) == [{"reassigned": 0}]
    assert dispatch(scenario) == 1


@pytest.mark.parametrize("columns", [{"dnd_until": NOW + timedelta(days=9)}, {"work_days": [7]}])
def test_summary_waits_until_expert_is_reachable(
    scenario: Scenario, columns: dict[str, object]
) -> None:
    open_campaign(scenario, ADA)
    start_time_off(scenario)
    scenario.advance_clock(days=3)
    update_experts(scenario, **columns)
    assert welcome_back(scenario) == []


def test_time_off_spans_lease_and_deadline(scenario: Scenario) -> None:
    deadline = NOW + timedelta(days=1)
    lease = timedelta(hours=4)
    open_campaign(scenario, ADA, BOB, items=1, lease=lease, reminders=(), deadline=deadline)
    scenario.assign_next(ADA)
    start_time_off(scenario)
    scenario.advance_clock(days=2)
    assert expire(scenario) == 0
    assert scenario.answer_all(BOB, verdict="a") == 1
    scenario.advance_clock(days=1)
    assert welcome_back(scenario) == [{"reassigned": 1}]
    assert scenario.assign_next(ADA) is None
    check_counts(scenario)


def test_early_return_gives_summary_once(scenario: Scenario) -> None:
    open_campaign(scenario, ADA, BOB, items=1)
    scenario.assign_next(ADA)
    start_time_off(scenario)
    deliver_waiting(scenario)
    scenario.answer_all(BOB, verdict="a")
    scenario.advance_clock(hours=1)
    summary = scenario.database.write_now(time_off.end_time_off, ADA, scenario.now)
    assert (summary.reassigned_count, summary.progress.waiting) == (1, 0)
    scenario.advance_clock(days=4)
    assert welcome_back(scenario) == []


def test_requested_task_does_not_end_time_off(scenario: Scenario) -> None:
    open_campaign(scenario, ADA, items=2)
    start_time_off(scenario)
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
def test_return_day_must_be_in_future_in_experts_time_zone(
    scenario: Scenario, tz: str, until: date, error: type[Exception] | None
) -> None:
    open_campaign(scenario, ADA)
    update_experts(scenario, tz=tz)
    if error:
        with pytest.raises(error):
            start_time_off(scenario, until)
        assert scenario.rows(Expert)[0].paused_until is None
    else:
        start_time_off(scenario, until)
        assert scenario.rows(Expert)[0].paused_until > scenario.now


def test_time_off_ends_at_midnight_in_experts_time_zone(scenario: Scenario) -> None:
    open_campaign(scenario, ADA)
    update_experts(scenario, tz="Pacific/Kiritimati")
    start_time_off(scenario, date(2026, 3, 5))
    assert scenario.rows(Expert)[0].paused_until.isoformat() == "2026-03-04T10:00:00+00:00"


def test_non_expert_cannot_take_time_off(scenario: Scenario) -> None:
    with pytest.raises(NotAnExpertError):
        start_time_off(scenario)


SICK_PROFILE = Profile("Ada", "UTC", "Out sick", ":face_with_thermometer:")


def save_adas_profile(scenario: Scenario, profile: Profile) -> bool:
    """Save Ada's Slack profile; return whether tasks were released."""
    return scenario.database.write_now(save_profile, ADA, profile, scenario.now)


def test_out_of_office_status_counts_as_time_off(scenario: Scenario) -> None:
    open_campaign(scenario, ADA, BOB, items=1)
    scenario.assign_next(ADA)
    assert save_adas_profile(scenario, SICK_PROFILE)
    assert not save_adas_profile(scenario, SICK_PROFILE), "she was away already"
    assert scenario.rows(Assignment)[0].state == "released"
    deliver_waiting(scenario)
    scenario.answer_all(BOB, verdict="a")
    scenario.advance_clock(days=1)
    assert welcome_back(scenario) == []
    save_adas_profile(scenario, Profile("Ada", "UTC"))
    assert welcome_back(scenario) == [{"reassigned": 1}]


def test_status_with_end_needs_no_event(scenario: Scenario) -> None:
    open_campaign(scenario, ADA)
    ends = NOW + timedelta(hours=2)
    save_adas_profile(scenario, Profile("Ada", "UTC", "OOO", "", ends))
    scenario.advance_clock(hours=1.9)
    assert welcome_back(scenario) == []
    scenario.advance_clock(hours=0.1)
    assert welcome_back(scenario) == [{"reassigned": 0}]


def test_deactivated_expert_has_no_open_tasks(scenario: Scenario) -> None:
    open_campaign(scenario, ADA, BOB, items=1)
    scenario.assign_next(ADA)
    assert save_adas_profile(scenario, Profile("Ada", "UTC", is_deactivated=True))
    assert dispatch(scenario) == 0 or messages_of_type(scenario, "new_task")[-1].recipient == BOB
    assert scenario.rows(Assignment)[0].state == "released"


def test_task_of_paused_campaign_is_released_too(scenario: Scenario) -> None:
    open_campaign(scenario, ADA, BOB, items=1)
    scenario.assign_next(ADA)
    scenario.run_for_campaign("tone", campaigns.pause, scenario.actor)
    start_time_off(scenario)
    scenario.run_for_campaign("tone", campaigns.resume, scenario.actor)
    deliver_waiting(scenario)
    assert dispatch(scenario) == 1
    check_counts(scenario)


def test_paused_lease_is_released_too(scenario: Scenario) -> None:
    open_campaign(scenario, ADA, items=1)
    scenario.assign_next(ADA)

    def pause_lease(session: Session) -> None:
        session.get_one(Assignment, 1).lease_paused_at = NOW

    scenario.database.write_now(pause_lease)
    scenario.advance_clock(days=9)
    assert scenario.database.write_now(scheduled_delivery.expire_leases, scenario.now) == 0
    start_time_off(scenario, date(2026, 3, 20))
    assert scenario.rows(Assignment)[0].lease_paused_at is None
