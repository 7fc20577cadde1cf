"""Export jobs: each due run is done once, despite restarts and other processes."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlmodel import Session

from bot.cron import CronSchedule, InvalidCronError, UnknownTimeZoneError
from bot.errors import BotError, NotFoundError
from bot.exports.formats import FORMATS
from bot.kinds import KINDS
from bot.services.campaigns import campaigns
from bot.services.exports import claims, jobs, schedules
from bot.services.exports.export_request import ExportRequest, queue_export
from bot.services.exports.supported_formats import UnsupportedFormatError, formats_for
from storage.database import Database
from storage.tables import ExportRun, ExportSchedule
from tests.services.conftest import Scenario

DAILY = CronSchedule("0 6 * * *", "Europe/Berlin")
PREFERENCE = ExportRequest("preference", Path("/exports"))


@pytest.fixture
def with_schedule(scenario: Scenario) -> Scenario:
    """Return a scenario with a campaign that is exported daily at 06:00 in Berlin."""
    scenario.create_campaign()
    scenario.run_for_campaign("tone", schedules.schedule_export, PREFERENCE, DAILY, scenario.actor)
    return scenario


@pytest.mark.parametrize(
    ("kind", "formats"),
    [
        ("demonstration", ["sft", "preference", "reward", "kto", "prompt-only", "annotations"]),
        ("comparison", ["preference", "reward", "kto", "prompt-only", "sft", "annotations"]),
        ("rating", ["rating", "prompt-only", "preference", "reward", "kto", "annotations"]),
    ],
)
def test_formats_depend_on_the_kind(kind: str, formats: list[str]) -> None:
    known = formats_for(kind)
    assert known[: len(formats)] == formats
    assert all(FORMATS[name].target for name in known[len(formats) :])


@pytest.mark.parametrize(
    ("kind", "others"),
    [
        ("demonstration", {"openai-sft", "openrlhf-sft", "axolotl-sft", "llama-factory-sft"}),
        ("ranking", {"openai-dpo", "llama-factory-preference", "ultrafeedback"}),
        ("rating", {"helpsteer"}),
    ],
)
def test_formats_of_other_targets_suit_the_kinds_of_their_rows(kind: str, others: set[str]) -> None:
    assert set(formats_for(kind)) >= others


def test_every_format_suits_a_kind() -> None:
    assert {name for kind in KINDS for name in formats_for(kind)} == set(FORMATS)


def test_unsupported_format_is_refused_with_supported_ones(scenario: Scenario) -> None:
    scenario.create_campaign("jokes", "rating")
    message = (
        "A rating campaign cannot be exported as verdict; use one of: rating, prompt-only, "
        "preference, reward, kto, annotations"
    )
    verdicts = ExportRequest("verdict", Path("/exports"))
    with pytest.raises(UnsupportedFormatError, match=re.escape(message)):
        scenario.run_for_campaign("jokes", queue_export, verdicts, scenario.actor)
    request = ExportRequest("docx", Path("/exports"))
    with pytest.raises(NotFoundError, match="Unknown format “docx”"):
        scenario.run_for_campaign("jokes", queue_export, request, scenario.actor)
    assert scenario.count("export_run") == 0


def test_schedule_has_next_due_time(with_schedule: Scenario) -> None:
    (schedule,) = with_schedule.rows(ExportSchedule)
    assert schedule.due_at == datetime(2026, 3, 3, 5, 0, tzinfo=UTC)
    (status,) = with_schedule.run_for_campaign("tone", schedules.list_schedules)
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
            "tone", schedules.schedule_export, PREFERENCE, recurrence, scenario.actor
        )
    assert scenario.count("export_schedule") == 0


def test_no_run_is_queued_before_it_is_due(with_schedule: Scenario) -> None:
    with_schedule.advance_clock(hours=19, minutes=59)
    assert with_schedule.database.write_now(jobs.queue_due_runs, with_schedule.now) == 0
    assert not with_schedule.database.read_now(claims.has_waiting_run, with_schedule.now)
    with_schedule.advance_clock(minutes=1)
    assert with_schedule.database.write_now(jobs.queue_due_runs, with_schedule.now) == 1
    assert with_schedule.database.read_now(claims.has_waiting_run, with_schedule.now)
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


def test_missed_runs_are_counted(with_schedule: Scenario) -> None:
    with_schedule.advance_clock(days=5)
    with_schedule.database.write_now(jobs.queue_due_runs, with_schedule.now)
    (run,) = with_schedule.rows(ExportRun)
    assert run.missed_runs == 4


def test_clock_that_was_ahead_delays_no_schedule(with_schedule: Scenario) -> None:
    right_time = with_schedule.now
    with_schedule.advance_clock(days=30)
    with_schedule.database.write_now(jobs.queue_due_runs, with_schedule.now)
    with_schedule.now = right_time
    with_schedule.database.write_now(jobs.correct_due_times, with_schedule.now)
    (schedule,) = with_schedule.rows(ExportSchedule)
    assert schedule.due_at == datetime(2026, 3, 3, 5, 0, tzinfo=UTC)
    with_schedule.advance_clock(days=1)
    assert with_schedule.database.write_now(jobs.queue_due_runs, with_schedule.now) == 1
    (run,) = with_schedule.rows(ExportRun)
    assert (run.state, run.due_at) == ("queued", datetime(2026, 3, 3, 5, 0, tzinfo=UTC))


def test_unreadable_schedule_fails_and_stops_no_other(with_schedule: Scenario) -> None:
    with_schedule.run_for_campaign(
        "tone", schedules.schedule_export, PREFERENCE, DAILY, with_schedule.actor
    )
    with_schedule.database.write_now(store_unknown_zone)
    with_schedule.advance_clock(days=1)
    assert with_schedule.database.write_now(jobs.queue_due_runs, with_schedule.now) == 2
    failed, queued = with_schedule.rows(ExportRun)
    assert (failed.state, queued.state) == ("failed", "queued")
    assert "Unknown time zone “Mars/Olympus”" in failed.error
    assert with_schedule.database.write_now(jobs.queue_due_runs, with_schedule.now) == 0


def store_unknown_zone(session: Session) -> None:
    """Store a time zone that does not exist in the first schedule."""
    schedule = session.get_one(ExportSchedule, 1)
    schedule.tz = "Mars/Olympus"
    session.add(schedule)


def test_removed_schedule_keeps_its_runs(with_schedule: Scenario) -> None:
    with_schedule.advance_clock(days=1)
    with_schedule.database.write_now(jobs.queue_due_runs, with_schedule.now)
    with_schedule.database.write_now(schedules.remove_schedule, 1, with_schedule.actor)
    assert with_schedule.count("export_schedule") == 0
    assert [run.schedule_id for run in with_schedule.rows(ExportRun)] == [None]
