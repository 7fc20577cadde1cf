"""Tests of `labelbot outbox`."""

from __future__ import annotations

import os
from contextlib import closing
from datetime import UTC, datetime

import pytest
from sqlalchemy import insert, inspect
from sqlmodel import Session, select

from bot.messages.texts import TextMessage
from bot.services.actors.actor import Actor
from bot.services.outbox import undelivered_messages
from bot.services.outbox.undelivered_messages import UnknownMessagesError
from storage.database import Database
from storage.queries import outbox
from storage.tables import OutboxMessage, OutboxState
from tests.cli.conftest import CommandRunner

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
ACTOR = Actor("ada", "command line", NOW)


def fill_outbox(labelbot: CommandRunner) -> None:
    """Store one message in each state."""
    labelbot("audit")  # creates the tables
    database = Database(os.environ["DATABASE_URL"])
    database.write_now(_add_messages)
    database.close()


def _add_messages(session: Session) -> None:
    for number, state in enumerate(OutboxState, start=1):
        outbox.enqueue(session, TextMessage("secret"), recipient="U0ADA", now=NOW)
        session.flush()
        row = session.get_one(OutboxMessage, number)
        row.state, row.attempts = state, 3
        row.error = "user_disabled" if state == OutboxState.FAILED else None
        row.sent_at = None if state in (OutboxState.WAITING, OutboxState.HELD) else NOW
        session.add(row)


def states_of(labelbot: CommandRunner) -> dict[int, str]:
    """Return the state of each listed message by its id."""
    options = [f"--state={state}" for state in ("waiting", "held", "failed", "dropped")]
    listed = labelbot("outbox", "list", *options, "--json").json
    return {message["id"]: message["state"] for message in listed}


def test_list_shows_errors_and_no_content(labelbot: CommandRunner) -> None:
    assert labelbot("outbox", "list").out == "The outbox has no such messages.\n"
    fill_outbox(labelbot)
    failed, held = labelbot("outbox", "list", "--json").json
    assert (failed["state"], failed["error"], failed["attempts"]) == ("failed", "user_disabled", 3)
    assert (held["state"], held["error"]) == ("held", None)
    table = labelbot("outbox", "list").out
    assert "user_disabled" in table
    assert "secret" not in table
    assert labelbot("outbox", "list", "--limit", "1", "--json").json == [failed]
    assert states_of(labelbot) == {1: "waiting", 2: "held", 5: "failed", 6: "dropped"}


def test_retry_queues_messages_as_new_ones(labelbot: CommandRunner) -> None:
    fill_outbox(labelbot)
    assert labelbot("outbox", "retry", "6").out == "Queued again: 1 message.\n"
    assert labelbot("outbox", "retry", "--all", "--json").json == {"ids": [2, 5]}
    assert states_of(labelbot) == {1: "waiting", 2: "waiting", 5: "waiting", 6: "waiting"}
    (message, *_others) = labelbot("outbox", "list", "--state", "waiting", "--json").json
    assert (message["attempts"], message["error"]) == (0, None)
    (entry,) = labelbot("audit", "--limit", "1", "--json").json
    assert (entry["action"], entry["details"]) == ("queued messages again", {"ids": [2, 5]})


def test_drop_leaves_sent_messages_alone(labelbot: CommandRunner) -> None:
    fill_outbox(labelbot)
    assert labelbot("outbox", "drop", "--all").out == "Dropped: 1 message.\n"
    assert labelbot("outbox", "drop", "1", "2").out == "Dropped: 2 messages.\n"
    assert set(states_of(labelbot).values()) == {"dropped"}


def test_unknown_ids_change_nothing(labelbot: CommandRunner) -> None:
    fill_outbox(labelbot)
    before = states_of(labelbot)
    for command in ("retry", "drop"):
        result = labelbot("outbox", command, "5", "3", "99")
        assert (result.code, "No message 3, 99 in the states" in result.err) == (1, True)
        assert labelbot("outbox", command).code == 2
        assert labelbot("outbox", command, "5", "--all").code == 2
    assert states_of(labelbot) == before


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["list", "--state", "sent"], "Unknown state “sent”. Choose one of: waiting, held, failed"),
        (["list", "--state", ""], "Unknown state “”. Choose one of: waiting, held, failed"),
        (["list", "--limit", "0"], "“0” is not a limit. Write a whole number from 1, such as 100."),
        (["list", "--limit", "many"], "“many” is not a limit."),
        (["list", "--limit", "9" * 30], "“999999999999999999999999999999” is not a limit."),
        *(
            ([command, text], f"“{text}” is not the id of a message. Write numbers that “labelbot")
            for command in ("retry", "drop")
            for text in ("x", "1.5", "0", "-5", "\uff11\uff12", "--al", str(2**63))
        ),
    ],
)
def test_wrong_value_is_explained(
    labelbot_sqlite: CommandRunner, arguments: list[str], message: str
) -> None:
    result = labelbot_sqlite("outbox", *arguments)
    assert result.code == 2
    assert message in " ".join(result.err.replace("│", "").split())


def test_more_messages_are_changed_than_a_statement_has_parameters(
    labelbot_sqlite: CommandRunner,
) -> None:
    fill_outbox(labelbot_sqlite)
    with closing(Database(os.environ["DATABASE_URL"])) as database:
        database.write_now(_multiply_failed_message)
        with pytest.raises(UnknownMessagesError, match=r"No message 50000, .* and 39,990 more in"):
            database.write_now(undelivered_messages.retry, range(50_000, 90_000), ACTOR)
    assert labelbot_sqlite("outbox", "drop", "--all").out == "Dropped: 40,000 messages.\n"


def _multiply_failed_message(session: Session) -> None:
    """Make 40,000 messages of the one that failed."""
    columns = [column for column in inspect(OutboxMessage).columns if column.name != "id"]
    copies = select(*columns).where(OutboxMessage.state == OutboxState.FAILED)
    for _ in range(13):  # 8,192 messages
        session.connection().execute(insert(OutboxMessage).from_select(columns, copies))
    for _ in range(4):
        session.connection().execute(
            insert(OutboxMessage).from_select(columns, copies.limit(7_952))
        )
