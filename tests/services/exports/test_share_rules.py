"""Aggregated exports: one row per item, and every stored answer is in a row or left out."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session, col, select

from bot.clock import AdjustableClock
from bot.exports.export_folder import ExportResult
from bot.exports.formats import FORMATS
from bot.exports.row_options import Aggregate, RowOptions
from bot.exports.selection import RankingClassesError
from bot.services.answers import submit
from bot.services.assignments import direct
from bot.services.exports import claims, jobs, schedules, snapshots
from bot.services.exports import run as export_runner
from bot.services.exports.export_request import ExportRequest
from bot.services.reviews import decisions, exclusions
from storage.queries.assignments import mark_delivered
from storage.queries.experts import expert_by_slack_id
from storage.queries.labels import UncountedAnswer
from storage.row_id import id_of
from storage.tables import Assignment, Campaign, Decision, ExportRun, Item, Task
from tests.services.conftest import NOW, Scenario, pair
from tests.services.exports.test_jobs import DAILY
from tests.services.reviews.test_review_queue import CORA

PEOPLE = ("U01", "U02", "U03", "U04")


def answer(scenario: Scenario, slack_id: str, key: str, verdict: str) -> None:
    """Let an expert answer an item; “a” is the response that was imported first."""

    def assign(session: Session, campaign: Campaign) -> Assignment:
        expert = expert_by_slack_id(session, slack_id)
        assert expert
        query = select(Task.id).join(Item, col(Item.id) == col(Task.item_id))
        task_id = session.exec(query.where(Item.key == key)).one() or 0
        assignment = direct.assign_task(session, campaign, expert, task_id, scenario.now)
        assert assignment
        session.flush()
        mark_delivered(session, id_of(assignment), scenario.now)
        return assignment

    assigned = scenario.run_for_campaign("tone", assign)
    shown = verdict
    if verdict in "ab":
        shown = "ab"[assigned.candidate_order.index("ab".index(verdict))]
    scenario.submit_answer(slack_id, id_of(assigned), verdict=shown)


def create(
    scenario: Scenario, items: Mapping[str, str], *, gold: Mapping[str, str] | None = None
) -> None:
    """Create a comparison campaign; each item has a letter per expert: a, b, t (tie) or - (none).

    `gold` has the correct answer of some items.
    """
    scenario.create_campaign(experts=PEOPLE, overlap=len(PEOPLE))
    numbers = range(len(items))
    scenario.import_rows(
        "tone", [pair(number, id=key) for number, key in zip(numbers, items, strict=True)]
    )
    for key, letters in items.items():
        for slack_id, letter in zip(PEOPLE, letters, strict=True):
            if letter != "-":
                answer(scenario, slack_id, key, {"t": "tie"}.get(letter, letter))
    scenario.database.write_now(make_gold, gold or {})


def make_gold(session: Session, gold: Mapping[str, str]) -> None:
    """Make items gold questions with these answers."""
    for item in session.exec(select(Item).where(col(Item.key).in_(gold))):
        item.gold = {"verdict": gold[item.key]}
        session.add(item)
        for task in session.exec(select(Task).where(Task.item_id == item.id)):
            task.is_gold = True
            session.add(task)


def export(
    scenario: Scenario, options: RowOptions, format_name: str = "preference"
) -> tuple[ExportResult, list[dict[str, Any]]]:
    """Export the campaign; return the result and its rows."""
    request = ExportRequest(format_name, scenario.folder / "exports", options=options)
    run = scenario.run_for_campaign(
        "tone", claims.queue_and_claim, request, scenario.actor, "worker"
    )
    result = export_runner.run_export(scenario.database, run, AdjustableClock(scenario.now))
    lines = (result.directory / "data.jsonl").read_text(encoding="utf-8").splitlines()
    return result, [json.loads(line) for line in lines]


def chosen(rows: list[dict[str, Any]]) -> dict[str, str]:
    """Return a or b by item: the response that was chosen."""
    return {row["item"]: "ab"[row["chosen_model"] == "wren-mini"] for row in rows}


def manifest(result: ExportResult) -> dict[str, Any]:
    """Return the manifest of an export."""
    return dict(json.loads((result.directory / "manifest.json").read_text()))


def test_default_is_one_row_per_item_by_majority(scenario: Scenario) -> None:
    create(scenario, {"1": "aaab", "2": "aabb", "3": "ttta", "4": "b---"})
    result, rows = export(scenario, RowOptions())
    assert chosen(rows) == {"1": "a", "4": "b"}
    assert [(row["votes"], row["agreement"], row["source"]) for row in rows] == [
        (4, 0.75, "majority"),
        (1, 1.0, "single"),
    ]
    assert result.left_out == {
        "outvoted": 2,
        "tie": 3,
        "tie: no answer has more votes than the others": 4,
    }
    assert (result.answers, result.aggregate) == (4, "majority")
    described = manifest(result)
    assert described["answers"] == {"stored": 13, "in_rows": 4, "left_out": 9}
    assert described["aggregate"] == "majority"
    card = (result.directory / "README.md").read_text()
    assert "Of 13 answers, 9 are left out." in card
    assert "2 rows. The answers to an item are one row: the most frequent answer" in card


def test_every_stored_answer_is_in_a_row_or_left_out(scenario: Scenario) -> None:
    create(
        scenario, {"1": "aaab", "2": "abt-", "3": "aaaa", "4": "bbbb", "5": "aa--"}, gold={"3": "a"}
    )
    skipped = scenario.assign_next("U03") or 0
    scenario.database.write_now(submit.skip_task, skipped, "broken", scenario.interaction("U03"))
    scenario.run_for_campaign("tone", exclusions.exclude, "U02", NOW, "no care", scenario.actor)
    scenario.database.write_now(decisions.override_answer, 4, {"verdict": "a"}, "", CORA)
    expected = {
        "preference": {
            "excluded by a coordinator": 5,
            "gold question": 3,
            "outvoted": 1,
            "replaced by a reviewer's decision": 3,
            "skipped by the expert": 1,
            "tie: no answer has more votes than the others": 2,
        },
        "annotations": {"excluded by a coordinator": 5, "skipped by the expert": 1},
    }
    answers, reviews = scenario.rows(Assignment), scenario.rows(Decision)
    stored = sum(row.value is not None or row.state == "skipped" for row in answers) + len(reviews)
    for format_name, left_out in expected.items():
        result, _rows = export(scenario, RowOptions(), format_name)
        assert result.left_out == left_out
        assert result.answers + sum(left_out.values()) == stored == 19
        (run,) = [run for run in scenario.rows(ExportRun) if run.format == format_name]
        assert run.left_out == sum(left_out.values())


def test_unconfirmed_and_changeable_answers_are_counted(scenario: Scenario) -> None:
    scenario.create_campaign(
        kind="validation", overlap=1, experts=PEOPLE[:2], settings={"levels": 2}
    )
    row = {"id": "1", "source": "It may rain.", "paraphrase": "It will rain."}
    scenario.import_rows("tone", [row])
    scenario.submit_answer("U01", scenario.assign_next("U01") or 0, verdict="yes")
    scenario.submit_answer("U02", scenario.assign_next("U02") or 0, confirm="confirm_1")
    scenario.import_rows("tone", [{**row, "id": "2", "source": "It rains."}])
    scenario.submit_answer("U01", scenario.assign_next("U01") or 0, verdict="yes")
    result, rows = export(scenario, RowOptions(), "verdict")
    assert [row["verdict"] for row in rows] == ["good"]
    assert result.left_out == {"confirmation of another answer": 1, "not yet confirmed": 1}
    snapshot = scenario.run_for_campaign("tone", snapshots.take_snapshot)
    uncounted = snapshot.count_unlabeled(with_gold=False, only_final=True)
    assert uncounted == {UncountedAnswer.CONFIRMATION: 1, UncountedAnswer.NOT_FINAL: 1}


def test_incomplete_answers_are_counted_and_undone_ones_are_none(scenario: Scenario) -> None:
    scenario.create_campaign(kind="rating", overlap=1, experts=PEOPLE[:2])
    scenario.import_rows("tone", [{"id": str(n), "text": f"Joke {n}"} for n in range(2)])
    scenario.submit_answer("U01", scenario.assign_next("U01") or 0, humor="3")
    undone = scenario.assign_next("U02") or 0
    scenario.submit_answer("U02", undone, relevance="1", humor="1", clarity="1")
    scenario.database.write_now(submit.undo, undone, scenario.interaction("U02"))
    result, rows = export(scenario, RowOptions(), "rating")
    assert (rows, result.answers, result.left_out) == ([], 0, {"not complete": 1})


def test_weights_and_model_prefer_experts_who_agree(scenario: Scenario) -> None:
    """The fourth expert always says the opposite; of the last item only they and one other know."""
    create(
        scenario,
        {**{f"{number}": "aaab" if number % 2 else "bbba" for number in range(8)}, "last": "--ab"},
    )
    for aggregate in (Aggregate.WEIGHTED, Aggregate.DAWID_SKENE):
        result, rows = export(scenario, RowOptions(aggregate))
        assert chosen(rows)["last"] == "a"
        assert rows[-1]["soft_label"] > 0.9
        reliability = manifest(result)["metadata"]["expert_reliability"]
        assert len(reliability) == 4
        assert min(reliability.values()) < 0.2 < sorted(reliability.values())[1]
        assert result.directory.name.startswith(f"tone-preference-{aggregate}-")
    _result, rows = export(scenario, RowOptions())
    assert "last" not in chosen(rows)


def test_gold_questions_tell_the_model_who_is_right(scenario: Scenario) -> None:
    """Three experts are wrong on gold questions, so the fourth decides."""
    gold = {f"gold-{number}": "a" for number in range(4)}
    create(scenario, {**dict.fromkeys(gold, "bbba"), "1": "bbba"}, gold=gold)
    _result, rows = export(scenario, RowOptions(Aggregate.DAWID_SKENE))
    assert chosen(rows) == {"1": "a"}
    assert (rows[0]["agreement"], rows[0]["with_majority"]) == (0.25, 0)
    assert chosen(export(scenario, RowOptions())[1]) == {"1": "b"}


def test_each_criterion_of_ratings_has_its_own_model(scenario: Scenario) -> None:
    scenario.create_campaign(kind="rating", experts=PEOPLE[:3], overlap=3)
    scenario.import_rows("tone", [{"id": str(n), "text": f"Joke {n}"} for n in range(3)])
    for slack_id, points in zip(PEOPLE, ("4", "4", "1"), strict=False):
        scenario.answer_all(slack_id, relevance=points, humor="2", clarity="5")
    _result, rows = export(scenario, RowOptions(Aggregate.DAWID_SKENE), "rating")
    assert [row["scores"] for row in rows] == [{"relevance": 4, "humor": 2, "clarity": 5}] * 3
    assert all(1 < row["soft_label"]["relevance"] <= 4 for row in rows)


def test_rankings_have_no_model(scenario: Scenario) -> None:
    scenario.create_campaign(kind="ranking", experts=PEOPLE)
    with pytest.raises(RankingClassesError):
        export(scenario, RowOptions(Aggregate.DAWID_SKENE), "ranking")
    assert scenario.count("export_run") == 0


def test_schedule_keeps_its_options(scenario: Scenario, tmp_path: Path) -> None:
    create(scenario, {"1": "aaab"})
    options = RowOptions(Aggregate.NONE, 0.5, ("majority", "unanimous"))
    request = ExportRequest("preference", tmp_path, options=options)
    scenario.run_for_campaign("tone", schedules.schedule_export, request, DAILY, scenario.actor)
    (status,) = scenario.run_for_campaign("tone", schedules.list_schedules)
    assert str(status.options) == "aggregate=none min-agreement=0.5 source=unanimous,majority"
    scenario.advance_clock(days=1)
    scenario.database.write_now(jobs.queue_due_runs, scenario.now)
    export_runner.run_pending_exports(scenario.database, AdjustableClock(scenario.now))
    (run,) = scenario.rows(ExportRun)
    assert (run.state, run.rows, run.left_out) == ("done", 3, 1)
    assert "-none-0.5-unanimous+majority-" in run.path


def test_comparisons_suit_sft_for_the_better_responses_that_experts_wrote(
    scenario: Scenario,
) -> None:
    scenario.create_campaign(experts=PEOPLE[:1], overlap=1)
    scenario.import_rows("tone", [pair(1), pair(2)])
    first = scenario.assign_next("U01") or 0
    scenario.submit_answer(
        "U01", first, verdict="both_bad", better_response="Better.", started_from="blank"
    )
    scenario.submit_answer("U01", scenario.assign_next("U01") or 0, verdict="a")
    result, rows = export(scenario, RowOptions(), "sft")
    assert [row["completion"][0]["content"] for row in rows] == ["Better."]
    assert result.left_out == {"no response was written or kept": 1}
    assert set(rows[0]) == {column.name for column in FORMATS["sft"].columns}
