"""Export jobs: each due run is done once, despite restarts and other processes."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.cron import CronSchedule, InvalidCronError, UnknownTimeZoneError
from bot.errors import BotError, NotFoundError
from bot.exports.formats import FORMATS
from bot.kinds import KINDS
from bot.services.actors.actor import Actor
from bot.services.actors.audit_log import SLACK
from bot.services.campaigns import campaigns
from bot.services.exports import jobs
from bot.services.exports.jobs import (
    MAX_ATTEMPTS,
    RETRY_DELAY,
    RUN_LEASE,
    ClaimedExportRun,
    ExportOutcome,
    ExportRequest,
)
from bot.services.exports.supported_formats import UnsupportedFormatError, formats_for
from storage.database import Database
from storage.row_id import id_of
from storage.tables import ExportRun, ExportSchedule, OutboxMessage
from tests.services.conftest import NOW, Scenario

DAILY = CronSchedule("0 6 * * *", "Europe/Berlin")
PREFERENCE = ExportRequest("preference", Path("/exports"))
DONE = ExportOutcome(Path("/exports/tone"), rows=5, left_out=2)


@pytest.fixture
def with_schedule(scenario: Scenario) -> Scenario:
    """Return a scenario with a campaign that is exported daily at 06:00 in Berlin."""
    scenario.create_campaign()
    scenario.run_for_campaign("tone", jobs.schedule_export, PREFERENCE, DAILY, scenario.actor)
    return scenario


def try_claim(scenario: Scenario) -> ClaimedExportRun | None:
    """Claim the next waiting run, if any."""
    return scenario.database.write_now(jobs.claim_run, scenario.now)


def claim(scenario: Scenario) -> ClaimedExportRun:
    """Claim the next waiting run, which must exist."""
    run = try_claim(scenario)
    assert run is not None
    return run


def request_export(scenario: Scenario, person: str = "U0LEAD") -> int:
    """Request an export in Slack; return the run id."""
    actor = Actor(person, SLACK, scenario.now)
    return id_of(scenario.run_for_campaign("tone", jobs.queue_export, PREFERENCE, actor))


@pytest.mark.parametrize(
    ("kind", "formats"),
    [
        ("demonstration", ["sft", "annotations"]),
        ("comparison", ["preference", "annotations"]),
        ("rating", ["rating", "annotations"]),
    ],
)
def test_formats_depend_on_the_kind(kind: str, formats: list[str]) -> None:
    assert formats_for(kind) == formats


def test_every_format_suits_a_kind() -> None:
    assert {name for kind in KINDS for name in formats_for(kind)} == set(FORMATS)


def test_unsupported_format_is_refused_with_supported_ones(scenario: Scenario) -> None:
    scenario.create_campaign("jokes", "rating")
    message = "A rating campaign cannot be exported as preference; use rating or annotations."
    with pytest.raises(UnsupportedFormatError, match=re.escape(message)):
        scenario.run_for_campaign("jokes", jobs.queue_export, PREFERENCE, scenario.actor)
    request = ExportRequest("csv", Path("/exports"))
    with pytest.raises(NotFoundError, match="Unknown format “csv”"):
        scenario.run_for_campaign("jokes", jobs.queue_export, request, scenario.actor)
    assert scenario.count("export_run") == 0


def test_schedule_has_next_due_time(with_schedule: Scenario) -> None:
    (schedule,) = with_schedule.rows(ExportSchedule)
    assert schedule.due_at == datetime(2026, 3, 3, 5, 0, tzinfo=UTC)
    (status,) = with_schedule.run_for_campaign("tone", jobs.list_schedules)
    assert (status.cron, status.tz, status.due_at) == (
        "0 6 * * *",
        "Europe/Berlin",
        schedule.due_at,
    )
    assert with_schedule.audit_log()[-1] == ("scheduled an export", "campaign tone")


@pytest.mark.parametrize(
    ("recurrence", "error"),
    [
        (CronSchedule("daily"), InvalidCronError),
        (CronSchedule("0 6 * * *", "Berlin"), UnknownTimeZoneError),
    ],
)
def test_invalid_schedule_is_refused(
    scenario: Scenario, recurrence: CronSchedule, error: type[BotError]
) -> None:
    scenario.create_campaign()
    with pytest.raises(error):
        scenario.run_for_campaign(
            "tone", jobs.schedule_export, PREFERENCE, recurrence, scenario.actor
        )
    assert scenario.count("export_schedule") == 0


def test_no_run_is_queued_before_it_is_due(with_schedule: Scenario) -> None:
    with_schedule.advance_clock(hours=19, minutes=59)
    assert with_schedule.database.write_now(jobs.queue_due_runs, with_schedule.now) == 0
    assert not with_schedule.database.read_now(jobs.has_waiting_run, with_schedule.now)
    with_schedule.advance_clock(minutes=1)
    assert with_schedule.database.write_now(jobs.queue_due_runs, with_schedule.now) == 1
    assert with_schedule.database.read_now(jobs.has_waiting_run, with_schedule.now)
    assert with_schedule.database.write_now(jobs.queue_due_runs, with_schedule.now) == 0


def test_missed_runs_are_made_up_for_once(with_schedule: Scenario) -> None:
    with_schedule.advance_clock(days=5)
    assert with_schedule.database.write_now(jobs.queue_due_runs, with_schedule.now) == 1
    (run,) = with_schedule.rows(ExportRun)
    assert run.due_at == datetime(2026, 3, 3, 5, 0, tzinfo=UTC)
    (schedule,) = with_schedule.rows(ExportSchedule)
    assert schedule.due_at == datetime(2026, 3, 8, 5, 0, tzinfo=UTC)


def test_restart_between_ticks_queues_one_run(with_schedule: Scenario, database_url: str) -> None:
    with_schedule.advance_clock(days=1)
    for _ in range(3):
        restarted = Database(database_url)
        restarted.write_now(jobs.queue_due_runs, with_schedule.now)
        restarted.close()
    assert len(with_schedule.rows(ExportRun)) == 1


def test_concurrent_ticks_queue_one_run(with_schedule: Scenario) -> None:
    with_schedule.advance_clock(days=1)
    database, now = with_schedule.database, with_schedule.now
    with ThreadPoolExecutor(4) as executor:
        counts = executor.map(lambda _: database.write_now(jobs.queue_due_runs, now), range(8))
        assert sum(counts) == 1
    assert len(with_schedule.rows(ExportRun)) == 1


def test_paused_campaign_is_still_exported(with_schedule: Scenario) -> None:
    with_schedule.run_for_campaign("tone", campaigns.pause, with_schedule.actor)
    with_schedule.advance_clock(days=1)
    assert with_schedule.database.write_now(jobs.queue_due_runs, with_schedule.now) == 1


def test_each_run_is_claimed_once(scenario: Scenario) -> None:
    scenario.create_campaign()
    run_ids = {request_export(scenario) for _ in range(3)}
    with ThreadPoolExecutor(8) as executor:
        claims = list(executor.map(lambda _: try_claim(scenario), range(12)))
    assert sorted(run.id for run in claims if run) == sorted(run_ids)


def test_runs_are_claimed_in_order(scenario: Scenario) -> None:
    scenario.create_campaign()
    first = request_export(scenario)
    scenario.advance_clock(minutes=1)
    second = request_export(scenario)
    assert [claim(scenario).id for _ in range(2)] == [first, second]
    assert try_claim(scenario) is None


def test_abandoned_run_is_claimed_after_its_lease(scenario: Scenario) -> None:
    scenario.create_campaign()
    request_export(scenario)
    abandoned = claim(scenario)
    scenario.now = NOW + RUN_LEASE - timedelta(seconds=1)
    assert try_claim(scenario) is None
    scenario.now = NOW + RUN_LEASE
    retried = claim(scenario)
    assert (retried.id, retried.attempt, retried.due_at) == (abandoned.id, 2, abandoned.due_at)


def test_run_fails_after_too_many_abandoned_attempts(scenario: Scenario) -> None:
    scenario.create_campaign()
    run_id = request_export(scenario)
    for _ in range(MAX_ATTEMPTS):
        claim(scenario)
        scenario.now += RUN_LEASE
    assert try_claim(scenario) is None
    (run,) = scenario.rows(ExportRun)
    assert (run.state, run.attempts, run.finished_at) == ("failed", 3, scenario.now)
    assert run.error == "it was started 3 times and never finished"
    (message,) = scenario.rows(OutboxMessage)
    assert (message.message_type, message.recipient) == ("export_result", "U0LEAD")
    assert message.payload == {"run_id": run_id}
    assert try_claim(scenario) is None


def test_failed_run_does_not_block_the_next(scenario: Scenario) -> None:
    scenario.create_campaign()
    request_export(scenario)
    for _ in range(MAX_ATTEMPTS):
        claim(scenario)
        scenario.now += RUN_LEASE
    next_run_id = request_export(scenario)
    assert claim(scenario).id == next_run_id


def test_slow_process_cannot_finish_a_run_claimed_by_another(scenario: Scenario) -> None:
    scenario.create_campaign()
    request_export(scenario)
    slow = claim(scenario)
    scenario.now += RUN_LEASE
    quick = claim(scenario)
    write = scenario.database.write_now
    assert not write(jobs.finish_run, slow, DONE, scenario.now)
    assert not write(jobs.fail_run, slow, "too slow", scenario.now)
    assert scenario.count("outbox") == 0
    assert write(jobs.finish_run, quick, DONE, scenario.now)
    assert not write(jobs.finish_run, quick, DONE, scenario.now)
    assert scenario.count("outbox") == 1
    (run,) = scenario.rows(ExportRun)
    assert (run.state, run.rows, run.left_out, run.error) == ("done", 5, 2, None)


def test_failed_run_is_retried_after_a_delay(scenario: Scenario) -> None:
    scenario.create_campaign()
    request_export(scenario)
    run = claim(scenario)
    scenario.database.write_now(jobs.fail_run, run, "no disk", scenario.now)
    assert try_claim(scenario) is None
    assert scenario.count("outbox") == 0
    scenario.now += RETRY_DELAY
    assert claim(scenario).attempt == 2


def test_permanent_failure_is_reported_at_once(scenario: Scenario) -> None:
    scenario.create_campaign()
    request_export(scenario)
    run = claim(scenario)
    scenario.database.write_now(jobs.fail_run, run, "no such folder", scenario.now, permanent=True)
    (stored_run,) = scenario.rows(ExportRun)
    assert (stored_run.state, stored_run.error) == ("failed", "no such folder")
    assert scenario.count("outbox") == 1


def test_scheduled_run_without_channel_notifies_nobody(with_schedule: Scenario) -> None:
    with_schedule.advance_clock(days=1)
    with_schedule.database.write_now(jobs.queue_due_runs, with_schedule.now)
    run = claim(with_schedule)
    assert with_schedule.database.write_now(jobs.finish_run, run, DONE, with_schedule.now)
    assert with_schedule.count("outbox") == 0


def test_run_on_the_command_line_is_claimed_at_once(scenario: Scenario) -> None:
    scenario.create_campaign()
    run = scenario.run_for_campaign("tone", jobs.queue_and_claim, PREFERENCE, scenario.actor)
    assert run.requested_by is None
    assert try_claim(scenario) is None
