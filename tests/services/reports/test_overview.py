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


def overviews(workshop: Scenario) -> list[Overview]:
    """Return every campaign at a glance."""
    return workshop.database.read_now(overview.list_overviews, workshop.now)


def picture(workshop: Scenario) -> CampaignReport:
    """Return the whole picture of the campaign."""
    return workshop.run_for_campaign("tone", overview.build_campaign_report, workshop.now)


def begun(workshop: Scenario) -> None:
    """Create a campaign in which two experts answered, Bob with something to ask."""
    workshop.create_campaign("empty")
    workshop.create_campaign(overlap=2, experts=[ADA, BOB])
    workshop.import_rows("tone", [pair(number) for number in range(4)])
    workshop.answer_all(ADA, verdict="tie")
    workshop.submit_answer(BOB, workshop.assign_next(BOB) or 0, verdict="tie")
    workshop.assign_next(BOB)


def ask_and_flag(session: Session, workshop: Scenario) -> None:
    """Let questions, flags and tasks wait, and others be done with."""
    one, other = (found.id or 0 for found in session.exec(select(Assignment)).all()[:2])
    for number, done in ((one, None), (one, None), (other, workshop.now)):
        session.add(
            Question(assignment_id=number, text="?", asked_at=workshop.now, answered_at=done)
        )
        session.add(
            Flag(assignment_id=number, reason="!", flagged_at=workshop.now, resolved_at=done)
        )
    task = session.exec(select(Task)).first()
    assert task is not None
    task.on_hold_since = workshop.now


def test_an_overview_has_what_waits_and_what_was_found(workshop: Scenario) -> None:
    begun(workshop)
    workshop.database.write_now(ask_and_flag, workshop)
    found = workshop.database.read_now(agreement.compute_figures, 2)
    workshop.database.write_now(agreement.store_figures, 2, found, workshop.now)
    empty, tone = overviews(workshop)
    assert [worry.category for worry in empty.warnings] == ["items", "experts"]
    assert tone.needs_attention == AttentionCounts(questions=2, flags=2, on_hold=1)
    assert tone.figures.sources == {"unanimous": 1, "single": 3}
    assert tone.outlook.remaining == 3
    assert empty.figures.answers == 0


def test_the_picture_has_a_line_for_each_expert(workshop: Scenario) -> None:
    begun(workshop)
    found = workshop.database.read_now(agreement.compute_figures, 2)
    workshop.database.write_now(agreement.store_figures, 2, found, workshop.now)
    ada, bob = picture(workshop).experts
    assert (ada.answered, ada.open, ada.agreement, ada.gold_accuracy) == (4, 0, 1.0, None)
    assert (bob.answered, bob.open, bob.name) == (1, 1, bob.pseudonym)
    assert picture(workshop).overview == overviews(workshop)[1]


def test_before_anybody_looked_experts_have_their_counts(workshop: Scenario) -> None:
    begun(workshop)
    ada = picture(workshop).experts[0]
    assert (ada.answered, ada.agreement, ada.median_seconds) == (4, None, None)


def leave(session: Session, workshop: Scenario) -> None:
    """Let Ada pause and Bob leave the campaign."""
    ada, bob = session.exec(select(Expert)).all()
    ada.paused_until = workshop.now + timedelta(days=2)
    session.get_one(Membership, (2, bob.id)).left_at = workshop.now


def test_who_is_away_is_named_and_who_left_is_not(workshop: Scenario) -> None:
    begun(workshop)
    workshop.database.write_now(leave, workshop)
    tone = overviews(workshop)[1]
    ada = next(one.pseudonym for one in workshop.rows(Expert) if one.slack_id == ADA)
    assert tone.away == (AwayExpert(ada, "paused until Wed 4 Mar"),)
    assert picture(workshop).experts[0].away_reason == "paused until Wed 4 Mar"
    assert [worry.category for worry in tone.warnings] == ["overlap", "away"]
