"""The clock of the machine jumps while people answer."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta

import pytest

from bot.sandbox import NotAcknowledgedError
from tests.faults.fault_case import FaultCase, SettableClock
from tests.faults.promises import check_promises

ITEMS = 3

JUMPS = {
    "ten minutes ahead": timedelta(minutes=10),
    "two hours ahead": timedelta(hours=2),
    "a day ahead": timedelta(hours=25),
    "ten minutes back": timedelta(minutes=-10),
    "two hours back": timedelta(hours=-2),
    "a day back": timedelta(hours=-25),
}


@pytest.mark.parametrize(
    "jump",
    [
        pytest.param(name, marks=[pytest.mark.sample] if name == "two hours back" else [])
        for name in JUMPS
    ],
)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_work_goes_on_after_a_jump(case: FaultCase, jump: str) -> None:
    experts = case.add_people("ada", "grace")
    case.create_comparison(experts, items=ITEMS)
    case.start_bot()
    for expert in experts:
        expert.wait_for_text("Question 1?")
    case.answer_once()
    _move_clock(case, JUMPS[jump])
    check_promises(case)
    _ask_for_tasks(case)
    case.answer_all(lambda: case.answered_count() == len(experts) * ITEMS)
    assert case.answered_count() == len(experts) * ITEMS, "work stopped after the jump"
    rows = [{"id": "new", "prompt": "New?", "response_left": "Yes.", "response_right": "No."}]
    case.import_rows("comparison", rows)
    _ask_for_tasks(case)
    case.answer_all(lambda: case.answered_count() == len(experts) * (ITEMS + 1))
    assert case.answered_count() == len(experts) * (ITEMS + 1), "new items were not assigned"
    check_promises(case)


def _move_clock(case: FaultCase, jump: timedelta) -> None:
    assert isinstance(case.clock, SettableClock)
    if jump > timedelta():
        case.clock.advance(jump)
    else:
        case.clock.set_back(-jump)


def _ask_for_tasks(case: FaultCase) -> None:
    """Let everyone ask for a task, as after a break; each request may post the task again."""
    case.allowed_repeats += 1
    for person in case.people:
        with suppress(NotAcknowledgedError):
            person.send_message("/label next")
