"""Tests of the file of answers."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.candidates.completion import Completion, Flaw
from bot.candidates.cost import Usage
from bot.candidates.journal import (
    JournalAnswer,
    JournalInUseError,
    UnusableJournalError,
    open_journal,
    read_journal,
)

COMPLETE = JournalAnswer(Completion("Yes.\nNo.", Usage(7, 3)), 0.5, is_counted=True)
FLAWED = JournalAnswer(Completion("", None, Flaw.EMPTY, "it has no text"), 0.25, is_counted=False)


def write(path: Path) -> None:
    """Write two answers, a failed attempt, and a request that a kill interrupted."""
    with open_journal(path) as journal:
        journal.record_sent("a", 1.0)
        journal.record_answer("a", COMPLETE, "wren")
        journal.record_sent("b", 1.0)
        journal.record_unanswered("b", 1.0)
        journal.record_sent("b", 1.0)
        journal.record_answer("b", FLAWED, "wren")
        journal.record_sent("c", 2.0)


def test_answers_are_read_back_with_what_was_spent(tmp_path: Path) -> None:
    path = tmp_path / "answers.jsonl"
    assert read_journal(path).answers == {}
    assert not path.exists()
    write(path)
    journal = read_journal(path)
    assert journal.answers == {"a": COMPLETE, "b": FLAWED}
    assert [journal.spent_on(key) for key in "abc"] == [(0.5, 0.0), (0.25, 1.0), (0.0, 2.0)]
    journal.forget("b")
    assert journal.spent_on("b") == (0.0, 1.25), "it is asked again, and its cost stays"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(st.data())
def test_file_cut_off_anywhere_keeps_its_complete_lines(
    tmp_path: Path, data: st.DataObject
) -> None:
    path = tmp_path / "answers.jsonl"
    path.unlink(missing_ok=True)
    write(path)
    content = path.read_bytes()
    end = data.draw(st.integers(0, len(content)))
    path.write_bytes(content[:end])
    with open_journal(path) as journal:
        assert journal.answers.items() <= {"a": COMPLETE, "b": FLAWED}.items()
        assert len(journal.answers) == content[:end].count(b'"counted":') - (
            not content[:end].endswith(b"\n")
            and b'"counted":' in content[:end].rpartition(b"\n")[2]
        )
        journal.record_answer("d", COMPLETE, "wren")
    assert read_journal(path).answers["d"] == COMPLETE


@pytest.mark.parametrize(
    "content",
    [
        '{"id": "p1", "prompt": "Why?"}\n',
        "a text without a line break",
        '{"request": "a", "state": "answered"}\n',
        '{"request": "a", "state": "sent", "bound": -1}\n',
        '{"request": "a", "state": "sent", "bound": 1}\nnonsense\n',
    ],
)
def test_other_file_is_refused_and_stays_as_it_is(tmp_path: Path, content: str) -> None:
    path = tmp_path / "prompts.jsonl"
    path.write_text(content)
    with pytest.raises(UnusableJournalError, match="labelbot sample"), open_journal(path):
        pass
    assert path.read_text() == content


def test_two_runs_cannot_use_the_same_file(tmp_path: Path) -> None:
    path = tmp_path / "answers.jsonl"
    with open_journal(path), pytest.raises(JournalInUseError), open_journal(path):
        pass
    with pytest.raises(UnusableJournalError), open_journal(tmp_path / "none" / "answers.jsonl"):
        pass
