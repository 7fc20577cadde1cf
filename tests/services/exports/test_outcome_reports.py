"""Reports of scheduled exports that failed or make up for missed ones: to whom, and once."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from sqlmodel import Session

from bot.cron import CronSchedule
from bot.services.actors.actor import Actor
from bot.services.actors.audit_log import SLACK
from bot.services.campaigns import campaigns
from bot.services.campaigns.new_campaign import NewCampaign
from bot.services.exports import claims, jobs, outcome_reports, schedules
from bot.services.exports.claims import WrittenExport
from bot.services.exports.export_request import ExportRequest
from bot.services.settings import workspace_settings
from storage.tables import Campaign, OutboxMessage
from tests.services.conftest import Scenario

RATING = ExportRequest("rating", Path("/exports"))
DONE = WrittenExport(Path("/exports/jokes"), rows=5, left_out=2, manifest_sha256="0" * 64)


def finish_scheduled_run(scenario: Scenario, *, days: int = 1, error: str = "") -> None:
    """Let a scheduled export end, after `days`."""
    scenario.advance_clock(days=days)
    scenario.database.write_now(jobs.queue_due_runs, scenario.now)
    run = scenario.database.write_now(claims.claim_run, scenario.now, "worker")
    assert run
    if error:
        scenario.database.write_now(claims.fail_run, run, error, scenario.now, permanent=True)
    else:
        scenario.database.write_now(claims.finish_run, run, DONE, scenario.now)


def report(scenario: Scenario) -> list[OutboxMessage]:
    """Report what is to be reported, and return the messages."""
    before = scenario.count("outbox")
    scenario.database.write_now(outcome_reports.report_outcomes, scenario.now, ["U0BOSS"])
    return scenario.rows(OutboxMessage)[before:]


@pytest.fixture
def scheduled(scenario: Scenario) -> Scenario:
    """Return a scenario whose campaign was created on the command line and is exported daily."""
    scenario.create_campaign("jokes", "rating")
    schedule(scenario, RATING)
    return scenario


def schedule(scenario: Scenario, request: ExportRequest) -> None:
    """Schedule a daily export."""
    recurrence = CronSchedule("0 6 * * *")
    scenario.run_for_campaign(
        "jokes", schedules.schedule_export, request, recurrence, scenario.actor
    )


def test_failure_is_reported_once_to_the_coordinators(scheduled: Scenario) -> None:
    finish_scheduled_run(scheduled, error="no disk")
    (message,) = report(scheduled)
    assert (message.message_type, message.recipient) == ("export_result", "U0BOSS")
    assert report(scheduled) == []


def test_failure_is_reported_in_the_channel_of_the_coordinators(scheduled: Scenario) -> None:
    settings = workspace_settings.WorkspaceSettings(channel="C0LABELS")
    scheduled.database.write_now(workspace_settings.update_settings, settings, scheduled.actor)
    finish_scheduled_run(scheduled, error="no disk")
    (message,) = report(scheduled)
    assert (message.recipient, message.payload["channel"]) == ("C0LABELS", "C0LABELS")


def test_failure_is_reported_in_the_channel_of_the_campaign(scheduled: Scenario) -> None:
    scheduled.run_for_campaign("jokes", set_channel)
    finish_scheduled_run(scheduled, error="no disk")
    assert [message.recipient for message in report(scheduled)] == ["C0JOKES"]


def set_channel(session: Session, campaign: Campaign) -> None:
    """Give a campaign a channel."""
    campaign.channel = "C0JOKES"
    session.add(campaign)


def test_failure_is_reported_to_the_creator_of_the_campaign(scenario: Scenario) -> None:
    creator = Actor("U0LEAD", SLACK, scenario.now)
    scenario.database.write_now(campaigns.create_campaign, NewCampaign("jokes", "rating"), creator)
    schedule(scenario, RATING)
    finish_scheduled_run(scenario, error="no disk")
    assert [message.recipient for message in report(scenario)] == ["U0LEAD"]


def test_channel_of_the_schedule_gets_the_failure_and_nobody_else(scenario: Scenario) -> None:
    scenario.create_campaign("jokes", "rating")
    schedule(scenario, replace(RATING, channel="C0DATA"))
    finish_scheduled_run(scenario, error="no disk")
    assert [row.recipient for row in scenario.rows(OutboxMessage)] == ["C0DATA"]
    assert report(scenario) == []


def test_run_on_time_is_not_reported(scheduled: Scenario) -> None:
    finish_scheduled_run(scheduled)
    assert report(scheduled) == []


def test_run_in_place_of_missed_ones_is_reported(scheduled: Scenario) -> None:
    finish_scheduled_run(scheduled, days=3)
    (message,) = report(scheduled)
    assert message.payload["text"] == (
        "The bot did not run when scheduled exports of “jokes” (rating) were due, so it exported "
        "once instead of 3 times. Path on the bot's machine: /exports/jokes"
    )
    assert report(scheduled) == []


def test_list_of_schedules_shows_the_last_run(scheduled: Scenario) -> None:
    finish_scheduled_run(scheduled, error="no disk")
    (status,) = scheduled.run_for_campaign("jokes", schedules.list_schedules)
    assert status.last_run
    assert (status.last_run.error, status.last_run.finished_at) == ("no disk", scheduled.now)
    finish_scheduled_run(scheduled)
    (status,) = scheduled.run_for_campaign("jokes", schedules.list_schedules)
    assert status.last_run
    assert status.last_run.error is None
