"""An export that freezes: what is in it is final, and what is final is in it."""

from __future__ import annotations

import pytest
from sqlmodel import Session

from bot.clock import TurnableClock
from bot.exports.writing import Written
from bot.services import answering, campaigning, exporting, freezing, labelling, scheduling
from bot.services.answering import LockedError
from bot.services.exporting import DiskError
from bot.services.scheduling import Claimed, Wanted
from storage.tables import Assignment, Campaign
from tests.services.conftest import Workshop
from tests.services.test_pushing import ADA, opened


def claimed(workshop: Workshop, wanted: Wanted) -> Claimed:
    """Take up an export."""

    def begin(session: Session) -> Claimed:
        campaign = campaigning.campaign_named(session, "tone")
        return scheduling.begin_export(session, campaign, wanted, workshop.by)

    return workshop.database.write_now(begin)


def exports(workshop: Workshop, *, freezes: bool = True) -> Written:
    """Export all answers."""
    run = claimed(workshop, Wanted("annotations", workshop.folder / "exports", freezes=freezes))
    return exporting.run_export(workshop.database, run, TurnableClock(workshop.now))


def answers(workshop: Workshop, items: int) -> None:
    """Let Ada answer some tasks."""
    for _ in range(items):
        workshop.answers(ADA, workshop.asks(ADA) or 0, verdict="a")


def test_what_is_in_it_can_no_longer_be_undone(workshop: Workshop) -> None:
    opened(workshop, ADA, items=3)
    answers(workshop, 2)
    assert exports(workshop).rows == 2
    with pytest.raises(LockedError, match="final since the export tone-annotations-20260302T0900"):
        workshop.database.write_now(answering.undo, 1, workshop.click(ADA))
    assert workshop.rows(Assignment)[0].state == "answered"


def test_what_comes_later_is_open_until_the_next_one_holds_it(workshop: Workshop) -> None:
    opened(workshop, ADA, items=3)
    answers(workshop, 1)
    exports(workshop)
    workshop.passes(days=1)
    answers(workshop, 1)
    workshop.database.write_now(answering.undo, 2, workshop.click(ADA))
    answers(workshop, 1)
    assert exports(workshop).rows == 2
    locked = [row.locked_by for row in workshop.rows(Assignment)]
    assert locked == [
        "the export tone-annotations-20260302T090000Z",
        "the export tone-annotations-20260303T090000Z",
    ]


def test_an_answer_that_arrives_meanwhile_is_neither_in_it_nor_final(workshop: Workshop) -> None:
    opened(workshop, ADA, items=2)
    answers(workshop, 1)
    workshop.database.write_now(freezing.freeze, 1, "the export x")
    answers(workshop, 1)

    def final(session: Session) -> list[str]:
        campaign = session.get_one(Campaign, 1)
        return [one.item for one in labelling.labelled(session, campaign, only_final=True)]

    assert workshop.database.read_now(final) == ["pair-1"]


def test_an_ordinary_export_freezes_nothing(workshop: Workshop) -> None:
    opened(workshop, ADA, items=1)
    answers(workshop, 1)
    assert exports(workshop, freezes=False).rows == 1
    assert workshop.rows(Assignment)[0].locked_by is None


def test_an_export_that_could_not_be_written_freezes_nothing(workshop: Workshop) -> None:
    opened(workshop, ADA, items=1)
    answers(workshop, 1)
    in_the_way = workshop.folder / "file"
    in_the_way.write_text("no folder")
    run = claimed(workshop, Wanted("annotations", in_the_way / "exports", freezes=True))
    with pytest.raises(DiskError):
        exporting.run_export(workshop.database, run, TurnableClock(workshop.now))
    assert workshop.rows(Assignment)[0].locked_by is None
