"""The whole picture of campaigns, from what is stored."""

from __future__ import annotations

from datetime import timedelta

from sqlmodel import Session, select

from bot.services.reports import agreement, overview
from bot.services.reports.overview import CampaignReport, Overview
from bot.services.reports.warnings import AttentionCounts, AwayExpert
from storage.tables import Assignment, Expert, Flag, Membership, Question, Task
from tests.services.conftest import Scenario, pair

ADA, BOB = "U0ADA", "U0BOB"


def overviews(scenario: Scenario) -> list[Overview]:
    """Return every campaign at a glance."""
    return scenario.database.read_now(overview.list_overviews, scenario.now)


def picture(scenario: Scenario) -> CampaignReport:
    """Return the whole picture of the campaign."""
    return scenario.run_for_campaign("tone", overview.build_campaign_report, scenario.now)


def begun(scenario: Scenario) -> None:
    """Create a campaign in which two experts answered, Bob with something to ask."""
    scenario.create_campaign("empty")
    scenario.create_campaign(overlap=2, experts=[ADA, BOB])
    scenario.import_rows("tone", [pair(number) for number in range(4)])
    scenario.answer_all(ADA, verdict="tie")
    scenario.submit_answer(BOB, scenario.assign_next(BOB) or 0, verdict="tie")
    scenario.assign_next(BOB)


def ask_and_flag(session: Session, scenario: Scenario) -> None:
    """Let questions, flags and tasks wait, and others be done with."""
    one, other = (found.id or 0 for found in session.exec(select(Assignment)).all()[:2])
    for number, done in ((one, None), (one, None), (other, scenario.now)):
        session.add(
            Question(assignment_id=number, text="?", asked_at=scenario.now, answered_at=done)
        )
        session.add(
            Flag(assignment_id=number, reason="!", flagged_at=scenario.now, resolved_at=done)
        )
    task = session.exec(select(Task)).first()
    assert task is not None
    task.on_hold_since = scenario.now


def test_an_overview_has_what_waits_and_what_was_found(scenario: Scenario) -> None:
    begun(scenario)
    scenario.database.write_now(ask_and_flag, scenario)
    found = scenario.database.read_now(agreement.compute_figures, 2)
    scenario.database.write_now(agreement.store_figures, 2, found, scenario.now)
    empty, tone = overviews(scenario)
    assert [worry.category for worry in empty.warnings] == ["items", "experts"]
    assert tone.needs_attention == AttentionCounts(questions=2, flags=2, on_hold=1)
    assert tone.figures.sources == {"unanimous": 1, "single": 3}
    assert tone.forecast.remaining == 3
    assert empty.figures.answers == 0


def test_the_picture_has_a_line_for_each_expert(scenario: Scenario) -> None:
    begun(scenario)
    found = scenario.database.read_now(agreement.compute_figures, 2)
    scenario.database.write_now(agreement.store_figures, 2, found, scenario.now)
    ada, bob = picture(scenario).experts
    assert (ada.answered, ada.open, ada.agreement, ada.gold_accuracy) == (4, 0, 1.0, None)
    assert (bob.answered, bob.open, bob.name) == (1, 1, bob.pseudonym)
    assert picture(scenario).overview == overviews(scenario)[1]


def test_before_anybody_looked_experts_have_their_counts(scenario: Scenario) -> None:
    begun(scenario)
    ada = picture(scenario).experts[0]
    assert (ada.answered, ada.agreement, ada.median_seconds) == (4, None, None)


def leave(session: Session, scenario: Scenario) -> None:
    """Let Ada pause and Bob leave the campaign."""
    ada, bob = session.exec(select(Expert)).all()
    ada.paused_until = scenario.now + timedelta(days=2)
    session.get_one(Membership, (2, bob.id)).left_at = scenario.now


def test_who_is_away_is_named_and_who_left_is_not(scenario: Scenario) -> None:
    begun(scenario)
    scenario.database.write_now(leave, scenario)
    tone = overviews(scenario)[1]
    ada = next(one.pseudonym for one in scenario.rows(Expert) if one.slack_id == ADA)
    assert tone.away == (AwayExpert(ada, "paused until Wed 4 Mar"),)
    assert picture(scenario).experts[0].away_reason == "paused until Wed 4 Mar"
    assert [worry.category for worry in tone.warnings] == ["overlap", "away"]
