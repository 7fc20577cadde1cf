"""What the clock makes happen: working hours, reminders, leases and scheduled exports."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

from sqlmodel import Session

from bot.cron import CronSchedule
from bot.services.actors.actor import Actor
from bot.services.actors.audit_log import COMMAND_LINE
from bot.services.campaigns import campaigns
from bot.services.exports import jobs
from bot.services.exports.jobs import ExportRequest
from tests.journeys.journey import Journey


def test_work_comes_in_the_persons_own_working_hours(journey: Journey) -> None:
    kenji = journey.add_user("kenji", tz="Asia/Tokyo")
    ada = journey.add_user("ada", tz="Europe/London")
    journey.create_campaign("comparison", [kenji, ada], overlap=2)
    journey.start_bot()
    ada.wait_for_text("Question 1?")
    assert kenji.messages == [], "it is seven in the evening in Tokyo"
    journey.advance_clock(hours=14)
    kenji.wait_for_text("Question 1?")


def test_who_asks_gets_work_at_any_hour(journey: Journey) -> None:
    kenji = journey.add_user("kenji", tz="Asia/Tokyo")
    journey.create_campaign("comparison", [kenji])
    journey.start_bot()
    kenji.send_message("/label next")
    kenji.wait_for_text("Question 1?")


def test_a_reminder_comes_once_and_stops_when_the_work_is_done(journey: Journey) -> None:
    ada = journey.add_user()
    reminders = (timedelta(hours=1), timedelta(hours=2))
    journey.create_campaign("comparison", [ada], reminders=reminders)
    journey.start_bot()
    ada.wait_for_text("Question 1?")
    journey.advance_clock(hours=1.1)
    ada.wait_for_text("waits for you in “Comparison”")
    ada.click("Continue")
    ada.wait_for_text("Question 1?")
    ada.wait_for_text("This task is further down now.")
    for _ in range(3):
        journey.click_and_wait(ada, "Tie")
    ada.wait_for_text("That was all for now")
    count = len(ada.messages)
    journey.advance_clock(hours=3)
    journey.advance_clock(hours=20)
    assert len(ada.messages) == count


def test_nobody_is_reminded_at_night(journey: Journey) -> None:
    ada = journey.add_user()
    journey.create_campaign("comparison", [ada], reminders=(timedelta(hours=7),))
    journey.start_bot()
    ada.wait_for_text("Question 1?")
    journey.advance_clock(hours=11)
    ada.wait_until_gone("waits for you")
    journey.advance_clock(hours=12)
    ada.wait_for_text("waits for you")


def test_a_task_moves_on_when_its_lease_ends_and_its_expert_is_left_in_peace(
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
    holder.wait_for_text("This task has moved on")
    other.wait_for_text("Only?")
    other.click("Tie")
    other.wait_for_text("That was all for now")
    holder.click("Next task")
    holder.wait_for_text("That was all for now")
    assert journey.answer_values() == [{"verdict": "tie"}]


def test_a_late_answer_counts_while_there_is_room(journey: Journey) -> None:
    ada = journey.add_user()
    journey.create_campaign("comparison", [ada], lease=timedelta(hours=8), reminders=())
    journey.start_bot()
    task = ada.wait_for_text("Question 1?")
    journey.advance_clock(hours=25)
    ada.wait_for_text("This task has moved on")
    ada.click("A is better", in_=task)
    ada.wait_for_text("Saved: A is better")
    assert journey.answer_values() == [{"verdict": "a"}]


def _schedule(session: Session, journey: Journey, cron: str) -> None:
    campaign = campaigns.campaign_by_name(session, "comparison")
    wanted = ExportRequest("preference", journey.folder / "scheduled")
    actor = Actor("tests", COMMAND_LINE, journey.clock.now())
    jobs.schedule_export(session, campaign, wanted, CronSchedule(cron, "Europe/London"), actor)


def _written(folder: Path) -> list[Path]:
    return sorted(folder.glob("scheduled/*/data.jsonl"))


def test_a_scheduled_export_is_written_and_caught_up_once_after_a_pause(journey: Journey) -> None:
    ada = journey.add_user()
    journey.create_campaign("comparison", [ada])
    journey.database.write_now(_schedule, journey, "0 11 * * *")
    journey.start_bot()
    ada.click("A is better")
    ada.wait_for_text("Question 2?")
    journey.advance_clock(hours=1.5)
    journey.sandbox.wait_until(lambda: len(_written(journey.folder)) == 1, within=15)
    (row,) = map(json.loads, _written(journey.folder)[0].read_text().splitlines())
    shown = journey.assignments()[0].candidate_order
    better = ("Left", "Right")[shown[0]]
    assert row["chosen"] == [{"role": "assistant", "content": f"{better} answer 1."}]

    journey.stop_bot()
    journey.advance_clock(days=3)
    journey.start_bot()
    journey.sandbox.wait_until(lambda: len(_written(journey.folder)) == 2, within=15)
    journey.advance_clock(minutes=10)
    assert len(_written(journey.folder)) == 2, "three mornings were missed, one export makes up"
