"""Tests of `labelbot export` and `labelbot status` with an answered campaign."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import pytest
from sqlmodel import Session, col, select

from bot.exports.formats import DATASET, list_formats
from bot.services.actors.interaction import Interaction
from bot.services.answers import submit
from bot.services.assignments import assign, selection
from bot.services.exports.supported_formats import formats_for
from storage.database import Database
from storage.queries.assignments import mark_delivered
from storage.queries.experts import expert_by_slack_id
from storage.row_id import id_of
from storage.tables import ExportRun, ExportSchedule
from tests.cli.conftest import CommandRunner
from tests.pages import ROOT
from tests.services.conftest import Scenario, pair

ADA = "U0ADA"
INTERACTION_NUMBERS = count(1)


def _answer_all(session: Session) -> int:
    """Let Ada answer every task she can get: the first response is better."""
    ada = expert_by_slack_id(session, ADA)
    assert ada is not None
    now = datetime.now(UTC)
    search = selection.build_search(session, id_of(ada), now, locked=True)
    answer_count = 0
    while assignment := assign.next_assignment(session, search, now):
        mark_delivered(session, assignment.id, now)
        interaction = Interaction(ADA, f"click-{next(INTERACTION_NUMBERS)}", now)
        submit.submit_answer(session, assignment.id, {"verdict": "a"}, interaction)
        session.expire_all()
        answer_count += 1
    return answer_count


@pytest.fixture
def labelbot_answered(labelbot: CommandRunner, database_url: str) -> CommandRunner:
    """Return a runner with a campaign of three answered comparisons and a daily export."""
    arguments = (
        f"tone --kind comparison --overlap 1 --expert {ADA} --export-to nightly --export-cron"
    )
    assert labelbot("campaign", "create", *arguments.split(), "0 6 * * *").code == 0
    rows = "".join(f"{json.dumps(pair(number))}\n" for number in (1, 2, 3))
    assert labelbot("import", "tone", labelbot.write_file("pairs.jsonl", rows)).code == 0
    database = Database(database_url)
    assert database.write_now(_answer_all) == 3
    database.close()
    return labelbot


def test_export_uses_format_of_kind_by_default(labelbot_answered: CommandRunner) -> None:
    result = labelbot_answered("export", "tone", "--json")
    assert (result.code, result.json["row_count"]) == (0, 3)
    folder = Path(result.json["directory"])
    assert folder.parent == labelbot_answered.folder / "exports"
    rows = [json.loads(row) for row in (folder / "data.jsonl").read_text().splitlines()]
    assert [row["item"] for row in rows] == ["pair-1", "pair-2", "pair-3"]
    assert {"prompt", "chosen", "rejected"} <= rows[0].keys()


def test_export_prints_row_count_and_folder(labelbot_answered: CommandRunner) -> None:
    result = labelbot_answered("export", "tone", "--format", "annotations", "--to", "out")
    assert result.code == 0
    assert result.out.startswith(
        f"3 rows in {labelbot_answered.folder / 'out' / 'tone-annotations-'}"
    )


def test_rows_go_to_standard_output_and_into_an_import(
    scenario: Scenario, labelbot_sqlite: CommandRunner
) -> None:
    scenario.create_campaign("tone", overlap=1, experts=[ADA])
    empty = labelbot_sqlite("export", "tone", "--to", "-")
    assert (empty.code, empty.out, empty.err.startswith("0 rows in ")) == (0, "", True)
    scenario.import_rows("tone", [pair(1), {**pair(2), "prompt": "Grüße\u2028!"}])
    scenario.answer_all(ADA, verdict="a")
    piped = labelbot_sqlite("export", "tone", "--format", "prompt-only", "--to", "-")
    assert (piped.code, piped.err.startswith("2 rows in ")) == (0, True)
    (folder,) = (labelbot_sqlite.folder / "exports").glob("tone-prompt-only-*")
    assert piped.out.encode() == (folder / "data.jsonl").read_bytes()
    scenario.create_campaign("texts", "demonstration")
    command = (sys.executable, "-m", "bot.cli", "import", "texts", "-")
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    imported = subprocess.run(  # noqa: S603 - ours
        command, input=piped.out.encode(), capture_output=True, check=True, env=environment
    )
    assert imported.stdout.decode() == "Added 2 items to “texts”.\n"


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        ("export tone --to - --format dataset", "“dataset” has others"),
        ("export tone --to - --format label-studio", "“label-studio” has others"),
        ("export tone --to - --split test=0.5", "--split has others"),
        ("export tone --to - --json", "without --json"),
        ("export --due --to -", "rows of one campaign"),
        ("campaign create tone --kind comparison --export-to -", "Name a folder"),
    ],
)
def test_what_is_not_one_file_of_rows_is_not_piped(
    labelbot_sqlite: CommandRunner, arguments: str, reason: str
) -> None:
    result = labelbot_sqlite(*arguments.split())
    assert (result.code in {1, 2}, result.out) == (True, "")
    assert reason in " ".join(result.err.replace("│", " ").split())
    assert not (labelbot_sqlite.folder / "exports").exists()


def test_dataset_has_every_format_in_one_folder(labelbot_answered: CommandRunner) -> None:
    result = labelbot_answered("export", "tone", "--format", "dataset", "--json")
    assert result.code == 0
    configs = {name: counts["row_count"] for name, counts in result.json["configs"].items()}
    assert configs == {
        "preference": 3,
        "reward": 3,
        "kto": 6,
        "prompt-only": 3,
        "sft": 0,
        "annotations": 3,
    }
    folder = Path(result.json["directory"])
    names = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    assert names >= {"preference/data.parquet", "annotations/data.parquet", "README.md"}
    assert "sft/data.parquet" not in names


def test_rows_are_split_by_prompt(labelbot_answered: CommandRunner) -> None:
    command = ("export", "tone", "--split", "test=0.5")
    result = labelbot_answered(*command, "--json")
    splits = result.json["splits"]
    assert (result.code, sum(splits.values())) == (0, 3)
    folder = Path(result.json["directory"])
    assert "-test=0.5-" in folder.name
    for name, row_count in splits.items():
        path = folder / f"{name}.jsonl"
        assert (len(path.read_text().splitlines()) if path.exists() else 0) == row_count
    assert "Rows by split: " in labelbot_answered(*command).out
    refused = labelbot_answered("export", "tone", "--split", "test=2")
    assert refused.code == 1
    assert "“2” is not a share between 0 and 1" in refused.err


def test_empty_export_refers_to_status(labelbot_sqlite: CommandRunner) -> None:
    labelbot_sqlite("campaign", "create", "tone", "--kind", "comparison")
    result = labelbot_sqlite("export", "tone")
    assert (result.code, result.out.startswith("0 rows in ")) == (0, True)
    assert "There are no answers yet. labelbot status" in result.err


def test_export_command_is_recorded_as_run(
    labelbot_answered: CommandRunner, database: Database
) -> None:
    labelbot_answered("export", "tone")
    run = database.read_now(lambda session: session.exec(select(ExportRun)).one())
    assert (run.state, run.rows, run.requested_by) == ("done", 3, None)


def test_unsupported_format_is_rejected(labelbot_answered: CommandRunner) -> None:
    result = labelbot_answered("export", "tone", "--format", "rating")
    assert (result.code, result.out) == (1, "")
    assert result.err == (
        "A comparison campaign cannot be exported as rating; use one of: preference, reward, "
        f"{list_formats([*formats_for('comparison')[2:], DATASET])}.\n"
    )


def test_due_export_runs_once(labelbot_answered: CommandRunner, database: Database) -> None:
    assert labelbot_answered("export", "--due", "--json").json == {
        "queued": 0,
        "written": 0,
        "failed": 0,
    }
    database.write_now(_make_due)
    assert labelbot_answered("export", "--due", "--json").json == {
        "queued": 1,
        "written": 1,
        "failed": 0,
    }
    assert labelbot_answered("export", "--due").out == "0 exports written.\n"
    (folder,) = (labelbot_answered.folder / "nightly").iterdir()
    assert folder.name == "tone-preference-20260102T060000Z"


def _make_due(session: Session) -> None:
    schedule = session.exec(select(ExportSchedule)).one()
    schedule.due_at = datetime(2026, 1, 2, 6, 0, tzinfo=UTC)
    session.add(schedule)


def test_unwritable_folder_fails_export(
    labelbot_answered: CommandRunner, database: Database
) -> None:
    labelbot_answered.write_file("full", "in the way")
    result = labelbot_answered("export", "tone", "--to", "full")
    assert result.code == 1
    assert result.err.startswith("The export could not be written: ")
    labelbot_answered.write_file("nightly", "in the way")
    database.write_now(_make_due)
    result = labelbot_answered("export", "--due")
    assert result.code == 1
    assert result.err.splitlines()[-1] == "1 export failed; see the messages above."
    states = database.read_now(
        lambda session: session.exec(select(ExportRun.state).order_by(col(ExportRun.id))).all()
    )
    assert list(states) == ["failed", "queued"]


def test_status_shows_all_campaigns_or_one_with_experts(labelbot_answered: CommandRunner) -> None:
    labelbot_answered("campaign", "create", "jokes", "--kind", "rating")
    lines = labelbot_answered("status").out.splitlines()
    assert [line.split()[0] for line in lines[:3]] == ["name", "tone", "jokes"]
    assert "jokes: There are no items yet: import some." in lines
    out = labelbot_answered("status", "tone").out
    assert "jokes" not in out
    assert ADA in out
    report = labelbot_answered("status", "tone", "--json").json
    (campaign,) = report["campaigns"]
    assert (campaign["answered"], campaign["wanted"], campaign["complete"]) == (3, 3, 3)
    assert report["experts"][0]["answered"] == 3
    assert [
        campaign["name"] for campaign in labelbot_answered("status", "--json").json["campaigns"]
    ] == [
        "tone",
        "jokes",
    ]
