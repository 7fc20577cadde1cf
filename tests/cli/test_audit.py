"""Tests of `labelbot audit`."""

from __future__ import annotations

from tests.cli.conftest import CommandRunner


def test_audit_prints_table_and_json(labelbot: CommandRunner) -> None:
    assert labelbot("audit").out == "The audit log has no such entries.\n"
    for name in ("tone", "other"):
        labelbot("campaign", "create", name, "--kind", "comparison")
    labelbot("campaign", "pause", "tone")
    entries = labelbot("audit", "--campaign", "tone", "--json").json
    assert [(entry["action"], entry["origin"]) for entry in entries] == [
        ("paused a campaign", "command line"),
        ("created a campaign", "command line"),
    ]
    assert "before open" in labelbot("audit", "--limit", "1").out
    assert labelbot("audit", "--since", "2090-01-01", "--json").json == []


def test_audit_rejects_invalid_options(labelbot: CommandRunner) -> None:
    assert labelbot("audit", "--since", "yesterday").code == 2
    assert "no campaign" in labelbot("audit", "--campaign", "tone").err
