"""Quality alerts: once per expert and pattern; pausing is an option and can be undone."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from bot.cli.report_page import render_page
from bot.services.reports import agreement, quality_report
from bot.services.reviews import exclusions, quality_alerts
from bot.services.reviews.quality_alerts import AlreadyPausedError, NotPausedError
from storage.tables import Assignment, Membership, OutboxMessage, QualityAlert
from tests.services.conftest import Scenario, pair

ADA, BOB, COORDINATOR = "U0ADA", "U0BOB", "U0COOR"


def always_left(scenario: Scenario, *, pauses: bool = False) -> None:
    """Let Ada prefer the response on the left in 14 of 15 comparisons, and compute the figures."""
    scenario.create_campaign(overlap=1, experts=[ADA, BOB], pause_on_quality_failure=pauses)
    scenario.import_rows("tone", [pair(number) for number in range(15)])
    for _ in range(14):
        assignment_id = scenario.assign_next(ADA) or 0
        scenario.advance_clock(seconds=20)
        scenario.submit_answer(ADA, assignment_id, verdict="a")
    assert scenario.assign_next(ADA)
    store_figures(scenario)


def store_figures(scenario: Scenario) -> None:
    """Compute and store the figures."""
    figures = scenario.database.read_now(agreement.compute_figures, 1)
    scenario.database.write_now(agreement.store_figures, 1, figures, scenario.now)


def jump_in_second_week(scenario: Scenario) -> None:
    """Let Ada prefer either side for a week, and the left one in the next, which is then over."""
    scenario.create_campaign(overlap=1, experts=[ADA, BOB], pause_on_quality_failure=True)
    scenario.import_rows("tone", [pair(number) for number in range(40)])
    for verdicts in ("ab" * 8, "a" * 16, "a"):
        for verdict in verdicts:
            assignment_id = scenario.assign_next(ADA) or 0
            scenario.advance_clock(seconds=20)
            scenario.submit_answer(ADA, assignment_id, verdict=verdict)
        store_figures(scenario)
        scenario.advance_clock(days=7)


def raise_alerts(scenario: Scenario) -> int:
    """Notify the coordinator of new failures; return how many."""
    return scenario.database.write_now(quality_alerts.raise_alerts, 1, [COORDINATOR], scenario.now)


def queued(scenario: Scenario, *types: str) -> list[tuple[str, str]]:
    """Return the recipients and types of queued messages of these types."""
    rows = scenario.rows(OutboxMessage)
    return [(row.recipient, row.message_type) for row in rows if row.message_type in types]


def test_coordinator_is_notified_of_a_failure_once(scenario: Scenario) -> None:
    always_left(scenario)
    assert scenario.database.read_now(quality_alerts.has_new_alerts, 1)
    assert (raise_alerts(scenario), raise_alerts(scenario)) == (1, 0)
    assert not scenario.database.read_now(quality_alerts.has_new_alerts, 1)
    assert queued(scenario, "quality_alert", "text") == [(COORDINATOR, "quality_alert")]
    (alert,) = scenario.rows(QualityAlert)
    assert (alert.pattern, alert.text) == ("position", "chose response A in 14 of 14 comparisons")
    assert all(row.left_at is None for row in scenario.rows(Membership))


def test_campaign_that_pauses_tells_the_expert_and_takes_open_tasks(scenario: Scenario) -> None:
    always_left(scenario, pauses=True)
    raise_alerts(scenario)
    assert (ADA, "text") in queued(scenario, "text")
    assert [row.state for row in scenario.rows(Assignment)] == ["answered"] * 14 + ["released"]
    assert scenario.assign_next(ADA) is None
    assert scenario.assign_next(BOB) is not None
    assert ("paused an expert", "campaign tone") in scenario.audit_log()


def test_paused_expert_can_be_resumed_once(scenario: Scenario) -> None:
    always_left(scenario, pauses=True)
    raise_alerts(scenario)
    scenario.advance_clock(hours=1)
    row = scenario.database.write_now(quality_alerts.resume_expert, 1, scenario.actor)
    assert not row.is_paused
    assert scenario.assign_next(ADA) is not None
    with pytest.raises(NotPausedError):
        scenario.database.write_now(quality_alerts.resume_expert, 1, scenario.actor)
    assert raise_alerts(scenario) == 0


def test_coordinator_can_pause_without_the_option(scenario: Scenario) -> None:
    always_left(scenario)
    raise_alerts(scenario)
    assert scenario.database.write_now(quality_alerts.pause_expert, 1, scenario.actor).is_paused
    assert scenario.assign_next(ADA) is None
    with pytest.raises(AlreadyPausedError):
        scenario.database.write_now(quality_alerts.pause_expert, 1, scenario.actor)


def test_jump_is_reported_once_and_pauses_nobody(scenario: Scenario) -> None:
    jump_in_second_week(scenario)
    assert (raise_alerts(scenario), raise_alerts(scenario)) == (1, 0)
    (alert,) = scenario.rows(QualityAlert)
    assert alert.pattern == "side 2026-03-09"
    text = "chose response A in 100% of the comparisons in the week of Mon 9 Mar, and 50% before"
    assert alert.text == text
    assert all(row.left_at is None for row in scenario.rows(Membership))


def test_alert_suggests_to_exclude_the_answers_of_its_week(scenario: Scenario) -> None:
    jump_in_second_week(scenario)
    raise_alerts(scenario)
    (alert,) = scenario.rows(QualityAlert)
    draft = scenario.database.read_now(quality_alerts.draft_exclusion, 1, alert.id)
    assert draft is not None
    assert (draft.slack_id, draft.since, draft.reason) == (ADA, date(2026, 3, 9), alert.text)
    excluded = scenario.run_for_campaign(
        "tone", exclusions.exclude, ADA, datetime(2026, 3, 9, tzinfo=UTC), "Jump", scenario.actor
    )
    assert excluded.answer_count == draft.answer_count == 17
    assert scenario.database.read_now(quality_alerts.draft_exclusion, 2, alert.id) is None
    assert scenario.database.read_now(quality_alerts.draft_exclusion, 1, 99) is None
    before = scenario.database.read_now(agreement.stored_figures, 1)
    assert before is not None
    report = scenario.run_for_campaign("tone", quality_report.build_report, scenario.now)
    notes = [one.text for one in report.warnings if "excluded" in one.text]
    assert notes == ["excluded answers are left out: 17, of 1 expert"]
    assert before.figures.answers == 33
    (week,) = report.details.weeks
    assert (week.first, week.answers, week.first_side) == (date(2026, 3, 2), 16, 0.5)
    assert report.experts[0].reliability.weeks == (week,)
    assert "<h3>By week</h3>" in render_page(report, has_plots=False)
    assert scenario.count("assignment") >= 33, "no answer is deleted"
