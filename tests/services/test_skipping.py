"""What a skip does beside: the campaign's policy, and all of it taken back by an undo."""

from __future__ import annotations

import pytest

from bot.services import answering
from bot.services.skipping import ABOUT_THE_ITEM, SKIP_WORDS, SkipReason
from storage.queries import shelving
from storage.tables import Assignment, Campaign, Task
from tests.services.conftest import Workshop, pair

ADA, BOB = "U0ADA", "U0BOB"


@pytest.fixture
def held(workshop: Workshop) -> int:
    """Return Ada's assignment in a campaign where skipped items go to nobody else."""
    workshop.creates(experts=[ADA, BOB], overlap=2)
    workshop.imports("tone", [pair(1)])

    def decide(session: object, campaign: Campaign) -> None:
        del session
        campaign.skip_policy = "nobody"

    workshop.directs("tone", decide)
    return workshop.asks(ADA) or 0


def skips(workshop: Workshop, assignment: int, reason: str, who: str = ADA) -> None:
    """Let somebody skip."""
    workshop.database.write_now(answering.skip, assignment, reason, workshop.click(who))


@pytest.mark.parametrize("reason", SkipReason)
def test_what_is_wrong_with_the_item_goes_to_nobody_what_is_personal_to_others(
    workshop: Workshop, held: int, reason: SkipReason
) -> None:
    skips(workshop, held, reason)
    aside = workshop.database.read_now(shelving.set_aside_in, 1)
    assert bool(aside) == (reason in ABOUT_THE_ITEM)
    assert (workshop.asks(BOB) is None) == bool(aside)
    assert workshop.asks(ADA) is None


def test_an_undo_takes_all_of_a_skip_back(workshop: Workshop, held: int) -> None:
    skips(workshop, held, "unsafe")
    workshop.database.write_now(answering.undo, held, workshop.click(ADA))
    (task,), (row,) = workshop.rows(Task), workshop.rows(Assignment)
    assert (task.set_aside_at, task.set_aside_reason, task.taken) == (None, None, 1)
    assert (row.state, row.skip_reason) == ("delivered", None)
    assert workshop.asks(BOB) is not None


def test_an_undo_leaves_what_others_or_a_coordinator_set_aside(
    workshop: Workshop, held: int
) -> None:
    other = workshop.asks(BOB) or 0
    skips(workshop, held, "unsafe")
    skips(workshop, other, "broken", BOB)
    workshop.database.write_now(answering.undo, held, workshop.click(ADA))
    assert workshop.database.read_now(shelving.set_aside_in, 1) != []
    workshop.database.write_now(shelving.put_back, 1)
    workshop.database.write_now(shelving.set_aside, 1, "flagged: odd", workshop.now)
    workshop.database.write_now(answering.undo, other, workshop.click(BOB))
    (aside,) = workshop.database.read_now(shelving.set_aside_in, None)
    assert aside.reason == "flagged: odd"


def test_every_reason_has_its_words() -> None:
    assert list(SKIP_WORDS) == list(SkipReason)
