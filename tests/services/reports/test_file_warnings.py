"""Warnings about imports and exports."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.services.reports.file_warnings import (
    FileRecords,
    export_warnings,
    import_warnings,
    load_file_records,
)
from storage.tables import ExportRun, ExportSchedule, ImportRun, ItemImport
from tests.services.conftest import NOW, Scenario, pair

BEFORE = NOW - timedelta(hours=2)


def make_import(rejected: int | None, **columns: Any) -> ItemImport:  # noqa: ANN401 - columns
    """Return an import of items.csv two hours ago."""
    row: dict[str, Any] = {"id": 4, "campaign_id": 1, "file": "items.csv", "imported_by": "ada"}
    return ItemImport(**{**row, "created_at": BEFORE, "rejected": rejected, **columns})


def make_upload(name: str = "items.csv") -> ImportRun:
    """Return an import from Slack that failed an hour ago."""
    return ImportRun(
        id=6,
        campaign_id=1,
        requested_by="U0ADA",
        name=name,
        path="/imports/1",
        state="failed",
        error="the file is empty.",
        created_at=BEFORE,
        finished_at=NOW - timedelta(hours=1),
    )


def make_run(**columns: Any) -> ExportRun:  # noqa: ANN401 - columns
    """Return a finished run of a schedule with 40 rows."""
    row: dict[str, Any] = {"id": 5, "campaign_id": 1, "schedule_id": 1, "format": "sft"}
    row |= {"directory": "/data", "due_at": NOW, "finished_at": NOW, "state": "done", "rows": 40}
    return ExportRun(**{**row, **columns})


STOPPED = (
    "the import of items.csv on Mon 2 Mar stopped before its end: import the file again; rows that "
    "were imported are skipped"
)
REJECTED = "1 row of items.csv could not be imported on Mon 2 Mar: import a corrected file"
MISSED = (
    "the last scheduled export as sft ran once on Mon 2 Mar, instead of 3 times, because the bot "
    "was off"
)
FAILED = "the import of items.csv failed on Mon 2 Mar: the file is empty"


@pytest.mark.parametrize(
    ("records", "texts"),
    [
        (FileRecords(), []),
        (FileRecords([make_import(0)]), []),
        (
            FileRecords([make_import(1)]),
            [REJECTED],
        ),
        (FileRecords([make_import(None)]), [STOPPED]),
        (FileRecords([make_import(None, created_at=NOW)]), []),
        (FileRecords(failed_uploads=[make_upload()]), [FAILED]),
        (FileRecords([make_import(None)], [make_upload()]), [FAILED]),
        (FileRecords([make_import(0, created_at=NOW)], [make_upload()]), []),
    ],
)
def test_file_that_was_not_imported_completely_has_a_warning(
    records: FileRecords, texts: list[str]
) -> None:
    warnings = list(import_warnings(records, NOW))
    assert [warning.text for warning in warnings] == texts
    assert all(
        [one.action for one in warning.remedies] == ["import_items", "dismiss_warning"]
        for warning in warnings
    )
    assert all(warning.remedies[1].option == warning.key for warning in warnings)


@pytest.mark.parametrize(
    ("run", "text"),
    [
        (make_run(), ""),
        (make_run(rows=0), ""),
        (
            make_run(state="failed", error="no disk."),
            "the last scheduled export as sft failed on Mon 2 Mar: no disk",
        ),
        (
            make_run(schedule_id=None, freezes=True, rows=0),
            "the last export as sft, on Mon 2 Mar, has no rows, so it made no answers final",
        ),
        (
            make_run(rows=0, left_out=1_204),
            "the last scheduled export as sft, on Mon 2 Mar, has no rows: all 1,204 were left out",
        ),
        (
            make_run(missed_runs=2),
            MISSED,
        ),
    ],
)
def test_export_that_failed_or_produced_nothing_has_a_warning(run: ExportRun, text: str) -> None:
    warnings = list(export_warnings(FileRecords(exports=[run])))
    assert [warning.text for warning in warnings] == [text] * bool(text)
    assert all(one.remedies[0].option == "5" for one in warnings), "the run to repeat"


def test_late_schedule_has_a_warning() -> None:
    schedule = ExportSchedule(
        id=1,
        campaign_id=1,
        format="sft",
        directory="/data",
        cron="0 6 * * *",
        due_at=BEFORE,
        created_at=BEFORE,
    )
    (warning,) = export_warnings(FileRecords(overdue=[schedule]))
    assert warning.text == "the scheduled export as sft did not run when it was due, on Mon 2 Mar"


def test_newest_import_of_a_file_counts(scenario: Scenario) -> None:
    scenario.create_campaign()
    scenario.import_rows("tone", [pair(1), {"id": "pair-2"}])

    def texts() -> list[str]:
        records = scenario.database.read_now(load_file_records, scenario.now).of_campaign(1)
        return [one.text for one in import_warnings(records, scenario.now)]

    assert [text[:47] for text in texts()] == ["1 row of items.jsonl could not be imported on M"]
    scenario.import_rows("tone", [pair(1), pair(2)])
    assert texts() == []
    assert load_other_campaign(scenario) == FileRecords([], [], [], [])


def load_other_campaign(scenario: Scenario) -> FileRecords:
    """Return the records of a campaign that has none."""
    records = scenario.database.read_now(load_file_records, scenario.now)
    return replace(records).of_campaign(2)
