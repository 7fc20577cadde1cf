"""Choices of exports on real databases: new answers, duplicates, columns, pseudonyms, evidence."""

from __future__ import annotations

import re

import pytest
from sqlmodel import Session, col, select

from bot.exports.evidence import NOT_OPENED, NOT_RECORDED
from bot.exports.export_choices import LAST, Evidence, Pseudonyms
from bot.exports.export_folder import ExportResult
from bot.exports.formats import DATASET
from bot.exports.row_options import Aggregate, RowOptions, parse_row_options
from bot.exports.verification import verify_folder
from bot.services.exports import schedules
from bot.services.exports.export_request import ExportRequest, request_export
from bot.services.exports.meta_check import UnknownColumnsError
from bot.services.exports.recurrence import OnCompletion
from bot.services.reports.leaderboard_document import (
    LEADERBOARD_FILE,
    dump_leaderboard,
    leaderboard_document,
)
from storage.tables import Annotation, Campaign, Task
from tests.services.conftest import NOW, Scenario
from tests.services.exports.export_scenarios import (
    ADA,
    BOB,
    EVE,
    ITEMS,
    answer,
    change_answer,
    create_answered,
    data_files,
    export,
    make_rows,
    read_manifest,
    read_rows,
)

STORED = 2 * ITEMS - 1
"""Answers of Ada and Bob."""


def check_counts(result: ExportResult, stored: int = STORED) -> None:
    """Check that every stored answer is in a row or left out."""
    counts = read_manifest(result.directory)["answers"]
    assert counts["stored"] == stored
    assert counts["in_rows"] + counts["left_out"] == stored


def test_first_export_since_the_last_has_all_answers(scenario: Scenario) -> None:
    create_answered(scenario, "rating")
    result = export(scenario, "annotations", RowOptions(since=LAST))
    assert result.row_count == STORED
    assert "after" not in read_manifest(result.directory)["read"]


def test_export_since_the_last_has_only_new_and_changed_answers(scenario: Scenario) -> None:
    create_answered(scenario, "rating")
    export(scenario, "annotations")
    change_answer(scenario, "rating", ADA)
    assert answer(scenario, "rating", BOB) == 1
    options = RowOptions(since=LAST)
    result = export(scenario, "annotations", options)
    rows = read_rows(result.directory)
    assert sorted((row["item"], row["version"] > 3) for row in rows) == [
        ("item-1", True),
        (f"item-{ITEMS}", False),
    ]
    assert result.left_out == {"already read by the last export": STORED - 1}
    check_counts(result, STORED + 1)
    assert export(scenario, "annotations", options).row_count == 0


def test_row_of_an_item_with_a_new_answer_stands_for_all_answers(scenario: Scenario) -> None:
    create_answered(scenario, "rating")
    export(scenario, "rating")
    assert answer(scenario, "rating", BOB) == 1
    result = export(scenario, "rating", RowOptions(since=LAST))
    (row,) = read_rows(result.directory)
    assert (row["item"], row["votes"]) == (f"item-{ITEMS}", 2)
    check_counts(result, STORED + 1)


def test_another_format_has_its_own_last_export(scenario: Scenario) -> None:
    create_answered(scenario, "rating")
    export(scenario, "annotations")
    assert export(scenario, "rating", RowOptions(since=LAST)).row_count == ITEMS


def test_export_since_a_date_leaves_out_and_counts_earlier_answers(scenario: Scenario) -> None:
    create_answered(scenario, "rating")
    scenario.advance_clock(days=2)
    assert answer(scenario, "rating", EVE) == ITEMS
    options = parse_row_options({"since": "2026-03-03", "aggregate": "none"})
    result = export(scenario, "rating", options)
    assert result.row_count == ITEMS
    assert result.left_out == {"before 2026-03-03T00:00:00Z": STORED}
    check_counts(result, STORED + ITEMS)
    assert NOW.day == 2


def test_duplicate_rows_are_left_out_and_counted(scenario: Scenario) -> None:
    scenario.create_campaign(kind="rating", overlap=1, experts=[ADA])
    rows = make_rows("rating", 3)
    same = [{**row, "prompt": "Why?", "candidates": [{"content": "So."}]} for row in rows]
    scenario.import_rows("tone", [{**row, "meta": n} for n, row in enumerate(same)])
    imported = scenario.count("item")
    assert answer(scenario, "rating", ADA) == imported
    result = export(scenario, "rating", RowOptions(deduplicates=True))
    assert result.row_count == 1
    assert result.left_out == (
        {"duplicate of an earlier row": imported - 1} if imported > 1 else {}
    )
    assert read_manifest(result.directory)["duplicate_rows"] == {"rating": imported - 1}


def test_meta_columns_are_in_rows(scenario: Scenario) -> None:
    create_answered(scenario, "rating")
    rows = read_rows(export(scenario, "rating", RowOptions(meta=("domain",))).directory)
    assert {row["meta_domain"] for row in rows} == {"domain 0", "domain 1"}


def test_meta_column_that_no_item_has_is_an_error(scenario: Scenario) -> None:
    create_answered(scenario, "rating")
    options = RowOptions(meta=("domain", 'do"main', "x" * 500))
    with pytest.raises(UnknownColumnsError, match=r'column “do"main”, “x{20,}….*: domain\.'):
        export(scenario, "rating", options)
    request = ExportRequest("rating", scenario.folder, options=options)
    with pytest.raises(UnknownColumnsError):
        scenario.run_for_campaign(
            "tone", schedules.add_schedule, request, OnCompletion(), scenario.actor
        )
    with pytest.raises(UnknownColumnsError):
        scenario.run_for_campaign("tone", request_export, request, scenario.actor)


def test_campaign_without_items_may_get_a_meta_column_later(scenario: Scenario) -> None:
    scenario.create_campaign(kind="rating")
    assert export(scenario, "rating", RowOptions(meta=("domain",))).row_count == 0


def test_exports_of_one_second_have_folders_of_their_own(scenario: Scenario) -> None:
    create_answered(scenario, "rating")
    frozen = [export(scenario, "rating", seconds=0).directory for _ in range(3)]
    assert [folder.name.rpartition("Z")[2] for folder in frozen] == ["", "-2", "-3"]
    assert all(verify_folder(folder).deviations == () for folder in frozen)
    licensed = export(scenario, "rating", RowOptions(licenses=("mit",)), seconds=0).directory
    assert licensed.name.endswith("Z-4"), "the license is not part of the name"
    assert not export(scenario, "annotations", seconds=0).directory.name.endswith("-5")


def pseudonyms_in(result: ExportResult) -> set[str]:
    """Return the experts of the rows."""
    return {row["expert"] for row in read_rows(result.directory)}


def test_pseudonyms_per_export_have_nothing_in_common(scenario: Scenario) -> None:
    create_answered(scenario, "rating")
    none = RowOptions(Aggregate.NONE)
    usual = pseudonyms_in(export(scenario, "rating", none))
    options = RowOptions(Aggregate.NONE, pseudonyms=Pseudonyms.EXPORT)
    first = pseudonyms_in(export(scenario, "rating", options))
    second = pseudonyms_in(export(scenario, "rating", options))
    assert len(usual) == len(first) == len(second) == 2
    assert not usual & first
    assert not first & second
    per_campaign = RowOptions(Aggregate.NONE, pseudonyms=Pseudonyms.CAMPAIGN)
    third, fourth = (export(scenario, "rating", per_campaign) for _ in range(2))
    assert pseudonyms_in(third) == pseudonyms_in(fourth)
    assert not pseudonyms_in(third) & usual
    assert data_files(third.directory) == data_files(fourth.directory)
    for row in read_rows(third.directory):
        assert row["expert"].startswith("expert-")


def record_what_was_shown(session: Session) -> None:
    """Let answers 1 to 3 be cut, the second opened, and the third without a record."""
    for number in (1, 2, 3):
        for version in range(1, 4):
            annotation = _version(session, number, version)
            annotation.shown = {"text": {"characters": 5, "shown": 3}} if number < 3 else None
            annotation.read_in_full = number == 2
            session.add(annotation)
    for number in range(4, STORED + 1):
        for version in range(1, 4):
            annotation = _version(session, number, version)
            annotation.shown = {"text": {"characters": 5, "shown": 5}}
            session.add(annotation)


def _version(session: Session, number: int, version: int) -> Annotation:
    query = select(Annotation).where(
        Annotation.assignment_id == number, Annotation.version == version
    )
    return session.exec(query).one()


def test_answers_without_evidence_are_left_out_and_counted(scenario: Scenario) -> None:
    create_answered(scenario, "rating")
    scenario.database.write_now(record_what_was_shown)
    result = export(scenario, "rating", RowOptions(Aggregate.NONE, evidence=Evidence.OPENED))
    assert result.left_out == {NOT_OPENED: 1, NOT_RECORDED: 1}
    check_counts(result)


def test_redaction_reaches_every_file(scenario: Scenario) -> None:
    create_answered(scenario, "comparison")
    patterns = ("Response", "heron", "email")
    result = export(scenario, "annotations", RowOptions(redact=patterns))
    paths = [path for path in result.directory.iterdir() if path.name != "manifest.json"]
    assert "leaderboard.json" in {path.name for path in paths}
    for path in paths:
        assert not re.search(rb"Response|heron", path.read_bytes()), path.name
    counts = read_manifest(result.directory)["redacted"]
    assert counts["email"] == 0
    assert counts["Response"] > 0 < counts["heron"]


def _make_first_item_gold(session: Session) -> None:
    task = session.exec(select(Task).order_by(col(Task.id))).first()
    assert task is not None
    task.is_gold = True
    session.add(task)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize("kind", ["comparison", "ranking"])
@pytest.mark.parametrize("format_name", ["preference", "annotations", DATASET])
def test_leaderboard_is_that_of_all_current_answers(
    scenario: Scenario, kind: str, format_name: str
) -> None:
    """Models are counted while the rows pass, whatever rows the answers get."""
    create_answered(scenario, kind)
    scenario.database.write_now(_make_first_item_gold)
    options = RowOptions(min_agreement=0.9)
    result = export(scenario, format_name, options)
    document = scenario.database.read_now(
        lambda session: leaderboard_document(session, session.exec(select(Campaign)).one())
    )
    assert document is not None
    written = (result.directory / LEADERBOARD_FILE).read_bytes()
    assert written == dump_leaderboard(document)
