"""Tests of the error handler: expected errors, errors of fields, and bugs."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from slack_bolt.context.async_context import AsyncBoltContext
from sqlalchemy import text
from sqlmodel import Session

from bot.leadership import Leadership
from bot.process_lock import ProcessLock
from bot.scheduler import Scheduler
from bot.slack.parsing.action_ids import Action
from bot.slack.views.task_modals import ModalMetadata
from handlers.dispatch import IS_READ
from handlers.errors import handle_error
from storage.database import Database
from tests.conftest import empty_tables
from tests.handlers.bolt_app import (
    BoltApp,
    assign_next_task,
    command_payload,
    open_bolt_app,
    submission_payload,
    view_button_payload,
)
from tests.services.conftest import Scenario
from tests.slack.conftest import visible_text
from tests.storage.failing_database import FailingDatabase


async def test_expected_error_is_an_ephemeral_message(bolt: BoltApp) -> None:
    response = await bolt.click_button("U1", Action("answer", 404, "verdict", "a"))
    assert (response.status, response.body) == (200, "")
    assert bolt.slack.response_url_server.posted == [
        {
            "response_type": "ephemeral",
            "replace_original": False,
            "text": "This task no longer exists. Use `/label next` to get the next one.",
        }
    ]


async def test_field_error_is_shown_at_its_field_in_the_open_modal(bolt: BoltApp) -> None:
    ada = bolt.slack.add_expert()
    bolt.slack.scenario.create_campaign(kind="demonstration", experts=[ada.id])
    bolt.slack.scenario.import_rows("tone", [{"id": "1", "prompt": "Explain."}])
    assignment_id = await assign_next_task(bolt, ada)
    body = submission_payload(
        ada.id, "write_answer", ModalMetadata(assignment_id).to_json(), response__0=" "
    )
    response = await bolt.send(body)
    assert response.status == 200
    assert json.loads(response.body) == {
        "response_action": "errors",
        "errors": {"response:0": "Enter your response."},
    }


async def test_error_of_a_field_that_the_modal_lacks_is_shown_on_top(bolt: BoltApp) -> None:
    """The modal asks for a reason; meanwhile its verdict was undone in the message."""
    ada = bolt.slack.add_expert()
    bolt.slack.create_campaign(ada)
    assignment_id = await assign_next_task(bolt, ada)
    body = submission_payload(
        ada.id, "write_answer", ModalMetadata(assignment_id).to_json(), reason__0="Because."
    )
    response = json.loads((await bolt.send(body)).body)
    assert response["response_action"] == "push"
    assert "Choose one" in visible_text(response["view"]["blocks"])


async def test_other_error_of_a_modal_is_shown_on_top(bolt: BoltApp) -> None:
    body = submission_payload(
        "U1", "write_answer", ModalMetadata(404).to_json(), reason__0="Because."
    )
    response = json.loads((await bolt.send(body)).body)
    assert response["response_action"] == "push"
    assert response["view"]["callback_id"] == "notice"


async def test_error_of_a_command_is_its_ephemeral_reply(bolt: BoltApp) -> None:
    response = await bolt.send(command_payload("U1", "export tone"))
    assert response.status == 200
    assert json.loads(response.body) == {
        "response_type": "ephemeral",
        "text": "Only coordinators can export datasets; ask one of them to do it for you.",
    }


async def test_error_in_the_home_tab_opens_a_modal(bolt: BoltApp) -> None:
    await bolt.send(view_button_payload("U1", Action("answer", 404, "x", "y"), {"type": "home"}))
    (call,) = bolt.api_calls("views.open")
    assert "no longer exists" in str(call)


async def test_error_of_a_button_in_a_modal_is_shown_on_top(bolt: BoltApp) -> None:
    await bolt.send(view_button_payload("U1", Action("add_text_box", 404), {"type": "modal"}))
    (call,) = bolt.api_calls("views.push")
    assert "no longer exists" in str(call)


@pytest.fixture
def broken_database(bolt: BoltApp) -> Iterator[None]:
    """Take the table of experts away, which no handler expects."""

    def rename_table(session: Session, old: str, new: str) -> None:
        session.connection().execute(text(f"ALTER TABLE {old} RENAME TO {new}"))

    bolt.slack.database.write_now(rename_table, "expert", "hidden_expert")
    yield
    bolt.slack.database.write_now(rename_table, "hidden_expert", "expert")


@pytest.mark.usefixtures("broken_database")
async def test_bug_is_logged_and_not_acknowledged(
    bolt: BoltApp, caplog: pytest.LogCaptureFixture
) -> None:
    response = await bolt.send(command_payload("U1", "next"))
    assert response.status == 500
    assert "OperationalError" in caplog.text


@pytest.mark.usefixtures("broken_database")
async def test_apology_has_a_reference_to_the_log(
    bolt: BoltApp, caplog: pytest.LogCaptureFixture
) -> None:
    body = command_payload("U1", "next", response_url=bolt.slack.response_url_server.url)
    response = await bolt.send(body)
    assert response.status == 500
    (apology,) = bolt.ephemeral_texts()
    (reference,) = re.findall("“([0-9a-f]{8})”", apology)
    assert f"bug {reference}" in caplog.text


@pytest.mark.usefixtures("broken_database")
async def test_apology_does_not_quote_the_error(bolt: BoltApp) -> None:
    body = command_payload("U1", "next", response_url=bolt.slack.response_url_server.url)
    await bolt.send(body)
    (apology,) = bolt.ephemeral_texts()
    assert "expert" not in apology


SENTENCE = (
    "Nothing can be saved now: the database file is read-only. "
    "Your last action was not saved. Try again later."
)


@pytest.fixture
async def read_only_bolt(sqlite_url: str, tmp_path: Path) -> AsyncIterator[BoltApp]:
    """Return a Bolt app whose database is read-only; it has an expert, U0ADA."""
    with closing(Database(sqlite_url)) as database:
        Scenario(database, tmp_path).create_campaign(experts=["U0ADA"])
    with closing(FailingDatabase(sqlite_url, "read-only")) as database:
        async with open_bolt_app(database, tmp_path) as opened:
            yield opened


async def test_tap_during_an_outage_is_not_acknowledged_and_the_cause_is_shown(
    read_only_bolt: BoltApp,
) -> None:
    response = await read_only_bolt.click_button("U1", Action("answer", 1, "verdict", "a"))
    assert response.status == 503
    assert read_only_bolt.ephemeral_texts() == [SENTENCE]


async def test_dialog_during_an_outage_stays_open_and_shows_the_cause(
    read_only_bolt: BoltApp,
) -> None:
    body = submission_payload("U1", "write_answer", ModalMetadata(1).to_json(), reason__0="Hm.")
    response = await read_only_bolt.send(body)
    assert response.status == 200
    shown = json.loads(response.body)
    assert shown["response_action"] == "push"
    assert SENTENCE in json.dumps(shown)


async def test_command_during_an_outage_is_answered_with_the_cause(read_only_bolt: BoltApp) -> None:
    assert await read_only_bolt.send_command("U0ADA", "next") == SENTENCE


async def test_event_during_an_outage_is_not_acknowledged(read_only_bolt: BoltApp) -> None:
    user = {"id": "U0ADA", "tz": "Europe/London", "real_name": "Ada", "profile": {}}
    event = {"type": "user_change", "user": user}
    body = {"type": "event_callback", "team_id": "T1", "event_id": "Ev1", "event": event}
    assert (await read_only_bolt.send(body)).status == 503


async def test_outage_is_one_line_in_the_log(
    read_only_bolt: BoltApp, caplog: pytest.LogCaptureFixture
) -> None:
    for _ in range(10):
        await read_only_bolt.click_button("U1", Action("answer", 1, "verdict", "a"))
        await read_only_bolt.send_command("U0ADA", "next")
        leadership = Leadership(ProcessLock(read_only_bolt.app.db))
        await Scheduler(read_only_bolt.app, 5, leadership).tick()
        read_only_bolt.app.run_in_background(read_only_bolt.app.db.write(empty_tables))
    await read_only_bolt.app.wait_for_background_tasks()
    about_people = "bot.slack.client.profiles"  # the sandbox does not know the expert
    (record,) = [
        record
        for record in caplog.records
        if record.levelno >= logging.WARNING and record.name != about_people
    ]
    assert record.getMessage().startswith("nothing can be stored: the database file is read-only")
    assert record.exc_info is None


NO_SUCH_ID: dict[str, dict[str, Any]] = {
    "global shortcut": {"type": "shortcut", "callback_id": "x", "trigger_id": "1.2.z"},
    "message shortcut": {
        "type": "message_action",
        "callback_id": "x",
        "trigger_id": "1.2.z",
        "message": {"ts": "1.2"},
    },
    "unknown type": {"type": "teleport", "trigger_id": "1.2.z"},
    "no type": {},
}


@pytest.mark.parametrize("part", NO_SUCH_ID.values(), ids=NO_SUCH_ID.keys())
async def test_unknown_request_is_answered_and_logged_in_one_line(
    bolt: BoltApp, caplog: pytest.LogCaptureFixture, part: dict[str, Any]
) -> None:
    url = bolt.slack.response_url_server.url
    body = {"user": {"id": "U1"}, "team": {"id": "T1"}, "response_url": url, **part}
    assert (await bolt.send(body)).status == 200
    assert bolt.ephemeral_texts() == [
        "The bot does not know this action. Use `/label help` for what it can do."
    ]
    (record,) = caplog.records
    assert (record.levelname, record.exc_info) == ("WARNING", None)


async def test_unknown_shortcut_without_a_message_is_answered_in_a_dialog(bolt: BoltApp) -> None:
    body = {
        "type": "shortcut",
        "callback_id": "x",
        "user": {"id": "U1"},
        "team": {"id": "T1"},
        "trigger_id": "1.2.z",
    }
    assert (await bolt.send(body)).status == 200
    (call,) = bolt.api_calls("views.open")
    assert "does not know this action" in str(call)


async def test_unknown_dialog_says_what_to_do(bolt: BoltApp) -> None:
    response = await bolt.send(submission_payload("U1", "shred", "{}"))
    body = json.loads(response.body)
    assert (response.status, body["response_action"]) == (200, "push")
    assert "Close it, and open it again." in str(body["view"])


async def test_menu_that_loads_its_options_is_empty(bolt: BoltApp) -> None:
    body = {
        "type": "block_suggestion",
        "action_id": "x",
        "block_id": "b",
        "value": "a",
        "user": {"id": "U1"},
        "team": {"id": "T1"},
    }
    response = await bolt.send(body)
    assert (response.status, json.loads(response.body)) == (200, {"options": []})


async def test_error_without_app_context_is_logged_as_itself(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The handler of an error must not fail itself: then nobody reads about the first one."""
    context = AsyncBoltContext({IS_READ: True})
    response = await handle_error(ZeroDivisionError("by zero"), {"type": "block_actions"}, context)
    assert response.status == 500
    assert "ZeroDivisionError: by zero" in caplog.text


async def test_payload_without_a_field_is_logged_in_one_line_that_names_it(
    bolt: BoltApp, caplog: pytest.LogCaptureFixture
) -> None:
    body = {"type": "block_actions", "user": {"id": "U1"}, "team": {"id": "T1"}, "actions": [{}]}
    assert (await bolt.send(body)).status == 200
    (record,) = caplog.records
    assert record.getMessage() == "refused type 'block_actions': actions.0.action_id is missing"
    assert record.exc_info is None
