"""Tests of `labelbot experts`."""

from __future__ import annotations

from tests.cli.conftest import CommandRunner


def test_experts_are_invited_listed_assigned_and_removed(labelbot: CommandRunner) -> None:
    labelbot("campaign", "create", "tone", "--kind", "comparison")
    arguments = "U0ADA U0BOB --campaign tone --domains law --languages en,de --role senior"
    result = labelbot("experts", "invite", *arguments.split())
    assert (result.code, result.out) == (0, "Added 2 experts to “tone”.\n")
    assert labelbot("experts", "role", "U0BOB", "expert").out == "Role of U0BOB: expert.\n"
    ada, bob = labelbot("experts", "list", "--campaign", "tone", "--json").json
    assert (ada["domains"], ada["languages"], ada["role"]) == (["law"], ["en", "de"], "senior")
    assert (bob["role"], bob["campaigns"]) == (None, ["tone"])
    result = labelbot("experts", "assign", "U0ADA", "--campaign", "tone", "--count", "2")
    assert result.out == "Assigned 0 tasks to U0ADA: no task left that they can be assigned.\n"
    assert labelbot("experts", "remind", "--campaign", "tone").out == "Reminded 0 experts.\n"
    assert labelbot("experts", "remind", "--json").json == {"reminded": [], "skipped": {}}
    for output in ("Removed U0BOB from “tone”.\n", "U0BOB is not in “tone”.\n"):
        assert labelbot("experts", "remove", "U0BOB", "--campaign", "tone").out == output
    assert "U0BOB" not in labelbot("experts", "list", "--campaign", "tone").out
    assert labelbot("experts", "invite", "U0CY", "--domains", "birds").out == "Saved 1 expert.\n"


def test_experts_rejects_invalid_arguments(labelbot: CommandRunner) -> None:
    assert "There are no experts yet" in labelbot("experts", "list").out
    result = labelbot("experts", "invite", "nonsense")
    assert (result.code, "“nonsense” is not a Slack member ID" in result.err) == (1, True)
    assert labelbot("experts", "role", "U0ADA", "king").code == 2
