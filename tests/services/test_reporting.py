"""How far campaigns are, counted from what is stored."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.services import answering, pushing, reporting
from bot.services.reporting import CampaignStatus, ExpertStatus
from storage.tables import Expert
from tests.services.conftest import NOW, Workshop, pair

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


def _one(workshop: Workshop, name: str = "tone") -> CampaignStatus:
    return workshop.directs(name, reporting.status_of)


def test_a_new_campaign_has_nothing_to_count(workshop: Workshop) -> None:
    workshop.creates(overlap=2)
    assert _one(workshop) == EMPTY


def test_every_state_is_counted_once(workshop: Workshop) -> None:
    workshop.creates(overlap=2, experts=[ADA, BOB], lease=timedelta(hours=30))
    workshop.imports("tone", [pair(number) for number in range(1, 5)])
    first = workshop.asks(ADA) or 0
    workshop.answers(ADA, first, verdict="a")
    workshop.answers(BOB, workshop.asks(BOB) or 0, verdict="tie")
    workshop.passes(minutes=10)
    workshop.answers(ADA, workshop.asks(ADA) or 0, verdict="b")
    skipped = workshop.asks(ADA) or 0
    workshop.database.write_now(answering.skip, skipped, "unclear", workshop.click(ADA))
    workshop.asks(ADA)
    workshop.asks(BOB)
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
    workshop.passes(days=7)
    workshop.database.write_now(pushing.expire, workshop.now)
    assert (_one(workshop).open, _one(workshop).expired) == (0, 2)


def test_an_answer_taken_back_does_not_count(workshop: Workshop) -> None:
    workshop.creates(overlap=1, experts=[ADA])
    workshop.imports("tone", [pair(1)])
    given = workshop.asks(ADA) or 0
    workshop.answers(ADA, given, verdict="a")
    assert (_one(workshop).answered, _one(workshop).complete) == (1, 1)
    workshop.database.write_now(answering.undo, given, workshop.click(ADA))
    assert (_one(workshop).answered, _one(workshop).complete, _one(workshop).open) == (0, 0, 1)


def test_all_campaigns_at_once_say_what_each_says_alone(workshop: Workshop) -> None:
    for name, rows in (("one", 2), ("two", 3), ("three", 0)):
        workshop.creates(name, overlap=rows + 1, experts=[ADA])
        workshop.imports(name, [pair(number) for number in range(rows)] or ["{"])
    assert workshop.does_all(ADA, verdict="a") == 5
    together = workshop.database.read_now(reporting.statuses)
    assert together == [_one(workshop, name) for name in ("one", "two", "three")]
    assert [status.wanted for status in together] == [6, 12, 0]


def test_each_expert_is_counted_in_the_order_they_joined(workshop: Workshop) -> None:
    workshop.creates(overlap=2, experts=[BOB, ADA])
    workshop.imports("tone", [pair(1), pair(2)])
    workshop.does_all(ADA, verdict="a")
    workshop.asks(BOB)
    bob, ada = workshop.directs("tone", reporting.expert_statuses)
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


def test_no_campaign_gives_an_empty_list(workshop: Workshop) -> None:
    assert workshop.database.read_now(reporting.statuses) == []
