"""Each action in each state of a task: what it changes, or why it is refused."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.errors import BotError
from bot.services.answers import submit
from bot.services.answers.submit import (
    AnswerAfterCloseError,
    NotAssigneeError,
    TaskFullError,
    UnknownTaskError,
)
from storage.tables import Assignment, Task
from tests.services.answers.task_actions import (
    ADA,
    BOB,
    Action,
    answer_a,
    answer_and_close,
    answer_b,
    close,
    expire,
    expire_and_reassign,
    keep_delivered,
    pause,
    requeue,
    skip,
    skip_and_reassign,
    skip_as_broken,
)
from tests.services.conftest import Scenario
from tests.services.invariants import check_counts

ALLOWED_ACTIONS = [
    # set_up, action, then state, value and slots taken afterwards
    (requeue, answer_b, "answered", {"verdict": "b"}, 1),
    (requeue, submit.undo, "queued", None, 1),
    (requeue, skip_as_broken, "skipped", None, 0),
    (requeue, submit.mark_full_text_read, "queued", None, 1),
    (keep_delivered, answer_b, "answered", {"verdict": "b"}, 1),
    (keep_delivered, submit.undo, "delivered", None, 1),
    (keep_delivered, skip_as_broken, "skipped", None, 0),
    (keep_delivered, submit.mark_full_text_read, "delivered", None, 1),
    (answer_a, answer_b, "answered", {"verdict": "b"}, 1),
    (answer_a, submit.undo, "delivered", None, 1),
    (answer_a, skip_as_broken, "answered", {"verdict": "a"}, 1),
    (answer_a, submit.mark_full_text_read, "answered", {"verdict": "a"}, 1),
    (skip, answer_b, "answered", {"verdict": "b"}, 1),
    (skip, submit.undo, "delivered", None, 1),
    (skip, skip_as_broken, "skipped", None, 0),
    (skip, submit.mark_full_text_read, "skipped", None, 0),
    (expire, answer_b, "answered", {"verdict": "b"}, 1),
    (expire, submit.undo, "delivered", None, 1),
    (expire, skip_as_broken, "expired", None, 0),
    (expire, submit.mark_full_text_read, "expired", None, 0),
    (expire_and_reassign, skip_as_broken, "expired", None, 1),
    (expire_and_reassign, submit.mark_full_text_read, "expired", None, 1),
    (skip_and_reassign, skip_as_broken, "skipped", None, 1),
    (pause, answer_b, "answered", {"verdict": "b"}, 1),
    (pause, submit.undo, "delivered", None, 1),
    (pause, skip_as_broken, "skipped", None, 0),
    (close, submit.mark_full_text_read, "released", None, 0),
    (answer_and_close, submit.mark_full_text_read, "answered", {"verdict": "a"}, 1),
]


def function_name(parameter: object) -> str | None:
    """Return the name of a function, for a test id."""
    return getattr(parameter, "__name__", None)


@pytest.mark.parametrize(
    ("set_up", "action", "state", "value", "slots_taken"), ALLOWED_ACTIONS, ids=function_name
)
def test_action_in_each_state(  # noqa: PLR0913, PLR0917 - the columns of the table
    scenario: Scenario,
    assignment_id: int,
    set_up: Callable[[Scenario], None],
    action: Action,
    state: str,
    value: dict[str, object] | None,
    slots_taken: int,
) -> None:
    set_up(scenario)
    scenario.database.write_now(action, assignment_id, scenario.interaction(ADA))
    assignment = scenario.rows(Assignment)[0]
    assert (assignment.state, assignment.value) == (state, value)
    assert scenario.rows(Task)[0].slots_taken == slots_taken
    check_counts(scenario)


REFUSED_ACTIONS = [
    (expire_and_reassign, answer_b, ADA, TaskFullError),
    (expire_and_reassign, submit.undo, ADA, TaskFullError),
    (skip_and_reassign, answer_b, ADA, TaskFullError),
    (skip_and_reassign, submit.undo, ADA, TaskFullError),
    *(
        (state, action, ADA, AnswerAfterCloseError)
        for state in (close, answer_and_close)
        for action in (answer_b, skip_as_broken, submit.undo)
    ),
    *(
        (state, action, person, NotAssigneeError)
        for state in (keep_delivered, answer_a, skip, expire)
        for action in (answer_b, skip_as_broken, submit.undo, submit.mark_full_text_read)
        for person in (BOB, "U0NOBODY")
    ),
]


@pytest.mark.parametrize(
    ("set_up", "action", "person", "error"), REFUSED_ACTIONS, ids=function_name
)
def test_refused_action_changes_nothing(  # noqa: PLR0913, PLR0917 - the columns of the table
    scenario: Scenario,
    assignment_id: int,
    set_up: Callable[[Scenario], None],
    action: Action,
    person: str,
    error: type[BotError],
) -> None:
    set_up(scenario)
    tables = ("annotation", "outbox", "audit_event")
    counts = [scenario.count(table) for table in tables]
    assignment = scenario.rows(Assignment)[0]
    with pytest.raises(error):
        scenario.database.write_now(action, assignment_id, scenario.interaction(person))
    assert [scenario.count(table) for table in tables] == counts
    assert scenario.rows(Assignment)[0] == assignment
    check_counts(scenario)


@pytest.mark.parametrize(
    "action", [answer_b, skip_as_broken, submit.undo, submit.mark_full_text_read]
)
@pytest.mark.parametrize("number", [0, 404, 2**31 - 1])
def test_unknown_task_is_refused(
    scenario: Scenario, assignment_id: int, action: Action, number: int
) -> None:
    assert number != assignment_id
    with pytest.raises(UnknownTaskError):
        scenario.database.write_now(action, number, scenario.interaction(ADA))
