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


def _one(workshop: Scenario, name: str = "tone") -> CampaignStatus:
    return workshop.run_for_campaign(name, campaign_status.status_of)


def test_a_new_campaign_has_nothing_to_count(workshop: Scenario) -> None:
    workshop.create_campaign(overlap=2)
    assert _one(workshop) == EMPTY


def test_every_state_is_counted_once(workshop: Scenario) -> None:
    workshop.create_campaign(overlap=2, experts=[ADA, BOB], lease=timedelta(hours=30))
    workshop.import_rows("tone", [pair(number) for number in range(1, 5)])
    first = workshop.assign_next(ADA) or 0
    workshop.submit_answer(ADA, first, verdict="a")
    workshop.submit_answer(BOB, workshop.assign_next(BOB) or 0, verdict="tie")
    workshop.advance_clock(minutes=10)
    workshop.submit_answer(ADA, workshop.assign_next(ADA) or 0, verdict="b")
    skipped = workshop.assign_next(ADA) or 0
    workshop.database.write_now(submit.skip_task, skipped, "unclear", workshop.interaction(ADA))
    workshop.assign_next(ADA)
    workshop.assign_next(BOB)
    assert _one(workshop) == replace(
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
    workshop.advance_clock(days=7)
    workshop.database.write_now(scheduled_delivery.expire_leases, workshop.now)
    assert (_one(workshop).open, _one(workshop).expired) == (0, 2)


def test_an_answer_taken_back_does_not_count(workshop: Scenario) -> None:
    workshop.create_campaign(overlap=1, experts=[ADA])
    workshop.import_rows("tone", [pair(1)])
    given = workshop.assign_next(ADA) or 0
    workshop.submit_answer(ADA, given, verdict="a")
    assert (_one(workshop).answered, _one(workshop).complete) == (1, 1)
    workshop.database.write_now(submit.undo, given, workshop.interaction(ADA))
    assert (_one(workshop).answered, _one(workshop).complete, _one(workshop).open) == (0, 0, 1)


def test_all_campaigns_at_once_say_what_each_says_alone(workshop: Scenario) -> None:
    for name, rows in (("one", 2), ("two", 3), ("three", 0)):
        workshop.create_campaign(name, overlap=rows + 1, experts=[ADA])
        workshop.import_rows(name, [pair(number) for number in range(rows)] or ["{"])
    assert workshop.answer_all(ADA, verdict="a") == 5
    together = workshop.database.read_now(campaign_status.list_statuses)
    assert together == [_one(workshop, name) for name in ("one", "two", "three")]
    assert [status.wanted for status in together] == [6, 12, 0]


def test_each_expert_is_counted_in_the_order_they_joined(workshop: Scenario) -> None:
    workshop.create_campaign(overlap=2, experts=[BOB, ADA])
    workshop.import_rows("tone", [pair(1), pair(2)])
    workshop.answer_all(ADA, verdict="a")
    workshop.assign_next(BOB)
    bob, ada = workshop.run_for_campaign("tone", campaign_status.expert_statuses)
    pseudonyms = {expert.slack_id: expert.pseudonym for expert in workshop.rows(Expert)}
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


def test_no_campaign_gives_an_empty_list(workshop: Scenario) -> None:
    assert workshop.database.read_now(campaign_status.list_statuses) == []
