"""What an expert finds at home."""

from __future__ import annotations

from datetime import date

from sqlmodel import Session, select

from bot.services.experts import time_off
from bot.services.home import home_tab
from bot.services.home.home_tab import HomeTab
from storage.tables import Annotation
from tests.services.conftest import Scenario
from tests.services.tasks.test_scheduled_delivery import ADA, update_experts, open_campaign


def visit(scenario: Scenario) -> HomeTab:
    """Let Ada look."""
    found = scenario.database.read_now(home_tab.load_home_tab, ADA, scenario.now)
    assert found is not None
    return found


def test_a_stranger_finds_nothing(scenario: Scenario) -> None:
    assert scenario.database.read_now(home_tab.load_home_tab, ADA, scenario.now) is None


def test_the_estimate_goes_by_their_own_median(scenario: Scenario) -> None:
    open_campaign(scenario, ADA, items=13)
    for _ in range(3):
        scenario.submit_answer(ADA, scenario.assign_next(ADA) or 0, verdict="a")

    def take(session: Session) -> None:
        for seconds, version in zip((20, 30, 900), session.exec(select(Annotation)), strict=True):
            version.seconds = seconds

    scenario.database.write_now(take)
    found = visit(scenario)
    assert (found.progress.waiting, found.progress.estimated_minutes) == (10, 5)
    assert (found.minutes_spent, found.has_open_task, len(found.recent_answers)) == (16, False, 3)


def test_a_task_that_is_open_is_to_be_continued(scenario: Scenario) -> None:
    open_campaign(scenario, ADA)
    scenario.assign_next(ADA)
    assert visit(scenario).has_open_task


def test_a_pause_is_told_by_the_day_it_ends_where_they_live(scenario: Scenario) -> None:
    open_campaign(scenario, ADA)
    update_experts(scenario, tz="Pacific/Kiritimati")
    scenario.database.write_now(time_off.start_time_off, ADA, date(2026, 3, 9), scenario.now)
    assert visit(scenario).returns_on == date(2026, 3, 9)
    scenario.advance_clock(days=9)
    assert visit(scenario).returns_on is None
