"""Files that came through Slack: looked into, and told where they go, once."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from bot.clock import AdjustableClock
from bot.errors import FieldsError, NotFoundError
from bot.imports.column_mapping import ColumnMapping
from bot.imports.row import EmptyFileError
from bot.services.actors.actor import Actor
from bot.services.actors.audit_log import SLACK
from bot.services.campaigns import campaigns
from bot.services.imports import import_jobs, uploads
from bot.services.imports.uploads import GoneFileError, NoCampaignsError, UploadedFile
from storage.tables import ImportRun, Item, OutboxMessage
from tests.services.conftest import NOW, Scenario, pair

CORA = Actor("U0CORA", SLACK, NOW)
MAPPED = ColumnMapping(candidates=("response_a", "response_b"), prompt=("prompt",), id=("id",))


def kept(scenario: Scenario, *rows: object, campaign: str | None = None) -> int:
    """Keep a file with these rows, and return its number."""
    path = scenario.write_file([row if isinstance(row, str) else dict(row) for row in rows])  # type: ignore[call-overload]  # rows are mappings or lines
    return scenario.database.write_now(uploads.record_upload, "pairs.jsonl", path, campaign, CORA)


def begun(
    scenario: Scenario, run: int, columns: ColumnMapping = MAPPED, *, strict: bool = False
) -> None:
    """Say that a file goes into the first campaign."""
    scenario.database.write_now(uploads.start_import, run, 1, columns, CORA, strict=strict)


def brought(scenario: Scenario) -> ImportRun:
    """Import what waits and return what became of the last one."""
    import_jobs.run_pending_imports(scenario.database, AdjustableClock(scenario.now))
    run: ImportRun = scenario.rows(ImportRun)[-1]
    return run


def arrived(scenario: Scenario, run: int) -> UploadedFile:
    """Look into a file."""
    return scenario.database.read_now(uploads.get_upload, run)


def test_a_file_shows_its_columns_and_first_rows(scenario: Scenario) -> None:
    scenario.create_campaign()
    run = kept(scenario, *(pair(number) for number in range(1, 9)), campaign="tone")
    file = arrived(scenario, run)
    assert file.columns == tuple(pair(1))
    assert [row["prompt"] for row in file.preview_rows] == [
        "Question 1?",
        "Question 2?",
        "Question 3?",
    ]
    assert (file.name, file.campaign) == ("pairs.jsonl", "tone")


def test_each_campaign_has_its_guess(scenario: Scenario) -> None:
    scenario.create_campaign("tone")
    scenario.create_campaign("over")
    scenario.run_for_campaign("over", campaigns.close, scenario.actor)
    scenario.create_campaign("jokes", "rating")
    goals = scenario.database.read_now(uploads.list_import_targets, kept(scenario, pair(1)))
    assert [goal.name for goal in goals] == ["jokes", "tone"]
    assert goals[0].columns == ColumnMapping()
    assert goals[1].columns.candidates == ("response_a", "response_b")
    assert goals[1].columns.models == ("model_a", "model_b")


def test_a_file_needs_a_campaign(scenario: Scenario) -> None:
    run = kept(scenario, pair(1))
    with pytest.raises(NoCampaignsError):
        scenario.database.read_now(uploads.list_import_targets, run)
    with pytest.raises(NotFoundError):
        kept(scenario, pair(1), campaign="nonsense")


def test_a_file_is_imported_and_the_rows_left_out_are_written_down(scenario: Scenario) -> None:
    scenario.create_campaign()
    run = kept(scenario, pair(1), "nonsense", pair(2, response_b=None), pair(3))
    begun(scenario, run)
    done = brought(scenario)
    assert (done.state, done.added, done.rejected, done.error) == ("done", 2, 2, None)
    report = import_jobs.rejected_rows_path(Path(done.path)).read_text("utf-8").splitlines()
    assert report[0] == "line,reason"
    assert [line.split(",")[0] for line in report[1:]] == ["2", "3"]
    assert not Path(done.path).exists()
    assert [(row.message_type, row.recipient) for row in scenario.rows(OutboxMessage)] == [
        ("import_result", "U0CORA")
    ]
    assert [item.key for item in scenario.rows(Item)] == ["pair-1", "pair-3"]


def test_a_file_without_a_bad_row_has_no_list(scenario: Scenario) -> None:
    scenario.create_campaign()
    begun(scenario, kept(scenario, pair(1)))
    assert not import_jobs.rejected_rows_path(Path(brought(scenario).path)).exists()


def test_who_wants_all_or_nothing_gets_nothing(scenario: Scenario) -> None:
    scenario.create_campaign()
    begun(scenario, kept(scenario, pair(1), "nonsense"), strict=True)
    done = brought(scenario)
    assert (done.state, done.error) == ("failed", import_jobs.STRICT_REJECTION)
    assert scenario.rows(Item) == []


def test_a_file_goes_one_way_once(scenario: Scenario) -> None:
    scenario.create_campaign()
    run = kept(scenario, pair(1))
    begun(scenario, run)
    with pytest.raises(GoneFileError):
        begun(scenario, run)
    brought(scenario)
    with pytest.raises(GoneFileError):
        arrived(scenario, run)
    assert scenario.count("item") == 1


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        (ColumnMapping(candidates=("prompt",), prompt=("prompt",)), "needs 2 candidates"),
        (ColumnMapping(candidates=("nowhere", "prompt")), "nowhere"),
    ],
)
def test_columns_that_hold_no_items_are_told_at_their_menu(
    scenario: Scenario, columns: ColumnMapping, said: str
) -> None:
    scenario.create_campaign()
    run = kept(scenario, pair(1))
    with pytest.raises(FieldsError) as caught:
        begun(scenario, run, columns)
    assert said in caught.value.fields["candidates"]
    assert scenario.rows(ImportRun)[0].campaign_id is None


def test_an_empty_file_is_said(scenario: Scenario) -> None:
    with pytest.raises(EmptyFileError):
        arrived(scenario, kept(scenario))


def test_what_a_killed_process_left_behind_is_taken_up_again(scenario: Scenario) -> None:
    scenario.create_campaign()
    begun(scenario, kept(scenario, pair(1)))
    assert scenario.database.write_now(import_jobs.claim_import, scenario.now) is not None
    assert not scenario.database.read_now(import_jobs.has_pending_imports, scenario.now)
    scenario.now += import_jobs.IMPORT_LEASE + timedelta(minutes=1)
    assert scenario.database.read_now(import_jobs.has_pending_imports, scenario.now)
    assert brought(scenario).state == "done"


def test_what_never_ends_is_given_up(scenario: Scenario) -> None:
    scenario.create_campaign()
    begun(scenario, kept(scenario, pair(1)))
    for _ in range(import_jobs.MAX_ATTEMPTS):
        scenario.database.write_now(import_jobs.claim_import, scenario.now)
        scenario.now += import_jobs.IMPORT_LEASE + timedelta(minutes=1)
    done = brought(scenario)
    assert (done.state, done.error) == ("failed", "it was started 3 times and never ended")


def test_a_file_that_nobody_sent_anywhere_is_thrown_away(scenario: Scenario) -> None:
    run = kept(scenario, pair(1))
    path = Path(scenario.rows(ImportRun)[0].path)
    scenario.now += import_jobs.UPLOAD_RETENTION + timedelta(hours=1)
    assert scenario.database.read_now(import_jobs.has_pending_imports, scenario.now)
    assert brought(scenario).state == "failed"
    assert not path.exists()
    with pytest.raises(GoneFileError):
        arrived(scenario, run)
