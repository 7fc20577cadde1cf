"""Reminding by hand: who may be reminded is, and who may not is told with the reason."""

from __future__ import annotations

from datetime import timedelta

from sqlmodel import Session, select

from bot.services import urging
from bot.services.choosing import Choices, choose
from bot.services.urging import LeftAlone, Urged
from storage.tables import Expert, Nudge, Outbox
from tests.services.conftest import Workshop, pair

ADA, BO = "U0ADA", "U0BO"


def at_work(workshop: Workshop) -> None:
    """Let Ada and Bo hold a task each, on a Monday at eleven."""
    workshop.creates(experts=[ADA, BO], overlap=2)
    workshop.imports("tone", [pair(1)])
    workshop.passes(hours=2)
    assert workshop.asks(ADA)
    assert workshop.asks(BO)


def changes(workshop: Workshop, person: str, **columns: object) -> None:
    """Let something be known of somebody."""

    def change(session: Session) -> None:
        expert = session.exec(select(Expert).where(Expert.slack_id == person)).one()
        for name, value in columns.items():
            setattr(expert, name, value)
        session.add(expert)

    workshop.database.write_now(change)


def urges(workshop: Workshop) -> Urged:
    """Remind by hand."""
    return workshop.directs("tone", urging.urge, workshop.by)


def test_who_holds_a_task_is_reminded_once_and_it_counts(workshop: Workshop) -> None:
    at_work(workshop)
    assert urges(workshop).people == [ADA, BO]
    assert [row.word for row in workshop.rows(Outbox)].count("reminder") == 2
    assert len(workshop.rows(Nudge)) == 2
    assert ("reminded", "campaign tone") in workshop.deeds()


def test_caps_hold_for_reminders_by_hand_too(workshop: Workshop) -> None:
    at_work(workshop)
    workshop.database.write_now(choose, Choices(reminders_a_day=1), workshop.by)
    urges(workshop)
    assert urges(workshop).left == {LeftAlone.CAPS: [ADA, BO]}


def test_who_is_left_alone_is_told_with_the_reason(workshop: Workshop) -> None:
    at_work(workshop)
    changes(workshop, ADA, wants_reminders=False)
    changes(workshop, BO, dnd_until=workshop.now + timedelta(hours=1))
    urged = urges(workshop)
    assert urged.people == []
    assert urged.left == {LeftAlone.WISH: [ADA], LeftAlone.HOURS: [BO]}
    assert workshop.rows(Nudge) == []


def test_nobody_is_reminded_at_night_or_of_nothing(workshop: Workshop) -> None:
    workshop.creates(experts=[ADA])
    assert urges(workshop) == Urged()
    workshop.imports("tone", [pair(1)])
    workshop.asks(ADA)
    workshop.passes(hours=14)
    assert urges(workshop).left == {LeftAlone.HOURS: [ADA]}


def test_of_whom_slack_was_not_asked_lately_it_is_asked_first(workshop: Workshop) -> None:
    at_work(workshop)
    changes(workshop, ADA, dnd_at=workshop.now)
    unsure = workshop.database.read_now(urging.unsure, None, workshop.now)
    assert unsure == [BO]
