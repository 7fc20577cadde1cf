"""The check of an import: Slack accepts it with any content, and it says what would happen."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from syrupy.assertion import SnapshotAssertion

from bot.imports.row import InvalidRow, RowWarning
from bot.sandbox.blockkit import check_view
from bot.services.imports.upload_check_result import UploadCheck
from bot.slack.views import import_check
from tests.slack.conftest import FEWER_EXAMPLES, TEXTS, as_yaml, visible_text

CHECK = UploadCheck(
    3,
    "pairs.csv",
    "Tone of voice",
    items=3,
    existing=1,
    duplicates=2,
    rejected=2,
    columns={"system": "system", "question": "prompt", "a": "candidates"},
    hidden=["source"],
    preview=[
        (("System", "Be kind."), ("Prompt", "Why *me*?"), ("Response A", "So.")),
    ],
    duplicate_rows=[
        {"row": "line 3", "first": "line 1", "duplicate": "exchanged"},
        {"row": "line 4", "first": "line 1", "duplicate": "exact"},
    ],
    errors=[InvalidRow(5, "candidate 2 is blank"), InvalidRow(6, "invalid JSON")],
    warnings=[RowWarning(0, "files of other types are skipped: notes.txt")],
)


def test_screen(snapshot: SnapshotAssertion) -> None:
    assert as_yaml(import_check.check_modal(CHECK)) == snapshot


def test_file_that_would_be_rejected_cannot_be_imported() -> None:
    view = import_check.check_modal(replace(CHECK, strict=True))
    assert "submit" not in view
    assert "Nothing will be imported" in visible_text(view)


def test_names_of_files_keep_their_first_letter() -> None:
    rows = [{"row": "hh/a.jsonl, line 3", "first": "hh/a.jsonl, line 1", "duplicate": "exact"}]
    text = visible_text(import_check.check_modal(replace(CHECK, duplicate_rows=rows)))
    assert "hh/a.jsonl, line 3 repeats hh/a.jsonl, line 1" in text
    assert "Line 5: candidate 2 is blank" in text


@FEWER_EXAMPLES
@given(text=TEXTS, count=st.integers(0, 40))
def test_slack_accepts_any_content(text: str, count: int) -> None:
    check = UploadCheck(
        1,
        text[:200],
        text[:150],
        items=count,
        duplicates=count,
        rejected=count,
        columns={f"{text}{number}": "prompt" for number in range(count)},
        hidden=[text] * count,
        preview=[((text, text),) * count] * 3,
        duplicate_rows=[{"row": text, "first": text, "duplicate": "near"}] * count,
        errors=[InvalidRow(1, text)] * count,
        warnings=[RowWarning(number, text) for number in range(count)],
    )
    assert check_view(import_check.check_modal(check)) == []
