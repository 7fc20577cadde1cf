"""Exports in tests: a campaign of each kind, exports of it, and later changes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

from sqlmodel import Session, col, select

from bot.clock import AdjustableClock
from bot.exports.export_folder import ExportResult
from bot.exports.formats import DATASET, FORMATS
from bot.exports.row_options import Aggregate, RowOptions
from bot.kinds import KINDS
from bot.services.answers import submit
from bot.services.exports import claims
from bot.services.exports import run as export_runner
from bot.services.exports.export_request import ExportRequest
from bot.services.exports.supported_formats import formats_for
from bot.services.reviews import exclusions
from storage.tables import Assignment, Campaign, Decision
from tests.services.conftest import NOW, Scenario

ADA, BOB, EVE, CORA = "U0ADA", "U0BOB", "U0EVE", "U0CORA"

ITEMS = 4


def make_rows(kind: str, count: int, start: int = 1) -> list[dict[str, object]]:
    """Return rows of a file for a campaign of a kind."""
    candidates = {"comparison": 2, "ranking": 3, "rating": 1, "validation": 1, "curation": 1}
    rows: list[dict[str, object]] = []
    for number in range(start, start + count):
        row: dict[str, object] = {
            "id": f"item-{number}",
            "prompt": f"Question {number}?",
            "domain": f"domain {number % 2}",
        }
        if texts := [f"Response {number}.{n}" for n in range(candidates.get(kind, 0))]:
            models = ["wren", "heron", "dunlin"][: len(texts)]
            row |= {"candidates": [{"content": text} for text in texts], "models": models}
        rows.append(row)
    return rows


def create_answered(scenario: Scenario, kind: str) -> None:
    """Create a campaign whose items Ada has answered, and Bob all but the last."""
    settings = KINDS[kind].example.settings.model_dump(mode="json")
    scenario.create_campaign(kind=kind, overlap=3, experts=[ADA, BOB, EVE], settings=settings)
    result = scenario.import_rows("tone", make_rows(kind, ITEMS))
    assert (result.added, result.rejected) == (ITEMS, 0), result.errors
    answer(scenario, kind, ADA)
    answer(scenario, kind, BOB, ITEMS - 1)


def answer(scenario: Scenario, kind: str, expert: str, limit: int = 1000) -> int:
    """Answer an expert's next tasks with the example of the kind; return how many."""
    for number in range(limit):
        scenario.advance_clock(seconds=7)
        assignment_id = scenario.assign_next(expert)
        if assignment_id is None:
            return number
        for form_input in KINDS[kind].example.inputs:
            scenario.submit_answer(expert, assignment_id, **form_input)
    return limit


def assignments_of(session: Session, slack_name: str) -> list[int]:
    """Return the answered assignments of an expert, oldest first."""
    query = select(Assignment.id).where(
        Assignment.state == "answered", col(Assignment.expert_id) == expert_number(slack_name)
    )
    return [number or 0 for number in session.exec(query.order_by(col(Assignment.id)))]


def expert_number(slack_id: str) -> int:
    """Return the row of an expert, who were invited in this order."""
    return (ADA, BOB, EVE).index(slack_id) + 1


def change_answer(scenario: Scenario, kind: str, expert: str, place: int = 0) -> None:
    """Let an expert undo one of their answers and submit it again, as a new version."""
    assignment_id = scenario.database.read_now(assignments_of, expert)[place]
    scenario.database.write_now(submit.undo, assignment_id, scenario.interaction(expert))
    for form_input in KINDS[kind].example.inputs:
        scenario.submit_answer(expert, assignment_id, **form_input)


def change_everything(scenario: Scenario, kind: str, later_answers: int) -> None:
    """Change, exclude, decide, and add answers."""
    scenario.advance_clock(hours=1)
    change_answer(scenario, kind, ADA)
    scenario.import_rows("tone", make_rows(kind, later_answers, start=ITEMS + 1))
    assert answer(scenario, kind, EVE) == later_answers + ITEMS
    answered_since = NOW - timedelta(days=1)
    scenario.run_for_campaign(
        "tone", exclusions.exclude, BOB, answered_since, "careless", scenario.actor
    )
    scenario.run_for_campaign("tone", _decide_first)
    scenario.run_for_campaign("tone", _change_campaign)


def _decide_first(session: Session, campaign: Campaign) -> None:
    first = session.get_one(Assignment, 2)
    value = dict(first.value or {})
    session.add(
        Decision(
            task_id=first.task_id,
            value=value,
            candidate_order=first.candidate_order,
            decided_by=CORA,
            created_at=NOW + timedelta(hours=2),
        )
    )
    session.flush()
    assert campaign.name == "tone"


def _change_campaign(session: Session, campaign: Campaign) -> None:
    campaign.title, campaign.guidelines_version = "Another title", 9
    session.add(campaign)


def export(
    scenario: Scenario,
    format_name: str,
    options: RowOptions | None = None,
    folder: str = "exports",
    *,
    seconds: float = 1,
    **request: Any,  # noqa: ANN401 - fields of an ExportRequest
) -> ExportResult:
    """Export the campaign, some time after what was before."""
    scenario.advance_clock(seconds=seconds)
    chosen = options or RowOptions()
    wanted = ExportRequest(format_name, scenario.folder / folder, options=chosen, **request)
    run = scenario.run_for_campaign(
        "tone", claims.queue_and_claim, wanted, scenario.actor, "worker"
    )
    return export_runner.run_export(scenario.database, run, AdjustableClock(scenario.now))


def formats_and_aggregates(kind: str) -> Iterator[tuple[str, RowOptions]]:
    """Yield every format of a kind, and our own with every way to make rows of its answers.

    Those of other targets are made of the same rows as ours.
    """
    label = KINDS[kind].example.label
    for name in (*formats_for(kind), DATASET):
        yield name, RowOptions()
        if name == DATASET or FORMATS[name].target:
            continue
        if isinstance(label, FORMATS[name].aggregated_types):
            for aggregate in Aggregate:
                if aggregate is not Aggregate.DAWID_SKENE or kind != "ranking":
                    yield name, RowOptions(aggregate)


def data_files(directory: Path) -> dict[str, str]:
    """Return the hash of each data file of an export."""
    manifest = read_manifest(directory)
    names = [file["name"] for file in manifest["files"] if file["rows"] is not None]
    return {name: sha256((directory / name).read_bytes()).hexdigest() for name in names}


def read_manifest(directory: Path) -> dict[str, Any]:
    """Return the manifest of an export."""
    return dict(json.loads((directory / "manifest.json").read_text()))


def read_rows(directory: Path) -> list[dict[str, Any]]:
    """Return the rows of an export with JSON Lines."""
    lines = (directory / "data.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]
