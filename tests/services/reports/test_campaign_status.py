"""Campaign status counted from the database."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.services.answers import submit
from bot.services.reports import campaign_status
from bot.services.reports.campaign_counts import counts_of
from bot.services.reports.campaign_status import CampaignStatus, ExpertStatus
from bot.services.tasks import scheduled_delivery
from storage.tables import Expert
from tests.services.conftest import NOW, Scenario, pair

ADA, BOB = "U0ADA", "U0BOB"

EMPTY_STATUS = CampaignStatus(
    name="tone",
    title="tone",
    kind="comparison",
    state="open",
    overlap=2,
    deadline=None,
    items=0,
    tasks=0,
    wanted=0,
    answered=0,
    open=0,
    skipped=0,
    expired=0,
    complete=0,
    experts=0,
    last_answer=None,
    id=1,
    created_at=NOW,
)


def status_of(scenario: Scenario, name: str = "tone") -> CampaignStatus:
    """Return the status of a campaign."""
    return scenario.run_for_campaign(name, campaign_status.status_of)


def test_new_campaign_has_zero_counts(scenario: Scenario) -> None:
    scenario.create_campaign(overlap=2)
    assert status_of(scenario) == EMPTY_STATUS


def test_every_state_is_counted_once(scenario: Scenario) -> None:
    scenario.create_campaign(overlap=2, experts=[ADA, BOB], lease=timedelta(hours=30))
    scenario.import_rows("tone", [pair(number) for number in range(1, 5)])
    first = scenario.assign_next(ADA) or 0
    scenario.submit_answer(ADA, first, verdict="a")
    scenario.submit_answer(BOB, scenario.assign_next(BOB) or 0, verdict="tie")
    scenario.advance_clock(minutes=10)
    scenario.submit_answer(ADA, scenario.assign_next(ADA) or 0, verdict="b")
    skipped = scenario.assign_next(ADA) or 0
    scenario.database.write_now(submit.skip_task, skipped, "unclear", scenario.interaction(ADA))
    scenario.assign_next(ADA)
    scenario.assign_next(BOB)
    assert status_of(scenario) == replace(
        EMPTY_STATUS,
        items=4,
        tasks=4,
        wanted=8,
        answered=3,
        open=2,
        skipped=1,
        complete=1,
        experts=2,
        last_answer=NOW + timedelta(minutes=10),
    )
    scenario.advance_clock(days=7)
    scenario.database.write_now(scheduled_delivery.expire_leases, scenario.now)
    assert (status_of(scenario).open, status_of(scenario).expired) == (0, 2)


def test_counts_of_exports_are_those_of_the_status(scenario: Scenario) -> None:
    scenario.create_campaign(overlap=1, experts=[ADA, BOB], settings={"levels": 2})
    scenario.import_rows("tone", [pair(number) for number in range(1, 5)])
    scenario.submit_answer(ADA, scenario.assign_next(ADA) or 0, verdict="a")
    scenario.submit_answer(ADA, scenario.assign_next(ADA) or 0, verdict="b")
    scenario.submit_answer(BOB, scenario.assign_next(BOB) or 0, verdict="a")
    skipped = scenario.assign_next(ADA) or 0
    scenario.database.write_now(submit.skip_task, skipped, "unclear", scenario.interaction(ADA))
    status = status_of(scenario)
    counts = scenario.run_for_campaign("tone", counts_of)
    assert (counts.items, counts.experts) == (status.items, status.experts) == (4, 2)
    assert (counts.answered, counts.skipped) == (status.answered, status.skipped) == (3, 1)


def test_undone_answer_is_not_counted(scenario: Scenario) -> None:
    scenario.create_campaign(overlap=1, experts=[ADA])
    scenario.import_rows("tone", [pair(1)])
    assignment_id = scenario.assign_next(ADA) or 0
    scenario.submit_answer(ADA, assignment_id, verdict="a")
    assert (status_of(scenario).answered, status_of(scenario).complete) == (1, 1)
    scenario.database.write_now(submit.undo, assignment_id, scenario.interaction(ADA))
    assert (
        status_of(scenario).answered,
        status_of(scenario).complete,
        status_of(scenario).open,
    ) == (0, 0, 1)


def test_list_equals_single_statuses(scenario: Scenario) -> None:
    for name, rows in (("one", 2), ("two", 3), ("three", 0)):
        scenario.create_campaign(name, overlap=rows + 1, experts=[ADA])
        scenario.import_rows(name, [pair(number) for number in range(rows)] or ["{"])
    assert scenario.answer_all(ADA, verdict="a") == 5
    statuses = scenario.database.read_now(campaign_status.list_statuses)
    assert statuses == [status_of(scenario, name) for name in ("one", "two", "three")]
    assert [status.wanted for status in statuses] == [6, 12, 0]


def test_experts_are_listed_in_order_of_joining(scenario: Scenario) -> None:
    scenario.create_campaign(overlap=2, experts=[BOB, ADA])
    scenario.import_rows("tone", [pair(1), pair(2)])
    scenario.answer_all(ADA, verdict="a")
    scenario.assign_next(BOB)
    bob, ada = scenario.run_for_campaign("tone", campaign_status.expert_statuses)
    pseudonyms = {expert.slack_id: expert.pseudonym for expert in scenario.rows(Expert)}
    assert ada == ExpertStatus(
        slack_id=ADA,
        name="",
        pseudonym=pseudonyms[ADA],
        away_since=None,
        answered=2,
        open=0,
        skipped=0,
        expired=0,
        last_answer=NOW,
    )
    assert (bob.slack_id, bob.answered, bob.open, bob.last_answer) == (BOB, 0, 1, None)


def test_no_campaigns_give_empty_list(scenario: Scenario) -> None:
    assert scenario.database.read_now(campaign_status.list_statuses) == []
