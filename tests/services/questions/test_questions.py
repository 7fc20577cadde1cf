"""Questions: the lease is paused until the answer, which goes to all assignees of the item."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session

from bot.cadence.working_hours import working_time
from bot.messages.threads import IncomingMessage
from bot.services.actors import roles
from bot.services.actors.actor import Actor
from bot.services.actors.audit_log import SLACK
from bot.services.answers.submit import NotAssigneeError
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
def assignment_id(scenario: Scenario) -> int:
    """Return the id of Ada's assignment; Bob has the same item, Eve can still get it."""
    scenario.create_campaign(experts=[ADA, BOB, EVE], overlap=3, reminders=())
    scenario.import_rows("tone", [pair(1)])
    assignment_id = scenario.assign_next(ADA) or 0
    scenario.assign_next(BOB)

    def set_messages(session: Session) -> None:
        for number in (1, 2):
            assignment = session.get_one(Assignment, number)
            assignment.channel, assignment.message_ts = f"D{number}", f"{number}.0"

    scenario.database.write_now(set_messages)
    return assignment_id


def ask(
    scenario: Scenario, assignment_id: int, text: str = "Which tone?", slack_id: str = ADA
) -> None:
    """Ask a question as an expert."""
    interaction = scenario.interaction(slack_id)
    scenario.database.write_now(questions.ask_question, assignment_id, text, interaction, [CORA])


def answer(scenario: Scenario, question_id: int = 1, text: str = "Friendly.") -> None:
    """Answer a question as Cora."""
    actor = Actor(CORA, SLACK, scenario.now)
    scenario.database.write_now(questions.answer_question, question_id, text, actor)


def outbox_messages(scenario: Scenario) -> list[tuple[str, str]]:
    """Return the types and recipients of the outbox messages."""
    return [(row.message_type, row.recipient) for row in scenario.rows(OutboxMessage)]


def test_question_notifies_coordinators_and_starts_thread(
    scenario: Scenario, assignment_id: int
) -> None:
    ask(scenario, assignment_id)
    ask(scenario, assignment_id)
    assert outbox_messages(scenario) == [("question_thread", ADA), ("question", CORA)]
    assert len(scenario.rows(Question)) == 1
    question = scenario.database.read_now(questions_and_flags.question_by_id, 1)
    assert question is not None
    assert (question.text, question.item_key, question.slack_id, question.outcome) == (
        "Which tone?",
        "pair-1",
        ADA,
        None,
    )
    assert ("asked a question", f"assignment {assignment_id}") in scenario.audit_log()


def test_all_coordinators_or_channel_are_notified(scenario: Scenario, assignment_id: int) -> None:
    scenario.database.write_now(roles.grant_role, EVE, Role.COORDINATOR, scenario.actor)
    ask(scenario, assignment_id)
    assert outbox_messages(scenario)[1:] == [("question", CORA), ("question", EVE)]
    scenario.database.write_now(
        workspace_settings.update_settings, WorkspaceSettings(channel="C1"), scenario.actor
    )
    ask(scenario, assignment_id, "And the length?")
    assert outbox_messages(scenario)[-1] == ("question", "C1")
    assert scenario.rows(OutboxMessage)[-1].payload["channel"] == "C1"


def lease_left(scenario: Scenario, assignment_id: int) -> timedelta:
    """Return the working time left of Ada's lease."""
    hours = leases.working_hours_of(scenario.rows(Expert)[0])
    until = scenario.rows(Assignment)[assignment_id - 1].leased_until
    return working_time(hours, scenario.now, until)


def test_lease_is_paused_until_answer(scenario: Scenario, assignment_id: int) -> None:
    scenario.advance_clock(hours=4)
    before = lease_left(scenario, assignment_id)
    ask(scenario, assignment_id)
    scenario.advance_clock(days=60)
    scenario.database.write_now(scheduled_delivery.expire_leases, scenario.now)
    assert scenario.rows(Assignment)[assignment_id - 1].state == "delivered"
    answer(scenario)
    assert scenario.rows(Assignment)[assignment_id - 1].lease_paused_at is None
    assert lease_left(scenario, assignment_id) == before
    scenario.advance_clock(days=60)
    scenario.database.write_now(scheduled_delivery.expire_leases, scenario.now)
    assert scenario.rows(Assignment)[assignment_id - 1].state == "expired"


def test_lease_is_paused_until_last_answer(scenario: Scenario, assignment_id: int) -> None:
    ask(scenario, assignment_id)
    ask(scenario, assignment_id, "And how long?")
    answer(scenario, 1)
    assert scenario.rows(Assignment)[assignment_id - 1].lease_paused_at is not None
    answer(scenario, 2)
    assert scenario.rows(Assignment)[assignment_id - 1].lease_paused_at is None


def test_answer_is_offered_to_all_assignees_of_item(scenario: Scenario, assignment_id: int) -> None:
    ask(scenario, assignment_id)
    before = len(outbox_messages(scenario))
    answer(scenario)
    assert outbox_messages(scenario)[before:] == [("question_answer", ADA), ("task_page", BOB)]
    later_id = scenario.assign_next(EVE) or 0

    def count_answered(session: Session) -> int:
        return next_task.task_view(session, later_id).answered_questions

    assert scenario.database.read_now(count_answered) == 1
    (answered,) = scenario.database.read_now(questions_and_flags.answered_questions, 1)
    assert answered == ("Which tone?", "Friendly.")
    assert not scenario.database.read_now(questions_and_flags.has_open_question, assignment_id)


def test_thread_replies_answer_and_extend_question(scenario: Scenario, assignment_id: int) -> None:
    ask(scenario, assignment_id)

    def record_posts(session: Session) -> None:
        session.add(QuestionPost(channel="DCORA", ts="7.0", question_id=1))
        questions.record_thread(session, 1, "D1", "8.0")

    scenario.database.write_now(record_posts)

    def reply(
        slack_id: str,
        channel: str,
        thread_ts: str,
        text: str,
        **options: Any,  # noqa: ANN401 - any other field of an IncomingMessage
    ) -> str:
        message = IncomingMessage(
            channel=channel,
            user=slack_id,
            ts="9.0",
            thread_ts=thread_ts,
            **{"changed_key": "", **options},
        )
        scenario.database.write_now(thread_messages.handle_message, message, text, scenario.now)
        row = scenario.rows(OutboxMessage)[-1]
        return str(row.payload.get("text"))

    assert "Only coordinators" in reply(BOB, "DCORA", "7.0", "Rude.")
    assert "Sent to the expert" in reply(CORA, "DCORA", "7.0", "Friendly.", is_coordinator=True)
    assert reply(ADA, "D1", "8.0", "Even to spam?") == "Even to spam?"
    row = scenario.rows(Question)[0]
    assert row.text == "Which tone?\n\nEven to spam?"
    assert row.answered_at is None
    assert scenario.rows(Assignment)[assignment_id - 1].lease_paused_at is not None
    assert "Sent to the expert" in reply(CORA, "DCORA", "7.0", "Even then.", is_coordinator=True)
    assert scenario.rows(Question)[0].answer == "Friendly.\n\nEven then."
    reply(CORA, "DCORA", "7.0", "Edited.", is_coordinator=True, changed_key="message")
    assert scenario.rows(Question)[0].answer == "Friendly.\n\nEven then."


def test_empty_text_and_unknown_question_are_rejected(
    scenario: Scenario, assignment_id: int
) -> None:
    with pytest.raises(EmptyTextError):
        ask(scenario, assignment_id, " \n")
    with pytest.raises(NotAssigneeError):
        ask(scenario, assignment_id, slack_id=BOB)
    with pytest.raises(UnknownQuestionError):
        answer(scenario)
    ask(scenario, assignment_id)
    with pytest.raises(EmptyTextError):
        answer(scenario, text=" ")
    scenario.run_for_campaign("tone", campaigns.close, scenario.actor)
    answer(scenario)
