"""An outage is one line in the log, and its end another."""

from __future__ import annotations

import logging

import pytest

from storage.outage_log import OutageLog


def test_repeated_failures_are_silent_until_the_kind_of_cause_changes(
    caplog: pytest.LogCaptureFixture,
) -> None:
    outages = OutageLog(logging.getLogger("test"))
    for kind in ("network", "network", "scope", "scope"):
        outages.begin("users.info", f"users.info fails: {kind}", kind=kind)
    outages.begin("dnd.info", "dnd.info fails: 100%s", level=logging.WARNING)
    assert "dnd.info" in outages
    for _ in range(2):
        outages.end("users.info", "users.info works again")
    outages.end("never failed", "never failed works again")
    assert [record.getMessage().partition(", after ")[0] for record in caplog.records] == [
        "users.info fails: network",
        "users.info fails: scope",
        "dnd.info fails: 100%s",
        "users.info works again",
    ]
    outages.begin("users.info", "users.info fails: network", kind="network")
    assert caplog.records[-1].getMessage() == "users.info fails: network", "it is a new outage"
