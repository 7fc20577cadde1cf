"""Adaptive overlap: an item with conflicting answers goes to more experts, up to the maximum."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import pytest

from bot.clock import AdjustableClock
from bot.errors import BotError
from bot.imports.mapping import ColumnMapping
from bot.services.answers import submit
from bot.services.reports import agreement_job, campaign_status, expert_accuracy, forecast
from bot.services.reviews import corrections
from storage.queries import tasks
from storage.tables import Membership, Task
from tests.services.conftest import NOW, Scenario, pair
from tests.services.invariants import check_counts

EXPERTS = ["U0ADA", "U0BOB", "U0EVE", "U0FAY", "U0GUS"]
ADA, BOB, EVE, FAY, GUS = EXPERTS
HUMOR = {"key": "humor", "label": "Humor", "anchors": ["1", "2", "3", "4", "5"]}


@pytest.fixture
def adaptive(scenario: Scenario) -> Scenario:
    """Return a scenario with one pair that gets two to four answers."""
    scenario.create_campaign(overlap=2, max_overlap=4, experts=EXPERTS)
    scenario.import_rows("tone", [pair(1)])
    return scenario


def answer(scenario: Scenario, slack_id: str, **values: object) -> bool:
    """Submit an expert's answer to their next task; return whether there was one."""
    assignment_id = scenario.assign_next(slack_id)
    if assignment_id is None:
        return False
    scenario.submit_answer(slack_id, assignment_id, **values)
    return True


def answer_side(scenario: Scenario, slack_id: str, side: str) -> bool:
    """Prefer the response on a side of the file, wherever the expert sees it."""
    assignment_id = scenario.assign_next(slack_id)
    if assignment_id is None:
        return False
    scenario.submit_answer(slack_id, assignment_id, verdict=shown_as(scenario, assignment_id, side))
    return True


def shown_as(scenario: Scenario, assignment_id: int, side: str) -> str:
    """Return the option under which an expert sees a side of the file."""
    return "ab"[candidate_order(scenario, assignment_id).index("lr".index(side))]


def candidate_order(scenario: Scenario, assignment_id: int) -> list[int]:
    """Return the order in which an expert sees the candidates."""
    assignment = scenario.database.read_now(tasks.assignment_by_id, assignment_id)
    assert assignment is not None
    return assignment.candidate_order


def demand(scenario: Scenario) -> list[tuple[int, int]]:
    """Return the overlap and the slots taken of every task."""
    return [(task.overlap, task.slots_taken) for task in scenario.rows(Task)]


def test_equal_answers_are_enough(adaptive: Scenario) -> None:
    assert answer_side(adaptive, ADA, "l")
    assert answer_side(adaptive, BOB, "l")
    assert demand(adaptive) == [(2, 2)]
    assert not answer_side(adaptive, EVE, "l")


def test_conflict_goes_to_more_experts_up_to_the_maximum(adaptive: Scenario) -> None:
    for person, side, wanted in [(ADA, "l", 2), (BOB, "r", 3), (EVE, "l", 4), (FAY, "r", 4)]:
        assert answer_side(adaptive, person, side)
        assert demand(adaptive)[0][0] == wanted
    assert not answer_side(adaptive, GUS, "l")
    check_counts(adaptive)


def test_expert_past_the_item_gets_it_once_it_has_a_conflict(scenario: Scenario) -> None:
    scenario.create_campaign(overlap=2, max_overlap=3, experts=EXPERTS)
    scenario.import_rows("tone", [pair(1), pair(2)])
    assert answer_side(scenario, ADA, "l")
    bob = scenario.assign_next(BOB) or 0
    assert answer_side(scenario, EVE, "l")
    scenario.submit_answer(BOB, bob, verdict=shown_as(scenario, bob, "r"))
    assert demand(scenario) == [(3, 2), (2, 1)]
    assert scenario.answer_all(EVE, verdict="a") == 1
    assert demand(scenario)[0][1] == 3


def test_changed_answer_ends_the_conflict(adaptive: Scenario) -> None:
    assert answer_side(adaptive, ADA, "l")
    bob = adaptive.assign_next(BOB) or 0
    adaptive.submit_answer(BOB, bob, verdict=shown_as(adaptive, bob, "r"))
    assert demand(adaptive) == [(3, 2)]
    adaptive.submit_answer(BOB, bob, verdict=shown_as(adaptive, bob, "l"))
    assert demand(adaptive) == [(2, 2)]
    assert not answer_side(adaptive, EVE, "l")


def test_slot_that_is_taken_stays(adaptive: Scenario) -> None:
    assert answer_side(adaptive, ADA, "l")
    bob = adaptive.assign_next(BOB) or 0
    adaptive.submit_answer(BOB, bob, verdict=shown_as(adaptive, bob, "r"))
    assert adaptive.assign_next(EVE)
    adaptive.submit_answer(BOB, bob, verdict=shown_as(adaptive, bob, "l"))
    assert demand(adaptive) == [(3, 3)]
    check_counts(adaptive)


def test_undo_adds_no_demand(adaptive: Scenario) -> None:
    assert answer_side(adaptive, ADA, "l")
    bob = adaptive.assign_next(BOB) or 0
    adaptive.submit_answer(BOB, bob, verdict=shown_as(adaptive, bob, "l"))
    adaptive.database.write_now(submit.undo, bob, adaptive.interaction(BOB))
    assert demand(adaptive) == [(2, 2)]
    adaptive.submit_answer(BOB, bob, verdict=shown_as(adaptive, bob, "r"))
    assert demand(adaptive) == [(3, 2)]


def test_answers_at_the_same_time_see_each_other(scenario: Scenario) -> None:
    scenario.create_campaign(overlap=2, max_overlap=3, experts=[ADA, BOB])
    scenario.import_rows("tone", [pair(number) for number in range(1, 9)])
    for _ in range(8):
        ids = {person: scenario.assign_next(person) or 0 for person in (ADA, BOB)}
        sides = dict(zip((ADA, BOB), "lr", strict=True))
        taps = [
            (person, task, {"verdict": shown_as(scenario, task, sides[person])})
            for person, task in ids.items()
        ]
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(lambda tap: scenario.submit_answer(tap[0], tap[1], **tap[2]), taps))
    assert demand(scenario) == [(3, 2)] * 8


@dataclass(frozen=True)
class KindCase:
    """A kind with an item, an answer, and one that conflicts with it."""

    kind: str
    settings: dict[str, Any]
    row: dict[str, str]
    same: dict[str, str]
    other: dict[str, str]


KIND_CASES = [
    KindCase(
        "validation",
        {"reason": "no"},
        {"source": "It may rain.", "paraphrase": "It will rain."},
        {"verdict": "yes"},
        {"verdict": "no"},
    ),
    KindCase("rating", {"criteria": [HUMOR]}, {"text": "A joke."}, {"humor": "3"}, {"humor": "5"}),
    KindCase(
        "curation",
        {"reason": "no"},
        {"prompt": "Why?", "text": "Because."},
        {"verdict": "keep"},
        {"verdict": "drop"},
    ),
]


@pytest.mark.parametrize("case", KIND_CASES, ids=lambda case: case.kind)
def test_conflict_of_every_kind_adds_an_expert(scenario: Scenario, case: KindCase) -> None:
    scenario.create_campaign(
        kind=case.kind, overlap=2, max_overlap=3, experts=EXPERTS, settings=case.settings
    )
    rows = [{"id": "1", **case.row}, {"id": "2", **_other_text(case.row)}]
    scenario.import_rows("tone", rows)
    for person, second in ((ADA, case.same), (BOB, case.other)):
        assert answer(scenario, person, **case.same)
        assert answer(scenario, person, **second)
    assert demand(scenario) == [(2, 2), (3, 2)]


def _other_text(row: dict[str, str]) -> dict[str, str]:
    return {key: f"{text} Really." for key, text in row.items()}


def test_conflicting_rankings_add_an_expert(scenario: Scenario) -> None:
    scenario.create_campaign(kind="ranking", overlap=2, max_overlap=3, experts=EXPERTS)
    scenario.import_rows("tone", [{"id": "1", "prompt": "Name?", "responses": ["x", "y", "z"]}])
    for person, order in ((ADA, (0, 1, 2)), (BOB, (2, 1, 0))):
        task = scenario.assign_next(person) or 0
        shown = candidate_order(scenario, task)
        letters = ["abc"[shown.index(candidate)] for candidate in order]
        scenario.submit_answer(person, task, ranks=">".join(letters))
    assert demand(scenario) == [(3, 2)]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"kind": "demonstration", "max_overlap": 3}, "demonstration campaign cannot agree"),
        ({"max_overlap": 2}, "must be from 3 to 100, not 2"),
        ({"max_overlap": 101}, "must be from 3 to 100, not 101"),
        ({"max_overlap": 4, "target_posterior": 1.0}, "must be from 0.5 to 0.999, not 1.0"),
        ({"max_overlap": 4, "target_posterior": 0.2}, "must be from 0.5 to 0.999, not 0.2"),
        ({"target_posterior": 0.9}, "needs a maximum"),
    ],
)
def test_bad_options_are_refused(scenario: Scenario, options: dict[str, Any], message: str) -> None:
    with pytest.raises(BotError, match=message):
        scenario.create_campaign(overlap=2, **options)
    assert scenario.count("campaign") == 0


def test_status_and_forecast_expect_the_answers_of_conflicts(scenario: Scenario) -> None:
    scenario.create_campaign(overlap=2, max_overlap=3, experts=EXPERTS)
    scenario.import_rows("tone", [pair(number) for number in range(1, 5)])
    status = scenario.run_for_campaign("tone", campaign_status.status_of)
    assert (status.wanted, status.expected, status.answered) == (8, 10, 0)
    activity = scenario.database.read_now(forecast.recent_activity, NOW)
    expected = forecast.forecast_campaign(status, activity, [], NOW)
    assert expected.remaining == 10
    assert expected.suggestions == ()
    for person in (ADA, BOB):
        while answer_side(scenario, person, "l"):
            pass
    status = scenario.run_for_campaign("tone", campaign_status.status_of)
    assert (status.wanted, status.expected, status.complete) == (8, 8, 4)


def test_fixing_the_overlap_ends_the_adaptive_one(adaptive: Scenario) -> None:
    assert answer_side(adaptive, ADA, "l")
    adaptive.run_for_campaign("tone", corrections.change_overlap, 2, adaptive.actor)
    assert answer_side(adaptive, BOB, "r")
    assert demand(adaptive) == [(2, 2)]


def test_accuracies_decide_a_conflict(adaptive: Scenario) -> None:
    adaptive.database.write_now(expert_accuracy.store_campaign, 1, {1: 0.99, 2: 0.55})
    assert answer_side(adaptive, ADA, "l")
    assert answer_side(adaptive, BOB, "r")
    assert demand(adaptive) == [(2, 2)]


def test_gold_questions_count_for_the_accuracy(scenario: Scenario) -> None:
    scenario.create_campaign(overlap=2, max_overlap=3, experts=[ADA], gold_share=0.5)
    gold = [pair(number, gold="a") for number in range(1, 5)]
    rows = [*gold, *(pair(number) for number in range(5, 9))]
    scenario.import_rows("tone", rows, columns=ColumnMapping.parse(["gold=gold"]))
    wrong_gold = scenario.answer_all(ADA, verdict="tie") - 4
    assert wrong_gold > 2
    assert demand(scenario)[4:] == [(2, 1)] * 4
    accuracies = scenario.database.read_now(expert_accuracy.estimate_campaign, 1)
    assert accuracies == {1: pytest.approx(8 / (10 + wrong_gold))}


def test_job_estimates_accuracies_of_adaptive_campaigns_only(
    adaptive: Scenario,
) -> None:
    adaptive.create_campaign("other", overlap=2, experts=[ADA, BOB])
    for person in (ADA, BOB):
        assert answer_side(adaptive, person, "l")
    for _ in range(2):
        agreement_job.recompute_due(adaptive.database, AdjustableClock(NOW))
    accuracies = {
        (row.campaign_id, row.expert_id): row.accuracy for row in adaptive.rows(Membership)
    }
    assert accuracies[1, 1] == accuracies[1, 2] == pytest.approx(0.81, abs=0.02)
    assert accuracies[1, 3] is None
    assert accuracies[2, 1] is None
