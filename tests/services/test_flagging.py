"""Flagging: coordinators look, the expert hears of it, and the item can be set aside."""

from __future__ import annotations

import pytest

from bot.services import flagging
from bot.services.asking import NothingSaidError
from bot.services.flagging import NoFlagError, ResolvedError
from storage.queries import raising, shelving
from storage.tables import Outbox
from tests.services.conftest import Workshop, pair

ADA, BOB, CORA = "U0ADA", "U0BOB", "U0CORA"


@pytest.fixture
def held(workshop: Workshop) -> int:
    """Return Ada's assignment; Bob would get the same item."""
    workshop.creates(experts=[ADA, BOB], overlap=2)
    workshop.imports("tone", [pair(1)])
    return workshop.asks(ADA) or 0


def flags(workshop: Workshop, assignment: int, reason: str = "Both are empty.") -> None:
    """Let Ada flag."""
    workshop.database.write_now(flagging.flag, assignment, reason, workshop.click(ADA), [CORA])


def test_a_flag_is_told_once_and_the_expert_goes_on(workshop: Workshop, held: int) -> None:
    flags(workshop, held)
    flags(workshop, held)
    assert [(row.word, row.lane) for row in workshop.rows(Outbox)] == [
        ("words", ADA),
        ("flagged", CORA),
    ]
    (found,) = workshop.database.read_now(raising.open_flags, 1)
    assert (found.text, found.item, found.campaign) == ("Both are empty.", "pair-1", "tone")
    workshop.answers(ADA, held, verdict="a")


def test_what_became_of_it_reaches_whoever_raised_it(workshop: Workshop, held: int) -> None:
    flags(workshop, held)
    workshop.database.write_now(flagging.resolve, 1, "Fixed.", workshop.by)
    assert workshop.database.read_now(raising.open_flags) == []
    told = workshop.rows(Outbox)[-1]
    assert (told.lane, told.facts["words"]) == (
        ADA,
        "You flagged: Both are empty.\nA coordinator looked at it: Fixed.",
    )
    with pytest.raises(ResolvedError, match="as “Fixed"):
        workshop.database.write_now(flagging.resolve, 1, "Again.", workshop.by)


def test_a_flagged_item_can_be_set_aside(workshop: Workshop, held: int) -> None:
    flags(workshop, held)
    assert workshop.database.write_now(flagging.set_aside, 1, workshop.by)
    assert not workshop.database.write_now(flagging.set_aside, 1, workshop.by)
    assert workshop.asks(BOB) is None
    (aside,) = workshop.database.read_now(shelving.set_aside_in, 1)
    assert (aside.item, aside.reason) == ("pair-1", "flagged: Both are empty.")
    workshop.answers(ADA, held, verdict="a")
    assert workshop.database.write_now(shelving.put_back, aside.task_id)
    assert workshop.asks(BOB) is not None


def test_what_cannot_be_flagged_or_resolved(workshop: Workshop, held: int) -> None:
    with pytest.raises(NothingSaidError):
        flags(workshop, held, "  ")
    with pytest.raises(NoFlagError):
        workshop.database.write_now(flagging.resolve, 1, "Fixed.", workshop.by)
    flags(workshop, held)
    with pytest.raises(NothingSaidError):
        workshop.database.write_now(flagging.resolve, 1, " ", workshop.by)
