"""Asking: the clock stops, the answer comes back, goes on the clock, and helps others unnamed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlmodel import Session

from bot.cadence.hours import working_time
from bot.errors import BotError
from bot.services import (
    asking,
    campaigning,
    choosing,
    granting,
    leasing,
    listening,
    pushing,
    serving,
)
from bot.services.asking import NoQuestionError, NothingSaidError
from bot.services.auditing import SLACK
from bot.services.choosing import Choices
from bot.services.directing import By
from storage.queries import raising
from storage.tables import Assignment, Expert, Outbox, Question, QuestionPost, Role
from tests.services.conftest import Workshop, pair

ADA, BOB, EVE, CORA = "U0ADA", "U0BOB", "U0EVE", "U0CORA"


@pytest.fixture
def held(workshop: Workshop) -> int:
    """Return Ada's assignment; Bob holds the same item, Eve will get it."""
    workshop.creates(experts=[ADA, BOB, EVE], overlap=3, reminders=())
    workshop.imports("tone", [pair(1)])
    number = workshop.asks(ADA) or 0
    workshop.asks(BOB)

    def shown(session: Session) -> None:
        for row in (1, 2):
            assignment = session.get_one(Assignment, row)
            assignment.channel, assignment.message_ts = f"D{row}", f"{row}.0"

    workshop.database.write_now(shown)
    return number


def asks(workshop: Workshop, assignment: int, text: str = "Which tone?", who: str = ADA) -> None:
    """Let an expert ask."""
    click = workshop.click(who)
    workshop.database.write_now(asking.ask, assignment, text, click, [CORA])


def answers(workshop: Workshop, question: int = 1, text: str = "Friendly.") -> None:
    """Let Cora answer."""
    by = By(CORA, SLACK, workshop.now)
    workshop.database.write_now(asking.answer, question, text, by)


def said(workshop: Workshop) -> list[tuple[str, str]]:
    """Return the words of the outbox and where they go."""
    return [(row.word, row.lane) for row in workshop.rows(Outbox)]


def test_a_question_reaches_the_coordinators_and_begins_a_thread(
    workshop: Workshop, held: int
) -> None:
    asks(workshop, held)
    asks(workshop, held)
    assert said(workshop) == [("asked", ADA), ("question", CORA)]
    (found,) = workshop.database.read_now(raising.open_questions, 1)
    assert (found.text, found.item, found.slack_id, found.outcome) == (
        "Which tone?",
        "pair-1",
        ADA,
        None,
    )
    assert ("asked", f"assignment {held}") in workshop.deeds()


def test_coordinators_by_grant_are_told_and_a_channel_instead_of_all(
    workshop: Workshop, held: int
) -> None:
    workshop.database.write_now(granting.grant, EVE, Role.COORDINATOR, workshop.by)
    asks(workshop, held)
    assert said(workshop)[1:] == [("question", CORA), ("question", EVE)]
    workshop.database.write_now(choosing.choose, Choices(channel="C1"), workshop.by)
    asks(workshop, held, "And the length?")
    assert said(workshop)[-1] == ("question", "C1")
    assert workshop.rows(Outbox)[-1].facts["channel"] == "C1"


def left(workshop: Workshop, assignment: int) -> timedelta:
    """Return how much working time of Ada's lease is left."""
    hours = leasing.hours_of(workshop.rows(Expert)[0])
    until = workshop.rows(Assignment)[assignment - 1].leased_until
    return working_time(hours, workshop.now, until)


def test_the_clock_stops_and_goes_on_with_what_was_left(workshop: Workshop, held: int) -> None:
    workshop.passes(hours=4)
    before = left(workshop, held)
    asks(workshop, held)
    workshop.passes(days=60)
    workshop.database.write_now(pushing.expire, workshop.now)
    assert workshop.rows(Assignment)[held - 1].state == "delivered"
    answers(workshop)
    assert workshop.rows(Assignment)[held - 1].clock_stopped_at is None
    assert left(workshop, held) == before
    workshop.passes(days=60)
    workshop.database.write_now(pushing.expire, workshop.now)
    assert workshop.rows(Assignment)[held - 1].state == "expired"


def test_the_clock_waits_for_the_last_answer(workshop: Workshop, held: int) -> None:
    asks(workshop, held)
    asks(workshop, held, "And how long?")
    answers(workshop, 1)
    assert workshop.rows(Assignment)[held - 1].clock_stopped_at is not None
    answers(workshop, 2)
    assert workshop.rows(Assignment)[held - 1].clock_stopped_at is None


def test_the_answer_is_offered_to_whoever_holds_or_gets_the_item(
    workshop: Workshop, held: int
) -> None:
    asks(workshop, held)
    before = len(said(workshop))
    answers(workshop)
    assert said(workshop)[before:] == [("reply", ADA), ("turn", BOB)]
    later = workshop.asks(EVE) or 0

    def shown(session: Session) -> int:
        return serving.task_view(session, session.get_one(Assignment, later)).answered

    assert workshop.database.read_now(shown) == 1
    (told,) = workshop.database.read_now(raising.answered, 1)
    assert told == ("Which tone?", "Friendly.")
    assert workshop.database.read_now(raising.open_questions) == []


def test_what_is_replied_in_the_threads_counts(workshop: Workshop, held: int) -> None:
    asks(workshop, held)

    def posted(session: Session) -> None:
        session.add(QuestionPost(channel="DCORA", ts="7.0", question_id=1))
        asking.note_thread(session, 1, "D1", "8.0")

    workshop.database.write_now(posted)

    def writes(who: str, channel: str, thread: str, text: str, **more: object) -> str:
        message = {"user": who, "channel": channel, "thread_ts": thread, "ts": "9.0", **more}
        workshop.database.write_now(listening.understand, message, text, workshop.now)
        row = workshop.rows(Outbox)[-1]
        return str(row.facts.get("words"))

    assert "Only coordinators" in writes(BOB, "DCORA", "7.0", "Rude.")
    assert "Passed on" in writes(CORA, "DCORA", "7.0", "Friendly.", is_coordinator=True)
    assert writes(ADA, "D1", "8.0", "Even to spam?") == "Even to spam?"
    row = workshop.rows(Question)[0]
    assert row.text == "Which tone?\n\nEven to spam?"
    assert row.answered_at is None
    assert workshop.rows(Assignment)[held - 1].clock_stopped_at is not None
    assert "Passed on" in writes(CORA, "DCORA", "7.0", "Even then.", is_coordinator=True)
    assert workshop.rows(Question)[0].answer == "Friendly.\n\nEven then."
    writes(CORA, "DCORA", "7.0", "Edited.", is_coordinator=True, change="message")
    assert workshop.rows(Question)[0].answer == "Friendly.\n\nEven then."


def test_what_cannot_be_asked_or_answered(workshop: Workshop, held: int) -> None:
    with pytest.raises(NothingSaidError):
        asks(workshop, held, " \n")
    with pytest.raises(BotError, match="somebody else"):
        asks(workshop, held, who=BOB)
    with pytest.raises(NoQuestionError):
        answers(workshop)
    asks(workshop, held)
    with pytest.raises(NothingSaidError):
        answers(workshop, text=" ")
    workshop.directs("tone", campaigning.close, workshop.by)
    answers(workshop)
