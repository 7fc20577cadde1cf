"""Deliveries of exports: the folder is written once, and no failure claims success."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path
from threading import Event

import pytest

from bot.clock import AdjustableClock
from bot.destinations.errors import DeliveryError
from bot.services.actors.actor import Actor
from bot.services.actors.audit_log import SLACK
from bot.services.exports import claims
from bot.services.exports import run as export_runner
from bot.services.exports.claims import (
    MAX_DELIVERY_ATTEMPTS,
    MAX_RETRY_DELAY,
    NotDeliverableError,
    UnknownExportRunError,
)
from bot.services.exports.delivery import deliver_export, run_with_deadline
from bot.services.exports.export_request import ExportRequest, queue_export
from bot.services.exports.run import ExportCounts
from storage.row_id import id_of
from storage.tables import Assignment, ExportRun
from tests.destinations.conftest import contents_of, set_s3_environment
from tests.destinations.webhook_receiver import WebhookReceiver
from tests.services.conftest import Scenario
from tests.services.exports.conftest import ADA

DELIVERED, FAILED = ExportCounts(written=1, failed=0), ExportCounts(written=0, failed=1)


def request_export(scenario: Scenario, folder: Path, url: str, *, freezes: bool = False) -> int:
    """Request an export that is delivered to a URL; return the run id."""
    request = ExportRequest("preference", folder, destination=url, freezes=freezes)
    actor = Actor("U0LEAD", SLACK, scenario.now)
    return id_of(scenario.run_for_campaign("tone", queue_export, request, actor))


def run_exports(scenario: Scenario) -> ExportCounts:
    """Run the exports that wait now."""
    return export_runner.run_pending_exports(scenario.database, AdjustableClock(scenario.now))


def stored_run(scenario: Scenario) -> ExportRun:
    """Return the only run."""
    run: ExportRun
    (run,) = scenario.rows(ExportRun)
    return run


def test_export_is_delivered_after_it_was_written(
    campaign: Scenario, receiver: WebhookReceiver, tmp_path: Path
) -> None:
    request_export(campaign, tmp_path, receiver.url)
    assert run_exports(campaign) == DELIVERED
    run = stored_run(campaign)
    assert (run.state, run.location, run.error) == ("done", receiver.url, None)
    folder = Path(run.path or "")
    assert receiver.completed == {folder.name: contents_of(folder)}


def test_failed_delivery_is_repeated_without_a_new_export(
    campaign: Scenario, receiver: WebhookReceiver, tmp_path: Path
) -> None:
    request_export(campaign, tmp_path, receiver.url)
    receiver.statuses = [503]
    assert run_exports(campaign) == FAILED
    run = stored_run(campaign)
    assert (run.state, run.location) == ("queued", None)
    assert "was not delivered to http://" in (run.error or "")
    assert "status 503" in (run.error or "")
    campaign.submit_answer(ADA, campaign.assign_next(ADA) or 0, verdict="b")
    assert run_exports(campaign) == ExportCounts(written=0, failed=0)
    campaign.advance_clock(minutes=2)
    assert run_exports(campaign) == DELIVERED
    (delivered,) = receiver.completed.values()
    assert delivered["data.jsonl"].count(b"\n") == 1
    assert stored_run(campaign).rows == 1


def test_delivery_that_keeps_failing_is_reported_once(
    campaign: Scenario, receiver: WebhookReceiver, tmp_path: Path
) -> None:
    run_id = request_export(campaign, tmp_path, receiver.url)
    before = campaign.count("outbox")
    for attempt in range(1, MAX_DELIVERY_ATTEMPTS + 1):
        receiver.statuses = [500]
        assert run_exports(campaign) == FAILED
        run = stored_run(campaign)
        assert run.attempts == attempt
        campaign.advance_clock(hours=1, minutes=1)
    assert run.state == "failed"
    assert (run.error or "").endswith(f"To deliver it again: labelbot exports deliver {run_id}")
    assert campaign.count("outbox") == before + 1
    assert run_exports(campaign) == ExportCounts(written=0, failed=0)
    assert receiver.completed == {}


def test_pauses_between_attempts_grow_to_an_hour(
    campaign: Scenario, receiver: WebhookReceiver, tmp_path: Path
) -> None:
    request_export(campaign, tmp_path, receiver.url)
    pauses: list[timedelta] = []
    for _ in range(MAX_DELIVERY_ATTEMPTS - 1):
        receiver.statuses = [500]
        run_exports(campaign)
        retry_at = stored_run(campaign).retry_at
        assert isinstance(retry_at, datetime)
        pauses.append(retry_at - campaign.now)
        campaign.now = retry_at
    minutes = [round(pause / timedelta(minutes=1)) for pause in pauses]
    assert minutes == [1, 2, 4, 8, 16, 32, 60]
    assert max(pauses) < MAX_RETRY_DELAY + timedelta(minutes=1)


def test_refused_delivery_fails_at_once_and_can_be_repeated_by_hand(
    campaign: Scenario, receiver: WebhookReceiver, tmp_path: Path
) -> None:
    run_id = request_export(campaign, tmp_path, receiver.url)
    receiver.statuses = [403]
    assert run_exports(campaign) == FAILED
    assert stored_run(campaign).state == "failed"
    claimed, written = campaign.database.write_now(
        claims.claim_delivery, run_id, campaign.now, "worker"
    )
    clock = AdjustableClock(campaign.now)
    export_runner.deliver_run(campaign.database, claimed, written, clock)
    assert (stored_run(campaign).state, len(receiver.completed)) == ("done", 1)
    with pytest.raises(NotDeliverableError, match="it was delivered to"):
        campaign.database.write_now(claims.claim_delivery, run_id, campaign.now, "worker")
    with pytest.raises(UnknownExportRunError):
        campaign.database.write_now(claims.claim_delivery, 99, campaign.now, "worker")


def test_export_that_was_removed_meanwhile_is_written_again(
    campaign: Scenario, receiver: WebhookReceiver, tmp_path: Path
) -> None:
    request_export(campaign, tmp_path, receiver.url)
    receiver.statuses = [503]
    run_exports(campaign)
    shutil.rmtree(stored_run(campaign).path or "")
    campaign.advance_clock(minutes=2)
    assert run_exports(campaign) == DELIVERED
    assert len(receiver.completed) == 1


def test_answers_stay_final_if_only_the_delivery_failed(
    campaign: Scenario, receiver: WebhookReceiver, tmp_path: Path
) -> None:
    request_export(campaign, tmp_path, receiver.url, freezes=True)
    receiver.statuses = [403]
    assert run_exports(campaign) == FAILED
    frozen = [row.finalized_by for row in campaign.rows(Assignment) if row.finalized_by]
    assert len(frozen) == 1


def test_somebody_who_waits_gets_further_attempts(
    receiver: WebhookReceiver, tmp_path: Path
) -> None:
    (tmp_path / "manifest.json").write_text('{"files": []}')
    receiver.statuses = [500, 500]
    pauses: list[float] = []
    assert deliver_export(tmp_path, receiver.url, (2.0, 8.0), pauses.append) == receiver.url
    assert pauses == [2.0, 8.0]


def test_delivery_has_a_deadline() -> None:
    never = Event()
    with pytest.raises(DeliveryError, match="check that the destination responds") as caught:
        run_with_deadline(lambda: str(never.wait()), 0.01)
    never.set()
    assert not caught.value.is_permanent


@pytest.mark.parametrize("address", ["s3://labels/tone", "hf://lab/tone"])
def test_destination_that_never_answers_does_not_hold_the_delivery(
    address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "manifest.json").write_text('{"files": []}')
    with socket.create_server(("127.0.0.1", 0)) as stalled:  # connections open and wait
        url = f"http://127.0.0.1:{stalled.getsockname()[1]}"
        set_s3_environment(monkeypatch, url)
        monkeypatch.setenv("HF_ENDPOINT", url)
        monkeypatch.setenv("HF_TOKEN", "token")
        with pytest.raises(DeliveryError, match="check that the destination responds") as caught:
            deliver_export(tmp_path, address, min_seconds=0.5)
    assert not caught.value.is_permanent, "so it is tried again"


def test_errors_of_a_delivery_are_raised_as_they_are() -> None:
    def fail() -> str:
        raise TimeoutError

    with pytest.raises(TimeoutError):
        run_with_deadline(fail, 60)


@pytest.mark.slow
def test_process_that_is_killed_in_the_middle_claims_nothing(
    campaign: Scenario, receiver: WebhookReceiver, tmp_path: Path
) -> None:
    request_export(campaign, tmp_path, receiver.url)
    receiver.may_answer.clear()
    url = campaign.database.engine.url.render_as_string(hide_password=False)
    child = subprocess.Popen(  # noqa: S603 - our own module
        [sys.executable, "-m", "bot.export_process", campaign.now.isoformat()],
        env={**os.environ, "DATABASE_URL": url},
    )
    assert receiver.has_request.wait(60)
    child.kill()
    child.wait()
    assert (stored_run(campaign).state, receiver.completed) == ("running", {})
    receiver.may_answer.set()
    assert run_exports(campaign) == DELIVERED
    run = stored_run(campaign)
    assert (run.state, run.attempts, len(receiver.completed)) == ("done", 2, 1)
    ids = [message_id for message_id, _event in receiver.events]
    assert len(ids) == len(set(ids))
