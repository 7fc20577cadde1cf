"""Tests of `labelbot exports replay`, `diff`, `verify` and `prune`."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import Session, select

from storage.database import Database
from storage.tables import Annotation, ExportRun, StoredSnapshot
from tests.cli.conftest import CommandRunner
from tests.cli.test_exports import labelbot_answered

__all__ = ["labelbot_answered"]

ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""For tests of commands whose services are tested on both databases."""


def _export(labelbot: CommandRunner, *options: str) -> Path:
    result = labelbot("export", "tone", "--aggregate", "none", "--json", *options)
    assert result.code == 0, result.err
    return Path(result.json["directory"])


def _erase_first_answer(session: Session) -> None:
    annotation = session.exec(select(Annotation)).first()
    assert annotation
    session.delete(annotation)


@ON_SQLITE
def test_replay_writes_the_same_bytes_or_names_what_is_erased(
    labelbot_answered: CommandRunner, database: Database
) -> None:
    folder = _export(labelbot_answered)
    replayed = labelbot_answered("exports", "replay", str(folder), "--to", "again", "--json")
    assert replayed.code == 0
    copy = Path(replayed.json["directory"])
    assert copy.parent == labelbot_answered.folder / "again"
    for name in replayed.json["files"]:
        assert (copy / name).read_bytes() == (folder / name).read_bytes()
    shown = labelbot_answered("exports", "replay", str(folder / "manifest.json"))
    assert "3 rows in " in shown.out
    assert "byte for byte: data.jsonl, data.parquet" in shown.out
    database.write_now(_erase_first_answer)
    erased = labelbot_answered("exports", "replay", str(folder))
    assert (erased.code, erased.out) == (1, "")
    assert "erased since: " in erased.err
    missing = labelbot_answered("exports", "replay", "nowhere")
    assert "nowhere is not an export: it has no manifest.json" in missing.err


@ON_SQLITE
def test_diff_shows_changed_rows_with_their_reason(
    labelbot_answered: CommandRunner,
) -> None:
    first, second = _export(labelbot_answered), _export(labelbot_answered)
    assert first != second
    same = labelbot_answered("exports", "diff", str(first), str(second))
    assert (same.code, same.out) == (0, "The rows of both exports are the same.\n")
    few = _export(labelbot_answered, "--source", "adjudicated")
    found = labelbot_answered("exports", "diff", str(first), str(few))
    assert "3 rows: 3 removed" in found.out
    assert "other options: source default → adjudicated" in " ".join(found.out.split())
    rows = labelbot_answered("exports", "diff", str(first), str(few), "--json").json
    assert rows["counts"] == {"removed": 3}
    assert {row["item"] for row in rows["rows"]} == {"pair-1", "pair-2", "pair-3"}
    other = _export(labelbot_answered, "--format", "reward")
    refused = labelbot_answered("exports", "diff", str(first), str(other))
    assert (refused.code, "compare the same" in refused.err) == (1, True)


@ON_SQLITE
def test_verify_fails_with_each_deviation(labelbot_answered: CommandRunner) -> None:
    folder = _export(labelbot_answered)
    intact = labelbot_answered("exports", "verify", str(folder))
    assert (intact.code, "is as its manifest says" in intact.out) == (0, True)
    card = folder / "README.md"
    card.write_text(card.read_text() + "more")
    changed = labelbot_answered("exports", "verify", str(folder))
    assert changed.code == 1
    assert "README.md has the SHA-256" in changed.out
    assert changed.err == "2 deviations from the manifest.\n"
    found = labelbot_answered("exports", "verify", str(folder), "--json")
    assert found.code == 1
    assert {one["file"] for one in found.json["deviations"]} == {"README.md"}


def test_prune_keeps_recent_and_last_snapshots(
    labelbot_answered: CommandRunner, database: Database
) -> None:
    old, _last = _export(labelbot_answered), _export(labelbot_answered, "--freeze")
    assert database.read_now(_count_snapshots) == 2
    nothing = labelbot_answered("exports", "prune", "--json").json
    assert nothing == {"snapshots": 0, "bytes": 0}
    database.write_now(_let_years_pass)
    would = labelbot_answered("exports", "prune", "--dry-run")
    assert would.out.startswith("Would delete 1 snapshot, ")
    assert labelbot_answered("exports", "prune").out.startswith("Deleted 1 snapshot, ")
    assert database.read_now(_count_snapshots) == 1
    gone = labelbot_answered("exports", "replay", str(old))
    assert (gone.code, "it was pruned" in gone.err) == (1, True)
    assert json.loads((old / "manifest.json").read_text())["rows"] == 3


def _count_snapshots(session: Session) -> int:
    return len(session.exec(select(StoredSnapshot)).all())


def _let_years_pass(session: Session) -> None:
    then = datetime.now(UTC) - timedelta(days=800)
    for run in session.exec(select(ExportRun)):
        run.finished_at = then
        session.add(run)
    for snapshot in session.exec(select(StoredSnapshot)):
        snapshot.created_at = then
        session.add(snapshot)
