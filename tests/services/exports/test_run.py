"""Running exports: which labels they contain, what is recorded, and which answers become final."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert, update
from sqlmodel import Session

from bot.clock import AdjustableClock
from bot.exports.export_folder import ExportNameTakenError, ExportResult
from bot.exports.label_record import LabelRecord
from bot.kinds.label import Demonstration, Preference, Rating
from bot.services.actors.actor import Actor
from bot.services.actors.audit_log import SLACK
from bot.services.answers import labels as answer_labels
from bot.services.answers import submit
from bot.services.answers.submit import FinalAnswerError
from bot.services.exports import claims
from bot.services.exports import run as export_runner
from bot.services.exports.claims import ClaimedExportRun
from bot.services.exports.export_request import ExportRequest, queue_export
from bot.services.exports.failures import DiskError
from bot.services.exports.run import ExportCounts
from storage.queries import final_answers
from storage.queries.labels import CHUNK_SIZE
from storage.row_id import id_of
from storage.tables import Annotation, Assignment, Campaign, ExportRun, OutboxMessage
from tests.services.conftest import NOW, Scenario, pair
from tests.services.tasks.test_scheduled_delivery import open_campaign

ADA, BOB, EVE = "U0ADA", "U0BOB", "U0EVE"


def labels(scenario: Scenario, name: str = "tone") -> list[LabelRecord]:
    return scenario.run_for_campaign(name, lambda *args: list(answer_labels.iter_labels(*args)))


def test_label_has_all_details_of_the_answer(scenario: Scenario) -> None:
    scenario.create_campaign(experts=[ADA])
    scenario.import_rows("tone", [pair(1)])
    scenario.advance_clock(minutes=3)
    scenario.submit_answer(ADA, scenario.assign_next(ADA) or 0, verdict="a", reason="It is kinder.")
    (assignment,) = scenario.rows(Assignment)
    (label,) = labels(scenario)
    assert isinstance(label.label, Preference)
    assert label.label.winner == ("right" if assignment.candidate_order[0] else "left")
    assert label.label.left.model == "heron-7b"
    assert label.rationale.reason == "It is kinder."
    assert (label.item_key, label.campaign, label.kind) == ("pair-1", "tone", "comparison")
    assert label.expert.startswith("expert-")
    assert (label.version, label.guidelines_version) == (1, 1)
    assert label.answered_at == NOW + timedelta(minutes=3)
    assert label.value == {"verdict": "a", "reason": "It is kinder."}
    assert label.meta == {"domain": "birds"}
    assert label.order == assignment.candidate_order


def test_labels_are_ordered_by_item_and_pseudonym(scenario: Scenario) -> None:
    scenario.create_campaign(overlap=3, experts=[ADA, BOB, EVE])
    scenario.import_rows("tone", [pair(number) for number in (9, 2, 5)])
    for person in (EVE, ADA, BOB):
        scenario.answer_all(person, verdict="tie")
    records = labels(scenario)
    assert [record.item_key for record in records[::3]] == ["pair-9", "pair-2", "pair-5"]
    for start in (0, 3, 6):
        pseudonyms = [record.expert for record in records[start : start + 3]]
        assert pseudonyms == sorted(set(pseudonyms))


def test_only_current_version_counts(scenario: Scenario) -> None:
    scenario.create_campaign(experts=[ADA])
    scenario.import_rows("tone", [pair(1)])
    assignment_id = scenario.assign_next(ADA) or 0
    scenario.submit_answer(ADA, assignment_id, verdict="tie")
    scenario.advance_clock(hours=1)
    scenario.submit_answer(ADA, assignment_id, verdict="both_bad")
    (label,) = labels(scenario)
    assert isinstance(label.label, Preference)
    assert (label.label.winner, label.version) == ("both_bad", 2)
    assert label.answered_at == NOW + timedelta(hours=1)


def test_skipped_undone_and_partial_answers_have_no_label(scenario: Scenario) -> None:
    scenario.create_campaign("jokes", "rating", overlap=1, experts=[ADA])
    scenario.import_rows("jokes", [{"id": f"joke-{n}", "text": f"Joke {n}"} for n in range(1, 6)])
    skipped = scenario.assign_next(ADA) or 0
    scenario.database.write_now(submit.skip_task, skipped, "broken", scenario.interaction(ADA))
    undone = scenario.assign_next(ADA) or 0
    scenario.submit_answer(ADA, undone, relevance="1", humor="1", clarity="1")
    partial = scenario.assign_next(ADA) or 0
    scenario.submit_answer(ADA, partial, relevance="5")
    assert [label.item_key for label in labels(scenario, "jokes")] == ["joke-2"]
    scenario.database.write_now(submit.undo, undone, scenario.interaction(ADA))
    assert labels(scenario, "jokes") == []
    scenario.submit_answer(ADA, partial, humor="4", clarity="3")
    (label,) = labels(scenario, "jokes")
    assert isinstance(label.label, Rating)
    assert label.label.scores == (("relevance", 5), ("humor", 4), ("clarity", 3))


def test_demonstration_is_exported_unchanged(scenario: Scenario) -> None:
    scenario.create_campaign("write", "demonstration", experts=[ADA])
    scenario.import_rows("write", [{"prompt": "Why is the sky blue?"}])
    scenario.answer_all(ADA, response="  Scattering.\n")
    (label,) = labels(scenario, "write")
    assert isinstance(label.label, Demonstration)
    assert label.label.response == "  Scattering.\n"


def test_labels_of_other_campaigns_are_excluded(scenario: Scenario) -> None:
    for name in ("one", "two"):
        scenario.create_campaign(name, experts=[ADA])
        scenario.import_rows(name, [pair(1)])
    scenario.answer_all(ADA, verdict="a")
    assert [label.campaign for label in labels(scenario, "two")] == ["two"]


def test_chunked_labels_are_complete_and_unique(scenario: Scenario) -> None:
    scenario.create_campaign(overlap=1, experts=[ADA])
    count = 2 * CHUNK_SIZE + 7
    scenario.import_rows("tone", [pair(number) for number in range(count)])
    scenario.run_for_campaign("tone", answer_everything, count)
    item_keys = [label.item_key for label in labels(scenario)]
    assert item_keys == [f"pair-{number}" for number in range(count)]


def answer_everything(session: Session, campaign: Campaign, count: int) -> None:
    common = {"value": {"verdict": "a"}, "complete": True, "version": 1, "created_at": NOW}
    assignment = {
        "campaign_id": campaign.id,
        "expert_id": 1,
        "state": "answered",
        "leased_until": NOW,
        "candidate_order": [0, 1],
        "has_thread": False,
        **common,
    }
    annotation = {"interaction_id": "1", "guidelines_version": 1, "read_in_full": False, **common}
    numbers = range(1, count + 1)
    assignments = [{"id": n, "task_id": n, **assignment} for n in numbers]
    annotations = [{"assignment_id": n, **annotation} for n in numbers]
    session.connection().execute(insert(Assignment), assignments)
    session.connection().execute(insert(Annotation), annotations)


@pytest.fixture
def answered(scenario: Scenario) -> Scenario:
    """Return a scenario with two answered comparisons, one of them a tie."""
    scenario.create_campaign(overlap=1, experts=[ADA])
    scenario.import_rows("tone", [pair(1), pair(2)])
    scenario.submit_answer(ADA, scenario.assign_next(ADA) or 0, verdict="a")
    scenario.submit_answer(ADA, scenario.assign_next(ADA) or 0, verdict="tie")
    return scenario


def request_export(scenario: Scenario, folder: Path, format_name: str = "preference") -> int:
    """Request an export in Slack; return the run id."""
    actor = Actor("U0LEAD", SLACK, scenario.now)
    request = ExportRequest(format_name, folder)
    return id_of(scenario.run_for_campaign("tone", queue_export, request, actor))


def run_export(scenario: Scenario) -> ExportResult:
    """Run the next waiting export."""
    run = scenario.database.write_now(claims.claim_run, scenario.now, "worker")
    assert run
    return export_runner.run_export(scenario.database, run, AdjustableClock(scenario.now))


def test_export_is_written_and_recorded(answered: Scenario, tmp_path: Path) -> None:
    request_export(answered, tmp_path / "out")
    result = run_export(answered)
    assert (result.row_count, dict(result.left_out)) == (1, {"tie": 1})
    assert result.directory == tmp_path / "out" / "tone-preference-20260302T090000Z"
    rows = (result.directory / "data.jsonl").read_text().splitlines()
    assert [json.loads(row)["item"] for row in rows] == ["pair-1"]
    metadata = json.loads((result.directory / "manifest.json").read_text())["metadata"]
    assert (metadata["campaign"], metadata["items"], metadata["annotations"]) == ("tone", 2, 2)
    leaderboard = json.loads((result.directory / "leaderboard.json").read_text())
    (group,) = leaderboard["groups"]
    assert {model["name"] for model in group["models"]} == {"heron-7b", "wren-mini"}
    assert "leaderboard.json" in {file.name for file in result.files}, "with its checksum"
    (run,) = answered.rows(ExportRun)
    assert (run.state, run.rows, run.left_out) == ("done", 1, 1)
    assert (run.path, run.error, run.attempts) == (str(result.directory), None, 1)


def test_requester_in_slack_is_notified(answered: Scenario, tmp_path: Path) -> None:
    before = answered.count("outbox")
    run_id = request_export(answered, tmp_path)
    run_export(answered)
    messages = answered.rows(OutboxMessage)[before:]
    assert [(row.message_type, row.recipient, row.payload) for row in messages] == [
        ("export_result", "U0LEAD", {"run_id": run_id})
    ]


def test_requester_on_the_command_line_gets_no_message(answered: Scenario, tmp_path: Path) -> None:
    before = answered.count("outbox")
    answered.run_for_campaign(
        "tone", queue_export, ExportRequest("preference", tmp_path), answered.actor
    )
    run_export(answered)
    assert answered.count("outbox") == before


def test_same_answers_give_the_same_bytes(answered: Scenario, tmp_path: Path) -> None:
    directories = []
    for name in ("first", "second"):
        request_export(answered, tmp_path / name, "annotations")
        directories.append(run_export(answered).directory)
    first, second = directories
    names = sorted(path.name for path in first.iterdir())
    assert names == sorted(path.name for path in second.iterdir())
    assert all((first / name).read_bytes() == (second / name).read_bytes() for name in names)


def test_export_without_answers_is_empty(scenario: Scenario, tmp_path: Path) -> None:
    scenario.create_campaign()
    request_export(scenario, tmp_path)
    assert run_export(scenario).row_count == 0


def test_export_contains_no_slack_ids(answered: Scenario, tmp_path: Path) -> None:
    request_export(answered, tmp_path, "annotations")
    result = run_export(answered)
    content = b"".join(path.read_bytes() for path in result.directory.iterdir())
    assert ADA.encode() not in content
    assert b"U0LEAD" not in content


def test_disk_error_is_retried_three_times_and_then_reported(
    answered: Scenario, tmp_path: Path
) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    request_export(answered, blocked)
    before = answered.count("outbox")
    for attempt in (1, 2, 3):
        with pytest.raises(DiskError, match="could not be written"):
            run_export(answered)
        (run,) = answered.rows(ExportRun)
        assert (run.attempts, run.state) == (attempt, "failed" if attempt == 3 else "queued")
        assert answered.database.write_now(claims.claim_run, answered.now, "worker") is None
        answered.advance_clock(minutes=1)
    assert answered.count("outbox") == before + 1
    assert answered.database.write_now(claims.claim_run, answered.now, "worker") is None


def test_export_succeeds_after_disk_error(answered: Scenario, tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    request_export(answered, blocked)
    with pytest.raises(DiskError):
        run_export(answered)
    blocked.unlink()
    answered.advance_clock(minutes=1)
    assert run_export(answered).row_count == 1
    (run,) = answered.rows(ExportRun)
    assert (run.state, run.error) == ("done", None)


def test_permanent_error_is_not_retried(answered: Scenario, tmp_path: Path) -> None:
    target = tmp_path / "tone-preference-20260302T090000Z"
    target.mkdir()
    (target / "thesis.txt").write_text("not an export")
    request_export(answered, tmp_path)
    with pytest.raises(ExportNameTakenError):
        run_export(answered)
    (run,) = answered.rows(ExportRun)
    assert run.state == "failed"
    assert "is not an export" in run.error
    assert (target / "thesis.txt").read_text() == "not an export"


def test_failed_export_does_not_block_the_next(
    answered: Scenario, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    request_export(answered, blocked)
    request_export(answered, tmp_path / "out")
    counts = export_runner.run_pending_exports(answered.database, AdjustableClock(answered.now))
    assert counts == ExportCounts(written=1, failed=1)
    assert "could not be written" in caplog.text


def test_bug_is_logged_and_retried(
    answered: Scenario, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    request_export(answered, tmp_path)
    answered.database.write_now(store_invalid_values)
    counts = export_runner.run_pending_exports(answered.database, AdjustableClock(answered.now))
    assert counts == ExportCounts(written=0, failed=1)
    assert "Traceback" in caplog.text
    (run,) = answered.rows(ExportRun)
    assert (run.state, run.error) == ("queued", "KeyError")
    assert list(tmp_path.glob("tone*")) == []


def store_invalid_values(session: Session) -> None:
    """Store values that are invalid for every kind."""
    session.connection().execute(update(Annotation).values(value={"nonsense": True}))


def claim_export(scenario: Scenario, request: ExportRequest) -> ClaimedExportRun:
    """Queue and claim an export."""
    return scenario.run_for_campaign(
        "tone", claims.queue_and_claim, request, scenario.actor, "worker"
    )


def export_tone(scenario: Scenario, *, freezes: bool = True) -> ExportResult:
    """Export all answers."""
    request = ExportRequest("annotations", scenario.folder / "exports", freezes=freezes)
    run = claim_export(scenario, request)
    return export_runner.run_export(scenario.database, run, AdjustableClock(scenario.now))


def answer_tasks(scenario: Scenario, count: int) -> None:
    """Answer Ada's next tasks."""
    for _ in range(count):
        scenario.submit_answer(ADA, scenario.assign_next(ADA) or 0, verdict="a")


def test_frozen_answer_cannot_be_undone(scenario: Scenario) -> None:
    open_campaign(scenario, ADA, items=3)
    answer_tasks(scenario, 2)
    assert export_tone(scenario).row_count == 2
    with pytest.raises(
        FinalAnswerError, match="made final by the export tone-annotations-20260302T0900"
    ):
        scenario.database.write_now(submit.undo, 1, scenario.interaction(ADA))
    assert scenario.rows(Assignment)[0].state == "answered"


def test_later_answer_can_change_until_the_next_freeze(scenario: Scenario) -> None:
    open_campaign(scenario, ADA, items=3)
    answer_tasks(scenario, 1)
    export_tone(scenario)
    scenario.advance_clock(days=1)
    answer_tasks(scenario, 1)
    scenario.database.write_now(submit.undo, 2, scenario.interaction(ADA))
    answer_tasks(scenario, 1)
    assert export_tone(scenario).row_count == 2
    finalizers = [row.finalized_by for row in scenario.rows(Assignment)]
    assert finalizers == [
        "the export tone-annotations-20260302T090000Z",
        "the export tone-annotations-20260303T090000Z",
    ]


def test_answer_during_export_is_neither_exported_nor_final(scenario: Scenario) -> None:
    open_campaign(scenario, ADA, items=2)
    answer_tasks(scenario, 1)
    scenario.database.write_now(final_answers.freeze_answers, 1, "the export x")
    answer_tasks(scenario, 1)

    def final_item_keys(session: Session) -> list[str]:
        campaign = session.get_one(Campaign, 1)
        records = answer_labels.iter_labels(session, campaign, only_final=True)
        return [record.item_key for record in records]

    assert scenario.database.read_now(final_item_keys) == ["pair-1"]


def test_ordinary_export_freezes_nothing(scenario: Scenario) -> None:
    open_campaign(scenario, ADA, items=1)
    answer_tasks(scenario, 1)
    assert export_tone(scenario, freezes=False).row_count == 1
    assert scenario.rows(Assignment)[0].finalized_by is None


def test_failed_export_freezes_nothing(scenario: Scenario) -> None:
    open_campaign(scenario, ADA, items=1)
    answer_tasks(scenario, 1)
    blocking_file = scenario.folder / "file"
    blocking_file.write_text("not a folder")
    request = ExportRequest("annotations", blocking_file / "exports", freezes=True)
    run = claim_export(scenario, request)
    with pytest.raises(DiskError):
        export_runner.run_export(scenario.database, run, AdjustableClock(scenario.now))
    assert scenario.rows(Assignment)[0].finalized_by is None


def test_folder_of_a_killed_export_is_removed_even_if_it_is_not_repeated(
    answered: Scenario, tmp_path: Path
) -> None:
    claim_export(answered, ExportRequest("preference", tmp_path / "out"))
    left_over = tmp_path / "out" / ".tone.01234567"
    left_over.mkdir(parents=True)
    left_over.with_name(f"{left_over.name}.lock").touch()
    counts = export_runner.run_pending_exports(answered.database, AdjustableClock(answered.now))
    assert counts == ExportCounts(written=0, failed=0)
    assert [run.state for run in answered.rows(ExportRun)] == ["failed"]
    assert list((tmp_path / "out").iterdir()) == []
