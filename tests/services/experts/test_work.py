"""Experts' own work: answers and time by campaign and month, and what followed from them."""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import UTC, date, datetime
from io import StringIO

from sqlmodel import Session, select

from bot.services.experts import work
from bot.services.experts.work import MonthOfWork, Work
from bot.services.questions import questions
from bot.services.reviews import decisions, exclusions
from storage.row_id import require_id
from storage.tables import Assignment, Expert
from tests.services.conftest import NOW, Scenario, pair

ADA, BO = "U0ADA", "U0BO"


def set_zone(scenario: Scenario, slack_id: str, tz: str) -> None:
    """Move an expert to a time zone."""

    def move(session: Session) -> None:
        expert = session.exec(select(Expert).where(Expert.slack_id == slack_id)).one()
        expert.tz = tz
        session.add(expert)

    scenario.database.write_now(move)


def answer_after(scenario: Scenario, slack_id: str, **duration: float) -> int:
    """Assign the next task and answer it after a while; return the assignment."""
    assignment_id = require_id(scenario.assign_next(slack_id))
    scenario.advance_clock(**duration)
    scenario.submit_answer(slack_id, assignment_id, verdict="a")
    return assignment_id


def work_of(scenario: Scenario, slack_id: str = ADA) -> Work:
    """Return a person's work."""
    return scenario.database.read_now(work.work_of, slack_id)


def test_time_and_answers_count_in_the_month_of_the_experts_zone(scenario: Scenario) -> None:
    scenario.now = datetime(2026, 3, 31, 14, 57, tzinfo=UTC)  # 23:57 in Tokyo
    scenario.create_campaign(experts=[ADA, BO], overlap=2, title="Tone of voice")
    scenario.import_rows("tone", [pair(number) for number in range(3)])
    set_zone(scenario, ADA, "Asia/Tokyo")
    first = answer_after(scenario, ADA, minutes=2)
    answer_after(scenario, ADA, minutes=2)
    scenario.advance_clock(minutes=1)
    scenario.submit_answer(ADA, first, verdict="b")  # an April version of a March answer
    answer_after(scenario, BO, minutes=4)
    done = work_of(scenario)
    assert done.tz == "Asia/Tokyo"
    march = MonthOfWork(date(2026, 3, 1), "tone", "Tone of voice", 0, 120)
    april = MonthOfWork(date(2026, 4, 1), "tone", "Tone of voice", 2, 120 + 180)
    assert done.months == (april, march)
    assert [month.answers for month in work_of(scenario, BO).months] == [1]
    assert work_of(scenario, "U0NOBODY") == Work()


def test_outcomes_count_reviews_exclusions_and_questions(scenario: Scenario) -> None:
    scenario.create_campaign(experts=[ADA, BO], overlap=2)
    scenario.import_rows("tone", [pair(number) for number in range(3)])
    own = [answer_after(scenario, ADA, minutes=1) for _ in range(3)]
    rows = {row.id: row for row in scenario.rows(Assignment)}
    first, second = rows[own[0]], rows[own[1]]
    reviewer = replace(scenario.actor, name="U0REVIEWER")
    scenario.database.write_now(decisions.accept_answer, own[0], reviewer)
    # The left response, which Ada preferred or not, depending on the order that she saw.
    other = "b" if second.candidate_order == [0, 1] else "a"
    scenario.database.write_now(
        decisions.override_answer, second.task_id, {"verdict": other}, "", reviewer
    )
    scenario.database.write_now(decisions.keep_as_is, rows[own[2]].task_id, reviewer)
    scenario.database.write_now(
        questions.ask_question, first.id, "Why?", scenario.interaction(ADA), []
    )
    (outcome,) = work_of(scenario).outcomes
    assert (outcome.answers, outcome.decided, outcome.accepted) == (3, 2, 1)
    assert outcome.questions == (1, 0)
    scenario.run_for_campaign("tone", exclusions.exclude, ADA, NOW, "too fast", scenario.actor)
    (outcome,) = work_of(scenario).outcomes
    assert (outcome.answers, outcome.excluded, outcome.decided) == (0, 3, 0)
    (month,) = work_of(scenario).months
    assert month.answers == 3  # the work was done


def test_csv_has_every_month_and_no_formula() -> None:
    months = (
        MonthOfWork(date(2026, 4, 1), "tone", '=HYPERLINK("x")', 1204, 3_661),
        MonthOfWork(date(2026, 3, 1), "jokes", 'Jokes, "good"\nones', 1, 59),
    )
    text = work.work_csv(Work(months, (), "Asia/Tokyo"))
    march, april = csv.DictReader(StringIO(text, newline=""))
    assert march["title"] == 'Jokes, "good"\nones'
    assert april == {
        "month": "2026-04",
        "campaign": "tone",
        "title": '\'=HYPERLINK("x")',
        "answers": "1204",
        "hours": "1.02",
        "seconds": "3661",
        "time_zone": "Asia/Tokyo",
    }
