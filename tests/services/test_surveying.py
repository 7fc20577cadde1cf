"""What the answers of a campaign say together."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session, select

from bot.kinds import KINDS
from bot.kinds.base import Kind
from bot.quality.agreement import agreement
from bot.quality.votes import votes_of
from bot.services import answering, surveying
from bot.services.surveying import FRESH, Found, Kept, label_of
from storage.tables import Assignment, Expert, Item, Task
from tests.services.conftest import NOW, Workshop, pair

ADA, BOB, CAT = "U0ADA", "U0BOB", "U0CAT"


def found(workshop: Workshop, campaign_id: int = 1) -> Found:
    """Return what the answers of a campaign say together now."""
    return workshop.database.read_now(surveying.survey, campaign_id)


def numbers(workshop: Workshop) -> dict[str, int]:
    """Return the numbers of the experts by their Slack ids."""
    return {expert.slack_id: expert.id for expert in workshop.rows(Expert)}


def judges(workshop: Workshop, slack_id: str, winners: str) -> None:
    """Let an expert answer task after task, given by a letter for the winner: l, r or t."""
    for winner in winners:
        given = workshop.asks(slack_id)
        assert given is not None
        workshop.answers(slack_id, given, verdict=tapped(workshop, given, winner))


def tapped(workshop: Workshop, assignment: int, winner: str) -> str:
    """Return the answer as the expert sees it, whatever order they see."""
    if winner == "t":
        return "tie"
    row = next(one for one in workshop.rows(Assignment) if one.id == assignment)
    return "ab"[row.candidate_order.index("lr".index(winner))]


def test_agreement_is_over_what_was_judged_not_over_what_stood_first(workshop: Workshop) -> None:
    workshop.creates(overlap=3, experts=[ADA, BOB, CAT])
    workshop.imports("tone", [pair(number) for number in range(1, 7)])
    said = {ADA: "llrrtl", BOB: "llrrtr", CAT: "llrltr"}
    for expert, winners in said.items():
        judges(workshop, expert, winners)
    units = [list(unit) for unit in zip(*said.values(), strict=True)]
    seen = found(workshop)
    same = agreement(units, "nominal")
    assert seen.questions["winner"].alpha == pytest.approx(same.alpha)
    assert seen.questions["winner"].same == pytest.approx(same.same)
    assert (seen.answers, seen.sources) == (18, {"unanimous": 4, "majority": 2})


def test_each_expert_is_compared_with_the_others(workshop: Workshop) -> None:
    workshop.creates(overlap=3, experts=[ADA, BOB, CAT])
    workshop.imports("tone", [pair(1), pair(2)])
    for expert, winners in ((ADA, "ll"), (BOB, "lr"), (CAT, "l")):
        judges(workshop, expert, winners)
    experts = found(workshop).experts
    of = {slack_id: experts[number] for slack_id, number in numbers(workshop).items()}
    assert {name: (one.answers, one.compared, one.agrees) for name, one in of.items()} == {
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


def test_gold_says_who_is_right_and_nothing_of_agreement(workshop: Workshop) -> None:
    workshop.creates(overlap=2, experts=[ADA, BOB])
    workshop.imports("tone", [pair(1), pair(2)])
    judges(workshop, ADA, "rl")
    judges(workshop, BOB, "ll")
    workshop.database.write_now(make_gold, "pair-1", {"verdict": "b"})
    seen, number = found(workshop), numbers(workshop)
    assert seen.questions["winner"].units == 1
    assert seen.sources == {"unanimous": 1}
    gold = {name: seen.experts[number[name]].gold for name in (ADA, BOB)}
    assert {name: one and (one.right, one.asked) for name, one in gold.items()} == {
        ADA: (1, 1),
        BOB: (0, 1),
    }


def test_a_rating_is_compared_criterion_by_criterion(workshop: Workshop) -> None:
    workshop.creates("jokes", "rating", overlap=2, experts=[ADA, BOB])
    workshop.imports("jokes", [{"id": str(n), "text": f"Joke {n}"} for n in range(6)])
    for expert, points in ((ADA, "112345"), (BOB, "112354")):
        for humor in points:
            workshop.answers(
                expert, workshop.asks(expert) or 0, humor=humor, relevance="3", clarity=humor
            )
    seen = found(workshop)
    assert seen.questions["relevance"].alpha is None
    assert seen.questions["humor"] == seen.questions["clarity"]
    assert (seen.questions["humor"].alpha or 0) > 0.8
    assert seen.sources == {"unanimous": 4, "split": 2}


def test_what_is_written_is_counted_and_not_compared(workshop: Workshop) -> None:
    workshop.creates("answers", "demonstration", overlap=2, experts=[ADA, BOB])
    workshop.imports("answers", [{"id": "1", "prompt": "Explain tides."}])
    for expert in (ADA, BOB):
        workshop.answers(expert, workshop.asks(expert) or 0, response="The moon does it.")
    seen = found(workshop)
    assert (seen.answers, seen.questions, seen.sources) == (2, {}, {"single": 1})


def test_a_skipped_or_undone_answer_says_nothing(workshop: Workshop) -> None:
    workshop.creates(overlap=1, experts=[ADA])
    workshop.imports("tone", [pair(1), pair(2)])
    given = workshop.asks(ADA) or 0
    workshop.answers(ADA, given, verdict="a")
    workshop.database.write_now(answering.undo, given, workshop.click(ADA))
    workshop.database.write_now(answering.skip, given, "unclear", workshop.click(ADA))
    assert found(workshop) == Found()


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS.keys())
def test_votes_need_no_texts(kind: Kind[Any]) -> None:
    example = kind.example
    value: dict[str, object] = {}
    for given in example.given:
        value = kind.read(given, value, example.settings, example.order).value
    assert votes_of(label_of(kind, value, example.order)) == votes_of(example.label)


def test_what_was_found_is_kept_word_for_word(workshop: Workshop) -> None:
    workshop.creates(overlap=2, experts=[ADA, BOB])
    workshop.imports("tone", [pair(number) for number in range(1, 7)])
    judges(workshop, ADA, "llrrtl")
    judges(workshop, BOB, "llrrtr")
    seen = found(workshop)
    workshop.database.write_now(surveying.keep, 1, seen, NOW)
    assert workshop.database.read_now(surveying.kept, 1) == Kept(seen, NOW)
    workshop.database.write_now(surveying.keep, 1, Found(), NOW + FRESH)
    assert workshop.database.read_now(surveying.kept, 1) == Kept(Found(), NOW + FRESH)


def test_each_campaign_has_its_turn_once_in_a_while(workshop: Workshop) -> None:
    assert workshop.database.read_now(surveying.due, NOW) is None
    workshop.creates("one")
    workshop.creates("two")
    turns = []
    for _ in range(2):
        turn = workshop.database.read_now(surveying.due, NOW)
        assert turn is not None
        workshop.database.write_now(surveying.look_again, turn, NOW)
        turns.append(turn)
    assert turns == [1, 2]
    assert workshop.database.read_now(surveying.due, NOW + FRESH / 2) is None
    assert workshop.database.read_now(surveying.due, NOW + FRESH) == 1


def test_what_was_found_will_do_until_another_answer_comes(workshop: Workshop) -> None:
    workshop.creates(overlap=2, experts=[ADA, BOB])
    workshop.imports("tone", [pair(1), pair(2)])

    def is_current(**later: float) -> bool:
        now = NOW + timedelta(**later)
        return workshop.database.read_now(surveying.is_current, 1, now)

    assert not is_current()
    workshop.database.write_now(surveying.keep, 1, found(workshop), NOW)
    assert is_current(days=3)
    judges(workshop, ADA, "l")
    assert is_current(minutes=9)
    assert not is_current(minutes=11)


def test_few_answers_are_read_beside_clicks_and_many_are_not(workshop: Workshop) -> None:
    workshop.creates(overlap=1, experts=[ADA])
    workshop.imports("tone", [pair(1), pair(2)])
    judges(workshop, ADA, "lr")
    assert workshop.database.read_now(surveying.is_quick, 1)
    assert workshop.database.read_now(surveying.is_quick, 1, 2)
    assert not workshop.database.read_now(surveying.is_quick, 1, 1)
