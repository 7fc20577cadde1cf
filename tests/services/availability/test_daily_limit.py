"""Daily limit and batch size: no tasks are sent after it, and one tap continues."""

from __future__ import annotations

from sqlmodel import Session, select

from bot.cadence.daily_limit import Limit
from bot.services.availability import daily_limit
from bot.services.tasks import next_task
from bot.services.tasks.next_task import TaskPage
from bot.services.tasks.no_task_reasons import LimitReached
from storage.tables import Annotation
from tests.services.conftest import Scenario
from tests.services.tasks.test_scheduled_delivery import (
    ADA,
    deliver_waiting,
    dispatch,
    messages_of_type,
    open_campaign,
    update_experts,
)


def page(scenario: Scenario, after: int | None, *, is_requested: bool = False) -> TaskPage:
    """Return the page that Ada sees next."""
    decision = scenario.database.write_now(
        next_task.decide_next_task, ADA, after, scenario.now, is_requested=is_requested
    )
    assert decision is not None
    task_page = scenario.database.read_now(next_task.build_page, decision)
    assert task_page is not None
    return task_page


def answer_next(scenario: Scenario, seconds: int) -> int:
    """Answer Ada's next task in so many seconds; return the assignment id."""
    assignment_id = scenario.assign_next(ADA) or 0
    scenario.submit_answer(ADA, assignment_id, verdict="a")

    def set_seconds(session: Session) -> None:
        query = select(Annotation).where(Annotation.assignment_id == assignment_id)
        for version in session.exec(query):
            version.seconds = seconds

    scenario.database.write_now(set_seconds)
    return assignment_id


def test_no_tasks_are_sent_after_daily_limit_until_next_day(scenario: Scenario) -> None:
    open_campaign(scenario, ADA, items=9)
    update_experts(scenario, daily_limit_minutes=2)
    first = answer_next(scenario, 100)
    assert page(scenario, first).task is not None
    second = answer_next(scenario, 20)
    shown = page(scenario, second)
    assert (shown.task, shown.limit_reached) == (None, LimitReached(Limit.TIME, 2))
    assert shown.receipt is not None
    deliver_waiting(scenario)
    assert dispatch(scenario) == 0
    scenario.advance_clock(days=1)
    assert dispatch(scenario) == 1


def test_requested_task_ignores_daily_limit(scenario: Scenario) -> None:
    open_campaign(scenario, ADA, items=9)
    update_experts(scenario, daily_limit_minutes=1)
    answer_next(scenario, 60)
    assert page(scenario, None, is_requested=True).task is not None


def test_lifting_the_time_limit_starts_a_new_period(scenario: Scenario) -> None:
    open_campaign(scenario, ADA, items=9)
    update_experts(scenario, daily_limit_minutes=1)
    answer_next(scenario, 60)
    scenario.advance_clock(minutes=1)
    scenario.database.write_now(daily_limit.lift_limit, scenario.interaction(ADA))
    assert messages_of_type(scenario, "task_page")[-1].payload["assignment_id"] is None
    assert page(scenario, answer_next(scenario, 59)).task is not None
    assert page(scenario, answer_next(scenario, 1)).limit_reached == LimitReached(Limit.TIME, 1)


def test_new_batch_starts_with_a_tap_or_a_new_day(scenario: Scenario) -> None:
    open_campaign(scenario, ADA, items=9)
    update_experts(scenario, batch_size=2)
    assert page(scenario, answer_next(scenario, 1)).limit_reached is None
    second = answer_next(scenario, 1)
    assert page(scenario, second).limit_reached == LimitReached(Limit.BATCH, 2)
    deliver_waiting(scenario)
    assert dispatch(scenario) == 0
    scenario.advance_clock(minutes=1)
    scenario.database.write_now(daily_limit.lift_limit, scenario.interaction(ADA))
    assert page(scenario, answer_next(scenario, 1)).limit_reached is None
    assert page(scenario, answer_next(scenario, 1)).limit_reached is not None
    scenario.advance_clock(days=1)
    assert page(scenario, answer_next(scenario, 1)).limit_reached is None


def test_lifting_the_batch_limit_keeps_the_time_limit(scenario: Scenario) -> None:
    open_campaign(scenario, ADA, items=9)
    update_experts(scenario, batch_size=1, daily_limit_minutes=1)
    assert page(scenario, answer_next(scenario, 30)).limit_reached == LimitReached(Limit.BATCH, 1)
    scenario.advance_clock(minutes=1)
    scenario.database.write_now(daily_limit.lift_limit, scenario.interaction(ADA))
    assert page(scenario, answer_next(scenario, 30)).limit_reached == LimitReached(Limit.TIME, 1)


def test_no_limit_is_shown_when_no_task_is_left(scenario: Scenario) -> None:
    open_campaign(scenario, ADA, items=1)
    update_experts(scenario, batch_size=1)
    shown = page(scenario, answer_next(scenario, 1))
    assert (shown.task, shown.limit_reached) == (None, None)


def test_stranger_can_lift_limit(scenario: Scenario) -> None:
    scenario.database.write_now(daily_limit.lift_limit, scenario.interaction("U0EVE"))
    assert scenario.count("expert") == 0
