"""Tests of `labelbot template`."""

from __future__ import annotations

from tests.cli.conftest import CommandRunner


def test_template_is_saved_used_and_deleted(labelbot_sqlite: CommandRunner) -> None:
    run = labelbot_sqlite
    assert "There are no templates yet" in run("template", "list").out
    run("campaign", "create", "tone", "--kind", "comparison", "--overlap", "2..5", "--strength")
    assert run("template", "save", "tone", "weekly").out.startswith("Saved “weekly”. Next:")
    (listed,) = run("template", "list", "--json").json
    assert (listed["name"], listed["kind"]) == ("weekly", "comparison")
    assert "weekly" in run("template", "list").out
    used = run(
        *("template", "use", "weekly", "june", "--title", "June", "--deadline", "2090-05-31"),
        *("--expert", "U0ADA"),
    )
    assert used.out.startswith("Created “june” from “weekly”: 1 expert.")
    details = run("campaign", "show", "june", "--json").json
    status = details["status"]
    assert (status["title"], status["overlap"], status["max_overlap"]) == ("June", 2, 5)
    assert status["deadline"] == "2090-05-31T23:59:59+00:00"
    assert "already exists" in run("template", "save", "tone", "weekly").err
    assert run("template", "delete", "weekly").out == "Deleted.\n"
    assert "Unknown template “weekly”" in run("template", "use", "weekly", "july").err
