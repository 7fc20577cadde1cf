"""Recent answers, and changing one of them until it is final."""

from __future__ import annotations

import pytest
from sqlmodel import Session

from bot.errors import BotError
from bot.services import answering, campaigning, recalling
from bot.services.answering import ClosedError, LockedError, NotYoursError
from storage.tables import Annotation, Assignment
from tests.services.conftest import Workshop
from tests.services.test_pushing import ADA, BOB, opened, words


def answered(workshop: Workshop, items: int = 1) -> None:
    """Let Ada answer everything."""
    opened(workshop, ADA, items=items)
    for _ in range(items):
        workshop.passes(minutes=1)
        workshop.answers(ADA, workshop.asks(ADA) or 0, verdict="a")


def lock(workshop: Workshop) -> None:
    """Make every answer final."""

    def decide(session: Session) -> None:
        session.get_one(Assignment, 1).locked_by = "export tone-1"

    workshop.database.write_now(decide)


def recent(workshop: Workshop) -> list[tuple[int, bool]]:
    """Return Ada's recent answers, and whether each may change."""
    found = workshop.database.read_now(recalling.recent, 1)
    return [(one.assignment, one.may_change) for one in found]


def test_the_newest_answers_are_shown_the_last_one_first(workshop: Workshop) -> None:
    answered(workshop, 7)
    workshop.database.write_now(answering.undo, 6, workshop.click(ADA))
    assert recent(workshop) == [(number, True) for number in (7, 5, 4, 3, 2)]


def test_an_answer_comes_back_and_counts_until_it_is_changed(workshop: Workshop) -> None:
    answered(workshop)
    workshop.database.write_now(recalling.bring_back, 1, workshop.click(ADA))
    assert [row.facts for row in words(workshop, "recalled")] == [{"assignment": 1}]
    assert workshop.rows(Assignment)[0].state == "answered"
    workshop.answers(ADA, 1, verdict="b")
    values = [version.value for version in workshop.rows(Annotation)]
    assert values == [{"verdict": "a"}, {"verdict": "b"}]


def test_what_was_undone_meanwhile_comes_as_the_open_task_it_is(workshop: Workshop) -> None:
    answered(workshop)
    workshop.database.write_now(answering.undo, 1, workshop.click(ADA))
    workshop.database.write_now(recalling.bring_back, 1, workshop.click(ADA))
    assert words(workshop, "task")[-1].facts == {"asked": True}


def test_a_final_answer_stays_as_it_is(workshop: Workshop) -> None:
    answered(workshop)
    lock(workshop)
    assert recent(workshop) == [(1, False)]
    for deed in (recalling.bring_back, answering.undo):
        with pytest.raises(LockedError, match="final since export tone-1"):
            workshop.database.write_now(deed, 1, workshop.click(ADA))
    with pytest.raises(LockedError):
        workshop.answers(ADA, 1, verdict="b")
    assert workshop.rows(Assignment)[0].value == {"verdict": "a"}
    assert workshop.count("annotation") == 1


@pytest.mark.parametrize(("person", "error"), [(BOB, NotYoursError), (ADA, ClosedError)])
def test_nothing_else_comes_back(workshop: Workshop, person: str, error: type[BotError]) -> None:
    answered(workshop)
    if person == ADA:
        workshop.directs("tone", campaigning.close, workshop.by)
        assert recent(workshop) == [(1, False)]
    with pytest.raises(error):
        workshop.database.write_now(recalling.bring_back, 1, workshop.click(person))
