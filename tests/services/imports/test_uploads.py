"""Uploaded files: preview, choice of a campaign, and import jobs."""

from __future__ import annotations

from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from bot.clock import AdjustableClock
from bot.errors import FieldsError, NotFoundError
from bot.imports.answers.mapping import AnswerMapping
from bot.imports.mapping import ColumnMapping
from bot.imports.row import EmptyFileError
from bot.services.actors.actor import Actor
from bot.services.actors.audit_log import SLACK
from bot.services.campaigns import campaigns
from bot.services.imports import import_jobs, uploads
from bot.services.imports.upload_check import check_upload
from bot.services.imports.upload_choice import UploadChoice
from bot.services.imports.upload_sample import MAX_CHECKED_ROWS
from bot.services.imports.uploads import GoneFileError, NoCampaignsError, UploadedFile
from storage.queries.workers import was_abandoned
from storage.tables import ImportRun, Item, OutboxMessage
from storage.worker_lock import WorkerLock
from tests.services.conftest import NOW, Scenario, pair

CORA = Actor("U0CORA", SLACK, NOW)
MAPPED = ColumnMapping(candidates=("response_a", "response_b"), prompt=("prompt",), id=("id",))


def upload(scenario: Scenario, *rows: object, campaign: str | None = None) -> int:
    """Record an uploaded file with these rows; return the id of its run."""
    path = scenario.write_file([row if isinstance(row, str) else dict(row) for row in rows])  # type: ignore[call-overload]  # rows are mappings or lines
    return scenario.database.write_now(uploads.record_upload, "pairs.jsonl", path, campaign, CORA)


def start_import(
    scenario: Scenario, run_id: int, columns: ColumnMapping = MAPPED, *, strict: bool = False
) -> None:
    """Queue the import of a file into the first campaign."""
    scenario.database.write_now(uploads.start_import, run_id, 1, columns, CORA, strict=strict)


def run_jobs(scenario: Scenario) -> ImportRun:
    """Run the pending import jobs and return the last run."""
    import_jobs.run_pending_imports(scenario.database, AdjustableClock(scenario.now))
    run: ImportRun = scenario.rows(ImportRun)[-1]
    return run


def get_upload(scenario: Scenario, run_id: int) -> UploadedFile:
    """Return the preview of a file."""
    return scenario.database.read_now(uploads.get_upload, run_id)


def test_preview_has_columns_and_first_rows(scenario: Scenario) -> None:
    scenario.create_campaign()
    run_id = upload(scenario, *(pair(number) for number in range(1, 9)), campaign="tone")
    file = get_upload(scenario, run_id)
    assert file.columns == tuple(pair(1))
    assert [row["prompt"] for row in file.preview_rows] == [
        "Question 1?",
        "Question 2?",
        "Question 3?",
    ]
    assert (file.name, file.campaign) == ("pairs.jsonl", "tone")


def test_columns_are_detected_for_each_campaign(scenario: Scenario) -> None:
    scenario.create_campaign("tone")
    scenario.create_campaign("over")
    scenario.run_for_campaign("over", campaigns.close, scenario.actor)
    scenario.create_campaign("jokes", "rating")
    targets = scenario.database.read_now(uploads.list_import_targets, upload(scenario, pair(1)))
    assert [target.name for target in targets] == ["jokes", "tone"]
    assert targets[0].columns == ColumnMapping()
    assert targets[1].columns.candidates == ("response_a", "response_b")
    assert targets[1].columns.models == ("model_a", "model_b")


def test_import_needs_campaign(scenario: Scenario) -> None:
    run_id = upload(scenario, pair(1))
    with pytest.raises(NoCampaignsError):
        scenario.database.read_now(uploads.list_import_targets, run_id)
    with pytest.raises(NotFoundError):
        upload(scenario, pair(1), campaign="nonsense")


def test_rejected_rows_are_written_to_report(scenario: Scenario) -> None:
    scenario.create_campaign()
    run_id = upload(scenario, pair(1), "nonsense", pair(2, response_b=None), pair(3))
    start_import(scenario, run_id)
    import_run = run_jobs(scenario)
    assert (import_run.state, import_run.added, import_run.rejected, import_run.error) == (
        "done",
        2,
        2,
        None,
    )
    report = import_jobs.rejected_rows_path(Path(import_run.path)).read_text("utf-8").splitlines()
    assert report[0] == "line,reason,result,file"
    assert [line.split(",")[0] for line in report[1:]] == ["2", "3"]
    assert not Path(import_run.path).exists()
    assert [(row.message_type, row.recipient) for row in scenario.rows(OutboxMessage)] == [
        ("import_result", "U0CORA")
    ]
    assert [item.key for item in scenario.rows(Item)] == ["pair-1", "pair-3"]


def test_valid_file_has_no_report(scenario: Scenario) -> None:
    scenario.create_campaign()
    start_import(scenario, upload(scenario, pair(1)))
    assert not import_jobs.rejected_rows_path(Path(run_jobs(scenario).path)).exists()


def test_strict_import_rejects_whole_file(scenario: Scenario) -> None:
    scenario.create_campaign()
    start_import(scenario, upload(scenario, pair(1), "nonsense"), strict=True)
    import_run = run_jobs(scenario)
    assert (import_run.state, import_run.error) == ("failed", import_jobs.STRICT_REJECTION)
    assert scenario.rows(Item) == []


def test_file_is_imported_once(scenario: Scenario) -> None:
    scenario.create_campaign()
    run_id = upload(scenario, pair(1))
    start_import(scenario, run_id)
    with pytest.raises(GoneFileError):
        start_import(scenario, run_id)
    run_jobs(scenario)
    with pytest.raises(GoneFileError):
        get_upload(scenario, run_id)
    assert scenario.count("item") == 1


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        (ColumnMapping(candidates=("prompt",), prompt=("prompt",)), "needs 2 candidates"),
        (ColumnMapping(candidates=("nowhere", "prompt")), "nowhere"),
    ],
)
def test_invalid_columns_are_reported_at_their_field(
    scenario: Scenario, columns: ColumnMapping, message: str
) -> None:
    scenario.create_campaign()
    run_id = upload(scenario, pair(1))
    with pytest.raises(FieldsError) as raised:
        start_import(scenario, run_id, columns)
    assert message in raised.value.fields["candidates"]
    assert scenario.rows(ImportRun)[0].campaign_id is None


@pytest.mark.parametrize(
    ("row", "columns", "reason"),
    [
        ({"first": "a", "second": "b"}, ColumnMapping(), "Choose the columns with the candidates."),
        (pair(1), ColumnMapping(candidates=("nowhere", "prompt")), "has no column “nowhere”"),
    ],
)
def test_errors_have_the_name_of_the_uploaded_file(
    scenario: Scenario, row: dict[str, object], columns: ColumnMapping, reason: str
) -> None:
    scenario.create_campaign()
    run_id = upload(scenario, row)
    with pytest.raises(FieldsError) as raised:
        check_upload(scenario.database, run_id, UploadChoice(1, columns))
    message = raised.value.fields["candidates"]
    assert message.startswith("“pairs.jsonl” has ")
    assert reason in message
    assert "--" not in message


def test_empty_file_is_rejected(scenario: Scenario) -> None:
    with pytest.raises(EmptyFileError, match=r"“pairs\.jsonl” contains no rows"):
        get_upload(scenario, upload(scenario))


def test_abandoned_job_is_claimed_again(scenario: Scenario) -> None:
    scenario.create_campaign()
    start_import(scenario, upload(scenario, pair(1)))
    with closing(WorkerLock(scenario.database.engine)) as worker:
        claim = scenario.database.write_now(import_jobs.claim_import, scenario.now, worker.id)
        assert claim is not None
        assert not scenario.database.read_now(import_jobs.has_pending_imports, scenario.now)
    assert scenario.database.read_now(import_jobs.has_pending_imports, scenario.now)
    assert run_jobs(scenario).state == "done"


def test_job_is_not_taken_from_a_process_that_claims_it_meanwhile(scenario: Scenario) -> None:
    scenario.create_campaign()
    start_import(scenario, upload(scenario, pair(1)))
    write, read = scenario.database.write_now, scenario.database.read_now
    assert write(import_jobs.claim_import, scenario.now, "killed")
    abandoned = select(ImportRun).where(read(was_abandoned, ImportRun))
    assert len(read(lambda session: session.exec(abandoned).all())) == 1
    with closing(WorkerLock(scenario.database.engine)) as worker:
        assert write(import_jobs.claim_import, scenario.now, worker.id)
        assert read(lambda session: session.exec(abandoned).all()) == []


def test_job_fails_after_maximum_attempts(scenario: Scenario) -> None:
    scenario.create_campaign()
    start_import(scenario, upload(scenario, pair(1)))
    for _ in range(import_jobs.MAX_ATTEMPTS):
        scenario.database.write_now(import_jobs.claim_import, scenario.now, "killed")
    import_run = run_jobs(scenario)
    assert import_run.state == "failed"
    assert import_run.error == "it was started 3 times and never finished"


def test_upload_without_campaign_expires(scenario: Scenario) -> None:
    run_id = upload(scenario, pair(1))
    path = Path(scenario.rows(ImportRun)[0].path)
    scenario.now += import_jobs.UPLOAD_RETENTION + timedelta(hours=1)
    assert scenario.database.read_now(import_jobs.has_pending_imports, scenario.now)
    assert run_jobs(scenario).state == "failed"
    assert not path.exists()
    with pytest.raises(GoneFileError):
        get_upload(scenario, run_id)


def test_folder_that_cannot_be_written_is_the_reason_of_a_failed_import(
    scenario: Scenario, caplog: pytest.LogCaptureFixture
) -> None:
    scenario.create_campaign()
    run_id = upload(scenario, pair(1))
    start_import(scenario, run_id)
    (stored,) = scenario.rows(ImportRun)
    import_jobs.rejected_rows_path(Path(stored.path)).mkdir()
    run = run_jobs(scenario)
    assert (run.state, run.error) == (
        "failed",
        "the bot cannot use its folder for imports (Is a directory)",
    )
    (record,) = caplog.records
    assert record.exc_info is None


def test_check_says_what_an_import_would_do_and_stores_only_the_choice(scenario: Scenario) -> None:
    scenario.create_campaign()
    scenario.import_rows("tone", [pair(9)])
    exchanged = pair(2, id="x", response_a="Right 2", response_b="Left 2")
    run_id = upload(scenario, pair(9), pair(1), pair(2), exchanged, "nonsense")
    choice = UploadChoice(1, MAPPED)
    check = result = check_upload(scenario.database, run_id, choice)
    assert (result.items, result.existing, result.duplicates, result.rejected) == (2, 1, 1, 1)
    assert result.duplicate_rows[0]["duplicate"] == "exchanged"
    assert (check.name, check.campaign, check.is_rejected) == ("pairs.jsonl", "tone", False)
    assert scenario.count("item") == 1
    scenario.database.write_now(uploads.save_choice, run_id, choice)
    assert get_upload(scenario, run_id).chosen == MAPPED
    scenario.database.write_now(uploads.start_checked_import, run_id, CORA)
    run = run_jobs(scenario)
    assert (run.state, run.added, run.column_mapping["duplicates"]) == ("done", 2, 1)  # type: ignore[index]  # it is stored


def test_check_reads_the_first_rows_of_a_long_file(scenario: Scenario) -> None:
    scenario.create_campaign()
    rows = [pair(number) for number in range(MAX_CHECKED_ROWS + 1)]
    result = check_upload(scenario.database, upload(scenario, *rows), UploadChoice(1))
    assert result.items == MAX_CHECKED_ROWS
    assert result.warnings[-1].reason == "only the first 1,000 rows are checked before the import"


def test_file_in_a_known_shape_is_imported_with_it(scenario: Scenario) -> None:
    scenario.create_campaign()
    talk = [{"role": "user", "content": "Q"}, {"role": "assistant", "content": "A"}]
    row = {"question_id": "q", "model_a": "m", "model_b": "n", "conversation_a": talk}
    run_id = upload(scenario, {**row, "conversation_b": [talk[0], {**talk[1], "content": "B"}]})
    (target,) = scenario.database.read_now(uploads.list_import_targets, run_id)
    assert target.shape.startswith("Chatbot Arena")
    available = get_upload(scenario, run_id).columns
    shown = ColumnMapping(id=("question_id",))
    assert target.resolve(shown, available) == ColumnMapping()
    assert target.resolve(MAPPED, available) == MAPPED
    with pytest.raises(FieldsError):
        check_upload(scenario.database, run_id, UploadChoice(1, MAPPED))
    assert check_upload(scenario.database, run_id, UploadChoice(1)).items == 1


def test_import_queued_by_an_earlier_version_keeps_its_columns() -> None:
    stored = {"mappings": ["prompt=prompt", "candidates=a,b"], "strict": True}
    choice = UploadChoice.from_json(stored, 7)
    mapped = ColumnMapping(prompt=("prompt",), candidates=("a", "b"))
    assert choice == UploadChoice(7, mapped, strict=True)
    assert UploadChoice.from_json(None) is None


def test_existing_answers_are_checked_and_imported(scenario: Scenario) -> None:
    scenario.create_campaign()
    rows = [
        {**pair(number), "better": better, "rater": rater}
        for number in (1, 2)
        for better, rater in (("left", "ann"), ("tie", "bo"))
    ]
    run_id = upload(scenario, *rows)
    answers = AnswerMapping(("better",), {}, {"expert": ("rater",)}, {"same": "tie"})
    choice = UploadChoice(1, MAPPED, answers=answers)
    assert UploadChoice.from_json(choice.as_json()) == choice
    check = check_upload(scenario.database, run_id, choice)
    assert check.answers is not None
    assert (check.items, check.answers.new, len(check.answers.by_expert)) == (2, 4, 2)
    scenario.database.write_now(uploads.save_choice, run_id, choice)
    assert get_upload(scenario, run_id).answers == answers
    scenario.database.write_now(uploads.start_checked_import, run_id, CORA)
    run = run_jobs(scenario)
    assert (run.added, run.column_mapping["added_answers"]) == (2, 4)  # type: ignore[index]  # it is stored
    assert scenario.count("annotation") == 4
