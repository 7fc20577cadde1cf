"""Comparison of exports: exactly the rows that differ, and why; and verification of a folder."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest

from bot.exports.row_comparison import DifferentFormatsError
from bot.exports.row_options import Aggregate, RowOptions
from bot.exports.verification import verify_folder
from bot.exports.written_rows import (
    IncomparableFormatError,
    MissingDataError,
    UnreadableDataError,
)
from bot.services.exports.change_reasons import ExplainedChange, explain_changes
from bot.services.reviews import exclusions
from tests.services.conftest import NOW, Scenario
from tests.services.exports.export_scenarios import (
    ADA,
    BOB,
    ITEMS,
    answer,
    assignments_of,
    create_answered,
    data_files,
    export,
    read_manifest,
)

NONE = RowOptions(Aggregate.NONE)


def compare(scenario: Scenario, first: Path, second: Path) -> list[ExplainedChange]:
    """Return the changes between two exports."""
    return explain_changes(scenario.database, first, second)


def test_two_exports_of_one_state_have_the_same_data_files(scenario: Scenario) -> None:
    create_answered(scenario, "rating")
    for name in ("rating", "annotations", "dataset"):
        first, second = (export(scenario, name).directory for _ in range(2))
        assert first != second
        assert data_files(first) == data_files(second)
        assert compare(scenario, first, second) == []


def test_diff_names_exactly_the_row_of_a_changed_answer(scenario: Scenario) -> None:
    create_answered(scenario, "rating")
    before = export(scenario, "rating", NONE).directory
    assignment_id = scenario.database.read_now(assignments_of, ADA)[2]
    scenario.submit_answer(ADA, assignment_id, humor="1")
    after = export(scenario, "rating", NONE).directory
    changes = [one for one in compare(scenario, before, after) if "scores" in one.row.columns]
    assert [(one.row.change, one.row.item) for one in changes] == [("changed", "item-3")]
    assert len(changes[0].reasons) == 1
    assert "changed (version 3 to 4)" in changes[0].reasons[0]


def test_diff_explains_new_and_excluded_answers_and_options(scenario: Scenario) -> None:
    create_answered(scenario, "rating")
    before = export(scenario, "annotations").directory
    assert answer(scenario, "rating", BOB) == 1
    after = export(scenario, "annotations").directory
    (added,) = (one for one in compare(scenario, before, after) if one.row.change == "added")
    assert added.row.item == f"item-{ITEMS}"
    assert added.reasons == (f"new answer of {added.row.expert}",)
    since = NOW - timedelta(days=1)
    scenario.run_for_campaign("tone", exclusions.exclude, BOB, since, "careless", scenario.actor)
    later = export(scenario, "annotations").directory
    removed = [one for one in compare(scenario, after, later) if one.row.change == "removed"]
    assert len(removed) == ITEMS
    assert {one.reasons[0].partition(": ")[2] for one in removed} == {"excluded by a coordinator"}
    chosen = export(scenario, "annotations", RowOptions(sources=("adjudicated",))).directory
    options = compare(scenario, later, chosen)
    assert {one.row.change for one in options} == {"removed"}
    assert options[0].reasons == ("other options: source default → adjudicated",)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_diff_names_the_row_in_formats_of_other_tools(scenario: Scenario) -> None:
    create_answered(scenario, "comparison")
    assert answer(scenario, "comparison", BOB) == 1
    names = ("openai-dpo", "argilla", "label-studio", "csv", "xlsx", "llama-factory-preference")
    before = {name: export(scenario, name, NONE).directory for name in names}
    same = {name: export(scenario, name, NONE).directory for name in names}
    for expert in (ADA, BOB):
        assignment_id = scenario.database.read_now(assignments_of, expert)[2]
        scenario.submit_answer(expert, assignment_id, verdict="both_bad", reason="Short.")
    for name, folder in before.items():
        assert compare(scenario, folder, same[name]) == [], name
        changes = compare(scenario, folder, export(scenario, name, NONE).directory)
        assert {one.row.item for one in changes} == {"item-3"}, name
        assert all("changed (version" in one.reasons[0] for one in changes), name


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_broken_data_file_is_named(scenario: Scenario) -> None:
    create_answered(scenario, "comparison")
    for name in ("preference", "openai-dpo", "argilla", "csv", "xlsx"):
        folder = export(scenario, name).directory
        for file in data_files(folder):
            (folder / file).write_bytes(b"\xffbroken\n1")
        with pytest.raises((UnreadableDataError, IncomparableFormatError)):
            compare(scenario, folder, folder)
        for file in data_files(folder):
            (folder / file).unlink()
        with pytest.raises(MissingDataError):
            compare(scenario, folder, folder)


def test_different_formats_are_not_compared(scenario: Scenario) -> None:
    create_answered(scenario, "rating")
    first, second = (export(scenario, name).directory for name in ("rating", "annotations"))
    with pytest.raises(DifferentFormatsError):
        compare(scenario, first, second)


def test_every_export_is_as_its_manifest_says(scenario: Scenario) -> None:
    create_answered(scenario, "comparison")
    for name in ("preference", "annotations", "dataset", "openai-dpo", "llama-factory-preference"):
        assert verify_folder(export(scenario, name).directory).deviations == (), name


def test_export_of_an_older_version_has_no_hash_of_its_card(scenario: Scenario) -> None:
    create_answered(scenario, "rating")
    directory = export(scenario, "rating").directory
    manifest = read_manifest(directory)
    described = ("README.md", "croissant.json")
    manifest["files"] = [file for file in manifest["files"] if file["name"] not in described]
    (directory / "manifest.json").write_text(json.dumps(manifest))
    problems = {one.problem for one in verify_folder(directory).deviations}
    assert problems == {"is not in the manifest"}
    (directory / "manifest.json").write_text(json.dumps({**manifest, "manifest_version": 2}))
    assert verify_folder(directory).deviations == ()


def test_verification_names_each_deviation(scenario: Scenario) -> None:
    create_answered(scenario, "rating")
    directory = export(scenario, "rating").directory
    lines = (directory / "data.jsonl").read_bytes().splitlines(keepends=True)
    (directory / "data.jsonl").write_bytes(b"".join(lines[:-1]))
    (directory / "data.parquet").write_bytes(b"broken")
    (directory / "README.md").unlink()
    croissant = directory / "croissant.json"
    croissant.write_bytes(croissant.read_bytes().replace(b"sha256", b"sha255", 1))
    (directory / "extra.txt").write_text("more")
    problems = [f"{one.file} {one.problem}" for one in verify_folder(directory).deviations]
    assert any(p.startswith("data.jsonl has ") and "bytes instead of" in p for p in problems)
    assert any(p.startswith("data.jsonl has the SHA-256") for p in problems)
    assert f"data.jsonl has {ITEMS - 1} rows instead of {ITEMS}" in problems
    assert any(p.startswith("data.parquet cannot be read") for p in problems)
    assert "extra.txt is not in the manifest" in problems
    assert problems.count("README.md is missing") == 1
    assert any(p.startswith("croissant.json has the SHA-256") for p in problems)
