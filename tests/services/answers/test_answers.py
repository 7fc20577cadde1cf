"""Answers of every form: confirmations, rankings, answers in a thread, and what is recorded."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session

from bot.kinds.base import FormInput, ParsedAnswer
from bot.services.answers import submit
from bot.services.answers.submit import FinalAnswerError
from bot.services.reviews import exclusions
from storage.tables import Annotation, Assignment, AuditEvent, OutboxMessage
from tests.services.conftest import Scenario, pair

ADA, BOB = "U0ADA", "U0BOB"


def submit_as(
    scenario: Scenario, slack_id: str, assignment_id: int, form_input: FormInput
) -> ParsedAnswer:
    """Submit an expert's input and return what was parsed."""
    interaction = scenario.interaction(slack_id)
    return scenario.database.write_now(submit.submit_answer, assignment_id, form_input, interaction)


def assign(scenario: Scenario, slack_id: str) -> int:
    """Assign an expert their next task; return the assignment id."""
    assignment_id = scenario.assign_next(slack_id)
    assert assignment_id is not None
    return assignment_id


def assignment_by_id(scenario: Scenario, assignment_id: int) -> Any:  # noqa: ANN401 - a row
    """Return an assignment."""
    return next(row for row in scenario.rows(Assignment) if row.id == assignment_id)


@pytest.fixture
def answer_id(scenario: Scenario) -> int:
    """Return Ada's answered task, in a campaign of two levels; Bob can confirm the answer."""
    scenario.create_campaign(experts=[ADA, BOB], overlap=1, settings={"levels": 2})
    scenario.import_rows("tone", [pair(1)])
    assignment_id = assign(scenario, ADA)
    scenario.submit_answer(ADA, assignment_id, verdict="a")
    return assignment_id


def test_confirmation_is_stored_like_an_answer(scenario: Scenario, answer_id: int) -> None:
    confirmation = assign(scenario, BOB)
    parsed = submit_as(scenario, BOB, confirmation, {"confirm": "confirm_1"})
    assert parsed.complete
    assert assignment_by_id(scenario, confirmation).state == "answered"
    assert assignment_by_id(scenario, confirmation).value == parsed.value
    with pytest.raises(FinalAnswerError, match="made final by another expert's confirmation"):
        scenario.submit_answer(ADA, answer_id, verdict="b")


def test_sent_back_answer_waits_for_the_reason(scenario: Scenario, answer_id: int) -> None:
    confirmation = assign(scenario, BOB)
    assert not submit_as(scenario, BOB, confirmation, {"confirm": "send_back_1"}).complete
    assert submit_as(scenario, BOB, confirmation, {"sent_back_reason": "Too short."}).complete
    original = assignment_by_id(scenario, answer_id)
    assert (original.state, original.sent_back_reason) == ("queued", "Too short.")


def test_confirmation_of_an_answer_that_changed_meanwhile_only_shows_it_again(
    scenario: Scenario, answer_id: int
) -> None:
    confirmation = assign(scenario, BOB)
    scenario.submit_answer(ADA, answer_id, verdict="b")
    versions = scenario.count("annotation")
    parsed = submit_as(scenario, BOB, confirmation, {"confirm": "confirm_1"})
    assert parsed == ParsedAnswer({}, complete=False)
    assert scenario.count("annotation") == versions
    assert assignment_by_id(scenario, answer_id).finalized_by is None
    message = scenario.rows(OutboxMessage)[-1]
    assert (message.message_type, message.recipient) == ("task_page", BOB)
    assert message.payload["assignment_id"] == confirmation


def test_ranking_is_complete_once_every_response_has_a_rank(scenario: Scenario) -> None:
    scenario.create_campaign("ranks", "ranking", experts=[ADA], overlap=1)
    responses = ["One", "Two", "Three", "Four"]
    scenario.import_rows("ranks", [{"id": "1", "prompt": "Count.", "responses": responses}])
    assignment_id = assign(scenario, ADA)
    completed = [
        submit_as(scenario, ADA, assignment_id, {"ranks": name}).complete for name in "dbca"
    ]
    assert completed == [False, False, False, True]
    assert assignment_by_id(scenario, assignment_id).value == {"ranks": "d>b>c>a"}
    assert [row.complete for row in scenario.rows(Annotation)] == completed


def test_answer_in_a_thread_is_followed_by_a_new_task_once_it_is_done(scenario: Scenario) -> None:
    scenario.create_campaign("jokes", "rating", experts=[ADA], overlap=1)
    scenario.import_rows(
        "jokes", [{"id": f"{n}", "prompt": "Topic", "text": f"Joke {n}."} for n in "12"]
    )
    criteria = ("humor", "relevance", "clarity")

    def message_types_after(assignment_id: int, *actions: str) -> list[str]:
        def mark_has_thread(session: Session) -> None:
            session.get_one(Assignment, assignment_id).has_thread = True

        scenario.database.write_now(mark_has_thread)
        before = scenario.count("outbox")
        for action in actions:
            if action == "skip":
                interaction = scenario.interaction(ADA)
                scenario.database.write_now(submit.skip_task, assignment_id, "unclear", interaction)
            else:
                scenario.submit_answer(ADA, assignment_id, **{action: "3"})
        return [row.message_type for row in scenario.rows(OutboxMessage)[before:]]

    partial, complete = ["task_page"], ["task_page", "new_task"]
    types = message_types_after(assign(scenario, ADA), *criteria, "clarity")
    assert types == [*partial * 2, *complete], "the last answer changed nothing"
    assert message_types_after(assign(scenario, ADA), "skip") == complete


def test_skip_and_undo_are_audited_with_the_person_and_the_reason(scenario: Scenario) -> None:
    scenario.create_campaign(experts=[ADA], overlap=1)
    scenario.import_rows("tone", [pair(1)])
    assignment_id = assign(scenario, ADA)
    before = scenario.count("audit_event")
    scenario.database.write_now(
        submit.skip_task, assignment_id, "broken", scenario.interaction(ADA)
    )
    scenario.database.write_now(submit.undo, assignment_id, scenario.interaction(ADA))
    events = scenario.rows(AuditEvent)[before:]
    subject = f"assignment {assignment_id}"
    assert [(row.actor, row.action, row.subject, row.details, row.at) for row in events] == [
        (ADA, "skipped a task", subject, {"reason": "broken"}, scenario.now),
        (ADA, "undid an answer", subject, {}, scenario.now),
    ]


def test_delivery_time_changes_only_when_a_task_is_open_again(scenario: Scenario) -> None:
    scenario.create_campaign("jokes", "rating", experts=[ADA], overlap=1)
    scenario.import_rows("jokes", [{"id": "1", "prompt": "Topic", "text": "Joke."}])
    assignment_id = assign(scenario, ADA)
    delivered_at = scenario.now
    for criterion in ("humor", "relevance", "clarity"):
        scenario.advance_clock(minutes=5)
        scenario.submit_answer(ADA, assignment_id, **{criterion: "3"})
        assert assignment_by_id(scenario, assignment_id).delivered_at == delivered_at
    scenario.advance_clock(minutes=5)
    scenario.database.write_now(submit.undo, assignment_id, scenario.interaction(ADA))
    assert assignment_by_id(scenario, assignment_id).delivered_at == scenario.now


def test_partial_answer_gets_a_new_lease_and_a_complete_one_needs_none(
    scenario: Scenario,
) -> None:
    lease = timedelta(hours=5)
    scenario.create_campaign("jokes", "rating", experts=[ADA], overlap=1, lease=lease, reminders=())
    scenario.import_rows("jokes", [{"id": "1", "prompt": "Topic", "text": "Joke."}])
    assignment_id = assign(scenario, ADA)
    scenario.advance_clock(hours=1)
    scenario.submit_answer(ADA, assignment_id, humor="3")
    assert assignment_by_id(scenario, assignment_id).leased_until == scenario.now + lease
    scenario.submit_answer(ADA, assignment_id, relevance="3")
    scenario.submit_answer(ADA, assignment_id, clarity="3")
    assert assignment_by_id(scenario, assignment_id).leased_until == scenario.now


def test_late_answer_counts_unless_this_expert_is_excluded_from_this_campaign(
    scenario: Scenario,
) -> None:
    for name in ("one", "two"):
        scenario.create_campaign(name, experts=[ADA, BOB], overlap=3)
        scenario.import_rows(name, [pair(1)])
    late = []
    for _ in range(2):
        late.append(assign(scenario, ADA))
        interaction = scenario.interaction(ADA)
        scenario.database.write_now(submit.skip_task, late[-1], "conflict", interaction)
    scenario.run_for_campaign("one", exclusions.exclude, ADA, scenario.now, "x", scenario.actor)
    scenario.run_for_campaign("two", exclusions.exclude, BOB, scenario.now, "x", scenario.actor)
    for assignment_id in late:
        scenario.submit_answer(ADA, assignment_id, verdict="a")
    states = [assignment_by_id(scenario, assignment_id).state for assignment_id in late]
    assert states == ["quarantined", "answered"]
