"""One's own time a day and batch: nothing more is sent after it, and one tap goes on."""

from __future__ import annotations

from sqlmodel import Session, select

from bot.cadence.daily_limit import Limit
from bot.services.availability import daily_limit
from bot.services.tasks import next_task
from bot.services.tasks.next_task import LimitReached, TaskPage
from storage.tables import Annotation
from tests.services.conftest import Scenario
from tests.services.tasks.test_scheduled_delivery import (
    ADA,
    update_experts,
    dispatch,
    open_campaign,
    deliver_waiting,
    messages_of_type,
)


def page(scenario: Scenario, after: int | None, *, is_asked: bool = False) -> TaskPage:
    """Return what Ada sees next."""
    turn = scenario.database.write_now(
        next_task.decide_next_task, ADA, after, scenario.now, is_requested=is_asked
    )
    assert turn is not None
    found = scenario.database.read_now(next_task.build_page, turn)
    assert found is not None
    return found


def answers_in(scenario: Scenario, seconds: int) -> int:
    """Let Ada answer her next task in so many seconds."""
    given = scenario.assign_next(ADA) or 0
    scenario.submit_answer(ADA, given, verdict="a")

    def take(session: Session) -> None:
        for version in session.exec(select(Annotation).where(Annotation.assignment_id == given)):
            version.seconds = seconds

    scenario.database.write_now(take)
    return given


def test_when_the_time_is_up_nothing_more_is_sent_until_tomorrow(scenario: Scenario) -> None:
    open_campaign(scenario, ADA, items=9)
    update_experts(scenario, daily_limit_minutes=2)
    first = answers_in(scenario, 100)
    assert page(scenario, first).task is not None
    second = answers_in(scenario, 20)
    seen = page(scenario, second)
    assert (seen.task, seen.limit_reached) == (None, LimitReached(Limit.TIME, 2))
    assert seen.receipt is not None
    deliver_waiting(scenario)
    assert dispatch(scenario) == 0
    scenario.advance_clock(days=1)
    assert dispatch(scenario) == 1


def test_who_asks_gets_more_all_the_same(scenario: Scenario) -> None:
    open_campaign(scenario, ADA, items=9)
    update_experts(scenario, daily_limit_minutes=1)
    answers_in(scenario, 60)
    assert page(scenario, None, is_asked=True).task is not None


def test_going_on_is_another_portion(scenario: Scenario) -> None:
    open_campaign(scenario, ADA, items=9)
    update_experts(scenario, daily_limit_minutes=1)
    answers_in(scenario, 60)
    scenario.advance_clock(minutes=1)
    scenario.database.write_now(daily_limit.lift_limit, scenario.interaction(ADA))
    assert messages_of_type(scenario, "task_page")[-1].payload["assignment_id"] is None
    assert page(scenario, answers_in(scenario, 59)).task is not None
    assert page(scenario, answers_in(scenario, 1)).limit_reached == LimitReached(Limit.TIME, 1)


def test_a_batch_ends_and_begins_with_a_tap_or_a_day(scenario: Scenario) -> None:
    open_campaign(scenario, ADA, items=9)
    update_experts(scenario, batch_size=2)
    assert page(scenario, answers_in(scenario, 1)).limit_reached is None
    done = answers_in(scenario, 1)
    assert page(scenario, done).limit_reached == LimitReached(Limit.BATCH, 2)
    deliver_waiting(scenario)
    assert dispatch(scenario) == 0
    scenario.advance_clock(minutes=1)
    scenario.database.write_now(daily_limit.lift_limit, scenario.interaction(ADA))
    assert page(scenario, answers_in(scenario, 1)).limit_reached is None
    assert page(scenario, answers_in(scenario, 1)).limit_reached is not None
    scenario.advance_clock(days=1)
    assert page(scenario, answers_in(scenario, 1)).limit_reached is None


def test_going_on_after_a_batch_does_not_lengthen_the_day(scenario: Scenario) -> None:
    open_campaign(scenario, ADA, items=9)
    update_experts(scenario, batch_size=1, daily_limit_minutes=1)
    assert page(scenario, answers_in(scenario, 30)).limit_reached == LimitReached(Limit.BATCH, 1)
    scenario.advance_clock(minutes=1)
    scenario.database.write_now(daily_limit.lift_limit, scenario.interaction(ADA))
    assert page(scenario, answers_in(scenario, 30)).limit_reached == LimitReached(Limit.TIME, 1)


def test_where_nothing_is_left_there_is_nothing_to_stop(scenario: Scenario) -> None:
    open_campaign(scenario, ADA, items=1)
    update_experts(scenario, batch_size=1)
    seen = page(scenario, answers_in(scenario, 1))
    assert (seen.task, seen.limit_reached) == (None, None)


def test_a_stranger_may_go_on_too(scenario: Scenario) -> None:
    scenario.database.write_now(daily_limit.lift_limit, scenario.interaction("U0EVE"))
    assert scenario.count("expert") == 0
