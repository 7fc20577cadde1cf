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
    changes,
    dispatched,
    opened,
    said,
    words,
)


def page(workshop: Scenario, after: int | None, *, is_asked: bool = False) -> TaskPage:
    """Return what Ada sees next."""
    turn = workshop.database.write_now(
        next_task.decide_next_task, ADA, after, workshop.now, is_requested=is_asked
    )
    assert turn is not None
    found = workshop.database.read_now(next_task.build_page, turn)
    assert found is not None
    return found


def answers_in(workshop: Scenario, seconds: int) -> int:
    """Let Ada answer her next task in so many seconds."""
    given = workshop.assign_next(ADA) or 0
    workshop.submit_answer(ADA, given, verdict="a")

    def take(session: Session) -> None:
        for version in session.exec(select(Annotation).where(Annotation.assignment_id == given)):
            version.seconds = seconds

    workshop.database.write_now(take)
    return given


def test_when_the_time_is_up_nothing_more_is_sent_until_tomorrow(workshop: Scenario) -> None:
    opened(workshop, ADA, items=9)
    changes(workshop, budget_minutes=2)
    first = answers_in(workshop, 100)
    assert page(workshop, first).task is not None
    second = answers_in(workshop, 20)
    seen = page(workshop, second)
    assert (seen.task, seen.limit_reached) == (None, LimitReached(Limit.TIME, 2))
    assert seen.receipt is not None
    said(workshop)
    assert dispatched(workshop) == 0
    workshop.advance_clock(days=1)
    assert dispatched(workshop) == 1


def test_who_asks_gets_more_all_the_same(workshop: Scenario) -> None:
    opened(workshop, ADA, items=9)
    changes(workshop, budget_minutes=1)
    answers_in(workshop, 60)
    assert page(workshop, None, is_asked=True).task is not None


def test_going_on_is_another_portion(workshop: Scenario) -> None:
    opened(workshop, ADA, items=9)
    changes(workshop, budget_minutes=1)
    answers_in(workshop, 60)
    workshop.advance_clock(minutes=1)
    workshop.database.write_now(daily_limit.lift_limit, workshop.interaction(ADA))
    assert words(workshop, "turn")[-1].payload["assignment"] is None
    assert page(workshop, answers_in(workshop, 59)).task is not None
    assert page(workshop, answers_in(workshop, 1)).limit_reached == LimitReached(Limit.TIME, 1)


def test_a_batch_ends_and_begins_with_a_tap_or_a_day(workshop: Scenario) -> None:
    opened(workshop, ADA, items=9)
    changes(workshop, batch_size=2)
    assert page(workshop, answers_in(workshop, 1)).limit_reached is None
    done = answers_in(workshop, 1)
    assert page(workshop, done).limit_reached == LimitReached(Limit.BATCH, 2)
    said(workshop)
    assert dispatched(workshop) == 0
    workshop.advance_clock(minutes=1)
    workshop.database.write_now(daily_limit.lift_limit, workshop.interaction(ADA))
    assert page(workshop, answers_in(workshop, 1)).limit_reached is None
    assert page(workshop, answers_in(workshop, 1)).limit_reached is not None
    workshop.advance_clock(days=1)
    assert page(workshop, answers_in(workshop, 1)).limit_reached is None


def test_going_on_after_a_batch_does_not_lengthen_the_day(workshop: Scenario) -> None:
    opened(workshop, ADA, items=9)
    changes(workshop, batch_size=1, budget_minutes=1)
    assert page(workshop, answers_in(workshop, 30)).limit_reached == LimitReached(Limit.BATCH, 1)
    workshop.advance_clock(minutes=1)
    workshop.database.write_now(daily_limit.lift_limit, workshop.interaction(ADA))
    assert page(workshop, answers_in(workshop, 30)).limit_reached == LimitReached(Limit.TIME, 1)


def test_where_nothing_is_left_there_is_nothing_to_stop(workshop: Scenario) -> None:
    opened(workshop, ADA, items=1)
    changes(workshop, batch_size=1)
    seen = page(workshop, answers_in(workshop, 1))
    assert (seen.task, seen.limit_reached) == (None, None)


def test_a_stranger_may_go_on_too(workshop: Scenario) -> None:
    workshop.database.write_now(daily_limit.lift_limit, workshop.interaction("U0EVE"))
    assert workshop.count("expert") == 0
