"""Exports that are due: each once, whatever stops in between, whoever else is at work."""

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
    UnsupportedFormatError,
)
from bot.services.exports.supported_formats import formats_for
from storage.database import Database
from storage.tables import ExportRun, ExportSchedule, OutboxMessage
from tests.services.conftest import NOW, Scenario

DAILY = CronSchedule("0 6 * * *", "Europe/Berlin")
PREFERENCE = ExportRequest("preference", Path("/exports"))
DONE = ExportOutcome(Path("/exports/tone"), rows=5, rows_skipped=2)


@pytest.fixture
def scheduled(scenario: Scenario) -> Scenario:
    """Return a scenario with a campaign that is exported each morning at six in Berlin."""
    scenario.create_campaign()
    scenario.run_for_campaign("tone", jobs.schedule_export, PREFERENCE, DAILY, scenario.actor)
    return scenario


def _claims(scenario: Scenario) -> ClaimedExportRun | None:
    return scenario.database.write_now(jobs.claim_run, scenario.now)


def _asks(scenario: Scenario, person: str = "U0LEAD") -> int:
    actor = Actor(person, SLACK, scenario.now)
    return scenario.run_for_campaign("tone", jobs.queue_export, PREFERENCE, actor).id or 0


@pytest.mark.parametrize(
    ("kind", "formats"),
    [
        ("demonstration", ["sft", "annotations"]),
        ("comparison", ["preference", "annotations"]),
        ("rating", ["rating", "annotations"]),
    ],
)
def test_each_kind_has_the_formats_its_answers_can_be(kind: str, formats: list[str]) -> None:
    assert formats_for(kind) == formats


def test_every_format_suits_some_kind() -> None:
    suiting = {name for kind in KINDS for name in formats_for(kind)}
    assert suiting == set(FORMATS)


def test_a_format_that_does_not_suit_is_refused_with_those_that_do(scenario: Scenario) -> None:
    scenario.create_campaign("jokes", "rating")
    said = "A rating campaign has no preference format; try rating or annotations."
    with pytest.raises(UnsupportedFormatError, match=re.escape(said)):
        scenario.run_for_campaign("jokes", jobs.queue_export, PREFERENCE, scenario.actor)
    wanted = ExportRequest("csv", Path("/exports"))
    with pytest.raises(NotFoundError, match="Unknown format “csv”"):
        scenario.run_for_campaign("jokes", jobs.queue_export, wanted, scenario.actor)
    assert scenario.count("export_run") == 0


def test_a_schedule_knows_when_it_is_due_next(scheduled: Scenario) -> None:
    (schedule,) = scheduled.rows(ExportSchedule)
    assert schedule.due_at == datetime(2026, 3, 3, 5, 0, tzinfo=UTC)
    (status,) = scheduled.run_for_campaign("tone", jobs.list_schedules)
    assert (status.cron, status.tz, status.due_at) == (
        "0 6 * * *",
        "Europe/Berlin",
        schedule.due_at,
    )
    assert scheduled.audit_log()[-1] == ("scheduled an export", "campaign tone")


@pytest.mark.parametrize(
    ("rhythm", "error"),
    [
        (CronSchedule("daily"), InvalidCronError),
        (CronSchedule("0 6 * * *", "Berlin"), UnknownTimeZoneError),
    ],
)
def test_a_schedule_nobody_understands_is_refused(
    scenario: Scenario, rhythm: CronSchedule, error: type[BotError]
) -> None:
    scenario.create_campaign()
    with pytest.raises(error):
        scenario.run_for_campaign("tone", jobs.schedule_export, PREFERENCE, rhythm, scenario.actor)
    assert scenario.count("export_schedule") == 0


def test_nothing_is_queued_before_it_is_due(scheduled: Scenario) -> None:
    scheduled.advance_clock(hours=19, minutes=59)
    assert scheduled.database.write_now(jobs.queue_due_runs, scheduled.now) == 0
    assert not scheduled.database.read_now(jobs.has_waiting_run, scheduled.now)
    scheduled.advance_clock(minutes=1)
    assert scheduled.database.write_now(jobs.queue_due_runs, scheduled.now) == 1
    assert scheduled.database.read_now(jobs.has_waiting_run, scheduled.now)
    assert scheduled.database.write_now(jobs.queue_due_runs, scheduled.now) == 0


def test_days_that_were_missed_are_made_up_for_once(scheduled: Scenario) -> None:
    scheduled.advance_clock(days=5)
    assert scheduled.database.write_now(jobs.queue_due_runs, scheduled.now) == 1
    (run,) = scheduled.rows(ExportRun)
    assert run.due_at == datetime(2026, 3, 3, 5, 0, tzinfo=UTC)
    (schedule,) = scheduled.rows(ExportSchedule)
    assert schedule.due_at == datetime(2026, 3, 8, 5, 0, tzinfo=UTC)


def test_a_restart_between_ticks_neither_loses_nor_doubles(
    scheduled: Scenario, database_url: str
) -> None:
    scheduled.advance_clock(days=1)
    for _ in range(3):
        restarted = Database(database_url)
        restarted.write_now(jobs.queue_due_runs, scheduled.now)
        restarted.close()
    assert len(scheduled.rows(ExportRun)) == 1


def test_many_clocks_queue_a_due_time_once(scheduled: Scenario) -> None:
    scheduled.advance_clock(days=1)
    with ThreadPoolExecutor(4) as pool:
        queued = pool.map(
            lambda _: scheduled.database.write_now(jobs.queue_due_runs, scheduled.now), range(8)
        )
        assert sum(queued) == 1
    assert len(scheduled.rows(ExportRun)) == 1


def test_a_paused_campaign_is_still_exported(scheduled: Scenario) -> None:
    scheduled.run_for_campaign("tone", campaigns.pause, scheduled.actor)
    scheduled.advance_clock(days=1)
    assert scheduled.database.write_now(jobs.queue_due_runs, scheduled.now) == 1


def test_a_run_is_claimed_by_one_of_many(scenario: Scenario) -> None:
    scenario.create_campaign()
    asked = {_asks(scenario) for _ in range(3)}
    with ThreadPoolExecutor(8) as pool:
        claims = list(pool.map(lambda _: _claims(scenario), range(12)))
    claimed = [claim.id for claim in claims if claim]
    assert sorted(claimed) == sorted(asked)


def test_runs_are_claimed_as_they_came(scenario: Scenario) -> None:
    scenario.create_campaign()
    first = _asks(scenario)
    scenario.advance_clock(minutes=1)
    second = _asks(scenario)
    assert [(_claims(scenario) or _nobody()).id for _ in range(2)] == [first, second]
    assert _claims(scenario) is None


def _nobody() -> ClaimedExportRun:
    pytest.fail("nothing was claimed")


def test_a_run_that_was_left_behind_is_taken_up_after_the_lease(scenario: Scenario) -> None:
    scenario.create_campaign()
    _asks(scenario)
    killed = _claims(scenario) or _nobody()
    scenario.now = NOW + RUN_LEASE - timedelta(seconds=1)
    assert _claims(scenario) is None
    scenario.now = NOW + RUN_LEASE
    again = _claims(scenario) or _nobody()
    assert (again.id, again.attempt, again.due_at) == (killed.id, 2, killed.due_at)


def test_a_run_that_kills_its_process_each_time_is_given_up_and_told(scenario: Scenario) -> None:
    scenario.create_campaign()
    run_id = _asks(scenario)
    for _ in range(MAX_ATTEMPTS):
        assert _claims(scenario)
        scenario.now += RUN_LEASE
    assert _claims(scenario) is None
    (run,) = scenario.rows(ExportRun)
    assert (run.state, run.attempts, run.finished_at) == ("failed", 3, scenario.now)
    assert run.error == "it was started 3 times and never ended"
    (told,) = scenario.rows(OutboxMessage)
    assert (told.message_type, told.recipient, told.payload) == (
        "export_result",
        "U0LEAD",
        {"run_id": run_id},
    )
    assert _claims(scenario) is None


def test_one_that_was_given_up_does_not_stand_before_the_next(scenario: Scenario) -> None:
    scenario.create_campaign()
    _asks(scenario)
    for _ in range(MAX_ATTEMPTS):
        _claims(scenario)
        scenario.now += RUN_LEASE
    following = _asks(scenario)
    assert (_claims(scenario) or _nobody()).id == following


def test_who_was_slow_cannot_settle_what_somebody_else_took_up(scenario: Scenario) -> None:
    scenario.create_campaign()
    _asks(scenario)
    slow = _claims(scenario) or _nobody()
    scenario.now += RUN_LEASE
    quick = _claims(scenario) or _nobody()
    write = scenario.database.write_now
    assert not write(jobs.finish_run, slow, DONE, scenario.now)
    assert not write(jobs.fail_run, slow, "too slow", scenario.now)
    assert scenario.count("outbox") == 0
    assert write(jobs.finish_run, quick, DONE, scenario.now)
    assert not write(jobs.finish_run, quick, DONE, scenario.now)
    assert scenario.count("outbox") == 1
    (run,) = scenario.rows(ExportRun)
    assert (run.state, run.rows, run.rows_skipped, run.error) == ("done", 5, 2, None)


def test_a_failed_run_waits_a_little_before_it_is_tried_again(scenario: Scenario) -> None:
    scenario.create_campaign()
    _asks(scenario)
    claimed = _claims(scenario) or _nobody()
    scenario.database.write_now(jobs.fail_run, claimed, "no disk", scenario.now)
    assert _claims(scenario) is None
    assert scenario.count("outbox") == 0
    scenario.now += RETRY_DELAY
    assert (_claims(scenario) or _nobody()).attempt == 2


def test_a_hopeless_run_is_given_up_and_told(scenario: Scenario) -> None:
    scenario.create_campaign()
    _asks(scenario)
    claimed = _claims(scenario) or _nobody()
    scenario.database.write_now(
        jobs.fail_run, claimed, "no such folder", scenario.now, permanent=True
    )
    (run,) = scenario.rows(ExportRun)
    assert (run.state, run.error) == ("failed", "no such folder")
    assert scenario.count("outbox") == 1


def test_what_a_schedule_exports_is_told_nobody(scheduled: Scenario) -> None:
    scheduled.advance_clock(days=1)
    scheduled.database.write_now(jobs.queue_due_runs, scheduled.now)
    claimed = _claims(scheduled) or _nobody()
    assert scheduled.database.write_now(jobs.finish_run, claimed, DONE, scheduled.now)
    assert scheduled.count("outbox") == 0


def test_who_exports_at_the_command_line_has_the_run_to_themselves(scenario: Scenario) -> None:
    scenario.create_campaign()
    begun = scenario.run_for_campaign("tone", jobs.queue_and_claim, PREFERENCE, scenario.actor)
    assert begun.requested_by is None
    assert _claims(scenario) is None
