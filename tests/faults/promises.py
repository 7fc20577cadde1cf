"""What must hold after every fault, checked by one function."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Hashable, Iterator, Mapping
from typing import Any

from sqlmodel import Session, col, select

from bot.sandbox.traffic import TrafficRecord
from storage.row_id import id_of
from storage.tables import Assignment, AssignmentState, Expert, OutboxMessage, OutboxState
from tests.faults.answer_log import actions_in, task_actions
from tests.faults.fault_case import FaultCase

OPEN_STATES = (AssignmentState.QUEUED, AssignmentState.DELIVERED)

STEPS_OF_A_MINUTE = 6
"""Steps in which the minute after a failure passes."""

SETTLE_SECONDS = 0.3
"""Real seconds for the bot to work after each step."""

LAST_SETTLE_SECONDS = 12.0
"""Longest real time for the bot to finish after the last step, also on a busy machine."""

CHECKS_IN_A_ROW = 2
"""Checks that find nothing before promises count as kept."""

CHECK_SECONDS = 0.1
"""Real seconds between two checks, which would otherwise slow down the bot in the same process."""


def check_promises(case: FaultCase) -> None:
    """Let a minute pass after the end of a failure, then check every promise.

    Raises:
        AssertionError: A promise is broken; the message says which and for whom.
    """
    for _ in range(STEPS_OF_A_MINUTE):
        _find_problems(case, SETTLE_SECONDS)
        case.advance_clock(seconds=60 / STEPS_OF_A_MINUTE)
    problems = _find_problems(case, LAST_SETTLE_SECONDS)
    assert not problems, "\n".join(("promises that are broken:", *problems))


def check_now(case: FaultCase) -> None:
    """Check every promise, without time for the bot to recover.

    Raises:
        AssertionError: A promise is broken; the message says which and for whom.
    """
    problems = broken_promises(case)
    assert not problems, "\n".join(("promises that are broken:", *problems))


def broken_promises(case: FaultCase) -> list[str]:
    """Return a sentence for each promise that does not hold now."""
    return [
        *_answer_problems(case),
        *_invisible_tasks(case),
        *_outbox_problems(case),
        *_repeated_messages(case),
    ]


def count_repeats(case: FaultCase) -> int:
    """Return how many messages and files were posted more than once, allowed or not."""
    return sum(count - 1 for count in _posts(case).values())


def _find_problems(case: FaultCase, seconds: float) -> list[str]:
    """Return the broken promises: none if two checks in a row find none within so many seconds.

    Two, because the bot may only have been about to assign a task at the first.
    """
    end, checks_without_problem = time.monotonic() + seconds, 0
    while True:
        problems = broken_promises(case)
        checks_without_problem = 0 if problems else checks_without_problem + 1
        if checks_without_problem == CHECKS_IN_A_ROW or time.monotonic() > end:
            return problems
        time.sleep(CHECK_SECONDS)


def _answer_problems(case: FaultCase) -> Iterator[str]:
    """Yield where stored answers and acknowledged ones differ."""
    versions = Counter(row.assignment_id for row in case.annotations())
    stored = {id_of(row): row.value for row in case.assignments() if row.value is not None}
    for assignment_id, value in case.answers.acknowledged.items():
        if stored.get(assignment_id) != value:
            found = stored.get(assignment_id, "nothing")
            yield f"lost: assignment {assignment_id} was answered {value}, stored is {found}"
    for assignment_id, value in stored.items():
        if case.answers.attempts.get(assignment_id) != value:
            yield f"invented: assignment {assignment_id} has {value}, which nobody answered"
    for assignment_id, count in versions.items():
        if count > 1:
            yield f"stored twice: assignment {assignment_id} has {count} versions"
    answered = [row for row in case.assignments() if row.state == AssignmentState.ANSWERED]
    pairs = Counter((row.task_id, row.expert_id) for row in answered)
    for (task_id, expert_id), count in pairs.items():
        if count > 1:
            yield f"stored twice: expert {expert_id} answered task {task_id} {count} times"


def _invisible_tasks(case: FaultCase) -> Iterator[str]:
    """Yield every open assignment that no message in Slack shows to its expert."""
    people = {person.id: person for person in case.people}
    for assignment_id, slack_id in case.database.read_now(_open_assignments):
        shown = {
            action.target_id
            for message in people[slack_id].messages
            for action in task_actions(message)
        }
        if assignment_id not in shown:
            yield f"invisible: {people[slack_id].name} holds assignment {assignment_id} unseen"


def _outbox_problems(case: FaultCase) -> Iterator[str]:
    """Yield every message that still waits, and if none may fail, every failed one."""
    for row in case.database.read_now(_unsent_messages):
        if row.state == OutboxState.WAITING:
            yield f"waiting: “{row.message_type}” to {row.recipient} ({row.error})"
        elif not case.may_refuse:
            yield f"failed: “{row.message_type}” to {row.recipient} ({row.error})"


def _repeated_messages(case: FaultCase) -> Iterator[str]:
    """Yield every message or file that was posted more often than documented."""
    for key, count in _posts(case).items():
        if count > 1 + case.allowed_repeats:
            yield f"repeated: {key} was posted {count} times"


def _posts(case: FaultCase) -> Counter[Hashable]:
    """Count the posts of each task, of each other message by its text, and of each file."""
    counts: Counter[Hashable] = Counter()
    for record in case.sandbox.traffic:
        if record.direction == "in" and record.kind == "chat.postMessage":
            counts.update(_post_keys(record))
    for person in case.people:
        counts.update(
            (person.name, str(file["name"]))
            for message in person.messages
            for file in message.files
        )
    return counts


def _post_keys(record: TrafficRecord) -> list[Hashable]:
    """Return what a successful call posted: its open tasks, or else its text and blocks."""
    request, response = record.request, record.response
    if not (isinstance(request, Mapping) and isinstance(response, Mapping) and response.get("ok")):
        return []
    blocks = _as_blocks(request.get("blocks"))
    actions = list(actions_in(blocks))
    # Beside the buttons of a task, a receipt may have one to write a reason for the last answer.
    has_options = any(action.name == "answer" for action in actions)
    tasks = {action.target_id for action in actions if action.name == "answer" or not has_options}
    if tasks:
        return [f"assignment {task_id}" for task_id in sorted(tasks)]
    where = (request.get("channel"), request.get("thread_ts"))
    return [(*where, request.get("text"), json.dumps(blocks))]


def _as_blocks(value: object) -> list[dict[str, Any]]:
    blocks = json.loads(value) if isinstance(value, str) else value
    return list(blocks) if isinstance(blocks, list) else []


def _open_assignments(session: Session) -> list[tuple[int | None, str]]:
    query = (
        select(Assignment.id, Expert.slack_id)
        .join(Expert, col(Assignment.expert_id) == col(Expert.id))
        .where(col(Assignment.state).in_(OPEN_STATES))
    )
    return [(assignment_id, slack_id) for assignment_id, slack_id in session.exec(query)]


def _unsent_messages(session: Session) -> list[OutboxMessage]:
    states = (OutboxState.WAITING, OutboxState.FAILED)
    return list(session.exec(select(OutboxMessage).where(col(OutboxMessage.state).in_(states))))
