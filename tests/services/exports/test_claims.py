"""Export runs that processes claim: each is done once, despite killed processes."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from sqlmodel import select

from bot.cron import CronSchedule
from bot.services.actors.actor import Actor
from bot.services.actors.audit_log import SLACK
from bot.services.exports import claims, jobs
from bot.services.exports.claims import (
    MAX_ATTEMPTS,
    RETRY_DELAY,
    STOPPED_ERROR,
    ClaimedExportRun,
    WrittenExport,
)
from bot.services.exports.export_request import (
    ExportInProgressError,
    ExportRequest,
    queue_export,
    request_export,
)
from bot.services.exports.folder_name import finalizer_name
from bot.services.exports.schedules import add_schedule
from storage.queries import final_answers
from storage.queries.workers import was_abandoned
from storage.row_id import id_of
from storage.tables import Assignment, ExportRun, OutboxMessage
from storage.worker_lock import WorkerLock
from tests.services.conftest import NOW, Scenario, pair

PREFERENCE = ExportRequest("preference", Path("/exports"))
DONE = WrittenExport(Path("/exports/tone"), rows=5, left_out=2, manifest_sha256="0" * 64)
KILLED = "killed"
"""Id of a worker that no longer runs."""


@pytest.fixture
def worker(scenario: Scenario) -> Iterator[str]:
    """Yield the id of a worker that runs."""
    with closing(WorkerLock(scenario.database.engine)) as lock:
        yield lock.id


def try_claim(scenario: Scenario, worker: str) -> ClaimedExportRun | None:
    """Claim the next waiting run, if any."""
    return scenario.database.write_now(claims.claim_run, scenario.now, worker)


def claim(scenario: Scenario, worker: str = KILLED) -> ClaimedExportRun:
    """Claim the next waiting run, which must exist."""
    run = try_claim(scenario, worker)
    assert run is not None
    return run


def queue_preference(scenario: Scenario, person: str = "U0LEAD") -> int:
    """Request an export in Slack; return the run id."""
    actor = Actor(person, SLACK, scenario.now)
    return id_of(scenario.run_for_campaign("tone", queue_export, PREFERENCE, actor))


def test_each_run_is_claimed_once(scenario: Scenario, worker: str) -> None:
    scenario.create_campaign()
    run_ids = {queue_preference(scenario) for _ in range(3)}
    with ThreadPoolExecutor(8) as executor:
        claimed = list(executor.map(lambda _: try_claim(scenario, worker), range(12)))
    assert sorted(run.id for run in claimed if run) == sorted(run_ids)


def test_runs_are_claimed_in_order(scenario: Scenario, worker: str) -> None:
    scenario.create_campaign()
    first = queue_preference(scenario)
    scenario.advance_clock(minutes=1)
    second = queue_preference(scenario)
    assert [claim(scenario, worker).id for _ in range(2)] == [first, second]
    assert try_claim(scenario, worker) is None


def test_run_of_a_process_that_ended_is_claimed_at_once(scenario: Scenario, worker: str) -> None:
    scenario.create_campaign()
    queue_preference(scenario)
    with closing(WorkerLock(scenario.database.engine)) as lock:
        abandoned = claim(scenario, lock.id)
        scenario.advance_clock(days=2)
        assert not scenario.database.read_now(claims.has_waiting_run, scenario.now)
        assert try_claim(scenario, worker) is None
    assert scenario.database.read_now(claims.has_waiting_run, scenario.now)
    retried = claim(scenario, worker)
    assert (retried.id, retried.attempt, retried.due_at) == (abandoned.id, 2, abandoned.due_at)


@pytest.mark.parametrize("is_finished", [True, False])
def test_run_is_not_taken_from_a_process_that_claims_it_meanwhile(
    scenario: Scenario, worker: str, *, is_finished: bool
) -> None:
    """On PostgreSQL, a process may look for abandoned runs just before another claims one."""
    scenario.create_campaign()
    queue_preference(scenario)
    claim(scenario, KILLED)
    condition = scenario.database.read_now(was_abandoned, ExportRun)
    run = claim(scenario, worker)
    if is_finished:
        assert scenario.database.write_now(claims.finish_run, run, DONE, scenario.now)
    still_abandoned = select(ExportRun).where(condition)
    assert scenario.database.read_now(lambda session: session.exec(still_abandoned).all()) == []


def request_in_slack(scenario: Scenario) -> str:
    """Request an export as `/label export` does."""
    actor = Actor("U0LEAD", SLACK, scenario.now)
    return scenario.run_for_campaign("tone", request_export, PREFERENCE, actor)


def test_process_that_ended_does_not_block_a_request(scenario: Scenario) -> None:
    scenario.create_campaign(overlap=1, experts=["U0ADA"])
    scenario.import_rows("tone", [pair(1)])
    scenario.answer_all("U0ADA", verdict="a")
    request_in_slack(scenario)
    with closing(WorkerLock(scenario.database.engine)) as lock:
        claim(scenario, lock.id)
        with pytest.raises(ExportInProgressError):
            request_in_slack(scenario)
    request_in_slack(scenario)
    assert len(scenario.rows(ExportRun)) == 2


def test_run_fails_after_too_many_abandoned_attempts(scenario: Scenario) -> None:
    scenario.create_campaign()
    run_id = queue_preference(scenario)
    for _ in range(MAX_ATTEMPTS):
        claim(scenario)
    assert try_claim(scenario, KILLED) is None
    (run,) = scenario.rows(ExportRun)
    assert (run.state, run.attempts, run.finished_at) == ("failed", 3, scenario.now)
    assert run.error == "it was started 3 times and never finished"
    (message,) = scenario.rows(OutboxMessage)
    assert (message.message_type, message.recipient) == ("export_result", "U0LEAD")
    assert message.payload == {"run_id": run_id}
    assert try_claim(scenario, KILLED) is None


def test_failed_run_does_not_block_the_next(scenario: Scenario) -> None:
    scenario.create_campaign()
    queue_preference(scenario)
    for _ in range(MAX_ATTEMPTS):
        claim(scenario)
    next_run_id = queue_preference(scenario)
    assert claim(scenario).id == next_run_id


def test_slow_process_cannot_finish_a_run_claimed_by_another(scenario: Scenario) -> None:
    scenario.create_campaign()
    queue_preference(scenario)
    slow = claim(scenario)
    quick = claim(scenario)
    write = scenario.database.write_now
    assert not write(claims.finish_run, slow, DONE, scenario.now)
    assert not write(claims.fail_run, slow, "too slow", scenario.now)
    assert scenario.count("outbox") == 0
    assert write(claims.finish_run, quick, DONE, scenario.now)
    assert not write(claims.finish_run, quick, DONE, scenario.now)
    assert scenario.count("outbox") == 1
    (run,) = scenario.rows(ExportRun)
    assert (run.state, run.rows, run.left_out, run.error) == ("done", 5, 2, None)


def test_failed_run_is_retried_after_a_delay(scenario: Scenario) -> None:
    scenario.create_campaign()
    queue_preference(scenario)
    run = claim(scenario)
    scenario.database.write_now(claims.fail_run, run, "no disk", scenario.now)
    assert try_claim(scenario, KILLED) is None
    assert scenario.count("outbox") == 0
    scenario.now += RETRY_DELAY
    assert claim(scenario).attempt == 2


def test_permanent_failure_is_reported_at_once(scenario: Scenario) -> None:
    scenario.create_campaign()
    queue_preference(scenario)
    run = claim(scenario)
    scenario.database.write_now(
        claims.fail_run, run, "no such folder", scenario.now, permanent=True
    )
    (stored_run,) = scenario.rows(ExportRun)
    assert (stored_run.state, stored_run.error) == ("failed", "no such folder")
    assert scenario.count("outbox") == 1


def test_retry_does_not_wait_for_a_clock_that_was_ahead(scenario: Scenario) -> None:
    scenario.create_campaign()
    queue_preference(scenario)
    scenario.advance_clock(days=2)
    scenario.database.write_now(claims.fail_run, claim(scenario), "no disk", scenario.now)
    scenario.now = NOW
    assert claim(scenario).attempt == 2


def test_successful_scheduled_run_without_channel_notifies_nobody(scenario: Scenario) -> None:
    scenario.create_campaign()
    recurrence = CronSchedule("0 6 * * *")
    scenario.run_for_campaign("tone", add_schedule, PREFERENCE, recurrence, scenario.actor)
    scenario.advance_clock(days=1)
    scenario.database.write_now(jobs.queue_due_runs, scenario.now)
    assert scenario.database.write_now(claims.finish_run, claim(scenario), DONE, scenario.now)
    assert scenario.count("outbox") == 0


def claim_on_command_line(scenario: Scenario, worker: str) -> ClaimedExportRun:
    """Start an export on the command line that makes answers final."""
    interactive = replace(PREFERENCE, freezes=True)
    return scenario.run_for_campaign(
        "tone", claims.queue_and_claim, interactive, scenario.actor, worker
    )


def test_run_on_the_command_line_is_claimed_at_once(scenario: Scenario, worker: str) -> None:
    scenario.create_campaign()
    run = claim_on_command_line(scenario, worker)
    assert run.requested_by is None
    assert try_claim(scenario, worker) is None


def test_failure_on_the_command_line_is_final(scenario: Scenario, worker: str) -> None:
    scenario.create_campaign()
    run = claim_on_command_line(scenario, worker)
    scenario.database.write_now(claims.fail_run, run, "no disk", scenario.now)
    (stored,) = scenario.rows(ExportRun)
    assert (stored.state, stored.reported_at) == ("failed", scenario.now)
    scenario.now += RETRY_DELAY
    assert try_claim(scenario, worker) is None


def test_killed_command_is_not_repeated_and_leaves_no_answer_final(scenario: Scenario) -> None:
    scenario.create_campaign(overlap=1, experts=["U0ADA"])
    scenario.import_rows("tone", [pair(1)])
    scenario.answer_all("U0ADA", verdict="a")
    run = claim_on_command_line(scenario, KILLED)
    name = finalizer_name(run.folder_name)
    scenario.database.write_now(final_answers.freeze_answers, run.campaign_id, name)
    assert try_claim(scenario, "another") is None
    (stored,) = scenario.rows(ExportRun)
    assert (stored.state, stored.error, stored.reported_at) == ("failed", STOPPED_ERROR, None)
    assert [row.finalized_by for row in scenario.rows(Assignment)] == [None]
