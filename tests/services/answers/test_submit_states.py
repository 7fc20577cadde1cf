"""Each action in each state of a task: what it changes, or why it is refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

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


class AllowedAction(NamedTuple):
    """An action in a state of the task, and what the assignment and the task have afterwards."""

    set_up: Callable[[Scenario], None]
    action: Action
    state: str
    value: dict[str, object] | None
    slots_taken: int


class RefusedAction(NamedTuple):
    """An action of a person in a state of the task, and the error that refuses it."""

    set_up: Callable[[Scenario], None]
    action: Action
    person: str
    error: type[BotError]


ALLOWED_ACTIONS = [
    AllowedAction(requeue, answer_b, "answered", {"verdict": "b"}, 1),
    AllowedAction(requeue, submit.undo, "queued", None, 1),
    AllowedAction(requeue, skip_as_broken, "skipped", None, 0),
    AllowedAction(requeue, submit.mark_full_text_read, "queued", None, 1),
    AllowedAction(keep_delivered, answer_b, "answered", {"verdict": "b"}, 1),
    AllowedAction(keep_delivered, submit.undo, "delivered", None, 1),
    AllowedAction(keep_delivered, skip_as_broken, "skipped", None, 0),
    AllowedAction(keep_delivered, submit.mark_full_text_read, "delivered", None, 1),
    AllowedAction(answer_a, answer_b, "answered", {"verdict": "b"}, 1),
    AllowedAction(answer_a, submit.undo, "delivered", None, 1),
    AllowedAction(answer_a, skip_as_broken, "answered", {"verdict": "a"}, 1),
    AllowedAction(answer_a, submit.mark_full_text_read, "answered", {"verdict": "a"}, 1),
    AllowedAction(skip, answer_b, "answered", {"verdict": "b"}, 1),
    AllowedAction(skip, submit.undo, "delivered", None, 1),
    AllowedAction(skip, skip_as_broken, "skipped", None, 0),
    AllowedAction(skip, submit.mark_full_text_read, "skipped", None, 0),
    AllowedAction(expire, answer_b, "answered", {"verdict": "b"}, 1),
    AllowedAction(expire, submit.undo, "delivered", None, 1),
    AllowedAction(expire, skip_as_broken, "expired", None, 0),
    AllowedAction(expire, submit.mark_full_text_read, "expired", None, 0),
    AllowedAction(expire_and_reassign, skip_as_broken, "expired", None, 1),
    AllowedAction(expire_and_reassign, submit.mark_full_text_read, "expired", None, 1),
    AllowedAction(skip_and_reassign, skip_as_broken, "skipped", None, 1),
    AllowedAction(pause, answer_b, "answered", {"verdict": "b"}, 1),
    AllowedAction(pause, submit.undo, "delivered", None, 1),
    AllowedAction(pause, skip_as_broken, "skipped", None, 0),
    AllowedAction(close, submit.mark_full_text_read, "released", None, 0),
    AllowedAction(answer_and_close, submit.mark_full_text_read, "answered", {"verdict": "a"}, 1),
]


def name_of(case: AllowedAction | RefusedAction) -> str:
    """Return the names of the functions of a case, for a test id."""
    return f"{case.set_up.__name__}-{case.action.__name__}"


@pytest.mark.parametrize("case", ALLOWED_ACTIONS, ids=name_of)
def test_action_in_each_state(scenario: Scenario, assignment_id: int, case: AllowedAction) -> None:
    case.set_up(scenario)
    scenario.database.write_now(case.action, assignment_id, scenario.interaction(ADA))
    assignment = scenario.rows(Assignment)[0]
    assert (assignment.state, assignment.value) == (case.state, case.value)
    assert scenario.rows(Task)[0].slots_taken == case.slots_taken
    check_counts(scenario)


REFUSED_ACTIONS = [
    RefusedAction(expire_and_reassign, answer_b, ADA, TaskFullError),
    RefusedAction(expire_and_reassign, submit.undo, ADA, TaskFullError),
    RefusedAction(skip_and_reassign, answer_b, ADA, TaskFullError),
    RefusedAction(skip_and_reassign, submit.undo, ADA, TaskFullError),
    *(
        RefusedAction(state, action, ADA, AnswerAfterCloseError)
        for state in (close, answer_and_close)
        for action in (answer_b, skip_as_broken, submit.undo)
    ),
    *(
        RefusedAction(state, action, person, NotAssigneeError)
        for state in (keep_delivered, answer_a, skip, expire)
        for action in (answer_b, skip_as_broken, submit.undo, submit.mark_full_text_read)
        for person in (BOB, "U0NOBODY")
    ),
]


@pytest.mark.parametrize("case", REFUSED_ACTIONS, ids=name_of)
def test_refused_action_changes_nothing(
    scenario: Scenario, assignment_id: int, case: RefusedAction
) -> None:
    case.set_up(scenario)
    tables = ("annotation", "outbox", "audit_event")
    counts = [scenario.count(table) for table in tables]
    assignment = scenario.rows(Assignment)[0]
    with pytest.raises(case.error):
        scenario.database.write_now(case.action, assignment_id, scenario.interaction(case.person))
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
