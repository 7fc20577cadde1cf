"""Scheduled work: working hours, reminders, leases and scheduled exports."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import Session

from bot.cron import CronSchedule
from bot.services.actors.actor import Actor
from bot.services.actors.audit_log import COMMAND_LINE
from bot.services.campaigns import campaigns
from bot.services.exports import claims, run, schedules
from bot.services.exports.export_request import ExportRequest
from bot.services.exports.recurrence import OnCompletion
from storage.worker_lock import WorkerLock
from tests.destinations.webhook_receiver import SECRET, WebhookReceiver
from tests.journeys.journey import EXPORT_WAIT_SECONDS, Journey


def test_tasks_are_sent_in_the_experts_working_hours(journey: Journey) -> None:
    kenji = journey.add_user("kenji", tz="Asia/Tokyo")
    ada = journey.add_user("ada", tz="Europe/London")
    journey.create_campaign("comparison", [kenji, ada], overlap=2)
    journey.start_bot()
    ada.wait_for_text("Question 1?")
    assert kenji.messages == [], "it is seven in the evening in Tokyo"
    journey.advance_clock(hours=14)
    kenji.wait_for_text("Question 1?")


def test_requested_task_is_sent_at_any_hour(journey: Journey) -> None:
    kenji = journey.add_user("kenji", tz="Asia/Tokyo")
    journey.create_campaign("comparison", [kenji])
    journey.start_bot()
    kenji.send_message("/label next")
    kenji.wait_for_text("Question 1?")


def test_reminder_is_sent_once_and_not_after_the_last_answer(journey: Journey) -> None:
    ada = journey.add_user()
    reminders = (timedelta(hours=1), timedelta(hours=2))
    journey.create_campaign("comparison", [ada], reminders=reminders)
    journey.start_bot()
    ada.wait_for_text("Question 1?")
    journey.advance_clock(hours=1.1)
    ada.wait_for_text("1 open task in “Comparison”")
    ada.click("Continue")
    ada.wait_for_text("Question 1?")
    ada.wait_for_text("Moved below.")
    for _ in range(3):
        journey.click_and_wait(ada, "Tie")
    ada.wait_for_text("No more tasks for now")
    count = len(ada.messages)
    journey.advance_clock(hours=3)
    journey.advance_clock(hours=20)
    assert len(ada.messages) == count


def test_no_reminder_is_sent_at_night(journey: Journey) -> None:
    ada = journey.add_user()
    journey.create_campaign("comparison", [ada], reminders=(timedelta(hours=7),))
    journey.start_bot()
    ada.wait_for_text("Question 1?")
    journey.advance_clock(hours=11)
    ada.wait_until_gone("1 open task")
    journey.advance_clock(hours=12)
    ada.wait_for_text("1 open task")


def test_expired_task_goes_to_another_expert(
    journey: Journey,
) -> None:
    ada, grace = journey.add_user("ada"), journey.add_user("grace")
    rows = [{"id": "1", "prompt": "Only?", "response_left": "Yes.", "response_right": "No."}]
    lease = timedelta(hours=8)
    journey.create_campaign("comparison", [ada, grace], rows, lease=lease, reminders=())
    journey.start_bot()
    journey.sandbox.wait_until(lambda: bool(ada.messages or grace.messages))
    holder, other = (ada, grace) if ada.messages else (grace, ada)
    journey.advance_clock(hours=25)
    holder.wait_for_text("This task went to another expert")
    other.wait_for_text("Only?")
    other.click("Tie")
    other.wait_for_text("No more tasks for now")
    holder.click("Get next task")
    holder.wait_for_text("No more tasks for now")
    assert journey.answer_values() == [{"verdict": "tie"}]


def test_late_answer_counts_while_a_slot_is_free(journey: Journey) -> None:
    ada = journey.add_user()
    journey.create_campaign("comparison", [ada], lease=timedelta(hours=8), reminders=())
    journey.start_bot()
    task = ada.wait_for_text("Question 1?")
    journey.advance_clock(hours=25)
    ada.wait_for_text("This task went to another expert")
    ada.click("A is better", in_=task)
    ada.wait_for_text("Saved: A is better")
    assert journey.answer_values() == [{"verdict": "a"}]


def _schedule_export(session: Session, journey: Journey, cron: str) -> None:
    campaign = campaigns.campaign_by_name(session, "comparison")
    request = ExportRequest("preference", journey.folder / "scheduled")
    actor = Actor("tests", COMMAND_LINE, journey.clock.now())
    schedules.schedule_export(
        session, campaign, request, CronSchedule(cron, "Europe/London"), actor
    )


def _export_files(folder: Path) -> list[Path]:
    return sorted(folder.glob("scheduled/*/data.jsonl"))


def test_missed_scheduled_exports_are_made_up_for_once(journey: Journey) -> None:
    ada = journey.add_user()
    journey.create_campaign("comparison", [ada])
    journey.database.write_now(_schedule_export, journey, "0 11 * * *")
    journey.start_bot()
    ada.click("A is better")
    ada.wait_for_text("Question 2?")
    journey.advance_clock(hours=1.5)
    journey.sandbox.wait_until(
        lambda: len(_export_files(journey.folder)) == 1, within=EXPORT_WAIT_SECONDS
    )
    (row,) = map(json.loads, _export_files(journey.folder)[0].read_text().splitlines())
    candidate_order = journey.assignments()[0].candidate_order
    better = ("Left", "Right")[candidate_order[0]]
    assert row["chosen"] == [{"role": "assistant", "content": f"{better} answer 1."}]

    journey.stop_bot()
    journey.advance_clock(days=3)
    journey.start_bot()
    journey.sandbox.wait_until(
        lambda: len(_export_files(journey.folder)) == 2, within=EXPORT_WAIT_SECONDS
    )
    journey.advance_clock(minutes=10)
    assert len(_export_files(journey.folder)) == 2, "one export makes up for three missed mornings"


@pytest.fixture
def receiver(monkeypatch: pytest.MonkeyPatch) -> Iterator[WebhookReceiver]:
    """Yield a running receiver of webhooks whose secret the bot has."""
    monkeypatch.setenv("LABELBOT_WEBHOOK_SECRET", SECRET)
    monkeypatch.setenv("LABELBOT_WEBHOOK_ALLOW_PRIVATE", "true")
    webhook_receiver = WebhookReceiver()
    with webhook_receiver.serve() as url:
        webhook_receiver.url = f"{url}/exports"
        yield webhook_receiver


def _schedule_delivery(session: Session, journey: Journey, coordinator: str, url: str) -> None:
    campaign = campaigns.campaign_by_name(session, "comparison")
    campaign.created_by = coordinator
    request = ExportRequest("preference", journey.folder / "scheduled", destination=url)
    actor = Actor("tests", COMMAND_LINE, journey.clock.now())
    schedules.schedule_export(session, campaign, request, OnCompletion(), actor)


def test_completed_campaign_is_delivered_after_a_refusal(
    journey: Journey, receiver: WebhookReceiver
) -> None:
    ada, cora = journey.add_user(), journey.add_user("cora")
    journey.coordinators = (cora.id,)
    journey.create_campaign("comparison", [ada])
    journey.database.write_now(_schedule_delivery, journey, cora.id, receiver.url)
    receiver.statuses = [403]
    journey.start_bot()
    ada.wait_for_text("Question 1?")
    for _ in range(3):
        journey.click_and_wait(ada, "A is better")
    failure = cora.wait_for_text("was not delivered to", within=60).plain_text
    assert failure.startswith("Scheduled export of “Comparison” (preference) failed: The export is")
    assert "labelbot exports deliver 1" in failure
    assert receiver.completed == {}
    with closing(WorkerLock(journey.database.engine)) as worker:
        claimed, written = journey.database.write_now(
            claims.claim_delivery, 1, journey.clock.now(), worker.id
        )
        run.deliver_run(journey.database, claimed, written, journey.clock)
    (files,) = receiver.completed.values()
    assert len(files["data.jsonl"].splitlines()) == 3
    journey.advance_clock(hours=3)
    assert len(receiver.completed) == 1, "a complete campaign is exported once"
