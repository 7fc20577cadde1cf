"""Tests of `labelbot sample` with a server of models on this machine."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections import Counter
from itertools import count
from pathlib import Path

import pytest

from storage.tables import Item
from tests.candidates.conftest import model_server
from tests.candidates.model_server import Json, ModelServer, Reply, completion, echo, reply
from tests.cli.conftest import CommandRunner
from tests.pages import ROOT
from tests.services.conftest import Scenario

__all__ = ["model_server"]

ADA = "U0ADA"
WREN, HERON = "wren-mini", "heron-7b"
SECRET = "sk-secret-0123456789"  # noqa: S105 - made up


def write_prompts(runner: CommandRunner, count: int, **columns: object) -> str:
    """Write a file of prompts and return its name."""
    rows = ({"id": f"p{n}", "prompt": f"Question {n}?", **columns} for n in range(1, count + 1))
    return runner.write_file("prompts.jsonl", "".join(f"{json.dumps(row)}\n" for row in rows))


def items_of(scenario: Scenario) -> list[Item]:
    """Return all items."""
    return scenario.rows(Item)


def models_of(server: ModelServer, *names: str) -> list[str]:
    """Return the options for models of a server."""
    return [part for name in names for part in ("--model", server.model(name))]


@pytest.fixture
def tone(scenario: Scenario) -> Scenario:
    """Return a comparison with one expert."""
    scenario.create_campaign("tone", overlap=1, experts=[ADA])
    return scenario


def test_pairs_are_imported_once_and_no_prompt_is_asked_twice(
    labelbot_sqlite: CommandRunner, tone: Scenario, model_server: ModelServer
) -> None:
    prompts = write_prompts(labelbot_sqlite, 3, topic="birds")
    options = [
        *models_of(model_server, WREN, HERON),
        "--price",
        f"{WREN}=1,2",
        "--temperature",
        "0.7",
    ]
    result = labelbot_sqlite("sample", "tone", prompts, *options)
    assert result.code == 0, result.err
    assert "Added 3 items to “tone”." in result.out
    assert Counter(one["model"] for one in model_server.requests) == {WREN: 3, HERON: 3}
    assert {one["temperature"] for one in model_server.requests} == {0.7}
    assert set(model_server.paths) == {"/v1/chat/completions"}
    exported = labelbot_sqlite("items", "show", "tone", items_of(tone)[0].key, "--json").json
    assert "wren-mini says: Question 1?" in json.dumps(exported)
    meta = items_of(tone)[0].meta
    assert meta["topic"] == "birds"
    assert meta["generated_by"]["task"] == "response"
    assert meta["generated_by"]["parameters"] == {"max_tokens": 1024, "temperature": 0.7}
    assert [one["model"] for one in meta["generated_by"]["candidates"]] == [WREN, HERON]

    again = labelbot_sqlite("sample", "tone", prompts, *options, "--json")
    assert (again.code, len(model_server.requests)) == (0, 6)
    assert (again.json["added"], again.json["existing"]) == (0, 3)
    figures = {one["name"]: one for one in again.json["generators"]}
    assert figures[WREN]["cost"] == pytest.approx(3 * (7 * 1 + 3 * 2) / 1e6)
    assert figures[HERON]["cost"] is None
    assert [action for action, _ in tone.audit_log()].count("sampled candidates") == 2


@pytest.mark.slow
def test_killed_run_continues(
    labelbot_sqlite: CommandRunner, tone: Scenario, model_server: ModelServer
) -> None:
    """A kill loses at most the answers under way: no answered prompt is asked again."""
    prompts = write_prompts(labelbot_sqlite, 12)
    options = [*models_of(model_server, WREN, HERON), "--concurrency", "2"]
    answered: set[tuple[str, str]] = set()
    asked_again: list[tuple[str, str]] = []

    def stall_after(limit: int) -> None:
        sent = count(1)

        def respond(request: Json) -> Reply:
            asked = request["model"], request["messages"][-1]["content"]
            asked_again.extend({asked} & answered)
            return echo(request) if next(sent) <= limit else Reply(body=b"late", pause=30)

        model_server.respond = respond

    for limit in (5, 4):
        stall_after(limit)
        command = [sys.executable, "-m", "bot.cli", "sample", "tone", prompts, *options]
        process = subprocess.Popen(  # noqa: S603 - our own command
            command,
            cwd=labelbot_sqlite.folder,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stderr=subprocess.DEVNULL,
        )
        model_server.wait_for_requests(limit + 2)
        process.kill()
        process.wait()
        journal = labelbot_sqlite.folder / f"{prompts}.answers.jsonl"
        lines = [json.loads(line) for line in journal.read_text().splitlines()]
        texts = [line["text"] for line in lines if line["state"] == "answered"]
        answered |= {(model, text) for model, text in (text.split(" says: ") for text in texts)}
    assert len(answered) == 9
    stall_after(100)
    result = labelbot_sqlite("sample", "tone", prompts, *options)
    assert result.code == 0, result.err
    assert (len(items_of(tone)), asked_again) == (12, [])
    assert len(model_server.requests) <= 24 + 4, "two kills with two requests under way"


def test_answers_that_are_no_candidates_are_reported_and_not_imported(
    labelbot_sqlite: CommandRunner, tone: Scenario, model_server: ModelServer
) -> None:
    assert items_of(tone) == []
    answers: dict[str, Json] = {
        "1": completion("Half of it", "length"),
        "2": completion("I'm sorry, but I can't help with that."),
        "3": completion("   "),
        "4": completion(None, "stop", refusal="No."),
        "5": {"choices": []},
        "6": completion("The key is " + SECRET),
    }

    def respond(request: Json) -> Reply:
        number = re.sub(r"\D", "", request["messages"][-1]["content"])
        return (
            reply(answers[number])
            if request["model"] == HERON and number in answers
            else echo(request)
        )

    model_server.respond = respond
    labelbot_sqlite.set_env(LABELBOT_MODEL_KEY_HERON_7B=SECRET)
    prompts = write_prompts(labelbot_sqlite, 7)
    options = models_of(model_server, WREN, HERON)
    result = labelbot_sqlite("sample", "tone", prompts, *options, "--json")
    assert result.code == 0, result.err
    assert (result.json["added"], result.json["incomplete"]) == (1, 6)
    assert {one["prompt"]: one["problem"] for one in result.json["problems"]} == {
        "p1": "truncated",
        "p2": "declined",
        "p3": "empty",
        "p4": "refused",
        "p5": "malformed",
        "p6": "malformed",
    }
    for number in range(1, 7):
        assert f"line {number}, {HERON}: " in result.err
    sent = [
        headers.get("Authorization")
        for headers, one in zip(model_server.headers, model_server.requests, strict=True)
        if one["model"] == HERON
    ]
    assert set(sent) == {f"Bearer {SECRET}"}
    assert all(
        "Authorization" not in headers
        for headers, one in zip(model_server.headers, model_server.requests, strict=True)
        if one["model"] == WREN
    )
    written = [path.read_bytes() for path in labelbot_sqlite.folder.rglob("*") if path.is_file()]
    assert not any(SECRET.encode() in content for content in written)
    assert SECRET not in result.out + result.err

    asked = len(model_server.requests)
    kept = labelbot_sqlite("sample", "tone", prompts, *options, "--keep-refusals", "--json").json
    assert (kept["added"], kept["existing"], len(model_server.requests)) == (1, 1, asked)
    answers.clear()
    again = labelbot_sqlite("sample", "tone", prompts, *options, "--again", "--json").json
    assert (again["added"], again["rejected"]) == (5, 1), "the declined one has an item already"
    assert len(model_server.requests) == asked + 6


def test_validation_gets_the_texts_that_it_judges_and_reports_pass_rates(
    labelbot_sqlite: CommandRunner, scenario: Scenario, model_server: ModelServer
) -> None:
    scenario.create_campaign(
        "meaning", "validation", overlap=1, experts=[ADA], settings={"task": "back-translation"}
    )

    def respond(request: Json) -> Reply:
        text = request["messages"][-1]["content"]
        verb = "traduit" if "into French" in text else "translates"
        return reply(completion(f"{request['model']} {verb} {re.sub(r'[^0-9]', '', text)}"))

    model_server.respond = respond
    prompts = write_prompts(labelbot_sqlite, 4)
    options = [*models_of(model_server, WREN, HERON), "--via", "French"]
    result = labelbot_sqlite("sample", "meaning", prompts, *options, "--json")
    assert result.code == 0, result.err
    assert (result.json["task"], result.json["added"]) == ("back-translation", 8)
    assert len(model_server.requests) == 16, "two steps"
    seconds = [one["messages"] for one in model_server.requests if "English" in str(one)]
    assert len(seconds) == 8
    assert all("traduit" in str(messages) for messages in seconds)
    for number in range(8):
        assignment = scenario.assign_next(ADA)
        assert assignment
        reason = {"reason": "It is longer.", "categories": ["changes_meaning"]}
        answer = {"verdict": "yes"} if number % 2 else {"verdict": "no", **reason}
        scenario.submit_answer(ADA, assignment, **answer)
    assert scenario.assign_next(ADA) is None
    generators = labelbot_sqlite("report", "meaning", "--json").json["generators"]
    assert {one["name"] for one in generators} == {WREN, HERON}
    assert sum(one["answers"] for one in generators) == 8
    assert sum(one["passed"] for one in generators) == 4
    assert "pass rate" in labelbot_sqlite("report", "meaning").out
    labelbot_sqlite("report", "meaning", "--out", "report.html")
    page = (labelbot_sqlite.folder / "report.html").read_text()
    assert "<h2>Generators</h2>" in page


def test_dry_run_says_what_would_be_asked_and_asks_nothing(
    labelbot_sqlite: CommandRunner, tone: Scenario, model_server: ModelServer
) -> None:
    prompts = write_prompts(labelbot_sqlite, 3)
    options = [*models_of(model_server, WREN, HERON), "--samples", "2", "--max-tokens", "100"]
    prices = ["--price", f"{WREN}=0,10", "--price", f"{HERON}=0,0"]
    result = labelbot_sqlite("sample", "tone", prompts, *options, *prices, "--dry-run", "--json")
    assert result.json["requests"] == {WREN: 6, HERON: 6}
    assert result.json["cost_at_most"] == pytest.approx(6 * 100 * 10 / 1e6)
    text = labelbot_sqlite("sample", "tone", prompts, *options, *prices, "--dry-run").out
    assert "3 prompts" in text
    assert "Cost: at most 0.006" in text
    assert (model_server.requests, items_of(tone)) == ([], [])
    assert not Path(labelbot_sqlite.folder / f"{prompts}.answers.jsonl").exists()


def test_budget_holds_in_all_runs_together(
    labelbot_sqlite: CommandRunner, tone: Scenario, model_server: ModelServer
) -> None:
    model_server.respond = lambda request: reply(completion(str(request["seed"]), usage=(10, 100)))
    prompts = write_prompts(labelbot_sqlite, 10)
    options = [
        *models_of(model_server, WREN),
        *["--samples", "2", "--max-tokens", "100", "--seed", "5"],
    ]
    options += ["--price", f"{WREN}=0,10", "--budget", "0.0085", "--concurrency", "3"]
    result = labelbot_sqlite("sample", "tone", prompts, *options, "--json")
    assert result.code == 1
    assert (len(model_server.requests), result.json["added"]) == (8, 4)
    assert result.json["cost"] == pytest.approx(0.008)
    assert "The budget is used up" in result.err
    assert {one["seed"] for one in model_server.requests} == {5, 6}
    labelbot_sqlite("sample", "tone", prompts, *options)
    assert (len(model_server.requests), len(items_of(tone))) == (8, 4)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--model", "wren"], "it has no name or no address"),
        (["--model", "w=ftp://x"], "must begin with http"),
        (["--model", "w=http://me:pw@x/v1"], "LABELBOT_MODEL_KEY_W"),
        (["--model", "w=http://x/v1", "--model", "w=http://y/v1"], "named twice"),
        (["--model", "w-1=http://x/v1", "--model", "w.1=http://y/v1"], "would both use"),
        (["--model", "w=http://x/v1"], "needs two candidates"),
        (["--model", "w=http://x/v1", "--samples", "2", "--budget", "1"], "needs all prices"),
        (["--model", "w=http://x/v1", "--samples", "2", "--price", "v=1,2"], "none of the models"),
        (["--model", "w=http://x/v1", "--samples", "2", "--price", "w=1"], "two numbers"),
        (["--model", "w=http://x/v1", "--samples", "2", "--task", "poem"], "Choose one of"),
        (["--model", "w=http://x/v1", "--samples", "2", "--map", "gold=a"], "has no gold"),
    ],
)
def test_wrong_options_are_errors_before_anything_is_asked(
    labelbot_sqlite: CommandRunner, tone: Scenario, arguments: list[str], message: str
) -> None:
    prompts = write_prompts(labelbot_sqlite, 1)
    result = labelbot_sqlite("sample", "tone", prompts, *arguments)
    assert result.code in {1, 2}
    assert message in " ".join(result.err.replace("│", " ").split())
    assert "pw@" not in result.err
    assert items_of(tone) == []
