"""Slack refuses calls with each error code that it documents."""

from __future__ import annotations

import pytest

from bot.slack.client.api_methods import API_METHODS
from tests.faults.error_codes import METHOD_CODES, TEMPORARY_CODES, codes_of, must_be_repeated
from tests.faults.fault_case import FaultCase
from tests.faults.outage import run_outage
from tests.faults.triggers import TRIGGERS

UNTIL_CLEARED = 10**6
"""Times that a fault occurs: longer than any case lasts."""

SAMPLE = {
    ("chat.update", "internal_error"),
    ("files.completeUploadExternal", "channel_not_found"),
    ("views.open", "expired_trigger_id"),
}
"""The cases that continuous integration runs."""

CASES = [
    pytest.param(method, code, marks=[pytest.mark.sample] if (method, code) in SAMPLE else [])
    for method in METHOD_CODES
    for code in codes_of(method)
]


@pytest.mark.sample
def test_every_method_has_error_codes_and_a_trigger() -> None:
    assert METHOD_CODES.keys() == TRIGGERS.keys() - {"response_url", "upload"}
    assert API_METHODS.keys() <= METHOD_CODES.keys()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(("method", "code"), CASES)
def test_refusal_loses_nothing(case: FaultCase, method: str, code: str) -> None:
    run_outage(
        case,
        method,
        lambda: case.sandbox.faults.error(method, code, times=UNTIL_CLEARED),
        must_repeat=must_be_repeated(code),
    )
    if case.start_error is not None:
        assert code not in TEMPORARY_CODES, "the bot exits at start while Slack is down"
        assert code in str(case.start_error), "the reason why the bot does not start is shown"
