"""Methods for exports and their schedules. The clients have those that write files."""

from __future__ import annotations

from collections.abc import Mapping

from bot.client.calls import ApiCall, change, get, path_of
from bot.client.models.base import ChangeResult, ListPage
from bot.client.models.exports import (
    DifferenceInfo,
    ExportInfo,
    FileInfo,
    FormatInfo,
    ReplayInfo,
    ScheduleInfo,
    VerificationInfo,
)
from bot.client.operations import Listing, Operation


class ExportMethods:
    """Exports: start, deliver, verify, replay and compare them; schedules."""

    @Operation
    def formats(self) -> ApiCall[list[FormatInfo]]:
        """Return the formats of exports."""
        return get(path_of("formats"), list[FormatInfo])

    @Listing
    def exports(self, campaign: str | None = None) -> ApiCall[ListPage[ExportInfo]]:
        """Yield the exports of a campaign, or all, the newest first."""
        return get(path_of("exports"), ListPage[ExportInfo], campaign=campaign)

    @Operation
    def start_export(
        self,
        /,
        campaign: str,
        format_name: str = "",
        options: Mapping[str, str] | None = None,
        **delivery: object,
    ) -> ApiCall[ExportInfo]:
        """Queue an export; the running bot writes it. `options` are those of `labelbot export`.

        `delivery` are further fields of the request: `destination`, `channel`, `freeze`.
        """
        body = {"format": format_name, "options": dict(options or {}), **delivery}
        return change("POST", path_of("campaigns", campaign, "exports"), ExportInfo, body)

    @Operation
    def export(self, number: int) -> ApiCall[ExportInfo]:
        """Return an export with its state."""
        return get(path_of("exports", number), ExportInfo)

    @Operation
    def export_files(self, number: int) -> ApiCall[list[FileInfo]]:
        """Return the files of an export with their sizes."""
        return get(path_of("exports", number, "files"), list[FileInfo])

    @Operation
    def deliver_export(self, number: int) -> ApiCall[ExportInfo]:
        """Queue another delivery of a written export whose delivery failed."""
        return change("POST", path_of("exports", number, "deliver"), ExportInfo)

    @Operation
    def verify_export(self, number: int) -> ApiCall[VerificationInfo]:
        """Compare the files of an export with its manifest."""
        return get(path_of("exports", number, "verify"), VerificationInfo)

    @Operation
    def replay_export(self, number: int) -> ApiCall[ReplayInfo]:
        """Write the data files of an export again from what it read, and compare every byte."""
        return change("POST", path_of("exports", number, "replay"), ReplayInfo)

    @Listing
    def compare_exports(self, number: int, later: int) -> ApiCall[ListPage[DifferenceInfo]]:
        """Yield the rows that two exports of a campaign do not share, and why."""
        return get(path_of("exports", number, "diff"), ListPage[DifferenceInfo], later=later)

    @Operation
    def schedules(self, campaign: str) -> ApiCall[list[ScheduleInfo]]:
        """Return the export schedules of a campaign, with their last and next runs."""
        return get(path_of("campaigns", campaign, "schedules"), list[ScheduleInfo])

    @Operation
    def add_schedule(
        self,
        /,
        campaign: str,
        when: str,
        format_name: str = "",
        options: Mapping[str, str] | None = None,
        **delivery: object,
    ) -> ApiCall[ScheduleInfo]:
        """Export on a schedule: “daily 06:00”, a cron expression or “every 500 answers”.

        `delivery` are further fields of the request: `tz`, `destination`, `channel`, `freeze`.
        """
        body = {"when": when, "format": format_name, "options": dict(options or {}), **delivery}
        return change("POST", path_of("campaigns", campaign, "schedules"), ScheduleInfo, body)

    @Operation
    def remove_schedule(self, campaign: str, number: int) -> ApiCall[ChangeResult]:
        """Remove an export schedule; existing exports stay."""
        path = path_of("campaigns", campaign, "schedules", number)
        return change("DELETE", path, ChangeResult)
