"""Slack refuses the bot's token for a while, and accepts it again."""

from __future__ import annotations

import pytest

from tests.faults.error_codes import APP_CODES, METHOD_CODES
from tests.faults.fault_case import FaultCase
from tests.faults.promises import check_promises

UNTIL_CLEARED = 10**6
REFUSED_SECONDS = 12
ITEMS = 3

SAMPLED_CODE = "token_revoked"


@pytest.mark.parametrize(
    "code",
    [
        pytest.param(code, marks=[pytest.mark.sample] if code == SAMPLED_CODE else [])
        for code in APP_CODES
    ],
)
def test_token_refused_for_a_while_stops_nothing(case: FaultCase, code: str) -> None:
    experts = case.add_people("ada", "grace", "linus", "barbara")
    case.create_comparison(experts[:3], items=ITEMS)
    case.start_bot()
    for expert in experts[:3]:
        expert.wait_for_text("Question 1?")
    for method in METHOD_CODES:
        case.sandbox.faults.error(method, code, times=UNTIL_CLEARED)
    case.sandbox.faults.fail("response_url", status=500, times=2)
    case.create_campaign("demonstration", experts[3:])
    for _ in range(REFUSED_SECONDS):
        case.answer_once()
        case.advance_clock(seconds=1)
    case.sandbox.faults.clear()
    check_promises(case)
    experts[3].wait_for_text("Please explain 1.")
    case.answer_all(lambda: len(case.answers.acknowledged) >= 3 * ITEMS)
    assert len(case.answers.acknowledged) >= 3 * ITEMS, "work stopped after the token was restored"
    check_promises(case)
