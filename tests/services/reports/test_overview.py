"""Campaign overviews and reports from the database."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from sqlmodel import Session, select

from bot.services.reports import agreement, overview
from bot.services.reports.away_experts import AbsentExpert
from bot.services.reports.overview import CampaignReport, Overview
from bot.services.reports.warnings import AttentionCounts
from storage.row_id import id_of
from storage.tables import (
    Assignment,
    Expert,
    ExportRun,
    ExportSchedule,
    Flag,
    Membership,
    Question,
    Task,
)
from tests.services.conftest import Scenario, pair

ADA, BOB = "U0ADA", "U0BOB"


def list_overviews(scenario: Scenario) -> list[Overview]:
    """Return the overviews of all campaigns."""
    return scenario.database.read_now(overview.list_overviews, scenario.now)


def build_report(scenario: Scenario) -> CampaignReport:
    """Return the report on the campaign."""
    return scenario.run_for_campaign("tone", overview.build_campaign_report, scenario.now)


def create_campaigns(scenario: Scenario) -> None:
    """Create an empty campaign and one with answers of two experts and an open task of Bob."""
    scenario.create_campaign("empty")
    scenario.create_campaign(overlap=2, experts=[ADA, BOB])
    scenario.import_rows("tone", [pair(number) for number in range(4)])
    scenario.answer_all(ADA, verdict="tie")
    scenario.submit_answer(BOB, scenario.assign_next(BOB) or 0, verdict="tie")
    scenario.assign_next(BOB)


def ask_and_flag(session: Session, scenario: Scenario) -> None:
    """Create open and closed questions and flags, and put a task on hold."""
    now = scenario.now
    first_id, second_id = (id_of(row) for row in session.exec(select(Assignment)).all()[:2])
    for assignment_id, closed_at in ((first_id, None), (first_id, None), (second_id, now)):
        columns: dict[str, Any] = {"assignment_id": assignment_id}
        session.add(Question(**columns, text="?", asked_at=now, answered_at=closed_at))
        session.add(Flag(**columns, reason="!", flagged_at=now, resolved_at=closed_at))
    task = session.exec(select(Task)).first()
    assert task is not None
    task.on_hold_since = now


def test_overview_has_agreement_and_open_questions(scenario: Scenario) -> None:
    create_campaigns(scenario)
    scenario.database.write_now(ask_and_flag, scenario)
    figures = scenario.database.read_now(agreement.compute_figures, 2)
    scenario.database.write_now(agreement.store_figures, 2, figures, scenario.now)
    empty, tone = list_overviews(scenario)
    assert [warning.category for warning in empty.warnings] == ["items", "experts"]
    assert tone.needs_attention == AttentionCounts(questions=2, flags=2, on_hold=1)
    assert tone.figures.sources == {"unanimous": 1, "single": 3}
    assert tone.forecast.remaining == 3
    assert empty.figures.answers == 0


def test_report_has_summary_of_each_expert(scenario: Scenario) -> None:
    create_campaigns(scenario)
    figures = scenario.database.read_now(agreement.compute_figures, 2)
    scenario.database.write_now(agreement.store_figures, 2, figures, scenario.now)
    ada, bob = build_report(scenario).experts
    assert (ada.answered, ada.open, ada.agreement, ada.gold_accuracy) == (4, 0, 1.0, None)
    assert (bob.answered, bob.open, bob.name) == (1, 1, bob.pseudonym)
    overview = build_report(scenario).overview
    assert [period.answers for period in overview.throughput] == [5]
    assert replace(overview, throughput=()) == list_overviews(scenario)[1]


def test_report_without_figures_has_counts(scenario: Scenario) -> None:
    create_campaigns(scenario)
    ada = build_report(scenario).experts[0]
    assert (ada.answered, ada.agreement, ada.median_seconds) == (4, None, None)


def leave(session: Session, scenario: Scenario) -> None:
    """Start time off for Ada and remove Bob from the campaign."""
    ada, bob = session.exec(select(Expert)).all()
    ada.paused_until = scenario.now + timedelta(days=2)
    session.get_one(Membership, (2, bob.id)).left_at = scenario.now


def test_away_members_are_named_and_former_members_are_not(scenario: Scenario) -> None:
    create_campaigns(scenario)
    scenario.database.write_now(leave, scenario)
    tone = list_overviews(scenario)[1]
    ada = next(row.pseudonym for row in scenario.rows(Expert) if row.slack_id == ADA)
    assert tone.away == (AbsentExpert(ada, "on time off until Wed 4 Mar"),)
    assert build_report(scenario).experts[0].away_reason == "on time off until Wed 4 Mar"
    assert [warning.category for warning in tone.warnings] == ["overlap", "away"]


def test_overview_warns_of_a_failed_scheduled_export_until_the_next_one(
    scenario: Scenario,
) -> None:
    scenario.create_campaign()
    scenario.database.write_now(store_scheduled_run, "failed", scenario)
    (campaign,) = list_overviews(scenario)
    assert "export" in [warning.category for warning in campaign.warnings]
    scenario.advance_clock(days=1)
    (campaign,) = list_overviews(scenario)
    texts = [warning.text for warning in campaign.warnings if warning.category == "export"]
    assert len(texts) == 2, "the schedule is late, too"
    assert texts[0].endswith("did not run when it was due, on Mon 2 Mar")
    scenario.database.write_now(store_scheduled_run, "done", scenario)
    (campaign,) = list_overviews(scenario)
    assert "export" not in [warning.category for warning in campaign.warnings]


def store_scheduled_run(session: Session, state: str, scenario: Scenario) -> None:
    """Store a run of the only schedule that ended in this state."""
    columns: dict[str, Any] = {"campaign_id": 1, "format": "preference", "directory": "/exports"}
    schedule = session.get(ExportSchedule, 1) or ExportSchedule(
        **columns, cron="0 6 * * *", created_at=scenario.now
    )
    schedule.due_at = scenario.now
    session.add(schedule)
    session.flush()
    due_at, error = scenario.now, "no disk" if state == "failed" else None
    run = ExportRun(**columns, schedule_id=1, due_at=due_at, finished_at=due_at, error=error)
    run.state = state
    session.add(run)
