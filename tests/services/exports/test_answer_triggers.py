"""Exports after new answers and on completion: each runs once, whatever restarts or races."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlmodel import Session

from bot.services.campaigns import campaigns
from bot.services.exports import answer_triggers, jobs, schedules
from bot.services.exports.export_request import ExportRequest
from bot.services.exports.recurrence import AfterAnswers, OnCompletion, Recurrence
from bot.services.exports.schedules import add_schedule
from storage.queries import progress
from storage.tables import ExportRun, ExportSchedule
from tests.services.conftest import Scenario, pair
from tests.services.exports.conftest import ADA


def schedule(scenario: Scenario, recurrence: Recurrence) -> None:
    """Schedule an export of the campaign."""
    request = ExportRequest("preference", Path("/exports"))
    scenario.run_for_campaign("tone", add_schedule, request, recurrence, scenario.actor)


def queue(scenario: Scenario) -> int:
    """Queue what is due now, as the bot does at each check; return how many runs."""
    scenario.advance_clock(minutes=1)
    if not scenario.database.read_now(answer_triggers.has_changed_counts):
        return 0
    return scenario.database.write_now(answer_triggers.queue_due_runs, scenario.now)


def answer(scenario: Scenario) -> None:
    """Let Ada answer her next task."""
    scenario.submit_answer(ADA, scenario.assign_next(ADA) or 0, verdict="a")


def status_text(scenario: Scenario) -> str:
    """Return when the only schedule runs, in words."""
    (status,) = scenario.run_for_campaign("tone", schedules.list_schedules)
    text: str = status.describe()
    return text


def test_export_runs_after_every_second_new_answer(campaign: Scenario) -> None:
    schedule(campaign, AfterAnswers(2))
    assert status_text(campaign) == "after every 2 answers, next after 2 more"
    answer(campaign)
    assert queue(campaign) == 0
    assert status_text(campaign) == "after every 2 answers, next after 1 more"
    answer(campaign)
    assert [queue(campaign), queue(campaign)] == [1, 0]
    campaign.import_rows("tone", [pair(number) for number in range(4, 8)])
    for _ in range(3):
        answer(campaign)
    assert [queue(campaign), queue(campaign)] == [1, 0]
    assert campaign.count("export_run") == 2


def test_export_runs_once_when_every_item_has_its_answers(campaign: Scenario) -> None:
    schedule(campaign, OnCompletion())
    answer(campaign)
    assert queue(campaign) == 0
    answer(campaign)
    assert [queue(campaign), queue(campaign)] == [1, 0]
    campaign.import_rows("tone", [pair(4)])
    assert queue(campaign) == 0
    answer(campaign)
    assert [queue(campaign), queue(campaign)] == [1, 0]


def test_complete_campaign_is_exported_when_it_is_scheduled(campaign: Scenario) -> None:
    answer(campaign)
    answer(campaign)
    schedule(campaign, OnCompletion())
    assert [queue(campaign), queue(campaign)] == [1, 0]


def test_campaign_without_answers_is_not_complete(scenario: Scenario) -> None:
    scenario.create_campaign(overlap=1, experts=[ADA])
    schedule(scenario, OnCompletion())
    assert queue(scenario) == 0


def test_several_processes_queue_a_run_once(campaign: Scenario) -> None:
    schedule(campaign, AfterAnswers(1))
    answer(campaign)
    now = campaign.now
    with ThreadPoolExecutor(4) as executor:
        queued = executor.map(
            lambda _: campaign.database.write_now(answer_triggers.queue_due_runs, now), range(4)
        )
    assert sum(queued) == 1


def test_answers_that_no_longer_count_are_not_waited_for(campaign: Scenario) -> None:
    schedule(campaign, AfterAnswers(1))
    campaign.database.write_now(_pretend_more_were_counted)
    assert queue(campaign) == 0
    answer(campaign)
    assert queue(campaign) == 1


def _pretend_more_were_counted(session: Session) -> None:
    row = session.get_one(ExportSchedule, 1)
    row.counted_answers = progress.count_answers(session, row.campaign_id) + 5


@pytest.mark.parametrize("recurrence", [AfterAnswers(2), OnCompletion()])
def test_closing_exports_what_no_run_has(campaign: Scenario, recurrence: Recurrence) -> None:
    schedule(campaign, recurrence)
    for _ in range(2):
        answer(campaign)
    assert queue(campaign) == 1
    campaign.run_for_campaign("tone", campaigns.close, campaign.actor)
    assert campaign.count("export_run") == 1


@pytest.mark.parametrize("recurrence", [AfterAnswers(500), OnCompletion()])
def test_closing_exports_a_campaign_that_had_no_run(
    campaign: Scenario, recurrence: Recurrence
) -> None:
    schedule(campaign, recurrence)
    campaign.run_for_campaign("tone", campaigns.close, campaign.actor)
    (run,) = campaign.rows(ExportRun)
    assert run.due_at == campaign.now
    assert queue(campaign) == 0


def test_schedules_without_a_time_are_left_alone_by_the_clock(campaign: Scenario) -> None:
    schedule(campaign, AfterAnswers(5))
    campaign.advance_clock(days=400)
    assert campaign.database.write_now(jobs.queue_due_runs, campaign.now) == 0
    campaign.database.write_now(jobs.correct_due_times, campaign.now)
    (row,) = campaign.rows(ExportSchedule)
    assert (row.due_at, row.cron, row.after_answers) == (None, "", 5)
