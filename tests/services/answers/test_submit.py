"""Answering, undoing, skipping, reading: each deed in every state, and what it leaves behind."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest
from sqlmodel import Session, col, select

from bot.errors import BotError
from bot.kinds.base import InvalidAnswerError
from bot.services.actors.interaction import Interaction
from bot.services.answers import submit
from bot.services.answers.skip import SKIP_LABELS, SkipReason
from bot.services.answers.submit import (
    AnswerAfterCloseError,
    NotAssigneeError,
    TaskFullError,
    UnknownSkipReasonError,
    UnknownTaskError,
)
from bot.services.assignments import assign, selection
from bot.services.availability.reachability import ContactResult
from bot.services.campaigns import campaigns
from bot.services.reminders import scheduled
from bot.services.tasks import scheduled_delivery
from storage.database import Database
from storage.tables import Annotation, Assignment, Expert, OutboxMessage, Task
from tests.services.conftest import Scenario, pair
from tests.services.invariants import check_counts

ADA, BOB, EVE = "U0ADA", "U0BOB", "U0EVE"

A_DAY = timedelta(days=3)


@pytest.fixture
def given(scenario: Scenario) -> int:
    """Return Ada's assignment, delivered; Bob is in the campaign too, and one answer is wanted."""
    scenario.create_campaign(experts=[ADA, BOB], overlap=1)
    scenario.import_rows("tone", [pair(1)])
    assignment = scenario.assign_next(ADA)
    assert assignment is not None
    return assignment


def takes(session: Session, expert: int, now: datetime) -> Assignment | None:
    """Let somebody have a task that they have not seen yet."""
    return assign.next_assignment(
        session, selection.build_search(session, expert, locked=True), now
    )


def queue(scenario: Scenario) -> None:
    """Let a task come back to Ada without her having seen it again."""
    expire(scenario)
    ada = scenario.rows(Expert)[0]
    scenario.database.write_now(takes, ada.id, scenario.now)


def deliver(_scenario: Scenario) -> None:
    """Leave it delivered."""


def answer(scenario: Scenario) -> None:
    """Let Ada answer."""
    scenario.submit_answer(ADA, 1, verdict="a")


def skip(scenario: Scenario) -> None:
    """Let Ada skip."""
    scenario.database.write_now(submit.skip_task, 1, "unclear", scenario.interaction(ADA))


def expire(scenario: Scenario) -> None:
    """Let the lease run out."""
    scenario.advance_clock(days=3)
    scenario.database.write_now(scheduled_delivery.expire_leases, scenario.now)


def move_on(scenario: Scenario) -> None:
    """Let the lease run out and Bob take the place."""
    expire(scenario)
    assert scenario.assign_next(BOB) is not None


def skip_and_move_on(scenario: Scenario) -> None:
    """Let Ada skip and Bob take the place."""
    scenario.database.write_now(submit.skip_task, 1, "unclear", scenario.interaction(ADA))
    assert scenario.assign_next(BOB) is not None


def close(scenario: Scenario) -> None:
    """Close the campaign, with the task open."""
    scenario.run_for_campaign("tone", campaigns.close, scenario.actor)


def answer_and_close(scenario: Scenario) -> None:
    """Close the campaign, with the task answered."""
    answer(scenario)
    close(scenario)


def pause(scenario: Scenario) -> None:
    """Pause the campaign."""
    scenario.run_for_campaign("tone", campaigns.pause, scenario.actor)


Deed = Callable[[Session, int, Interaction], object]


def answers(session: Session, assignment: int, interaction: Interaction) -> object:
    """Answer that B is better."""
    return submit.submit_answer(session, assignment, {"verdict": "b"}, interaction)


def skips(session: Session, assignment: int, interaction: Interaction) -> None:
    """Skip for being broken."""
    submit.skip_task(session, assignment, "broken", interaction)


ALLOWED = [
    # before, deed, state after, value after, places taken after
    (queue, answers, "answered", {"verdict": "b"}, 1),
    (queue, submit.undo, "queued", None, 1),
    (queue, skips, "skipped", None, 0),
    (queue, submit.mark_full_text_read, "queued", None, 1),
    (deliver, answers, "answered", {"verdict": "b"}, 1),
    (deliver, submit.undo, "delivered", None, 1),
    (deliver, skips, "skipped", None, 0),
    (deliver, submit.mark_full_text_read, "delivered", None, 1),
    (answer, answers, "answered", {"verdict": "b"}, 1),
    (answer, submit.undo, "delivered", None, 1),
    (answer, skips, "answered", {"verdict": "a"}, 1),
    (answer, submit.mark_full_text_read, "answered", {"verdict": "a"}, 1),
    (skip, answers, "answered", {"verdict": "b"}, 1),
    (skip, submit.undo, "delivered", None, 1),
    (skip, skips, "skipped", None, 0),
    (skip, submit.mark_full_text_read, "skipped", None, 0),
    (expire, answers, "answered", {"verdict": "b"}, 1),
    (expire, submit.undo, "delivered", None, 1),
    (expire, skips, "expired", None, 0),
    (expire, submit.mark_full_text_read, "expired", None, 0),
    (move_on, skips, "expired", None, 1),
    (move_on, submit.mark_full_text_read, "expired", None, 1),
    (skip_and_move_on, skips, "skipped", None, 1),
    (pause, answers, "answered", {"verdict": "b"}, 1),
    (pause, submit.undo, "delivered", None, 1),
    (pause, skips, "skipped", None, 0),
    (close, submit.mark_full_text_read, "released", None, 0),
    (answer_and_close, submit.mark_full_text_read, "answered", {"verdict": "a"}, 1),
]


def name(part: object) -> str | None:
    """Return the name of a function, for the name of a test."""
    return getattr(part, "__name__", None)


@pytest.mark.parametrize(("before", "deed", "state", "value", "taken"), ALLOWED, ids=name)
def test_each_deed_in_each_state(  # noqa: PLR0913, PLR0917 - the columns of the table
    scenario: Scenario,
    given: int,
    before: Callable[[Scenario], None],
    deed: Deed,
    state: str,
    value: dict[str, object] | None,
    taken: int,
) -> None:
    before(scenario)
    scenario.database.write_now(deed, given, scenario.interaction(ADA))
    assignment = scenario.rows(Assignment)[0]
    assert (assignment.state, assignment.value) == (state, value)
    assert scenario.rows(Task)[0].slots_taken == taken
    check_counts(scenario)


REFUSED = [
    (move_on, answers, ADA, TaskFullError),
    (move_on, submit.undo, ADA, TaskFullError),
    (skip_and_move_on, answers, ADA, TaskFullError),
    (skip_and_move_on, submit.undo, ADA, TaskFullError),
    *(
        (state, deed, ADA, AnswerAfterCloseError)
        for state in (close, answer_and_close)
        for deed in (answers, skips, submit.undo)
    ),
    *(
        (state, deed, person, NotAssigneeError)
        for state in (deliver, answer, skip, expire)
        for deed in (answers, skips, submit.undo, submit.mark_full_text_read)
        for person in (BOB, "U0NOBODY")
    ),
]


@pytest.mark.parametrize(("before", "deed", "person", "error"), REFUSED, ids=name)
def test_what_cannot_be_done_leaves_nothing_behind(  # noqa: PLR0913, PLR0917 - the columns of the table
    scenario: Scenario,
    given: int,
    before: Callable[[Scenario], None],
    deed: Deed,
    person: str,
    error: type[BotError],
) -> None:
    before(scenario)
    tables = ("annotation", "outbox", "audit_event")
    counts = [scenario.count(table) for table in tables]
    assignment = scenario.rows(Assignment)[0]
    with pytest.raises(error):
        scenario.database.write_now(deed, given, scenario.interaction(person))
    assert [scenario.count(table) for table in tables] == counts
    assert scenario.rows(Assignment)[0] == assignment
    check_counts(scenario)


@pytest.mark.parametrize("deed", [answers, skips, submit.undo, submit.mark_full_text_read])
@pytest.mark.parametrize("number", [0, 404, 2**31 - 1])
def test_nobody_knows_a_task_that_is_not_there(
    scenario: Scenario, given: int, deed: Deed, number: int
) -> None:
    assert number != given
    with pytest.raises(UnknownTaskError):
        scenario.database.write_now(deed, number, scenario.interaction(ADA))


def versions(scenario: Scenario) -> list[tuple[int, object, bool]]:
    """Return every version of Ada's annotation."""
    return [(row.version, row.value, row.complete) for row in scenario.rows(Annotation)]


def test_every_change_of_mind_is_a_version(scenario: Scenario, given: int) -> None:
    scenario.submit_answer(ADA, given, verdict="a")
    scenario.submit_answer(ADA, given, verdict="b")
    scenario.database.write_now(submit.undo, given, scenario.interaction(ADA))
    scenario.submit_answer(ADA, given, verdict="tie")
    scenario.submit_answer(ADA, given, reason="Both are true.")
    assert versions(scenario) == [
        (1, {"verdict": "a"}, True),
        (2, {"verdict": "b"}, True),
        (3, None, False),
        (4, {"verdict": "tie"}, True),
        (5, {"verdict": "tie", "reason": "Both are true."}, True),
    ]
    assert scenario.rows(Assignment)[0].version == 5


def test_the_same_click_again_is_stored_once(scenario: Scenario, given: int) -> None:
    interaction = scenario.interaction(ADA)
    for _ in range(3):
        scenario.database.write_now(answers, given, interaction)
    assert versions(scenario) == [(1, {"verdict": "b"}, True)]


def test_a_click_that_slack_delivers_again_after_an_undo_does_not_answer_again(
    scenario: Scenario, given: int
) -> None:
    interaction = scenario.interaction(ADA)
    scenario.database.write_now(answers, given, interaction)
    scenario.database.write_now(submit.undo, given, scenario.interaction(ADA))
    scenario.database.write_now(answers, given, interaction)
    assert [value for _, value, _ in versions(scenario)] == [{"verdict": "b"}, None]
    assert scenario.rows(Assignment)[0].state == "delivered"
    check_counts(scenario)


def test_an_undo_that_slack_delivers_again_after_an_answer_does_not_undo_again(
    scenario: Scenario, given: int
) -> None:
    undo = scenario.interaction(ADA)
    scenario.submit_answer(ADA, given, verdict="a")
    scenario.database.write_now(submit.undo, given, undo)
    scenario.submit_answer(ADA, given, verdict="b")
    scenario.database.write_now(submit.undo, given, undo)
    assert scenario.rows(Assignment)[0].value == {"verdict": "b"}
    assert len(versions(scenario)) == 3


def test_the_same_answer_by_another_click_is_no_new_version(scenario: Scenario, given: int) -> None:
    scenario.submit_answer(ADA, given, verdict="a")
    scenario.submit_answer(ADA, given, verdict="a")
    assert versions(scenario) == [(1, {"verdict": "a"}, True)]


def test_the_same_value_after_a_skip_is_a_new_version(scenario: Scenario, given: int) -> None:
    scenario.submit_answer(ADA, given, verdict="a")
    scenario.database.write_now(submit.undo, given, scenario.interaction(ADA))
    skip(scenario)
    scenario.submit_answer(ADA, given, verdict="a")
    assert len(versions(scenario)) == 3
    assert scenario.rows(Assignment)[0].state == "answered"
    check_counts(scenario)


def test_a_part_of_an_answer_is_stored_and_the_task_stays_open(scenario: Scenario) -> None:
    scenario.create_campaign("jokes", "rating", experts=[ADA], overlap=1)
    scenario.import_rows("jokes", [{"id": "1", "prompt": "Topic", "text": "Joke."}])
    given = scenario.assign_next(ADA) or 0
    scenario.submit_answer(ADA, given, humor="4")
    assignment = scenario.rows(Assignment)[0]
    assert (assignment.state, assignment.value, assignment.complete) == (
        "delivered",
        {"humor": 4},
        False,
    )
    assert assignment.answered_at is None
    scenario.submit_answer(ADA, given, relevance="5")
    scenario.submit_answer(ADA, given, clarity="3")
    assignment = scenario.rows(Assignment)[0]
    assert (assignment.state, assignment.complete) == ("answered", True)
    assert assignment.answered_at == scenario.now
    assert [complete for _, _, complete in versions(scenario)] == [False, False, True]


@pytest.mark.parametrize("wrong", ["c", "", "a3", "no"])
def test_what_is_no_answer_is_not_stored(scenario: Scenario, given: int, wrong: str) -> None:
    with pytest.raises(InvalidAnswerError):
        scenario.submit_answer(ADA, given, verdict=wrong)
    assert versions(scenario) == []
    assert scenario.count("outbox") == 0


def test_a_version_keeps_what_was_known_when_it_was_made(scenario: Scenario, given: int) -> None:
    interaction = scenario.interaction(ADA)
    shown = {"a": {"characters": 9, "shown": 9}}

    def show(session: Session) -> None:
        session.get_one(Assignment, given).shown = shown

    scenario.database.write_now(show)
    scenario.database.write_now(answers, given, interaction)
    scenario.database.write_now(submit.mark_full_text_read, given, scenario.interaction(ADA))
    scenario.submit_answer(ADA, given, verdict="a")
    first, second = scenario.rows(Annotation)
    assert (first.shown, first.read_in_full, first.interaction_id) == (shown, False, interaction.id)
    assert first.created_at == scenario.now
    assert first.guidelines_version == 1
    assert second.read_in_full


def test_reading_in_full_is_written_down_the_first_time(scenario: Scenario, given: int) -> None:
    began = scenario.now
    scenario.database.write_now(submit.mark_full_text_read, given, scenario.interaction(ADA))
    scenario.advance_clock(hours=1)
    scenario.database.write_now(submit.mark_full_text_read, given, scenario.interaction(ADA))
    assert scenario.rows(Assignment)[0].read_in_full_at == began


def test_a_skip_is_data(scenario: Scenario, given: int) -> None:
    scenario.database.write_now(submit.skip_task, given, "conflict", scenario.interaction(ADA))
    assert scenario.rows(Assignment)[0].skip_reason == "conflict"
    assert scenario.audit_log()[-1] == ("skipped a task", f"assignment {given}")


@pytest.mark.parametrize("reason", ["", "bored", "UNCLEAR", "unclear "])
def test_a_reason_that_is_not_on_the_list_is_refused(
    scenario: Scenario, given: int, reason: str
) -> None:
    with pytest.raises(UnknownSkipReasonError):
        scenario.database.write_now(submit.skip_task, given, reason, scenario.interaction(ADA))
    assert scenario.rows(Assignment)[0].state == "delivered"


def test_every_reason_can_be_given_and_has_words() -> None:
    assert list(SKIP_LABELS) == list(SkipReason)
    assert len(set(SKIP_LABELS.values())) == len(SkipReason)


def test_a_skipped_task_never_comes_back_but_goes_to_somebody_else(
    scenario: Scenario, given: int
) -> None:
    skip(scenario)
    assert scenario.assign_next(ADA) is None
    other = scenario.assign_next(BOB)
    assert other not in (None, given)


def test_whoever_was_away_is_back_with_any_deed(scenario: Scenario, given: int) -> None:
    expire(scenario)
    assert scenario.rows(Expert)[0].away_since is not None
    scenario.database.write_now(submit.mark_full_text_read, given, scenario.interaction(ADA))
    assert scenario.rows(Expert)[0].away_since is None


def test_whoever_asks_for_a_task_is_back(scenario: Scenario, given: int) -> None:
    move_on(scenario)
    assert given == 1
    scenario.database.write_now(
        assign.request_next_task, "new_task", recipient=ADA, payload={}, now=scenario.now
    )
    assert scenario.rows(Expert)[0].away_since is None
    scenario.import_rows("tone", [pair(2)])


def test_the_lease_and_the_reminders_begin_anew_with_an_undo(
    scenario: Scenario, given: int
) -> None:
    scenario.submit_answer(ADA, given, verdict="a")
    scenario.advance_clock(days=1.5)
    scenario.database.write_now(submit.undo, given, scenario.interaction(ADA))
    assignment = scenario.rows(Assignment)[0]
    two_days_later = datetime(2026, 3, 5, 17, 0, tzinfo=UTC)  # it was undone on Tuesday at nine
    assert assignment.leased_until == two_days_later
    assert assignment.delivered_at == scenario.now
    assert scenario.database.write_now(scheduled.send_due_reminders, scenario.now) == ContactResult(
        0
    )
    assert scenario.database.write_now(scheduled_delivery.expire_leases, scenario.now) == 0


def told(scenario: Scenario) -> list[tuple[str, dict[str, object], str | None]]:
    """Return what is to be said."""
    return [
        (row.message_type, row.payload, row.response_url) for row in scenario.rows(OutboxMessage)
    ]


@pytest.mark.parametrize("deed", [answers, skips, submit.undo])
def test_each_deed_queues_the_screen_that_follows_in_its_own_transaction(
    scenario: Scenario, given: int, deed: Deed
) -> None:
    interaction = replace(
        scenario.interaction(ADA), response_url="https://x", channel="D1", message_ts="1.2"
    )
    scenario.database.write_now(deed, given, interaction)
    facts = {"assignment_id": given, "channel": "D1", "message_ts": "1.2"}
    assert told(scenario) == [("task_page", facts, "https://x")]
    assert scenario.rows(OutboxMessage)[0].recipient == ADA


def test_after_an_answer_in_a_thread_the_next_task_comes_below(
    scenario: Scenario, given: int
) -> None:
    def thread(session: Session) -> None:
        session.get_one(Assignment, given).answered_in_thread = True

    scenario.database.write_now(thread)
    scenario.submit_answer(ADA, given, verdict="a")
    assert [word for word, _, _ in told(scenario)] == ["task_page", "new_task"]


def race(database: Database, deeds: list[Callable[[Session], object]]) -> list[object]:
    """Do all deeds at once, each in a thread; return what each returned or raised."""
    ready = Barrier(len(deeds))

    def at_once(deed: Callable[[Session], object]) -> object:
        ready.wait(10)
        try:
            return database.write_now(deed)
        except BotError as error:
            return error

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(at_once, deeds))


def test_the_same_click_in_eight_threads_is_one_version(scenario: Scenario, given: int) -> None:
    interaction = scenario.interaction(ADA)
    race(scenario.database, [lambda session: answers(session, given, interaction)] * 8)
    assert versions(scenario) == [(1, {"verdict": "b"}, True)]
    check_counts(scenario)


def test_eight_clicks_at_once_are_numbered_without_gaps(scenario: Scenario, given: int) -> None:
    verdicts = ["a", "b", "tie", "both_bad"] * 2
    clicks = [(scenario.interaction(ADA), verdict) for verdict in verdicts]

    def click(pressed: Interaction, verdict: str) -> Callable[[Session], object]:
        return lambda session: submit.submit_answer(session, given, {"verdict": verdict}, pressed)

    race(scenario.database, [click(*one) for one in clicks])
    numbers = [number for number, _, _ in versions(scenario)]
    assert numbers == list(range(1, len(numbers) + 1))
    assert len(numbers) >= 4
    check_counts(scenario)


def test_of_a_late_answer_and_a_colleague_only_one_gets_the_last_place(
    scenario: Scenario, given: int
) -> None:
    expire(scenario)
    bob = scenario.rows(Expert)[1].id
    late = scenario.interaction(ADA)
    ended = race(
        scenario.database,
        [
            lambda session: answers(session, given, late),
            lambda session: takes(session, bob, scenario.now),
        ],
    )
    refused = isinstance(ended[0], TaskFullError)
    assert refused == (ended[1] is not None)
    assert scenario.rows(Task)[0].slots_taken == 1
    check_counts(scenario)


@pytest.mark.parametrize("people", [8])
def test_eight_who_come_back_at_once_never_exceed_the_overlap(
    scenario: Scenario, people: int
) -> None:
    """All let their lease run out; then all answer late at the same moment."""
    experts = [f"U0EXPERT{number}" for number in range(people)]
    scenario.create_campaign(experts=experts, overlap=people)
    scenario.import_rows("tone", [pair(1)])
    held = [scenario.assign_next(expert) or 0 for expert in experts]
    expire(scenario)

    def tighten(session: Session) -> None:
        session.exec(select(Task).order_by(col(Task.id))).one().overlap = 3

    scenario.database.write_now(tighten)
    clicks = [scenario.interaction(expert) for expert in experts]

    def late(number: int) -> Callable[[Session], object]:
        return lambda session: answers(session, held[number], clicks[number])

    ended = race(scenario.database, [late(number) for number in range(people)])
    assert sum(isinstance(error, TaskFullError) for error in ended) == people - 3
    assert scenario.rows(Task)[0].slots_taken == 3
    check_counts(scenario)
