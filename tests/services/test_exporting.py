"""Exporting: what counts, in which order, what is left out, and what is written down about it."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert, update
from sqlmodel import Session

from bot.clock import TurnableClock
from bot.exports.labelled import Labelled
from bot.exports.writing import OccupiedError, Written
from bot.kinds.label import Demonstration, Preference, Rating
from bot.services import answering, exporting, labelling, scheduling
from bot.services.auditing import SLACK
from bot.services.directing import By
from bot.services.exporting import DiskError, Ran
from bot.services.scheduling import Wanted
from storage.queries.labels import CHUNK
from storage.tables import Annotation, Assignment, Campaign, ExportRun, Outbox
from tests.services.conftest import NOW, Workshop, pair

ADA, BOB, EVE = "U0ADA", "U0BOB", "U0EVE"


def _labels(workshop: Workshop, name: str = "tone") -> list[Labelled]:
    return workshop.directs(name, lambda *given: list(labelling.labelled(*given)))


def test_an_answer_comes_out_with_all_that_is_known_of_it(workshop: Workshop) -> None:
    workshop.creates(experts=[ADA])
    workshop.imports("tone", [pair(1)])
    workshop.passes(minutes=3)
    workshop.answers(ADA, workshop.asks(ADA) or 0, verdict="a", reason="It is kinder.")
    (assignment,) = workshop.rows(Assignment)
    (label,) = _labels(workshop)
    assert isinstance(label.label, Preference)
    assert label.label.winner == ("right" if assignment.candidate_order[0] else "left")
    assert label.label.left.model == "heron-7b"
    assert label.remark.reason == "It is kinder."
    assert (label.item, label.campaign, label.kind) == ("pair-1", "tone", "comparison")
    assert label.expert.startswith("expert-")
    assert (label.version, label.guidelines_version) == (1, 1)
    assert label.answered_at == NOW + timedelta(minutes=3)
    assert label.value == {"verdict": "a", "reason": "It is kinder."}
    assert label.meta == {"domain": "birds"}
    assert label.order == assignment.candidate_order


def test_labels_stand_by_item_as_imported_and_then_by_pseudonym(workshop: Workshop) -> None:
    workshop.creates(overlap=3, experts=[ADA, BOB, EVE])
    workshop.imports("tone", [pair(number) for number in (9, 2, 5)])
    for person in (EVE, ADA, BOB):
        workshop.does_all(person, verdict="tie")
    labels = _labels(workshop)
    assert [label.item for label in labels[::3]] == ["pair-9", "pair-2", "pair-5"]
    for place in (0, 3, 6):
        names = [label.expert for label in labels[place : place + 3]]
        assert names == sorted(set(names))


def test_only_the_current_version_counts(workshop: Workshop) -> None:
    workshop.creates(experts=[ADA])
    workshop.imports("tone", [pair(1)])
    given = workshop.asks(ADA) or 0
    workshop.answers(ADA, given, verdict="tie")
    workshop.passes(hours=1)
    workshop.answers(ADA, given, verdict="both_bad")
    (label,) = _labels(workshop)
    assert isinstance(label.label, Preference)
    assert (label.label.winner, label.version) == ("both_bad", 2)
    assert label.answered_at == NOW + timedelta(hours=1)


def test_what_was_skipped_undone_begun_or_never_answered_is_not_there(workshop: Workshop) -> None:
    workshop.creates("jokes", "rating", overlap=1, experts=[ADA])
    workshop.imports("jokes", [{"id": f"joke-{n}", "text": f"Joke {n}"} for n in range(1, 6)])
    skipped, undone = workshop.asks(ADA) or 0, 0
    workshop.database.write_now(answering.skip, skipped, "broken", workshop.click(ADA))
    undone = workshop.asks(ADA) or 0
    workshop.answers(ADA, undone, relevance="1", humor="1", clarity="1")
    begun = workshop.asks(ADA) or 0
    workshop.answers(ADA, begun, relevance="5")
    assert [label.item for label in _labels(workshop, "jokes")] == ["joke-2"]
    workshop.database.write_now(answering.undo, undone, workshop.click(ADA))
    assert _labels(workshop, "jokes") == []
    workshop.answers(ADA, begun, humor="4", clarity="3")
    (label,) = _labels(workshop, "jokes")
    assert isinstance(label.label, Rating)
    assert label.label.scores == (("relevance", 5), ("humor", 4), ("clarity", 3))


def test_demonstrations_come_out_as_written(workshop: Workshop) -> None:
    workshop.creates("write", "demonstration", experts=[ADA])
    workshop.imports("write", [{"prompt": "Why is the sky blue?"}])
    workshop.does_all(ADA, response="  Scattering.\n")
    (label,) = _labels(workshop, "write")
    assert isinstance(label.label, Demonstration)
    assert label.label.response == "  Scattering.\n"


def test_another_campaign_is_not_mixed_in(workshop: Workshop) -> None:
    for name in ("one", "two"):
        workshop.creates(name, experts=[ADA])
        workshop.imports(name, [pair(1)])
    workshop.does_all(ADA, verdict="a")
    assert [label.campaign for label in _labels(workshop, "two")] == ["two"]


def test_more_answers_than_are_held_in_memory_come_out_once_each(workshop: Workshop) -> None:
    workshop.creates(overlap=1, experts=[ADA])
    count = 2 * CHUNK + 7
    workshop.imports("tone", [pair(number) for number in range(count)])
    workshop.directs("tone", _answer_everything, count)
    items = [label.item for label in _labels(workshop)]
    assert items == [f"pair-{number}" for number in range(count)]


def _answer_everything(session: Session, campaign: Campaign, count: int) -> None:
    common = {"value": {"verdict": "a"}, "complete": True, "version": 1, "created_at": NOW}
    held = {"campaign_id": campaign.id, "expert_id": 1, "state": "answered", "leased_until": NOW}
    numbers = range(1, count + 1)
    assignments = [
        {"id": n, "task_id": n, "candidate_order": [0, 1], "in_thread": False, **held, **common}
        for n in numbers
    ]
    said = {"click": "1", "guidelines_version": 1, "read_in_full": False}
    annotations = [{"assignment_id": n, **said, **common} for n in numbers]
    session.connection().execute(insert(Assignment), assignments)
    session.connection().execute(insert(Annotation), annotations)


@pytest.fixture
def answered(workshop: Workshop) -> Workshop:
    """Return a workshop with two answered comparisons, one of them a tie."""
    workshop.creates(overlap=1, experts=[ADA])
    workshop.imports("tone", [pair(1), pair(2)])
    workshop.answers(ADA, workshop.asks(ADA) or 0, verdict="a")
    workshop.answers(ADA, workshop.asks(ADA) or 0, verdict="tie")
    return workshop


def _asked(workshop: Workshop, folder: Path, shape: str = "preference") -> int:
    by = By("U0LEAD", SLACK, workshop.now)
    run = workshop.directs("tone", scheduling.request_export, Wanted(shape, folder), by)
    return run.id or 0


def _run(workshop: Workshop) -> Written:
    claimed = workshop.database.write_now(scheduling.claim_run, workshop.now)
    assert claimed
    return exporting.run_export(workshop.database, claimed, TurnableClock(workshop.now))


def test_an_export_is_written_and_written_down(answered: Workshop, tmp_path: Path) -> None:
    _asked(answered, tmp_path / "out")
    written = _run(answered)
    assert (written.rows, dict(written.skipped)) == (1, {"a tie": 1})
    assert written.directory == tmp_path / "out" / "tone-preference-20260302T090000Z"
    rows = (written.directory / "data.jsonl").read_text().splitlines()
    assert [json.loads(row)["item"] for row in rows] == ["pair-1"]
    facts = json.loads((written.directory / "manifest.json").read_text())["facts"]
    assert (facts["campaign"], facts["items"], facts["annotations"]) == ("tone", 2, 2)
    (run,) = answered.rows(ExportRun)
    assert (run.state, run.rows, run.left_out) == ("done", 1, 1)
    assert (run.path, run.error, run.attempts) == (str(written.directory), None, 1)


def test_who_asked_in_slack_is_told(answered: Workshop, tmp_path: Path) -> None:
    before = answered.count("outbox")
    run = _asked(answered, tmp_path)
    _run(answered)
    said = answered.rows(Outbox)[before:]
    assert [(row.word, row.lane, row.facts) for row in said] == [
        ("exported", "U0LEAD", {"run": run})
    ]


def test_who_asked_at_the_command_line_is_told_there(answered: Workshop, tmp_path: Path) -> None:
    before = answered.count("outbox")
    answered.directs("tone", scheduling.request_export, Wanted("preference", tmp_path), answered.by)
    _run(answered)
    assert answered.count("outbox") == before


def test_the_same_answers_give_the_same_bytes(answered: Workshop, tmp_path: Path) -> None:
    written = []
    for name in ("first", "second"):
        _asked(answered, tmp_path / name, "annotations")
        written.append(_run(answered).directory)
    first, second = written
    names = sorted(path.name for path in first.iterdir())
    assert names == sorted(path.name for path in second.iterdir())
    assert all((first / name).read_bytes() == (second / name).read_bytes() for name in names)


def test_an_export_without_answers_is_an_empty_dataset(workshop: Workshop, tmp_path: Path) -> None:
    workshop.creates()
    _asked(workshop, tmp_path)
    assert _run(workshop).rows == 0


def test_no_name_that_should_not_leave_is_in_an_export(answered: Workshop, tmp_path: Path) -> None:
    _asked(answered, tmp_path, "annotations")
    written = _run(answered)
    told = b"".join(path.read_bytes() for path in written.directory.iterdir())
    assert ADA.encode() not in told
    assert b"U0LEAD" not in told


def test_a_disk_that_refuses_is_tried_three_times_and_then_told(
    answered: Workshop, tmp_path: Path
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
        assert answered.database.write_now(scheduling.claim_run, answered.now) is None
        answered.passes(minutes=1)
    assert answered.count("outbox") == before + 1
    assert answered.database.write_now(scheduling.claim_run, answered.now) is None


def test_a_disk_that_recovers_gets_the_export(answered: Workshop, tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    _asked(answered, blocked)
    with pytest.raises(DiskError):
        _run(answered)
    blocked.unlink()
    answered.passes(minutes=1)
    assert _run(answered).rows == 1
    (run,) = answered.rows(ExportRun)
    assert (run.state, run.error) == ("done", None)


def test_what_cannot_be_done_is_given_up_at_once(answered: Workshop, tmp_path: Path) -> None:
    target = tmp_path / "tone-preference-20260302T090000Z"
    target.mkdir()
    (target / "thesis.txt").write_text("not an export")
    _asked(answered, tmp_path)
    with pytest.raises(OccupiedError):
        _run(answered)
    (run,) = answered.rows(ExportRun)
    assert run.state == "failed"
    assert "is not an export" in run.error
    assert (target / "thesis.txt").read_text() == "not an export"


def test_one_failure_does_not_keep_the_next_from_its_turn(
    answered: Workshop, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    _asked(answered, blocked)
    _asked(answered, tmp_path / "out")
    ran = exporting.run_waiting(answered.database, TurnableClock(answered.now))
    assert ran == Ran(done=1, failed=1)
    assert "could not be written" in caplog.text


def test_a_bug_is_logged_and_tried_again(
    answered: Workshop, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    _asked(answered, tmp_path)
    answered.database.write_now(_spoil)
    ran = exporting.run_waiting(answered.database, TurnableClock(answered.now))
    assert ran == Ran(done=0, failed=1)
    assert "Traceback" in caplog.text
    (run,) = answered.rows(ExportRun)
    assert (run.state, run.error) == ("queued", "KeyError")
    assert list(tmp_path.glob("tone*")) == []


def _spoil(session: Session) -> None:
    """Store a value that no kind ever stored."""
    session.connection().execute(update(Annotation).values(value={"nonsense": True}))
