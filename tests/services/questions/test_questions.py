"""Asking: the clock stops, the answer comes back, goes on the clock, and helps others unnamed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlmodel import Session

from bot.cadence.working_hours import working_time
from bot.errors import BotError
from bot.services.actors import roles
from bot.services.actors.actor import Actor
from bot.services.actors.audit_log import SLACK
from bot.services.assignments import leases
from bot.services.campaigns import campaigns
from bot.services.questions import questions
from bot.services.questions.questions import EmptyTextError, UnknownQuestionError
from bot.services.settings import workspace_settings
from bot.services.settings.workspace_settings import WorkspaceSettings
from bot.services.tasks import next_task, scheduled_delivery
from bot.services.threads import thread_messages
from storage.queries import questions_and_flags
from storage.tables import Assignment, Expert, OutboxMessage, Question, QuestionPost, Role
from tests.services.conftest import Scenario, pair

ADA, BOB, EVE, CORA = "U0ADA", "U0BOB", "U0EVE", "U0CORA"


@pytest.fixture
def held(scenario: Scenario) -> int:
    """Return Ada's assignment; Bob holds the same item, Eve will get it."""
    scenario.create_campaign(experts=[ADA, BOB, EVE], overlap=3, reminders=())
    scenario.import_rows("tone", [pair(1)])
    number = scenario.assign_next(ADA) or 0
    scenario.assign_next(BOB)

    def shown(session: Session) -> None:
        for row in (1, 2):
            assignment = session.get_one(Assignment, row)
            assignment.channel, assignment.message_ts = f"D{row}", f"{row}.0"

    scenario.database.write_now(shown)
    return number


def asks(scenario: Scenario, assignment: int, text: str = "Which tone?", who: str = ADA) -> None:
    """Let an expert ask."""
    interaction = scenario.interaction(who)
    scenario.database.write_now(questions.ask_question, assignment, text, interaction, [CORA])


def answers(scenario: Scenario, question: int = 1, text: str = "Friendly.") -> None:
    """Let Cora answer."""
    actor = Actor(CORA, SLACK, scenario.now)
    scenario.database.write_now(questions.answer_question, question, text, actor)


def said(scenario: Scenario) -> list[tuple[str, str]]:
    """Return the words of the outbox and where they go."""
    return [(row.message_type, row.recipient) for row in scenario.rows(OutboxMessage)]


def test_a_question_reaches_the_coordinators_and_begins_a_thread(
    scenario: Scenario, held: int
) -> None:
    asks(scenario, held)
    asks(scenario, held)
    assert said(scenario) == [("question_thread", ADA), ("question", CORA)]
    assert len(scenario.rows(Question)) == 1
    found = scenario.database.read_now(questions_and_flags.question_by_id, 1)
    assert found is not None
    assert (found.text, found.item_key, found.slack_id, found.outcome) == (
        "Which tone?",
        "pair-1",
        ADA,
        None,
    )
    assert ("asked a question", f"assignment {held}") in scenario.audit_log()


def test_coordinators_by_grant_are_told_and_a_channel_instead_of_all(
    scenario: Scenario, held: int
) -> None:
    scenario.database.write_now(roles.grant_role, EVE, Role.COORDINATOR, scenario.actor)
    asks(scenario, held)
    assert said(scenario)[1:] == [("question", CORA), ("question", EVE)]
    scenario.database.write_now(
        workspace_settings.update_settings, WorkspaceSettings(channel="C1"), scenario.actor
    )
    asks(scenario, held, "And the length?")
    assert said(scenario)[-1] == ("question", "C1")
    assert scenario.rows(OutboxMessage)[-1].payload["channel"] == "C1"


def left(scenario: Scenario, assignment: int) -> timedelta:
    """Return how much working time of Ada's lease is left."""
    hours = leases.working_hours_of(scenario.rows(Expert)[0])
    until = scenario.rows(Assignment)[assignment - 1].leased_until
    return working_time(hours, scenario.now, until)


def test_the_clock_stops_and_goes_on_with_what_was_left(scenario: Scenario, held: int) -> None:
    scenario.advance_clock(hours=4)
    before = left(scenario, held)
    asks(scenario, held)
    scenario.advance_clock(days=60)
    scenario.database.write_now(scheduled_delivery.expire_leases, scenario.now)
    assert scenario.rows(Assignment)[held - 1].state == "delivered"
    answers(scenario)
    assert scenario.rows(Assignment)[held - 1].lease_paused_at is None
    assert left(scenario, held) == before
    scenario.advance_clock(days=60)
    scenario.database.write_now(scheduled_delivery.expire_leases, scenario.now)
    assert scenario.rows(Assignment)[held - 1].state == "expired"


def test_the_clock_waits_for_the_last_answer(scenario: Scenario, held: int) -> None:
    asks(scenario, held)
    asks(scenario, held, "And how long?")
    answers(scenario, 1)
    assert scenario.rows(Assignment)[held - 1].lease_paused_at is not None
    answers(scenario, 2)
    assert scenario.rows(Assignment)[held - 1].lease_paused_at is None


def test_the_answer_is_offered_to_whoever_holds_or_gets_the_item(
    scenario: Scenario, held: int
) -> None:
    asks(scenario, held)
    before = len(said(scenario))
    answers(scenario)
    assert said(scenario)[before:] == [("question_answer", ADA), ("task_page", BOB)]
    later = scenario.assign_next(EVE) or 0

    def shown(session: Session) -> int:
        return next_task.task_view(session, session.get_one(Assignment, later)).answered_questions

    assert scenario.database.read_now(shown) == 1
    (told,) = scenario.database.read_now(questions_and_flags.answered_questions, 1)
    assert told == ("Which tone?", "Friendly.")
    assert not scenario.database.read_now(questions_and_flags.has_open_question, held)


def test_what_is_replied_in_the_threads_counts(scenario: Scenario, held: int) -> None:
    asks(scenario, held)

    def posted(session: Session) -> None:
        session.add(QuestionPost(channel="DCORA", ts="7.0", question_id=1))
        questions.record_thread(session, 1, "D1", "8.0")

    scenario.database.write_now(posted)

    def writes(who: str, channel: str, thread: str, text: str, **more: object) -> str:
        message = {"user": who, "channel": channel, "thread_ts": thread, "ts": "9.0", **more}
        scenario.database.write_now(thread_messages.handle_message, message, text, scenario.now)
        row = scenario.rows(OutboxMessage)[-1]
        return str(row.payload.get("text"))

    assert "Only coordinators" in writes(BOB, "DCORA", "7.0", "Rude.")
    assert "Passed on" in writes(CORA, "DCORA", "7.0", "Friendly.", is_coordinator=True)
    assert writes(ADA, "D1", "8.0", "Even to spam?") == "Even to spam?"
    row = scenario.rows(Question)[0]
    assert row.text == "Which tone?\n\nEven to spam?"
    assert row.answered_at is None
    assert scenario.rows(Assignment)[held - 1].lease_paused_at is not None
    assert "Passed on" in writes(CORA, "DCORA", "7.0", "Even then.", is_coordinator=True)
    assert scenario.rows(Question)[0].answer == "Friendly.\n\nEven then."
    writes(CORA, "DCORA", "7.0", "Edited.", is_coordinator=True, changed_key="message")
    assert scenario.rows(Question)[0].answer == "Friendly.\n\nEven then."


def test_what_cannot_be_asked_or_answered(scenario: Scenario, held: int) -> None:
    with pytest.raises(EmptyTextError):
        asks(scenario, held, " \n")
    with pytest.raises(BotError, match="somebody else"):
        asks(scenario, held, who=BOB)
    with pytest.raises(UnknownQuestionError):
        answers(scenario)
    asks(scenario, held)
    with pytest.raises(EmptyTextError):
        answers(scenario, text=" ")
    scenario.run_for_campaign("tone", campaigns.close, scenario.actor)
    answers(scenario)
