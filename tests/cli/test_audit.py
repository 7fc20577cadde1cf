"""`labelbot audit`: who did what."""

from __future__ import annotations

from tests.cli.conftest import CommandRunner


def test_what_was_done_is_told_for_people_and_for_scripts(labelbot: CommandRunner) -> None:
    assert labelbot("audit").out == "Nothing has happened.\n"
    for name in ("tone", "other"):
        labelbot("campaign", "create", name, "--kind", "comparison")
    labelbot("campaign", "pause", "tone")
    events = labelbot("audit", "--campaign", "tone", "--json").json
    assert [(one["action"], one["origin"]) for one in events] == [
        ("paused", "command line"),
        ("created", "command line"),
    ]
    assert "before open" in labelbot("audit", "--limit", "1").out
    assert labelbot("audit", "--since", "2090-01-01", "--json").json == []


def test_what_is_wrong_is_said(labelbot: CommandRunner) -> None:
    assert labelbot("audit", "--since", "yesterday").code == 2
    assert "no campaign" in labelbot("audit", "--campaign", "tone").err
