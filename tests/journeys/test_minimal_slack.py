"""The bot with a minimal stand-in for Slack, whose payloads have fewer fields than Slack's."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlmodel import Session, col, select

from bot.background_bot import BackgroundBot
from bot.clock import AdjustableClock
from bot.imports.mapping import ColumnMapping
from bot.services.actors.actor import Actor
from bot.services.actors.audit_log import COMMAND_LINE
from bot.services.campaigns import campaigns
from bot.services.campaigns.new_campaign import NewCampaign
from bot.services.imports import importer
from bot.services.imports.importer import ImportSource
from bot.settings import Settings
from storage.database import Database
from storage.tables import Annotation
from tests.journeys.journey import ITEM_ROWS, MONDAY_MORNING
from tests.journeys.minimal_slack import (
    Json,
    MinimalSlack,
    buttons_by_text,
    send_signed_request,
    state_values,
)

SIGNING_SECRET = "a signing secret"  # noqa: S105 - only for this stand-in
ADA = "U0ADA0001"
ADA_DM = "D0ADA0001"


@dataclass
class MinimalWorkspace:
    """The stand-in, the bot and its database."""

    slack: MinimalSlack
    bot: BackgroundBot
    database: Database

    def send_form(self, secret: str = SIGNING_SECRET, **form: str) -> tuple[int, str]:
        """Send a signed form to the bot; return the status and the body of the response."""
        return send_signed_request(self.bot.url, secret, form)

    def send_interaction(self, payload: Json, secret: str = SIGNING_SECRET) -> int:
        """Send a signed interaction by Ada to the bot; return the status of the response."""
        interaction = {"user": {"id": ADA}, "trigger_id": "1.2.x", **payload}
        return self.send_form(secret, payload=json.dumps(interaction))[0]

    def annotation_values(self) -> list[Json | None]:
        """Return the value of every version of every annotation."""
        return self.database.read_now(_annotation_values)


def _annotation_values(session: Session) -> list[Json | None]:
    return [
        annotation.value
        for annotation in session.exec(
            select(Annotation).order_by(col(Annotation.assignment_id), col(Annotation.version))
        )
    ]


@pytest.fixture
def workspace(
    request: pytest.FixtureRequest, sqlite_url: str, tmp_path: Path
) -> Iterator[MinimalWorkspace]:
    """Return a running bot with Ada in one campaign, whose kind is the indirect parameter."""
    clock = AdjustableClock(MONDAY_MORNING)
    database = Database(sqlite_url)
    slack = MinimalSlack()
    kind = request.param
    actor = Actor("tests", COMMAND_LINE, clock.now())
    new_campaign = NewCampaign(
        name=kind, kind=kind, title=kind, overlap=1, experts=[ADA], sends_welcome=False
    )
    database.write_now(campaigns.create_campaign, new_campaign, actor)
    path = tmp_path / "items.jsonl"
    path.write_text("".join(f"{json.dumps(row)}\n" for row in ITEM_ROWS[kind]))
    importer.import_file(database, ImportSource(kind, path, ColumnMapping()), actor)
    settings = {
        "SLACK_BOT_TOKEN": "xoxb-minimal",
        "SLACK_APP_TOKEN": None,
        "SLACK_SIGNING_SECRET": SIGNING_SECRET,
        "SLACK_API_URL": f"{slack.url}/api/",
        "DATABASE_URL": sqlite_url,
        "LABELBOT_COORDINATORS": "",
        "LABELBOT_PORT": 0,
        "LABELBOT_EXPORTS": tmp_path / "exports",
        "LABELBOT_IMPORTS": tmp_path / "imports",
        "LABELBOT_TICK_SECONDS": 60,
    }
    with BackgroundBot(Settings.model_validate(settings), clock) as bot:
        yield MinimalWorkspace(slack, bot, database)
    database.close()
    slack.stop()


def request_next_task(workspace: MinimalWorkspace) -> Json:
    """Send `/label next` as Ada, and return the message with the task."""
    status, response = workspace.send_form(command="/label", text="next", user_id=ADA)
    assert (status, "Sent to your DMs" in response) == (200, True)
    return workspace.slack.wait_for_call("chat.postMessage")


def tap(message: Json, text: str) -> Json:
    """Return the payload of a tap on a button of a message, with only the required fields."""
    return {"type": "block_actions", "actions": [buttons_by_text(message)[text]]}


@pytest.mark.parametrize("workspace", ["comparison"], indirect=True)
def test_minimal_tap_is_stored_once_and_shows_the_next_task(workspace: MinimalWorkspace) -> None:
    task = request_next_task(workspace)
    first = {**tap(task, "A is better"), "response_url": f"{workspace.slack.url}/reply"}
    assert workspace.send_interaction(first, "another secret") == 401
    assert workspace.annotation_values() == []

    assert workspace.send_interaction(first) == 200
    assert workspace.annotation_values() == [{"verdict": "a"}]
    second = workspace.slack.wait_for_call("reply")
    assert second["replace_original"] is True
    assert "Question 2?" in str(second)

    assert workspace.send_interaction(first) == 200, "a repeated delivery"
    assert len(workspace.annotation_values()) == 1

    assert workspace.send_interaction({**tap(second, "Tie"), "trigger_id": "3.4.x"}) == 200, (
        "a payload without a response_url"
    )
    third = workspace.slack.wait_for_call("chat.update", text="Question 3?")
    assert third["channel"] == ADA_DM

    container = {"container": {"message_ts": third["ts"], "channel_id": ADA_DM}}
    assert workspace.send_interaction({**tap(third, "Both are bad"), **container}) == 200
    assert workspace.annotation_values() == [
        {"verdict": "a"},
        {"verdict": "tie"},
        {"verdict": "both_bad"},
    ]


@pytest.mark.parametrize("workspace", ["demonstration"], indirect=True)
def test_minimal_view_submission_is_stored_and_shows_the_next_task(
    workspace: MinimalWorkspace,
) -> None:
    task = request_next_task(workspace)
    message = {"message": {"ts": "1700000000.000001"}, "channel": {"id": ADA_DM}}
    assert workspace.send_interaction({**tap(task, "Write the response…"), **message}) == 200
    view = workspace.slack.wait_for_call("views.open")["view"]
    submitted_view = {key: view[key] for key in ("type", "callback_id", "private_metadata")}
    submitted_view["state"] = {"values": state_values(view, "An answer of mine.")}
    assert workspace.send_interaction({"type": "view_submission", "view": submitted_view}) == 200
    assert workspace.annotation_values() == [{"response": "An answer of mine."}]
    assert "Please explain 2" in str(workspace.slack.wait_for_call("chat.update"))
