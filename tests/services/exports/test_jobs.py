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
from storage.database import Database
from storage.tables import ExportRun, ExportSchedule, OutboxMessage
from tests.services.conftest import NOW, Scenario

DAILY = CronSchedule("0 6 * * *", "Europe/Berlin")
PREFERENCE = ExportRequest("preference", Path("/exports"))
DONE = ExportOutcome(Path("/exports/tone"), rows=5, left_out=2)


@pytest.fixture
def scheduled(workshop: Scenario) -> Scenario:
    """Return a workshop with a campaign that is exported each morning at six in Berlin."""
    workshop.create_campaign()
    workshop.run_for_campaign("tone", jobs.schedule_export, PREFERENCE, DAILY, workshop.by)
    return workshop


def _claims(workshop: Scenario) -> ClaimedExportRun | None:
    return workshop.database.write_now(jobs.claim_run, workshop.now)


def _asks(workshop: Scenario, person: str = "U0LEAD") -> int:
    actor = Actor(person, SLACK, workshop.now)
    return workshop.run_for_campaign("tone", jobs.queue_export, PREFERENCE, actor).id or 0


@pytest.mark.parametrize(
    ("kind", "formats"),
    [
        ("demonstration", ["sft", "annotations"]),
        ("comparison", ["preference", "annotations"]),
        ("rating", ["rating", "annotations"]),
    ],
)
def test_each_kind_has_the_formats_its_answers_can_be(kind: str, formats: list[str]) -> None:
    assert jobs.formats_for(kind) == formats


def test_every_format_suits_some_kind() -> None:
    suiting = {name for kind in KINDS for name in jobs.formats_for(kind)}
    assert suiting == set(FORMATS)


def test_a_format_that_does_not_suit_is_refused_with_those_that_do(workshop: Scenario) -> None:
    workshop.create_campaign("jokes", "rating")
    said = "A rating campaign has no preference format; try rating or annotations."
    with pytest.raises(UnsupportedFormatError, match=re.escape(said)):
        workshop.run_for_campaign("jokes", jobs.queue_export, PREFERENCE, workshop.by)
    wanted = ExportRequest("csv", Path("/exports"))
    with pytest.raises(NotFoundError, match="no format called “csv”"):
        workshop.run_for_campaign("jokes", jobs.queue_export, wanted, workshop.by)
    assert workshop.count("export_run") == 0


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
    workshop: Scenario, rhythm: CronSchedule, error: type[BotError]
) -> None:
    workshop.create_campaign()
    with pytest.raises(error):
        workshop.run_for_campaign("tone", jobs.schedule_export, PREFERENCE, rhythm, workshop.by)
    assert workshop.count("export_schedule") == 0


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
    scheduled.run_for_campaign("tone", campaigns.pause, scheduled.by)
    scheduled.advance_clock(days=1)
    assert scheduled.database.write_now(jobs.queue_due_runs, scheduled.now) == 1


def test_a_run_is_claimed_by_one_of_many(workshop: Scenario) -> None:
    workshop.create_campaign()
    asked = {_asks(workshop) for _ in range(3)}
    with ThreadPoolExecutor(8) as pool:
        claims = list(pool.map(lambda _: _claims(workshop), range(12)))
    claimed = [claim.id for claim in claims if claim]
    assert sorted(claimed) == sorted(asked)


def test_runs_are_claimed_as_they_came(workshop: Scenario) -> None:
    workshop.create_campaign()
    first = _asks(workshop)
    workshop.advance_clock(minutes=1)
    second = _asks(workshop)
    assert [(_claims(workshop) or _nobody()).id for _ in range(2)] == [first, second]
    assert _claims(workshop) is None


def _nobody() -> ClaimedExportRun:
    pytest.fail("nothing was claimed")


def test_a_run_that_was_left_behind_is_taken_up_after_the_lease(workshop: Scenario) -> None:
    workshop.create_campaign()
    _asks(workshop)
    killed = _claims(workshop) or _nobody()
    workshop.now = NOW + RUN_LEASE - timedelta(seconds=1)
    assert _claims(workshop) is None
    workshop.now = NOW + RUN_LEASE
    again = _claims(workshop) or _nobody()
    assert (again.id, again.attempt, again.due_at) == (killed.id, 2, killed.due_at)


def test_a_run_that_kills_its_process_each_time_is_given_up_and_told(workshop: Scenario) -> None:
    workshop.create_campaign()
    run_id = _asks(workshop)
    for _ in range(MAX_ATTEMPTS):
        assert _claims(workshop)
        workshop.now += RUN_LEASE
    assert _claims(workshop) is None
    (run,) = workshop.rows(ExportRun)
    assert (run.state, run.attempts, run.finished_at) == ("failed", 3, workshop.now)
    assert run.error == "it was started 3 times and never ended"
    (told,) = workshop.rows(OutboxMessage)
    assert (told.message_type, told.recipient, told.payload) == (
        "exported",
        "U0LEAD",
        {"run": run_id},
    )
    assert _claims(workshop) is None


def test_one_that_was_given_up_does_not_stand_before_the_next(workshop: Scenario) -> None:
    workshop.create_campaign()
    _asks(workshop)
    for _ in range(MAX_ATTEMPTS):
        _claims(workshop)
        workshop.now += RUN_LEASE
    following = _asks(workshop)
    assert (_claims(workshop) or _nobody()).id == following


def test_who_was_slow_cannot_settle_what_somebody_else_took_up(workshop: Scenario) -> None:
    workshop.create_campaign()
    _asks(workshop)
    slow = _claims(workshop) or _nobody()
    workshop.now += RUN_LEASE
    quick = _claims(workshop) or _nobody()
    write = workshop.database.write_now
    assert not write(jobs.finish_run, slow, DONE, workshop.now)
    assert not write(jobs.fail_run, slow, "too slow", workshop.now)
    assert workshop.count("outbox") == 0
    assert write(jobs.finish_run, quick, DONE, workshop.now)
    assert not write(jobs.finish_run, quick, DONE, workshop.now)
    assert workshop.count("outbox") == 1
    (run,) = workshop.rows(ExportRun)
    assert (run.state, run.rows, run.left_out, run.error) == ("done", 5, 2, None)


def test_a_failed_run_waits_a_little_before_it_is_tried_again(workshop: Scenario) -> None:
    workshop.create_campaign()
    _asks(workshop)
    claimed = _claims(workshop) or _nobody()
    workshop.database.write_now(jobs.fail_run, claimed, "no disk", workshop.now)
    assert _claims(workshop) is None
    assert workshop.count("outbox") == 0
    workshop.now += RETRY_DELAY
    assert (_claims(workshop) or _nobody()).attempt == 2


def test_a_hopeless_run_is_given_up_and_told(workshop: Scenario) -> None:
    workshop.create_campaign()
    _asks(workshop)
    claimed = _claims(workshop) or _nobody()
    workshop.database.write_now(
        jobs.fail_run, claimed, "no such folder", workshop.now, permanent=True
    )
    (run,) = workshop.rows(ExportRun)
    assert (run.state, run.error) == ("failed", "no such folder")
    assert workshop.count("outbox") == 1


def test_what_a_schedule_exports_is_told_nobody(scheduled: Scenario) -> None:
    scheduled.advance_clock(days=1)
    scheduled.database.write_now(jobs.queue_due_runs, scheduled.now)
    claimed = _claims(scheduled) or _nobody()
    assert scheduled.database.write_now(jobs.finish_run, claimed, DONE, scheduled.now)
    assert scheduled.count("outbox") == 0


def test_who_exports_at_the_command_line_has_the_run_to_themselves(workshop: Scenario) -> None:
    workshop.create_campaign()
    begun = workshop.run_for_campaign("tone", jobs.queue_and_claim, PREFERENCE, workshop.by)
    assert begun.requested_by is None
    assert _claims(workshop) is None
