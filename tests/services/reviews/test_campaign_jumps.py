"""Jumps of campaigns: coordinators are notified once, and status and report have them."""

from __future__ import annotations

from bot.services.reports import agreement, quality_report
from bot.services.reviews import campaign_jumps
from storage.tables import CampaignJump, OutboxMessage
from tests.services.conftest import Scenario, pair

ADA, BOB, COORDINATOR = "U0ADA", "U0BOB", "U0COOR"
TEXT = "all experts together took 6 sec per answer in the week of Mon 9 Mar, and 40 sec before"


def hurried_week(scenario: Scenario) -> None:
    """Let two experts take their time for a week, and hurry in the next, which is then over."""
    scenario.create_campaign(overlap=2, experts=[ADA, BOB])
    scenario.import_rows("tone", [pair(number) for number in range(40)])
    for count, seconds in ((12, 40), (12, 6), (1, 6)):
        for number in range(count):
            for slack_id in (ADA, BOB):
                assignment_id = scenario.assign_next(slack_id) or 0
                scenario.advance_clock(seconds=seconds)
                scenario.submit_answer(slack_id, assignment_id, verdict="ab"[number % 2])
        scenario.advance_clock(days=7)
    figures = scenario.database.read_now(agreement.compute_figures, 1)
    scenario.database.write_now(agreement.store_figures, 1, figures, scenario.now)


def report_jumps(scenario: Scenario) -> int:
    """Notify the coordinator of new jumps; return how many."""
    return scenario.database.write_now(campaign_jumps.report_jumps, 1, [COORDINATOR], scenario.now)


def test_coordinator_is_notified_of_a_jump_once(scenario: Scenario) -> None:
    hurried_week(scenario)
    assert scenario.database.read_now(campaign_jumps.has_new_jumps, 1)
    assert (report_jumps(scenario), report_jumps(scenario)) == (1, 0)
    assert not scenario.database.read_now(campaign_jumps.has_new_jumps, 1)
    (jump,) = scenario.rows(CampaignJump)
    assert (jump.figure, jump.text) == ("pace", TEXT)
    queued = [row for row in scenario.rows(OutboxMessage) if row.message_type == "campaign_jump"]
    assert [row.recipient for row in queued] == [COORDINATOR]


def test_report_has_the_jump(scenario: Scenario) -> None:
    hurried_week(scenario)
    report = scenario.run_for_campaign("tone", quality_report.build_report, scenario.now)
    assert TEXT in [warning.text for warning in report.warnings]
