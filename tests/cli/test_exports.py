"""`labelbot export` and `labelbot status`: a whole campaign from the command line."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import pytest
from sqlmodel import Session, col, select

from bot.services.actors.interaction import Interaction
from bot.services.answers import submit
from bot.services.assignments import assign, selection
from storage.database import Database
from storage.tables import ExportRun, ExportSchedule
from tests.cli.conftest import CommandRunner
from tests.services.conftest import pair

ADA = "U0ADA"
CLICKS = count(1)


def _answer_all(session: Session) -> int:
    """Let Ada say of every task she can get that the first is better."""
    ada = assign.expert_by_slack_id(session, ADA)
    assert ada is not None
    search = selection.build_search(session, ada.id or 0, locked=True)
    answered = 0
    now = datetime.now(UTC)
    while given := assign.next_assignment(session, search, now):
        assign.mark_delivered(session, given, now)
        session.flush()
        interaction = Interaction(ADA, f"click-{next(CLICKS)}", now)
        submit.submit_answer(session, given.id or 0, {"verdict": "a"}, interaction)
        session.expire_all()
        answered += 1
    return answered


@pytest.fixture
def answered(labelbot: CommandRunner, database_url: str) -> CommandRunner:
    """Return a shell with a campaign of three answered comparisons, exported each morning."""
    words = f"tone --kind comparison --overlap 1 --expert {ADA} --export-to nightly --export-cron"
    assert labelbot("campaign", "create", *words.split(), "0 6 * * *").code == 0
    rows = "".join(f"{json.dumps(pair(number))}\n" for number in (1, 2, 3))
    assert labelbot("import", "tone", labelbot.write_file("pairs.jsonl", rows)).code == 0
    database = Database(database_url)
    assert database.write_now(_answer_all) == 3
    database.close()
    return labelbot


def test_answers_are_exported_in_the_format_of_the_kind(answered: CommandRunner) -> None:
    ran = answered("export", "tone", "--json")
    assert (ran.code, ran.json["row_count"]) == (0, 3)
    folder = Path(ran.json["directory"])
    assert folder.parent == answered.folder / "exports"
    rows = [json.loads(row) for row in (folder / "data.jsonl").read_text().splitlines()]
    assert [row["item"] for row in rows] == ["pair-1", "pair-2", "pair-3"]
    assert {"prompt", "chosen", "rejected"} <= rows[0].keys()


def test_what_was_written_is_said(answered: CommandRunner) -> None:
    ran = answered("export", "tone", "--format", "annotations", "--to", "out")
    assert ran.code == 0
    assert ran.out.startswith(f"3 rows in {answered.folder / 'out' / 'tone-annotations-'}")


def test_an_export_of_nothing_says_what_to_look_at(labelbot_sqlite: CommandRunner) -> None:
    labelbot_sqlite("campaign", "create", "tone", "--kind", "comparison")
    ran = labelbot_sqlite("export", "tone")
    assert (ran.code, ran.out.startswith("0 rows in ")) == (0, True)
    assert "Nothing is answered yet; labelbot status" in ran.err


def test_the_command_writes_its_run_down(answered: CommandRunner, database: Database) -> None:
    answered("export", "tone")
    run = database.read_now(lambda session: session.exec(select(ExportRun)).one())
    assert (run.state, run.rows, run.requested_by) == ("done", 3, None)


def test_a_format_that_does_not_suit_is_refused(answered: CommandRunner) -> None:
    ran = answered("export", "tone", "--format", "rating")
    assert (ran.code, ran.out) == (1, "")
    assert ran.err == (
        "A comparison campaign has no rating format; try preference or annotations.\n"
    )


def test_what_is_due_is_exported_once(answered: CommandRunner, database: Database) -> None:
    assert answered("export", "--due", "--json").json == {"queued": 0, "written": 0, "failed": 0}
    database.write_now(_make_due)
    assert answered("export", "--due", "--json").json == {"queued": 1, "written": 1, "failed": 0}
    assert answered("export", "--due").out == "0 exports written.\n"
    (folder,) = (answered.folder / "nightly").iterdir()
    assert folder.name == "tone-preference-20260102T060000Z"


def _make_due(session: Session) -> None:
    schedule = session.exec(select(ExportSchedule)).one()
    schedule.due_at = datetime(2026, 1, 2, 6, 0, tzinfo=UTC)
    session.add(schedule)


def test_a_disk_that_refuses_is_a_failure(answered: CommandRunner, database: Database) -> None:
    answered.write_file("full", "in the way")
    ran = answered("export", "tone", "--to", "full")
    assert ran.code == 1
    assert ran.err.startswith("The export could not be written: ")
    answered.write_file("nightly", "in the way")
    database.write_now(_make_due)
    ran = answered("export", "--due")
    assert ran.code == 1
    assert ran.err.splitlines()[-1] == "1 exports failed; each says above what to do."
    states = database.read_now(
        lambda session: session.exec(select(ExportRun.state).order_by(col(ExportRun.id))).all()
    )
    assert list(states) == ["queued", "queued"]


def test_status_tells_all_campaigns_or_one_with_its_experts(answered: CommandRunner) -> None:
    answered("campaign", "create", "jokes", "--kind", "rating")
    lines = answered("status").out.splitlines()
    assert [line.split()[0] for line in lines[:3]] == ["name", "tone", "jokes"]
    assert "jokes: There are no items yet: import some." in lines
    out = answered("status", "tone").out
    assert "jokes" not in out
    assert ADA in out
    told = answered("status", "tone", "--json").json
    (campaign,) = told["campaigns"]
    assert (campaign["answered"], campaign["wanted"], campaign["complete"]) == (3, 3, 3)
    assert told["experts"][0]["answered"] == 3
    assert [one["name"] for one in answered("status", "--json").json["campaigns"]] == [
        "tone",
        "jokes",
    ]
