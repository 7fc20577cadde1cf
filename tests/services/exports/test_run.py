"""Exporting: what counts, in which order, what is left out, and what is written down about it."""

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
from bot.services.exports import jobs
from bot.services.exports import run as export_runner
from bot.services.exports.jobs import ExportRequest
from bot.services.exports.run import DiskError, ExportCounts
from storage.queries.labels import CHUNK_SIZE
from storage.tables import Annotation, Assignment, Campaign, ExportRun, OutboxMessage
from tests.services.conftest import NOW, Scenario, pair

ADA, BOB, EVE = "U0ADA", "U0BOB", "U0EVE"


def _labels(scenario: Scenario, name: str = "tone") -> list[LabelRecord]:
    return scenario.run_for_campaign(name, lambda *given: list(answer_labels.iter_labels(*given)))


def test_an_answer_comes_out_with_all_that_is_known_of_it(scenario: Scenario) -> None:
    scenario.create_campaign(experts=[ADA])
    scenario.import_rows("tone", [pair(1)])
    scenario.advance_clock(minutes=3)
    scenario.submit_answer(ADA, scenario.assign_next(ADA) or 0, verdict="a", reason="It is kinder.")
    (assignment,) = scenario.rows(Assignment)
    (label,) = _labels(scenario)
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


def test_labels_stand_by_item_as_imported_and_then_by_pseudonym(scenario: Scenario) -> None:
    scenario.create_campaign(overlap=3, experts=[ADA, BOB, EVE])
    scenario.import_rows("tone", [pair(number) for number in (9, 2, 5)])
    for person in (EVE, ADA, BOB):
        scenario.answer_all(person, verdict="tie")
    labels = _labels(scenario)
    assert [label.item_key for label in labels[::3]] == ["pair-9", "pair-2", "pair-5"]
    for place in (0, 3, 6):
        names = [label.expert for label in labels[place : place + 3]]
        assert names == sorted(set(names))


def test_only_the_current_version_counts(scenario: Scenario) -> None:
    scenario.create_campaign(experts=[ADA])
    scenario.import_rows("tone", [pair(1)])
    given = scenario.assign_next(ADA) or 0
    scenario.submit_answer(ADA, given, verdict="tie")
    scenario.advance_clock(hours=1)
    scenario.submit_answer(ADA, given, verdict="both_bad")
    (label,) = _labels(scenario)
    assert isinstance(label.label, Preference)
    assert (label.label.winner, label.version) == ("both_bad", 2)
    assert label.answered_at == NOW + timedelta(hours=1)


def test_what_was_skipped_undone_begun_or_never_answered_is_not_there(scenario: Scenario) -> None:
    scenario.create_campaign("jokes", "rating", overlap=1, experts=[ADA])
    scenario.import_rows("jokes", [{"id": f"joke-{n}", "text": f"Joke {n}"} for n in range(1, 6)])
    skipped, undone = scenario.assign_next(ADA) or 0, 0
    scenario.database.write_now(submit.skip_task, skipped, "broken", scenario.interaction(ADA))
    undone = scenario.assign_next(ADA) or 0
    scenario.submit_answer(ADA, undone, relevance="1", humor="1", clarity="1")
    begun = scenario.assign_next(ADA) or 0
    scenario.submit_answer(ADA, begun, relevance="5")
    assert [label.item_key for label in _labels(scenario, "jokes")] == ["joke-2"]
    scenario.database.write_now(submit.undo, undone, scenario.interaction(ADA))
    assert _labels(scenario, "jokes") == []
    scenario.submit_answer(ADA, begun, humor="4", clarity="3")
    (label,) = _labels(scenario, "jokes")
    assert isinstance(label.label, Rating)
    assert label.label.scores == (("relevance", 5), ("humor", 4), ("clarity", 3))


def test_demonstrations_come_out_as_written(scenario: Scenario) -> None:
    scenario.create_campaign("write", "demonstration", experts=[ADA])
    scenario.import_rows("write", [{"prompt": "Why is the sky blue?"}])
    scenario.answer_all(ADA, response="  Scattering.\n")
    (label,) = _labels(scenario, "write")
    assert isinstance(label.label, Demonstration)
    assert label.label.response == "  Scattering.\n"


def test_another_campaign_is_not_mixed_in(scenario: Scenario) -> None:
    for name in ("one", "two"):
        scenario.create_campaign(name, experts=[ADA])
        scenario.import_rows(name, [pair(1)])
    scenario.answer_all(ADA, verdict="a")
    assert [label.campaign for label in _labels(scenario, "two")] == ["two"]


def test_more_answers_than_are_held_in_memory_come_out_once_each(scenario: Scenario) -> None:
    scenario.create_campaign(overlap=1, experts=[ADA])
    count = 2 * CHUNK_SIZE + 7
    scenario.import_rows("tone", [pair(number) for number in range(count)])
    scenario.run_for_campaign("tone", _answer_everything, count)
    items = [label.item_key for label in _labels(scenario)]
    assert items == [f"pair-{number}" for number in range(count)]


def _answer_everything(session: Session, campaign: Campaign, count: int) -> None:
    common = {"value": {"verdict": "a"}, "complete": True, "version": 1, "created_at": NOW}
    held = {"campaign_id": campaign.id, "expert_id": 1, "state": "answered", "leased_until": NOW}
    numbers = range(1, count + 1)
    assignments = [
        {
            "id": n,
            "task_id": n,
            "candidate_order": [0, 1],
            "answered_in_thread": False,
            **held,
            **common,
        }
        for n in numbers
    ]
    said = {"interaction_id": "1", "guidelines_version": 1, "read_in_full": False}
    annotations = [{"assignment_id": n, **said, **common} for n in numbers]
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


def _asked(scenario: Scenario, folder: Path, shape: str = "preference") -> int:
    actor = Actor("U0LEAD", SLACK, scenario.now)
    run = scenario.run_for_campaign("tone", jobs.queue_export, ExportRequest(shape, folder), actor)
    return run.id or 0


def _run(scenario: Scenario) -> ExportResult:
    claimed = scenario.database.write_now(jobs.claim_run, scenario.now)
    assert claimed
    return export_runner.run_export(scenario.database, claimed, AdjustableClock(scenario.now))


def test_an_export_is_written_and_written_down(answered: Scenario, tmp_path: Path) -> None:
    _asked(answered, tmp_path / "out")
    written = _run(answered)
    assert (written.row_count, dict(written.skipped)) == (1, {"tie": 1})
    assert written.directory == tmp_path / "out" / "tone-preference-20260302T090000Z"
    rows = (written.directory / "data.jsonl").read_text().splitlines()
    assert [json.loads(row)["item"] for row in rows] == ["pair-1"]
    facts = json.loads((written.directory / "manifest.json").read_text())["metadata"]
    assert (facts["campaign"], facts["items"], facts["annotations"]) == ("tone", 2, 2)
    (run,) = answered.rows(ExportRun)
    assert (run.state, run.rows, run.rows_skipped) == ("done", 1, 1)
    assert (run.path, run.error, run.attempts) == (str(written.directory), None, 1)


def test_who_asked_in_slack_is_told(answered: Scenario, tmp_path: Path) -> None:
    before = answered.count("outbox")
    run = _asked(answered, tmp_path)
    _run(answered)
    said = answered.rows(OutboxMessage)[before:]
    assert [(row.message_type, row.recipient, row.payload) for row in said] == [
        ("export_result", "U0LEAD", {"run_id": run})
    ]


def test_who_asked_at_the_command_line_is_told_there(answered: Scenario, tmp_path: Path) -> None:
    before = answered.count("outbox")
    answered.run_for_campaign(
        "tone", jobs.queue_export, ExportRequest("preference", tmp_path), answered.actor
    )
    _run(answered)
    assert answered.count("outbox") == before


def test_the_same_answers_give_the_same_bytes(answered: Scenario, tmp_path: Path) -> None:
    written = []
    for name in ("first", "second"):
        _asked(answered, tmp_path / name, "annotations")
        written.append(_run(answered).directory)
    first, second = written
    names = sorted(path.name for path in first.iterdir())
    assert names == sorted(path.name for path in second.iterdir())
    assert all((first / name).read_bytes() == (second / name).read_bytes() for name in names)


def test_an_export_without_answers_is_an_empty_dataset(scenario: Scenario, tmp_path: Path) -> None:
    scenario.create_campaign()
    _asked(scenario, tmp_path)
    assert _run(scenario).row_count == 0


def test_no_name_that_should_not_leave_is_in_an_export(answered: Scenario, tmp_path: Path) -> None:
    _asked(answered, tmp_path, "annotations")
    written = _run(answered)
    told = b"".join(path.read_bytes() for path in written.directory.iterdir())
    assert ADA.encode() not in told
    assert b"U0LEAD" not in told


def test_a_disk_that_refuses_is_tried_three_times_and_then_told(
    answered: Scenario, tmp_path: Path
) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    _asked(answered, blocked)
    before = answered.count("outbox")
    for attempt in (1, 2, 3):
        with pytest.raises(DiskError, match="could not be written"):
            _run(answered)
        (run,) = answered.rows(ExportRun)
        assert (run.attempts, run.state) == (attempt, "failed" if attempt == 3 else "queued")
        assert answered.database.write_now(jobs.claim_run, answered.now) is None
        answered.advance_clock(minutes=1)
    assert answered.count("outbox") == before + 1
    assert answered.database.write_now(jobs.claim_run, answered.now) is None


def test_a_disk_that_recovers_gets_the_export(answered: Scenario, tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    _asked(answered, blocked)
    with pytest.raises(DiskError):
        _run(answered)
    blocked.unlink()
    answered.advance_clock(minutes=1)
    assert _run(answered).row_count == 1
    (run,) = answered.rows(ExportRun)
    assert (run.state, run.error) == ("done", None)


def test_what_cannot_be_done_is_given_up_at_once(answered: Scenario, tmp_path: Path) -> None:
    target = tmp_path / "tone-preference-20260302T090000Z"
    target.mkdir()
    (target / "thesis.txt").write_text("not an export")
    _asked(answered, tmp_path)
    with pytest.raises(ExportNameTakenError):
        _run(answered)
    (run,) = answered.rows(ExportRun)
    assert run.state == "failed"
    assert "is not an export" in run.error
    assert (target / "thesis.txt").read_text() == "not an export"


def test_one_failure_does_not_keep_the_next_from_its_turn(
    answered: Scenario, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    _asked(answered, blocked)
    _asked(answered, tmp_path / "out")
    ran = export_runner.run_pending_exports(answered.database, AdjustableClock(answered.now))
    assert ran == ExportCounts(written=1, failed=1)
    assert "could not be written" in caplog.text


def test_a_bug_is_logged_and_tried_again(
    answered: Scenario, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    _asked(answered, tmp_path)
    answered.database.write_now(_spoil)
    ran = export_runner.run_pending_exports(answered.database, AdjustableClock(answered.now))
    assert ran == ExportCounts(written=0, failed=1)
    assert "Traceback" in caplog.text
    (run,) = answered.rows(ExportRun)
    assert (run.state, run.error) == ("queued", "KeyError")
    assert list(tmp_path.glob("tone*")) == []


def _spoil(session: Session) -> None:
    """Store a value that no kind ever stored."""
    session.connection().execute(update(Annotation).values(value={"nonsense": True}))
