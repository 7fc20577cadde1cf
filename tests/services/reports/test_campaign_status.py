"""How far campaigns are, counted from what is stored."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.services.answers import submit
from bot.services.reports import campaign_status
from bot.services.reports.campaign_status import CampaignStatus, ExpertStatus
from bot.services.tasks import scheduled_delivery
from storage.tables import Expert
from tests.services.conftest import NOW, Scenario, pair

ADA, BOB = "U0ADA", "U0BOB"

EMPTY = CampaignStatus(
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


def _one(scenario: Scenario, name: str = "tone") -> CampaignStatus:
    return scenario.run_for_campaign(name, campaign_status.status_of)


def test_a_new_campaign_has_nothing_to_count(scenario: Scenario) -> None:
    scenario.create_campaign(overlap=2)
    assert _one(scenario) == EMPTY


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
    assert _one(scenario) == replace(
        EMPTY,
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
    assert (_one(scenario).open, _one(scenario).expired) == (0, 2)


def test_an_answer_taken_back_does_not_count(scenario: Scenario) -> None:
    scenario.create_campaign(overlap=1, experts=[ADA])
    scenario.import_rows("tone", [pair(1)])
    given = scenario.assign_next(ADA) or 0
    scenario.submit_answer(ADA, given, verdict="a")
    assert (_one(scenario).answered, _one(scenario).complete) == (1, 1)
    scenario.database.write_now(submit.undo, given, scenario.interaction(ADA))
    assert (_one(scenario).answered, _one(scenario).complete, _one(scenario).open) == (0, 0, 1)


def test_all_campaigns_at_once_say_what_each_says_alone(scenario: Scenario) -> None:
    for name, rows in (("one", 2), ("two", 3), ("three", 0)):
        scenario.create_campaign(name, overlap=rows + 1, experts=[ADA])
        scenario.import_rows(name, [pair(number) for number in range(rows)] or ["{"])
    assert scenario.answer_all(ADA, verdict="a") == 5
    together = scenario.database.read_now(campaign_status.list_statuses)
    assert together == [_one(scenario, name) for name in ("one", "two", "three")]
    assert [status.wanted for status in together] == [6, 12, 0]


def test_each_expert_is_counted_in_the_order_they_joined(scenario: Scenario) -> None:
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


def test_no_campaign_gives_an_empty_list(scenario: Scenario) -> None:
    assert scenario.database.read_now(campaign_status.list_statuses) == []
