"""Warnings about imports that left rows out or failed, and exports that produced nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session

from bot.clock import format_day
from bot.services.reports.remedies import (
    EXPORT,
    EXPORT_SCHEDULES,
    IMPORT_ITEMS,
    REVIEW,
    CampaignWarning,
    Remedy,
    dismiss,
)
from storage.queries import file_problems
from storage.row_id import id_of
from storage.tables import ExportRun, ExportSchedule, ImportRun, ItemImport, RunState

GRACE = timedelta(hours=1)
"""How long an import may run, and how late a scheduled export may start, without a warning."""


@dataclass(frozen=True, slots=True)
class FileRecords:
    """The newest imports and exports, of all campaigns or of one.

    Attributes:
        imports: the newest import of each file.
        failed_uploads: imports from Slack that failed and were not repeated.
        exports: the last run of each schedule, and of each format that made answers final.
        overdue: schedules that should have run and have not.
    """

    imports: Sequence[ItemImport] = ()
    failed_uploads: Sequence[ImportRun] = ()
    exports: Sequence[ExportRun] = ()
    overdue: Sequence[ExportSchedule] = ()

    def of_campaign(self, campaign_id: int) -> FileRecords:
        """Return the records of one campaign."""
        return FileRecords(
            [one for one in self.imports if one.campaign_id == campaign_id],
            [one for one in self.failed_uploads if one.campaign_id == campaign_id],
            [one for one in self.exports if one.campaign_id == campaign_id],
            [one for one in self.overdue if one.campaign_id == campaign_id],
        )


def load_file_records(session: Session, now: datetime) -> FileRecords:
    """Return the newest imports and exports of all campaigns."""
    return FileRecords(
        file_problems.latest_imports(session),
        file_problems.latest_failed_uploads(session),
        file_problems.latest_scheduled_or_final_exports(session),
        file_problems.overdue_schedules(session, now - GRACE),
    )


def import_warnings(records: FileRecords, now: datetime) -> Iterator[CampaignWarning]:
    """Yield a warning for each file that was imported in part or not at all.

    A later import of a file with the same name replaces the warning about the earlier one.
    """
    newest = {one.file: one for one in records.imports}
    failed = {
        run.name: run
        for run in records.failed_uploads
        if run.name not in newest or newest[run.name].created_at < (run.finished_at or now)
    }
    for run in failed.values():
        error, key = (run.error or "").rstrip("."), f"upload-{run.id}"
        day = format_day((run.finished_at or run.created_at).date())
        text = f"the import of {run.name} failed on {day}: {error}"
        yield CampaignWarning("import", text, (IMPORT_ITEMS, dismiss(key)), key)
    for one in newest.values():
        text = "" if one.file in failed else _describe_import(one, now)
        if text:
            key = f"import-{one.id}"
            yield CampaignWarning("import", text, (IMPORT_ITEMS, dismiss(key)), key)


def _describe_import(one: ItemImport, now: datetime) -> str:
    day = format_day(one.created_at.date())
    if one.rejected is None and one.created_at < now - GRACE:
        return (
            f"the import of {one.file} on {day} stopped before its end: import the file again; "
            "rows that were imported are skipped"
        )
    if one.rejected:
        rows = "1 row" if one.rejected == 1 else f"{one.rejected:,} rows"
        return f"{rows} of {one.file} could not be imported on {day}: import a corrected file"
    return ""


def export_warnings(records: FileRecords) -> Iterator[CampaignWarning]:
    """Yield a warning for each export that failed, was skipped, or has no rows."""
    for schedule in records.overdue:
        day = f", on {format_day(schedule.due_at.date())}" if schedule.due_at else ""
        text = f"the scheduled export as {schedule.format} did not run when it was due{day}"
        yield CampaignWarning("export", text, (EXPORT, EXPORT_SCHEDULES))
    for run in records.exports:
        text = _describe_export(run)
        if text:
            key, retry = f"export-{run.id}", Remedy("retry_export", "Export again", str(id_of(run)))
            review = () if run.state == RunState.FAILED else (REVIEW,)
            yield CampaignWarning("export", text, (retry, *review, dismiss(key)), key)


def _describe_export(run: ExportRun) -> str:
    finished = format_day((run.finished_at or run.due_at).date())
    what = f"the last {'scheduled export' if run.schedule_id else 'export'} as {run.format}"
    if run.state == RunState.FAILED:
        return f"{what} failed on {finished}: {(run.error or '').rstrip('.')}"
    if run.state == RunState.DONE and not run.rows and run.freezes:
        return f"{what}, on {finished}, has no rows, so it made no answers final"
    if run.state == RunState.DONE and not run.rows and run.left_out:
        return f"{what}, on {finished}, has no rows: all {run.left_out:,} were left out"
    if run.state == RunState.DONE and run.missed_runs:
        return (
            f"{what} ran once on {finished}, instead of {run.missed_runs + 1:,} times, because the "
            "bot was off"
        )
    return ""
