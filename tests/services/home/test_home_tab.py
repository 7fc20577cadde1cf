"""Content of the Home tab."""

from __future__ import annotations

from datetime import date

from sqlmodel import Session, select

from bot.services.experts import time_off
from bot.services.home import home_tab
from bot.services.home.home_tab import HomeTab
from storage.tables import Annotation
from tests.services.conftest import Scenario
from tests.services.tasks.test_scheduled_delivery import ADA, open_campaign, update_experts


def load_home_tab(scenario: Scenario) -> HomeTab:
    """Return the content of Ada's Home tab."""
    content = scenario.database.read_now(home_tab.load_home_tab, ADA, scenario.now)
    assert content is not None
    return content


def test_non_expert_has_no_home_tab(scenario: Scenario) -> None:
    assert scenario.database.read_now(home_tab.load_home_tab, ADA, scenario.now) is None


def test_estimate_uses_experts_median_time(scenario: Scenario) -> None:
    open_campaign(scenario, ADA, items=13)
    for _ in range(3):
        scenario.submit_answer(ADA, scenario.assign_next(ADA) or 0, verdict="a")

    def set_times(session: Session) -> None:
        annotations = session.exec(select(Annotation))
        for seconds, annotation in zip((20, 30, 900), annotations, strict=True):
            annotation.seconds = seconds

    scenario.database.write_now(set_times)
    content = load_home_tab(scenario)
    assert (content.progress.waiting, content.progress.estimated_minutes) == (10, 5)
    (campaign,) = content.campaigns
    assert (campaign.answered, campaign.waiting, campaign.has_open_task) == (3, 10, False)
    assert (content.minutes_spent, len(content.recent_answers)) == (16, 3)


def test_open_task_can_be_continued(scenario: Scenario) -> None:
    open_campaign(scenario, ADA)
    scenario.assign_next(ADA)
    (campaign,) = load_home_tab(scenario).campaigns
    assert campaign.has_open_task


def test_return_day_is_in_experts_time_zone(scenario: Scenario) -> None:
    open_campaign(scenario, ADA)
    update_experts(scenario, tz="Pacific/Kiritimati")
    scenario.database.write_now(time_off.start_time_off, ADA, date(2026, 3, 9), scenario.now)
    assert load_home_tab(scenario).returns_on == date(2026, 3, 9)
    scenario.advance_clock(days=9)
    assert load_home_tab(scenario).returns_on is None
