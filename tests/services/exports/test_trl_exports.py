"""Exports of pairs of ratings and of prompts, from the databases."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from sqlmodel import Session

from bot.clock import AdjustableClock
from bot.exports.export_folder import ExportResult
from bot.exports.row_options import RowOptions, parse_row_options
from bot.services.exports import claims
from bot.services.exports import run as export_runner
from bot.services.exports.export_request import ExportRequest
from bot.services.exports.supported_formats import UnusedGapError
from bot.services.items.mapping import content_of
from storage.queries import tasks
from storage.tables import Assignment
from tests.services.conftest import Scenario

ADA, BOB = "U0ADA", "U0BOB"

Rows = list[dict[str, object]]


def _export(scenario: Scenario, name: str, **options: str) -> tuple[ExportResult, Rows]:
    row_options: RowOptions = parse_row_options(options)
    request = ExportRequest(name, scenario.folder, options=row_options)
    run = scenario.run_for_campaign(
        "jokes", claims.queue_and_claim, request, scenario.actor, "worker"
    )
    result = export_runner.run_export(scenario.database, run, AdjustableClock(scenario.now))
    lines = (Path(result.directory) / "data.jsonl").read_text().splitlines()
    return result, [json.loads(line) for line in lines]


@pytest.fixture
def rated(scenario: Scenario) -> Scenario:
    """Return a scenario with responses to two prompts in turn, each rated by two experts."""
    settings = {"criteria": [{"key": "humor", "label": "Humor", "anchors": list("12345")}]}
    scenario.create_campaign("jokes", "rating", experts=[ADA, BOB], settings=settings, overlap=2)
    rows = [
        {"id": f"joke-{number}", "prompt": f"Joke {number % 2}", "text": f"T{number}"}
        for number in range(1, 6)
    ]
    scenario.import_rows("jokes", rows)
    points = {"T1": 1, "T2": 3, "T3": 5, "T4": 3, "T5": 2}
    for expert in (ADA, BOB):
        while assignment_id := scenario.assign_next(expert):
            text = scenario.database.read_now(_text_of, assignment_id)
            scenario.submit_answer(expert, assignment_id, humor=points[text])
    return scenario


def _text_of(session: Session, assignment_id: int) -> str:
    task_id = session.get_one(Assignment, assignment_id).task_id
    return content_of(tasks.item_of(session, task_id)).candidates[0].text


def test_ratings_of_one_prompt_become_pairs(rated: Scenario) -> None:
    result, rows = _export(rated, "preference")
    pairs = [(row["item"], row["margin"], row["votes"], row["origin"]) for row in rows]
    assert pairs == [
        ("joke-3 + joke-1", 3.0, 4, "rated"),
        ("joke-5 + joke-1", 0.75, 4, "rated"),
        ("joke-3 + joke-5", 2.25, 4, "rated"),
    ]
    reason = "no other response to the same prompt has scores different enough"
    assert (result.answers, result.left_out) == (6, {reason: 4})
    assert len(_export(rated, "reward", gap="0.5")[1]) == 2


def test_gap_without_pairs_of_ratings_is_refused(rated: Scenario) -> None:
    with pytest.raises(UnusedGapError, match="has no pairs of ratings"):
        _export(rated, "rating", gap="0.5")


def test_each_prompt_is_exported_once_per_item(rated: Scenario) -> None:
    result, rows = _export(rated, "prompt-only")
    assert [row["item"] for row in rows] == [f"joke-{number}" for number in range(1, 6)]
    assert (result.answers, result.left_out) == (10, {})
