"""`labelbot experts`: people, what they know, and their roles."""

from __future__ import annotations

from tests.cli.conftest import CommandRunner


def test_people_are_invited_listed_promoted_and_taken_out(labelbot: CommandRunner) -> None:
    labelbot("campaign", "create", "tone", "--kind", "comparison")
    words = "U0ADA U0BOB --campaign tone --domains law --languages en,de --role senior"
    ran = labelbot("experts", "invite", *words.split())
    assert (ran.code, ran.out) == (0, "2 joined “tone”, 0 were in it.\n")
    assert labelbot("experts", "role", "U0BOB", "expert").out == "U0BOB is an expert now.\n"
    ada, bob = labelbot("experts", "list", "--campaign", "tone", "--json").json
    assert (ada["domains"], ada["languages"], ada["role"]) == (["law"], ["en", "de"], "senior")
    assert (bob["role"], bob["campaigns"]) == (None, ["tone"])
    ran = labelbot("experts", "assign", "U0ADA", "--campaign", "tone", "--count", "2")
    assert ran.out == "0 tasks handed to U0ADA: no task left that they can be assigned.\n"
    assert labelbot("experts", "remind", "--campaign", "tone").out == "0 reminded.\n"
    assert labelbot("experts", "remind", "--json").json == {"reminded": [], "skipped": {}}
    for said in ("left", "was not in"):
        ran = labelbot("experts", "remove", "U0BOB", "--campaign", "tone")
        assert ran.out == f"U0BOB {said} “tone”.\n"
    assert "U0BOB" not in labelbot("experts", "list", "--campaign", "tone").out
    assert labelbot("experts", "invite", "U0CY", "--domains", "birds").out == "Noted.\n"


def test_what_is_wrong_is_said(labelbot: CommandRunner) -> None:
    assert "There are no experts yet" in labelbot("experts", "list").out
    ran = labelbot("experts", "invite", "nonsense")
    assert (ran.code, "“nonsense” is not the Slack id" in ran.err) == (1, True)
    assert labelbot("experts", "role", "U0ADA", "king").code == 2
