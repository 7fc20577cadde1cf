"""Agreement figures of a campaign."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session, select

from bot.kinds import KINDS
from bot.kinds.base import Kind
from bot.quality.reliability.patterns import PositionBias
from bot.quality.votes import votes_of
from bot.services.answers import submit
from bot.services.reports import agreement
from bot.services.reports.agreement import MAX_REPORT_AGE
from bot.services.reports.agreement_figures import AgreementFigures, StoredFigures
from bot.services.reports.answer_labels import label_of
from storage.queries import agreement_reports
from storage.tables import Assignment, Expert, Item, Task
from tests.quality.agreement.examples import compute_agreement
from tests.services.conftest import NOW, Scenario, pair

ADA, BOB, CAT = "U0ADA", "U0BOB", "U0CAT"


def compute(scenario: Scenario, campaign_id: int = 1) -> AgreementFigures:
    """Compute the figures of a campaign."""
    return scenario.database.read_now(agreement.compute_figures, campaign_id)


def expert_ids(scenario: Scenario) -> dict[str, int]:
    """Return the expert ids by Slack id."""
    return {expert.slack_id: expert.id for expert in scenario.rows(Expert)}


def submit_winners(scenario: Scenario, slack_id: str, winners: str) -> None:
    """Submit an expert's answers, one per letter: l (left text wins), r (right text) or t (tie)."""
    for winner in winners:
        assignment_id = scenario.assign_next(slack_id)
        assert assignment_id is not None
        verdict = shown_verdict(scenario, assignment_id, winner)
        scenario.submit_answer(slack_id, assignment_id, verdict=verdict)


def shown_verdict(scenario: Scenario, assignment_id: int, winner: str) -> str:
    """Return the verdict in the order in which the expert sees the candidates."""
    if winner == "t":
        return "tie"
    row = next(row for row in scenario.rows(Assignment) if row.id == assignment_id)
    return "ab"[row.candidate_order.index("lr".index(winner))]


def test_agreement_compares_texts_not_positions(scenario: Scenario) -> None:
    scenario.create_campaign(overlap=3, experts=[ADA, BOB, CAT])
    scenario.import_rows("tone", [pair(number) for number in range(1, 7)])
    winners_by_expert = {ADA: "llrrtl", BOB: "llrrtr", CAT: "llrltr"}
    for slack_id, winners in winners_by_expert.items():
        submit_winners(scenario, slack_id, winners)
    names = {"l": "left", "r": "right", "t": "tie"}
    units = [
        [names[winner] for winner in unit] for unit in zip(*winners_by_expert.values(), strict=True)
    ]
    expected = compute_agreement(units, "nominal", is_sided=True)
    figures = compute(scenario)
    agreement_on_winner = figures.questions["winner"]
    assert agreement_on_winner.alpha.value == pytest.approx(expected.alpha.value)
    assert agreement_on_winner.percent.value == pytest.approx(expected.percent.value)
    assert (figures.answers, figures.sources) == (18, {"unanimous": 4, "majority": 2})


def test_agreement_on_a_criterion_compares_texts_and_decides_no_item(scenario: Scenario) -> None:
    scenario.create_campaign(overlap=2, experts=[ADA, BOB], settings={"criteria": ["Correctness"]})
    scenario.import_rows("tone", [pair(number) for number in range(1, 7)])
    winners_by_expert = {ADA: "llrrtl", BOB: "llrrtr"}
    for slack_id, winners in winners_by_expert.items():
        for winner in winners:
            assignment_id = scenario.assign_next(slack_id)
            assert assignment_id is not None
            chosen = shown_verdict(scenario, assignment_id, winner)
            scenario.submit_answer(slack_id, assignment_id, verdict="tie", correctness=chosen)
    names = {"l": "left", "r": "right", "t": "tie"}
    units = [
        [names[winner] for winner in unit] for unit in zip(*winners_by_expert.values(), strict=True)
    ]
    expected = compute_agreement(units, "nominal", is_sided=True)
    figures = compute(scenario)
    assert figures.sources == {"unanimous": 6}
    assert figures.questions["criterion_correctness"].alpha.value == pytest.approx(
        expected.alpha.value
    )


def test_each_expert_is_compared_with_others(scenario: Scenario) -> None:
    scenario.create_campaign(overlap=3, experts=[ADA, BOB, CAT])
    scenario.import_rows("tone", [pair(1), pair(2)])
    for slack_id, winners in ((ADA, "ll"), (BOB, "lr"), (CAT, "l")):
        submit_winners(scenario, slack_id, winners)
    figures = compute(scenario).experts
    assert {
        slack_id: (
            figures[expert_id].answers,
            figures[expert_id].compared_answers,
            figures[expert_id].agreement,
        )
        for slack_id, expert_id in expert_ids(scenario).items()
    } == {
        ADA: (2, 3, pytest.approx(2 / 3)),
        BOB: (2, 3, pytest.approx(2 / 3)),
        CAT: (1, 2, 1.0),
    }


def make_gold(session: Session, key: str, gold: dict[str, Any]) -> None:
    """Make the item with this key a gold question."""
    for task in session.exec(select(Task)):
        item = session.get_one(Item, task.item_id)
        if item.key == key:
            item.gold, task.is_gold = gold, True
            session.add(item)
            session.add(task)


def test_gold_counts_for_accuracy_and_not_for_agreement(scenario: Scenario) -> None:
    scenario.create_campaign(overlap=2, experts=[ADA, BOB])
    scenario.import_rows("tone", [pair(1), pair(2)])
    submit_winners(scenario, ADA, "rl")
    submit_winners(scenario, BOB, "ll")
    scenario.database.write_now(make_gold, "pair-1", {"verdict": "b"})
    figures, ids = compute(scenario), expert_ids(scenario)
    assert figures.questions["winner"].items == 1
    assert figures.sources == {"unanimous": 1}
    accuracies = {slack_id: figures.experts[ids[slack_id]].gold_accuracy for slack_id in (ADA, BOB)}
    assert {
        slack_id: accuracy and (accuracy.correct, accuracy.total)
        for slack_id, accuracy in accuracies.items()
    } == {
        ADA: (1, 1),
        BOB: (0, 1),
    }


def test_ratings_are_compared_by_criterion(scenario: Scenario) -> None:
    scenario.create_campaign("jokes", "rating", overlap=2, experts=[ADA, BOB])
    scenario.import_rows("jokes", [{"id": str(n), "text": f"Joke {n}"} for n in range(6)])
    for slack_id, scores in ((ADA, "112345"), (BOB, "112354")):
        for score in scores:
            assignment_id = scenario.assign_next(slack_id) or 0
            values = {"humor": score, "relevance": "3", "clarity": score}
            scenario.submit_answer(slack_id, assignment_id, **values)
    figures = compute(scenario)
    assert figures.questions["relevance"].alpha.value is None
    assert figures.questions["humor"] == figures.questions["clarity"]
    assert (figures.questions["humor"].alpha.value or 0) > 0.8
    assert figures.sources == {"unanimous": 4, "majority": 2}


def test_written_answers_are_counted_and_not_compared(scenario: Scenario) -> None:
    scenario.create_campaign("answers", "demonstration", overlap=2, experts=[ADA, BOB])
    scenario.import_rows("answers", [{"id": "1", "prompt": "Explain tides."}])
    for slack_id in (ADA, BOB):
        scenario.submit_answer(
            slack_id, scenario.assign_next(slack_id) or 0, response="The moon does it."
        )
    figures = compute(scenario)
    assert (figures.answers, figures.questions, figures.sources) == (2, {}, {"single": 1})


def test_skipped_and_undone_answers_do_not_count(scenario: Scenario) -> None:
    scenario.create_campaign(overlap=1, experts=[ADA])
    scenario.import_rows("tone", [pair(1), pair(2)])
    assignment_id = scenario.assign_next(ADA) or 0
    scenario.submit_answer(ADA, assignment_id, verdict="a")
    scenario.database.write_now(submit.undo, assignment_id, scenario.interaction(ADA))
    scenario.database.write_now(
        submit.skip_task, assignment_id, "unclear", scenario.interaction(ADA)
    )
    assert compute(scenario) == AgreementFigures()


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS.keys())
def test_votes_need_no_texts(kind: Kind[Any]) -> None:
    example = kind.example
    value: dict[str, object] = {}
    for form_input in example.inputs:
        value = kind.parse_answer(form_input, value, example.settings, example.order).value
    assert votes_of(label_of(kind, value, example.order)) == votes_of(example.label)


def test_figures_are_stored_and_loaded(scenario: Scenario) -> None:
    scenario.create_campaign(overlap=2, experts=[ADA, BOB])
    scenario.import_rows("tone", [pair(number) for number in range(1, 7)])
    submit_winners(scenario, ADA, "llrrtl")
    submit_winners(scenario, BOB, "llrrtr")
    figures = compute(scenario)
    scenario.database.write_now(agreement.store_figures, 1, figures, NOW)
    assert scenario.database.read_now(agreement.stored_figures, 1) == StoredFigures(figures, NOW)
    scenario.database.write_now(
        agreement.store_figures, 1, AgreementFigures(), NOW + MAX_REPORT_AGE
    )
    assert scenario.database.read_now(agreement.stored_figures, 1) == StoredFigures(
        AgreementFigures(), NOW + MAX_REPORT_AGE
    )


def test_figures_of_an_older_version_are_computed_again(scenario: Scenario) -> None:
    scenario.create_campaign()
    old = {"answers": 3, "questions": {"winner": {"units": 3, "alpha": 0.4}}}
    scenario.database.write_now(agreement_reports.save, 1, old, NOW)
    assert scenario.database.read_now(agreement.stored_figures, 1) is None


def test_warning_names_an_expert_who_always_chooses_one_side(scenario: Scenario) -> None:
    scenario.create_campaign(overlap=1, experts=[ADA])
    scenario.import_rows("tone", [pair(number) for number in range(12)])
    scenario.answer_all(ADA, verdict="a")
    (expert,) = compute(scenario).experts.values()
    assert PositionBias(0, 12, 12) in expert.findings


def test_each_campaign_becomes_due_in_turn(scenario: Scenario) -> None:
    assert scenario.database.read_now(agreement.next_due_campaign, NOW) is None
    scenario.create_campaign("one")
    scenario.create_campaign("two")
    due_ids = []
    for _ in range(2):
        campaign_id = scenario.database.read_now(agreement.next_due_campaign, NOW)
        assert campaign_id is not None
        scenario.database.write_now(agreement.renew_figures, campaign_id, NOW)
        due_ids.append(campaign_id)
    assert due_ids == [1, 2]
    assert scenario.database.read_now(agreement.next_due_campaign, NOW + MAX_REPORT_AGE / 2) is None
    assert scenario.database.read_now(agreement.next_due_campaign, NOW + MAX_REPORT_AGE) == 1
    assert scenario.database.read_now(agreement.next_due_campaign, NOW - MAX_REPORT_AGE) == 1


def test_figures_are_current_until_new_answer(scenario: Scenario) -> None:
    scenario.create_campaign(overlap=2, experts=[ADA, BOB])
    scenario.import_rows("tone", [pair(1), pair(2)])

    def is_current(**age: float) -> bool:
        now = NOW + timedelta(**age)
        return scenario.database.read_now(agreement.is_current, 1, now)

    assert not is_current()
    scenario.database.write_now(agreement.store_figures, 1, compute(scenario), NOW)
    assert is_current(days=3)
    submit_winners(scenario, ADA, "l")
    assert is_current(minutes=9)
    assert not is_current(minutes=11)
    assert not is_current(hours=-2)  # the clock was set back


def test_only_few_answers_are_computed_inline(scenario: Scenario) -> None:
    scenario.create_campaign(overlap=1, experts=[ADA])
    scenario.import_rows("tone", [pair(1), pair(2)])
    submit_winners(scenario, ADA, "lr")
    assert scenario.database.read_now(agreement.can_compute_inline, 1)
    assert scenario.database.read_now(agreement.can_compute_inline, 1, 2)
    assert not scenario.database.read_now(agreement.can_compute_inline, 1, 1)
