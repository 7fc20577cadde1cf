"""What the answers of a campaign say together."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session, select

from bot.kinds import KINDS
from bot.kinds.base import Kind
from bot.quality.votes import votes_of
from bot.services.answers import submit
from bot.services.reports import agreement
from bot.services.reports.agreement import MAX_REPORT_AGE, AgreementFigures, StoredFigures, label_of
from storage.tables import Assignment, Expert, Item, Task
from tests.quality.test_agreement import compute_agreement
from tests.services.conftest import NOW, Scenario, pair

ADA, BOB, CAT = "U0ADA", "U0BOB", "U0CAT"


def found(scenario: Scenario, campaign_id: int = 1) -> AgreementFigures:
    """Return what the answers of a campaign say together now."""
    return scenario.database.read_now(agreement.compute_figures, campaign_id)


def numbers(scenario: Scenario) -> dict[str, int]:
    """Return the numbers of the experts by their Slack ids."""
    return {expert.slack_id: expert.id for expert in scenario.rows(Expert)}


def judges(scenario: Scenario, slack_id: str, winners: str) -> None:
    """Let an expert answer task after task, given by a letter for the winner: l, r or t."""
    for winner in winners:
        given = scenario.assign_next(slack_id)
        assert given is not None
        scenario.submit_answer(slack_id, given, verdict=tapped(scenario, given, winner))


def tapped(scenario: Scenario, assignment: int, winner: str) -> str:
    """Return the answer as the expert sees it, whatever order they see."""
    if winner == "t":
        return "tie"
    row = next(one for one in scenario.rows(Assignment) if one.id == assignment)
    return "ab"[row.candidate_order.index("lr".index(winner))]


def test_agreement_is_over_what_was_judged_not_over_what_stood_first(scenario: Scenario) -> None:
    scenario.create_campaign(overlap=3, experts=[ADA, BOB, CAT])
    scenario.import_rows("tone", [pair(number) for number in range(1, 7)])
    said = {ADA: "llrrtl", BOB: "llrrtr", CAT: "llrltr"}
    for expert, winners in said.items():
        judges(scenario, expert, winners)
    units = [list(unit) for unit in zip(*said.values(), strict=True)]
    seen = found(scenario)
    same = compute_agreement(units, "nominal")
    assert seen.questions["winner"].alpha == pytest.approx(same.alpha)
    assert seen.questions["winner"].pairwise_agreement == pytest.approx(same.pairwise_agreement)
    assert (seen.answers, seen.sources) == (18, {"unanimous": 4, "majority": 2})


def test_each_expert_is_compared_with_the_others(scenario: Scenario) -> None:
    scenario.create_campaign(overlap=3, experts=[ADA, BOB, CAT])
    scenario.import_rows("tone", [pair(1), pair(2)])
    for expert, winners in ((ADA, "ll"), (BOB, "lr"), (CAT, "l")):
        judges(scenario, expert, winners)
    experts = found(scenario).experts
    of = {slack_id: experts[number] for slack_id, number in numbers(scenario).items()}
    assert {
        name: (one.answers, one.compared_answers, one.agreement) for name, one in of.items()
    } == {
        ADA: (2, 3, pytest.approx(2 / 3)),
        BOB: (2, 3, pytest.approx(2 / 3)),
        CAT: (1, 2, 1.0),
    }


def make_gold(session: Session, key: str, gold: dict[str, Any]) -> None:
    """Make the item of that key gold."""
    for task in session.exec(select(Task)):
        item = session.get_one(Item, task.item_id)
        if item.key == key:
            item.gold, task.is_gold = gold, True
            session.add(item)
            session.add(task)


def test_gold_says_who_is_right_and_nothing_of_agreement(scenario: Scenario) -> None:
    scenario.create_campaign(overlap=2, experts=[ADA, BOB])
    scenario.import_rows("tone", [pair(1), pair(2)])
    judges(scenario, ADA, "rl")
    judges(scenario, BOB, "ll")
    scenario.database.write_now(make_gold, "pair-1", {"verdict": "b"})
    seen, number = found(scenario), numbers(scenario)
    assert seen.questions["winner"].units == 1
    assert seen.sources == {"unanimous": 1}
    gold = {name: seen.experts[number[name]].gold_accuracy for name in (ADA, BOB)}
    assert {name: one and (one.correct, one.total) for name, one in gold.items()} == {
        ADA: (1, 1),
        BOB: (0, 1),
    }


def test_a_rating_is_compared_criterion_by_criterion(scenario: Scenario) -> None:
    scenario.create_campaign("jokes", "rating", overlap=2, experts=[ADA, BOB])
    scenario.import_rows("jokes", [{"id": str(n), "text": f"Joke {n}"} for n in range(6)])
    for expert, points in ((ADA, "112345"), (BOB, "112354")):
        for humor in points:
            scenario.submit_answer(
                expert, scenario.assign_next(expert) or 0, humor=humor, relevance="3", clarity=humor
            )
    seen = found(scenario)
    assert seen.questions["relevance"].alpha is None
    assert seen.questions["humor"] == seen.questions["clarity"]
    assert (seen.questions["humor"].alpha or 0) > 0.8
    assert seen.sources == {"unanimous": 4, "split": 2}


def test_what_is_written_is_counted_and_not_compared(scenario: Scenario) -> None:
    scenario.create_campaign("answers", "demonstration", overlap=2, experts=[ADA, BOB])
    scenario.import_rows("answers", [{"id": "1", "prompt": "Explain tides."}])
    for expert in (ADA, BOB):
        scenario.submit_answer(
            expert, scenario.assign_next(expert) or 0, response="The moon does it."
        )
    seen = found(scenario)
    assert (seen.answers, seen.questions, seen.sources) == (2, {}, {"single": 1})


def test_a_skipped_or_undone_answer_says_nothing(scenario: Scenario) -> None:
    scenario.create_campaign(overlap=1, experts=[ADA])
    scenario.import_rows("tone", [pair(1), pair(2)])
    given = scenario.assign_next(ADA) or 0
    scenario.submit_answer(ADA, given, verdict="a")
    scenario.database.write_now(submit.undo, given, scenario.interaction(ADA))
    scenario.database.write_now(submit.skip_task, given, "unclear", scenario.interaction(ADA))
    assert found(scenario) == AgreementFigures()


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS.keys())
def test_votes_need_no_texts(kind: Kind[Any]) -> None:
    example = kind.example
    value: dict[str, object] = {}
    for given in example.inputs:
        value = kind.parse_answer(given, value, example.settings, example.order).value
    assert votes_of(label_of(kind, value, example.order)) == votes_of(example.label)


def test_what_was_found_is_kept_word_for_word(scenario: Scenario) -> None:
    scenario.create_campaign(overlap=2, experts=[ADA, BOB])
    scenario.import_rows("tone", [pair(number) for number in range(1, 7)])
    judges(scenario, ADA, "llrrtl")
    judges(scenario, BOB, "llrrtr")
    seen = found(scenario)
    scenario.database.write_now(agreement.store_figures, 1, seen, NOW)
    assert scenario.database.read_now(agreement.stored_figures, 1) == StoredFigures(seen, NOW)
    scenario.database.write_now(
        agreement.store_figures, 1, AgreementFigures(), NOW + MAX_REPORT_AGE
    )
    assert scenario.database.read_now(agreement.stored_figures, 1) == StoredFigures(
        AgreementFigures(), NOW + MAX_REPORT_AGE
    )


def test_each_campaign_has_its_turn_once_in_a_while(scenario: Scenario) -> None:
    assert scenario.database.read_now(agreement.next_due_campaign, NOW) is None
    scenario.create_campaign("one")
    scenario.create_campaign("two")
    turns = []
    for _ in range(2):
        turn = scenario.database.read_now(agreement.next_due_campaign, NOW)
        assert turn is not None
        scenario.database.write_now(agreement.renew_figures, turn, NOW)
        turns.append(turn)
    assert turns == [1, 2]
    assert scenario.database.read_now(agreement.next_due_campaign, NOW + MAX_REPORT_AGE / 2) is None
    assert scenario.database.read_now(agreement.next_due_campaign, NOW + MAX_REPORT_AGE) == 1


def test_what_was_found_will_do_until_another_answer_comes(scenario: Scenario) -> None:
    scenario.create_campaign(overlap=2, experts=[ADA, BOB])
    scenario.import_rows("tone", [pair(1), pair(2)])

    def is_current(**later: float) -> bool:
        now = NOW + timedelta(**later)
        return scenario.database.read_now(agreement.is_current, 1, now)

    assert not is_current()
    scenario.database.write_now(agreement.store_figures, 1, found(scenario), NOW)
    assert is_current(days=3)
    judges(scenario, ADA, "l")
    assert is_current(minutes=9)
    assert not is_current(minutes=11)


def test_few_answers_are_read_beside_clicks_and_many_are_not(scenario: Scenario) -> None:
    scenario.create_campaign(overlap=1, experts=[ADA])
    scenario.import_rows("tone", [pair(1), pair(2)])
    judges(scenario, ADA, "lr")
    assert scenario.database.read_now(agreement.can_compute_inline, 1)
    assert scenario.database.read_now(agreement.can_compute_inline, 1, 2)
    assert not scenario.database.read_now(agreement.can_compute_inline, 1, 1)
