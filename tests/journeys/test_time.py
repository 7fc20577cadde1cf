"""What the clock makes happen: working hours, reminders, leases and scheduled exports."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

from sqlmodel import Session

from bot.recurring import Rhythm
from bot.services import campaigning, scheduling
from bot.services.auditing import COMMAND_LINE
from bot.services.directing import By
from bot.services.scheduling import Wanted
from tests.journeys.story import Story


def test_work_comes_in_the_persons_own_working_hours(story: Story) -> None:
    kenji = story.person("kenji", tz="Asia/Tokyo")
    ada = story.person("ada", tz="Europe/London")
    story.campaign("comparison", [kenji, ada], overlap=2)
    story.begins()
    ada.sees("Question 1?")
    assert kenji.messages == [], "it is seven in the evening in Tokyo"
    story.passes(hours=14)
    kenji.sees("Question 1?")


def test_who_asks_gets_work_at_any_hour(story: Story) -> None:
    kenji = story.person("kenji", tz="Asia/Tokyo")
    story.campaign("comparison", [kenji])
    story.begins()
    kenji.types("/label next")
    kenji.sees("Question 1?")


def test_a_reminder_comes_once_and_stops_when_the_work_is_done(story: Story) -> None:
    ada = story.person()
    reminders = (timedelta(hours=1), timedelta(hours=2))
    story.campaign("comparison", [ada], reminders=reminders)
    story.begins()
    ada.sees("Question 1?")
    story.passes(hours=1.1)
    ada.sees("waits for you in “Comparison”")
    ada.clicks("Continue")
    ada.sees("Question 1?")
    ada.sees("This task is further down now.")
    for _ in range(3):
        story.taps(ada, "Tie")
    ada.sees("That was all for now")
    count = len(ada.messages)
    story.passes(hours=3)
    story.passes(hours=20)
    assert len(ada.messages) == count


def test_nobody_is_reminded_at_night(story: Story) -> None:
    ada = story.person()
    story.campaign("comparison", [ada], reminders=(timedelta(hours=7),))
    story.begins()
    ada.sees("Question 1?")
    story.passes(hours=11)
    ada.sees_not("waits for you")
    story.passes(hours=12)
    ada.sees("waits for you")


def test_a_task_moves_on_when_its_lease_ends_and_its_expert_is_left_in_peace(story: Story) -> None:
    ada, grace = story.person("ada"), story.person("grace")
    rows = [{"id": "1", "prompt": "Only?", "response_left": "Yes.", "response_right": "No."}]
    lease = timedelta(hours=8)
    story.campaign("comparison", [ada, grace], rows, lease=lease, reminders=())
    story.begins()
    story.sandbox.wait_until(lambda: bool(ada.messages or grace.messages))
    holder, other = (ada, grace) if ada.messages else (grace, ada)
    story.passes(hours=25)
    holder.sees("This task has moved on")
    other.sees("Only?")
    other.clicks("Tie")
    other.sees("That was all for now")
    holder.clicks("Next task")
    holder.sees("That was all for now")
    assert story.values() == [{"verdict": "tie"}]


def test_a_late_answer_counts_while_there_is_room(story: Story) -> None:
    ada = story.person()
    story.campaign("comparison", [ada], lease=timedelta(hours=8), reminders=())
    story.begins()
    task = ada.sees("Question 1?")
    story.passes(hours=25)
    ada.sees("This task has moved on")
    ada.clicks("A is better", in_=task)
    ada.sees("Saved: A is better")
    assert story.values() == [{"verdict": "a"}]


def _schedule(session: Session, story: Story, cron: str) -> None:
    campaign = campaigning.campaign_named(session, "comparison")
    wanted = Wanted("preference", story.folder / "scheduled")
    by = By("tests", COMMAND_LINE, story.clock.now())
    scheduling.schedule_export(session, campaign, wanted, Rhythm(cron, "Europe/London"), by)


def _written(folder: Path) -> list[Path]:
    return sorted(folder.glob("scheduled/*/data.jsonl"))


def test_a_scheduled_export_is_written_and_caught_up_once_after_a_pause(story: Story) -> None:
    ada = story.person()
    story.campaign("comparison", [ada])
    story.database.write_now(_schedule, story, "0 11 * * *")
    story.begins()
    ada.clicks("A is better")
    ada.sees("Question 2?")
    story.passes(hours=1.5)
    story.sandbox.wait_until(lambda: len(_written(story.folder)) == 1, within=15)
    (row,) = map(json.loads, _written(story.folder)[0].read_text().splitlines())
    shown = story.assignments()[0].candidate_order
    better = ("Left", "Right")[shown[0]]
    assert row["chosen"] == [{"role": "assistant", "content": f"{better} answer 1."}]

    story.ends()
    story.passes(days=3)
    story.begins()
    story.sandbox.wait_until(lambda: len(_written(story.folder)) == 2, within=15)
    story.passes(minutes=10)
    assert len(_written(story.folder)) == 2, "three mornings were missed, one export makes up"
