"""What an expert finds at home."""

from __future__ import annotations

from datetime import date

from sqlmodel import Session, select

from bot.services import resting, visiting
from bot.services.visiting import Visit
from storage.tables import Annotation
from tests.services.conftest import Workshop
from tests.services.test_pushing import ADA, changes, opened


def visit(workshop: Workshop) -> Visit:
    """Let Ada look."""
    found = workshop.database.read_now(visiting.visit, ADA, workshop.now)
    assert found is not None
    return found


def test_a_stranger_finds_nothing(workshop: Workshop) -> None:
    assert workshop.database.read_now(visiting.visit, ADA, workshop.now) is None


def test_the_estimate_goes_by_their_own_median(workshop: Workshop) -> None:
    opened(workshop, ADA, items=13)
    for _ in range(3):
        workshop.answers(ADA, workshop.asks(ADA) or 0, verdict="a")

    def take(session: Session) -> None:
        for seconds, version in zip((20, 30, 900), session.exec(select(Annotation)), strict=True):
            version.seconds = seconds

    workshop.database.write_now(take)
    found = visit(workshop)
    assert (found.progress.waiting, found.progress.minutes) == (10, 5)
    assert (found.spent, found.is_begun, len(found.recent)) == (16, False, 3)


def test_a_task_that_is_open_is_to_be_continued(workshop: Workshop) -> None:
    opened(workshop, ADA)
    workshop.asks(ADA)
    assert visit(workshop).is_begun


def test_a_pause_is_told_by_the_day_it_ends_where_they_live(workshop: Workshop) -> None:
    opened(workshop, ADA)
    changes(workshop, tz="Pacific/Kiritimati")
    workshop.database.write_now(resting.pause, ADA, date(2026, 3, 9), workshop.now)
    assert visit(workshop).back_on == date(2026, 3, 9)
    workshop.passes(days=9)
    assert visit(workshop).back_on is None
