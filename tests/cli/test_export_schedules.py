"""Tests of `labelbot schedule`."""

from __future__ import annotations

import pytest
from sqlmodel import Session

from storage.tables import ExportRun
from tests.cli.conftest import CommandRunner
from tests.services.conftest import NOW, Scenario


def test_schedules_are_added_listed_and_removed(labelbot: CommandRunner) -> None:
    labelbot("campaign", "create", "tone", "--kind", "comparison")
    assert labelbot("schedule", "list", "tone").out == "“tone” has no export schedules.\n"
    arguments = ("weekly fri 18:00", "--tz", "Asia/Tokyo", "--channel", "C0DATA")
    assert labelbot("schedule", "add", "tone", *arguments).out.startswith(
        "Scheduled: Fridays at 18:00 (Asia/Tokyo), next Fri "
    )
    (schedule,) = labelbot("schedule", "list", "tone", "--json").json
    assert (schedule["cron"], schedule["tz"], schedule["channel"]) == (
        "0 18 * * fri",
        "Asia/Tokyo",
        "C0DATA",
    )
    assert schedule["format"] == "preference"
    assert "Fridays at 18:00 (Asia/Tokyo)" in labelbot("schedule", "list", "tone").out
    assert labelbot("schedule", "remove", str(schedule["id"])).out == "Removed.\n"
    assert "no longer exists" in labelbot("schedule", "remove", str(schedule["id"])).err


def test_schedule_rejects_invalid_cron_and_closed_campaign(labelbot: CommandRunner) -> None:
    labelbot("campaign", "create", "tone", "--kind", "comparison")
    assert "is not a cron expression" in labelbot("schedule", "add", "tone", "now and then").err
    labelbot("campaign", "close", "tone")
    assert "is closed" in labelbot("schedule", "add", "tone", "daily 06:00").err


def test_schedule_after_answers_and_on_completion(labelbot_sqlite: CommandRunner) -> None:
    labelbot_sqlite("campaign", "create", "tone", "--kind", "comparison")
    added = labelbot_sqlite("schedule", "add", "tone", "every 500 answers")
    assert added.out == "Scheduled: after every 500 answers, next after 500 more.\n"
    added = labelbot_sqlite("schedule", "add", "tone", "on completion")
    assert added.out == "Scheduled: when every item has its answers.\n"
    first, second = labelbot_sqlite("schedule", "list", "tone", "--json").json
    assert (first["after_answers"], first["due_at"]) == (500, None)
    assert (second["after_answers"], second["cron"]) == (None, "")
    assert "when every item has its answers" in labelbot_sqlite("campaign", "show", "tone").out
    refused = labelbot_sqlite("schedule", "add", "tone", "every 0 answers")
    assert (refused.code, "1 to 1,000,000 new answers" in refused.err) == (1, True)


def test_schedule_refuses_what_it_cannot_deliver_to(labelbot_sqlite: CommandRunner) -> None:
    labelbot_sqlite("campaign", "create", "tone", "--kind", "comparison")
    add = ("schedule", "add", "tone", "daily 06:00", "--to")
    result = labelbot_sqlite(*add, "ftp://host/x")
    assert result.code == 2
    assert "Exports cannot be delivered to “ftp://host/x”" in " ".join(result.err.split())
    assert labelbot_sqlite(*add, "gs://bucket/x").err == (
        'Exports to gs:// need more packages; install them: pip install "labelbot[gcs]".\n'
    )
    assert labelbot_sqlite("schedule", "list", "tone", "--json").json == []


def test_folder_that_cannot_be_written_is_named(labelbot_sqlite: CommandRunner) -> None:
    labelbot_sqlite("campaign", "create", "tone", "--kind", "comparison")
    file = labelbot_sqlite.write_file("taken", "a file")
    added = labelbot_sqlite("schedule", "add", "tone", "daily 06:00", "--to", f"{file}/inside")
    assert added.code == 0
    assert added.err == (
        f"{labelbot_sqlite.folder / file} is not a writable folder (Not a directory). "
        "The bot needs write access to it.\n"
    )
    assert labelbot_sqlite("schedule", "add", "tone", "daily 07:00").err == ""


def test_list_shows_why_the_last_run_failed(
    labelbot_sqlite: CommandRunner, scenario: Scenario
) -> None:
    labelbot_sqlite("campaign", "create", "tone", "--kind", "comparison")
    labelbot_sqlite.write_file("full", "in the way")
    labelbot_sqlite("schedule", "add", "tone", "daily 06:00", "--to", "full")
    scenario.database.write_now(store_failed_run)
    (schedule,) = labelbot_sqlite("schedule", "list", "tone", "--json").json
    assert schedule["last_run"]["error"] == "no disk"
    assert (
        "Last run Mon 2 Mar 09:00 failed: no disk."
        in labelbot_sqlite("schedule", "list", "tone").out
    )
    assert "tone: The last scheduled export as preference failed on Mon 2 Mar: no disk." in (
        labelbot_sqlite("status").out
    )


def store_failed_run(session: Session) -> None:
    """Store a failed run of the schedule."""
    session.add(
        ExportRun(
            campaign_id=1,
            schedule_id=1,
            format="preference",
            directory="full",
            due_at=NOW,
            finished_at=NOW,
            state="failed",
            error="no disk",
        )
    )


def test_next_runs_are_shown_when_the_clocks_change(labelbot_sqlite: CommandRunner) -> None:
    arguments = ("0 0 * * *", "--tz", "America/Santiago", "--from", "2027-09-04", "--count", "3")
    output = labelbot_sqlite("schedule", "next", *arguments).out.splitlines()
    assert [line.split("  ")[0] for line in output] == [
        "America/Santiago",
        "Sat 2027-09-04 00:00 -04",
        "Sun 2027-09-05 01:00 -03",
        "Mon 2027-09-06 00:00 -03",
    ]
    runs = labelbot_sqlite("schedule", "next", *arguments, "--json").json
    assert runs[1] == {
        "due_at": "2027-09-05T04:00:00+00:00",
        "local": "2027-09-05T01:00:00-03:00",
    }


def test_next_runs_are_five_from_now_by_default(labelbot_sqlite: CommandRunner) -> None:
    runs = labelbot_sqlite("schedule", "next", "daily 06:00", "--json").json
    assert len(runs) == 5
    assert all(run["due_at"].endswith("T06:00:00+00:00") for run in runs)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("0 0 30 2 *",), "no date ever matches it"),
        (("daily 06:00", "--tz", "Mars/Olympus"), "Unknown time zone “Mars/Olympus”"),
        (("daily 06:00", "--from", "soon"), "“soon” is not a date"),
        (("daily 06:00", "--count", "0"), "--count"),
    ],
)
def test_next_refuses_what_it_cannot_read(
    labelbot_sqlite: CommandRunner, arguments: tuple[str, ...], message: str
) -> None:
    result = labelbot_sqlite("schedule", "next", *arguments)
    assert result.code != 0
    assert message in result.err
