"""Appeals: an upheld one corrects the gold answer and all scores; a rejected one gives a reason."""

from __future__ import annotations

from typing import Any

import pytest
from sqlmodel import Session, select

from bot.errors import BotError
from bot.services.actors.actor import Actor
from bot.services.answers.submit import FinalAnswerError
from bot.services.experts import own_quality
from bot.services.reports import agreement
from bot.services.reviews import appeals
from bot.services.reviews.appeals import (
    AlreadyAppealedError,
    AppealDecidedError,
    NoReasonError,
    NothingToAppealError,
    OwnAppealError,
)
from storage.row_id import id_of
from storage.tables import Assignment, Expert, Item, OutboxMessage, Task
from tests.services.conftest import Scenario, pair

ADA, BOB, COORDINATOR = "U0ADA", "U0BOB", "U0COOR"


def answer_gold(scenario: Scenario) -> int:
    """Let Ada prefer the right text and Bob the left one, as the gold answer says; return Ada's."""
    scenario.create_campaign(overlap=2, experts=[ADA, BOB])
    scenario.import_rows("tone", [pair(1)])
    assignments = {}
    for slack_id, position in ((ADA, 1), (BOB, 0)):
        assignments[slack_id] = scenario.assign_next(slack_id) or 0
        (order,) = [
            row.candidate_order
            for row in scenario.rows(Assignment)
            if row.id == assignments[slack_id]
        ]
        verdict = "ab"[order.index(position)]
        scenario.submit_answer(slack_id, assignments[slack_id], verdict=verdict)
    scenario.database.write_now(_make_gold)
    figures = scenario.database.read_now(agreement.compute_figures, 1)
    scenario.database.write_now(agreement.store_figures, 1, figures, scenario.now)
    return assignments[ADA]


def _make_gold(session: Session) -> None:
    task = session.exec(select(Task)).one()
    item = session.get_one(Item, task.item_id)
    item.gold, task.is_gold = {"verdict": "a"}, True
    session.add(item)
    session.add(task)


def correct_answers(scenario: Scenario) -> dict[str, int]:
    """Return how many gold answers of each expert are counted as right in the stored figures."""

    def read(session: Session) -> dict[str, int]:
        stored = agreement.stored_figures(session, 1)
        assert stored
        found = {expert.slack_id: id_of(expert) for expert in session.exec(select(Expert))}
        accuracies = {who: stored.figures.experts[key].gold_accuracy for who, key in found.items()}
        return {who: one.correct for who, one in accuracies.items() if one}

    return scenario.database.read_now(read)


def appeal(scenario: Scenario, assignment_id: int, slack_id: str = ADA) -> None:
    """Appeal the verdict on an answer."""
    interaction = scenario.interaction(slack_id)
    scenario.database.write_now(appeals.submit_appeal, assignment_id, interaction, [COORDINATOR])


def texts_to(scenario: Scenario, slack_id: str) -> list[str]:
    """Return the texts queued for a person."""
    rows: list[Any] = scenario.rows(OutboxMessage)
    return [
        row.payload["text"]
        for row in rows
        if (row.recipient, row.message_type) == (slack_id, "text")
    ]


def test_expert_sees_wrong_answers_and_can_no_longer_change_them(scenario: Scenario) -> None:
    assignment_id = answer_gold(scenario)
    quality = scenario.database.write_now(own_quality.quality_of, ADA)
    (verdict,) = quality.wrong_answers
    assert (verdict.assignment_id, verdict.item_key) == (assignment_id, "pair-1")
    assert {verdict.answer, verdict.gold} == {"A is better", "B is better"}
    assert [one.campaign for one in quality.campaigns] == ["tone"]
    with pytest.raises(FinalAnswerError):
        scenario.submit_answer(ADA, assignment_id, verdict="tie")
    assert scenario.database.write_now(own_quality.quality_of, BOB).wrong_answers == ()


def test_upheld_appeal_corrects_the_gold_answer_and_all_scores(scenario: Scenario) -> None:
    assignment_id = answer_gold(scenario)
    assert correct_answers(scenario) == {ADA: 0, BOB: 1}
    appeal(scenario, assignment_id)
    assert any(row.message_type == "gold_appeal" for row in scenario.rows(OutboxMessage))
    scenario.database.write_now(appeals.uphold_appeal, 1, scenario.actor)
    assert scenario.rows(Item)[0].gold == {"verdict": "b"}
    assert correct_answers(scenario) == {ADA: 1, BOB: 0}
    assert "was upheld" in texts_to(scenario, ADA)[-1]
    case = scenario.database.read_now(appeals.find_appeal, 1)
    assert case
    assert (case.verdict.appeal, case.verdict.answer != case.verdict.gold) == ("upheld", True)
    assert scenario.database.write_now(own_quality.quality_of, ADA).wrong_answers == ()


def test_rejected_appeal_gives_the_expert_the_reason(scenario: Scenario) -> None:
    appeal(scenario, answer_gold(scenario))
    with pytest.raises(NoReasonError):
        scenario.database.write_now(appeals.reject_appeal, 1, " ", scenario.actor)
    scenario.database.write_now(appeals.reject_appeal, 1, "Left is shorter.", scenario.actor)
    assert texts_to(scenario, ADA)[-1].endswith("was rejected: Left is shorter.")
    assert correct_answers(scenario) == {ADA: 0, BOB: 1}
    with pytest.raises(AppealDecidedError):
        scenario.database.write_now(appeals.uphold_appeal, 1, scenario.actor)


@pytest.mark.parametrize(("slack_id", "error"), [(BOB, NothingToAppealError), (ADA, None)])
def test_only_own_wrong_answers_can_be_appealed_and_once(
    scenario: Scenario, slack_id: str, error: type[BotError] | None
) -> None:
    assignment_id = answer_gold(scenario)
    if error:
        with pytest.raises(error):
            appeal(scenario, assignment_id, slack_id)
        return
    appeal(scenario, assignment_id)
    with pytest.raises(AlreadyAppealedError):
        appeal(scenario, assignment_id)


def test_nobody_decides_their_own_appeal(scenario: Scenario) -> None:
    appeal(scenario, answer_gold(scenario))
    with pytest.raises(OwnAppealError):
        scenario.database.write_now(appeals.uphold_appeal, 1, Actor(ADA, "slack", scenario.now))
