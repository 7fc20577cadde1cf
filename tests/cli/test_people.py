"""Tests of `labelbot people`: after an erasure, nothing in the files identifies the person."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from sqlalchemy.engine import make_url
from sqlmodel import Session, SQLModel

from bot.messages.texts import TextMessage
from bot.services.actors import roles
from bot.services.actors.actor import Actor
from bot.services.actors.audit_log import SLACK
from bot.services.campaigns import drafts
from bot.services.questions import flags, questions
from storage.compaction import NotCompactedError, compact
from storage.database import Database
from storage.queries import outbox
from storage.tables import Assignment, Expert, Item, Role, SlackCallLog
from tests.cli.conftest import CommandRunner
from tests.services.conftest import Scenario, pair
from tests.services.invariants import check_counts

ADA, BOB, CORA = "U0ADA7777", "U0ADA77", "U0CORA"
"""Bob's Slack id is the beginning of Ada's."""

NAME, ADDRESS, CHANNEL = "Ada “Countess” Lovelace", "ada@example.com", "D0ADA7777"
SENT, ASKED, DRAFTED, REPORTED = (
    "Hello dear Ada, three tasks wait",
    "Is the second tone ironic?",
    "Who wrote this nonsense?",
    "The text is broken here",
)
DRAFT, NOTED = "Half a campaign", "Prefers short tasks"
TRACES = (ADA, NAME, "Countess", ADDRESS, CHANNEL, SENT, ASKED, DRAFTED, REPORTED, DRAFT, NOTED)


@pytest.fixture
def campaign(labelbot: CommandRunner, database_url: str) -> Iterator[Scenario]:
    """Yield a campaign in which Ada answered, asked, reported a problem, and holds a task."""
    with closing(Database(database_url)) as database:
        scenario = Scenario(database, labelbot.folder)
        scenario.create_campaign(experts=[ADA, BOB], overlap=2)
        scenario.import_rows("tone", [pair(number) for number in range(4)])
        for _ in range(2):
            scenario.submit_answer(ADA, scenario.assign_next(ADA) or 0, verdict="tie")
        scenario.answer_all(BOB, verdict="tie")
        held = scenario.assign_next(ADA) or 0
        database.write_now(write_about_ada, scenario, held)
        yield scenario


def write_about_ada(session: Session, scenario: Scenario, held: int) -> None:
    """Store everything that the bot may know about Ada."""
    expert = session.get_one(Expert, 1)
    expert.name, expert.channel, expert.note = NAME, CHANNEL, NOTED
    first = session.get_one(Assignment, 1)
    first.channel, first.message_ts = CHANNEL, "1.0"
    session.get_one(Item, 4).author = ADA
    session.add_all(SlackCallLog(method="chat.postMessage", channel=one) for one in (ADA, CHANNEL))
    session.flush()
    click = scenario.interaction(ADA)
    questions.ask_question(session, 1, ASKED, click, [CORA])
    questions.answer_question(session, 1, "Yes.", scenario.actor)
    questions.ask_question(session, held, DRAFTED, click, [CORA])
    flags.flag_item(session, held, REPORTED, click, [CORA])
    roles.grant_role(session, ADA, Role.SENIOR, scenario.actor)
    outbox.enqueue(session, TextMessage(SENT), recipient=ADA, now=scenario.now)
    outbox.enqueue(session, TextMessage(f"{NAME} left."), recipient=CORA, now=scenario.now)
    drafts.save_draft(session, {"title": DRAFT}, Actor(ADA, SLACK, scenario.now))
    drafts.save_draft(session, {"people": [ADA, BOB]}, Actor(CORA, SLACK, scenario.now))
    scenario.actor.record(session, "looked up", f"expert {ADA}", address=ADDRESS, name=NAME)


def stored_bytes(url: str) -> bytes:
    """Return every byte of a SQLite database, its log included, or a copy of every table."""
    if url.startswith("sqlite"):
        path = Path(str(make_url(url).database))
        return b"".join(file.read_bytes() for file in sorted(path.parent.glob(f"{path.name}*")))
    with psycopg.connect(url.replace("+psycopg", "")) as connection, connection.cursor() as cursor:
        content = bytearray()
        for table in SQLModel.metadata.sorted_tables:
            with cursor.copy(f'COPY "{table.name}" TO STDOUT'.encode()) as copied:
                content += b"".join(map(bytes, copied))
        return bytes(content)


def exported(labelbot: CommandRunner, name: str) -> bytes:
    """Export the campaign into a folder and return the rows."""
    result = labelbot("export", "tone", "--format", "annotations", "--to", name)
    assert result.code == 0, result.err
    (rows,) = (labelbot.folder / name).rglob("*.jsonl")
    return rows.read_bytes()


def test_nothing_identifies_an_erased_person(
    labelbot: CommandRunner, campaign: Scenario, database_url: str
) -> None:
    before = exported(labelbot, "before")
    stored = stored_bytes(database_url)
    missing = [trace for trace in TRACES if trace.encode() not in stored]
    assert missing == []  # otherwise the search below proves nothing
    refused = labelbot("people", "erase", ADA)
    assert (refused.code, "--yes" in refused.err) == (1, True)

    erased = labelbot("people", "erase", ADA, "--address", ADDRESS, "--yes", "--json").json

    stored = stored_bytes(database_url)
    assert erased["mentions"] == {}
    assert [trace for trace in TRACES if trace.encode() in stored] == []
    assert exported(labelbot, "after") == before
    expert, bob = campaign.rows(Expert)
    assert erased["pseudonym"] == expert.pseudonym == expert.slack_id
    assert (erased["unassigned"], erased["mentions"]) == (1, {})
    assert bob.slack_id == BOB
    audit = labelbot("audit", "--json").json
    assert {"erased a person", "looked up"} <= {entry["action"] for entry in audit}
    assert f"expert {expert.pseudonym}" in {entry["subject"] for entry in audit}
    assert campaign.rows(Item)[3].author == expert.pseudonym
    check_counts(campaign)
    again = labelbot("people", "erase", expert.pseudonym, "--yes")
    assert "erased already" in again.err


@pytest.mark.parametrize(
    ("statements", "reason"),
    [
        (("BEGIN", "SELECT * FROM expert"), "uses the database all the time"),
        (("BEGIN IMMEDIATE",), "keeps the database locked"),
    ],
    ids=["reader", "writer"],
)
def test_database_in_use_is_not_compacted(
    sqlite_url: str, scenario: Scenario, statements: tuple[str, ...], reason: str
) -> None:
    scenario.create_campaign(experts=[ADA])
    with closing(sqlite3.connect(str(make_url(sqlite_url).database))) as other:
        for statement in statements:
            other.execute(statement).fetchall()
        with pytest.raises(NotCompactedError, match=reason):
            compact(sqlite_url, busy_seconds=0.01)
    compact(sqlite_url, busy_seconds=0.01)


def test_person_who_returns_is_a_new_expert(labelbot: CommandRunner, campaign: Scenario) -> None:
    labelbot("people", "erase", ADA, "--yes")
    listed = [expert["slack_id"] for expert in labelbot("experts", "list", "--json").json]
    assert listed == [BOB]
    labelbot("experts", "invite", ADA, "--campaign", "tone")
    old, _bob, new = campaign.rows(Expert)
    assert (new.slack_id, new.pseudonym != old.pseudonym) == (ADA, True)


def test_export_has_their_rows_and_no_secrets(labelbot: CommandRunner, campaign: Scenario) -> None:
    del campaign
    found = labelbot("people", "export", ADA).json
    assert found["expert"][0]["name"] == NAME
    assert len(found["annotation"]) == 2
    assert {row["text"] for row in found["question"]} == {ASKED, DRAFTED}
    assert "heron-7b" not in str(found)
    assert BOB not in {row.get("slack_id") for row in found["expert"]}
    labelbot("people", "export", ADA, "--out", "ada.json")
    assert (labelbot.folder / "ada.json").stat().st_size > 1000


def test_unknown_person_is_an_error(labelbot_sqlite: CommandRunner) -> None:
    for command in (("export", "U0NOBODY"), ("erase", "U0NOBODY", "--yes")):
        result = labelbot_sqlite("people", *command)
        assert (result.code, "Nothing is stored about “U0NOBODY”" in result.err) == (1, True)


def test_coordinator_without_answers_gets_a_pseudonym(
    labelbot_sqlite: CommandRunner, scenario: Scenario
) -> None:
    scenario.create_campaign()
    scenario.database.write_now(roles.grant_role, CORA, Role.COORDINATOR, scenario.actor)
    erased = labelbot_sqlite("people", "erase", CORA, "--yes", "--json").json
    assert erased["pseudonym"].startswith("person-")
    assert CORA not in str(labelbot_sqlite("audit", "--json").json)


def test_answers_that_name_the_person_are_reported(
    labelbot_sqlite: CommandRunner, scenario: Scenario
) -> None:
    scenario.create_campaign(experts=[ADA])
    scenario.import_rows("tone", [pair(1, response_a=f"Ask {ADA}.")])
    erased = labelbot_sqlite("people", "erase", ADA, "--yes", "--json").json
    assert erased["mentions"] == {"candidate": 1}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("",), "“” is no Slack id"),
        (("tone",), "“tone” is no Slack id"),
        (("u0ada",), "“u0ada” is no Slack id"),
        (("U0ADA", "--address", "ada"), "“ada” is no e-mail address"),
        (("U0ADA", "--address", ""), "“” is no e-mail address"),
    ],
)
def test_words_that_identify_nobody_are_refused(
    labelbot_sqlite: CommandRunner, scenario: Scenario, arguments: tuple[str, ...], message: str
) -> None:
    scenario.create_campaign(experts=["U0ADA"])
    events = scenario.count("audit_event")
    for command in (("export", *arguments), ("erase", *arguments, "--yes")):
        result = labelbot_sqlite("people", *command)
        assert (result.code, message in result.err) == (1, True), result.err
    assert scenario.count("audit_event") == events
