"""One outage of one method, from the first failed call to the check of all promises."""

from __future__ import annotations

from collections.abc import Callable

from tests.faults.fault_case import FaultCase
from tests.faults.promises import check_promises
from tests.faults.triggers import TRIGGERS

OUTAGE_SECONDS = 12
"""How long an outage lasts, on the bot's clock."""

OUTAGE_STEPS = 3
"""Steps in which the outage passes."""


def run_outage(
    case: FaultCase,
    method: str,
    begin: Callable[[], None],
    *,
    end: Callable[[], None] | None = None,
    must_repeat: bool = True,
) -> None:
    """Cause calls of a method during a fault, end it, and check every promise.

    Args:
        case: the workspace, with the bot not yet running.
        method: the method that fails, `response_url` or `upload`.
        begin: begins the fault.
        end: ends it; by default it is one of the sandbox, which is cleared.
        must_repeat: whether everything must be sent when the fault is over; otherwise Slack refused
            it for good, and messages may fail.

    Raises:
        AssertionError: A promise is broken, or the call had no effect after the fault.
    """
    trigger = TRIGGERS[method]
    case.may_refuse = not must_repeat
    trigger.prepare(case)
    begin()
    calls = case.call_count(method)
    trigger.cause(case)
    case.wait_for_call(method, calls)
    for _ in range(OUTAGE_STEPS):
        case.advance_clock(seconds=OUTAGE_SECONDS / OUTAGE_STEPS)
    if end:
        end()
    case.sandbox.faults.clear()
    trigger.repeat(case)
    check_promises(case)
    if must_repeat:
        case.answer_all(lambda: trigger.is_done(case))
        assert trigger.is_done(case), f"{method} had no effect after the failure was over"
        check_promises(case)
