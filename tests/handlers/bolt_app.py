"""A Bolt app with the bot's listeners, a database and a sandbox workspace, for handler tests."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.context.async_context import AsyncBoltContext
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from sqlmodel import Session, select

import handlers
from bot.app_context import AppContext
from bot.sandbox import SimulatedUser
from bot.settings import Settings
from bot.slack.parsing.action_ids import Action
from storage.database import Database
from storage.tables import Expert
from tests.slack.slack_fixture import SlackFixture, open_slack

COORDINATOR = "U0BOSS"
REQUEST_NUMBERS = count(1)
"""Slack gives every request ids of its own; a payload that is sent twice is a repeated delivery."""
MESSAGE = {"channel_id": "D1", "message_ts": "1700000000.000100"}


@dataclass
class BoltApp:
    """Sends payloads to the listeners, and shows their responses and API calls."""

    slack: SlackFixture
    app: AppContext
    bolt_app: AsyncApp
    wake_calls: list[str] = field(default_factory=list)

    async def send(self, body: Mapping[str, Any]) -> BoltResponse:
        """Send a payload; return the acknowledgment after background tasks are done."""
        response = await self.bolt_app.async_dispatch(
            AsyncBoltRequest(body=dict(body), mode="socket_mode")
        )
        await self.app.wait_for_background_tasks()
        return response

    async def click_button(self, person: str, action: Action, **extra: Any) -> BoltResponse:  # noqa: ANN401 - parts of a payload
        """Send the click of a button on a message."""
        url = self.slack.response_url_server.url
        return await self.send(button_payload(person, action, response_url=url, **extra))

    async def send_command(self, person: str, text: str) -> str:
        """Send a /label command; return the text of the reply."""
        response = await self.send(command_payload(person, text))
        assert response.status == 200
        return (
            str(json.loads(response.body)["text"])
            if response.body.startswith("{")
            else response.body
        )

    def api_calls(self, method: str) -> list[dict[str, Any]]:
        """Return the arguments of every call of a Web API method."""
        return [
            dict(record.request)
            for record in self.slack.sandbox.traffic
            if record.kind == method and isinstance(record.request, dict)
        ]

    def ephemeral_texts(self) -> list[str]:
        """Return the texts of ephemeral messages sent through a response_url."""
        return [
            str(message["text"])
            for message in self.slack.response_url_server.posted
            if message.get("response_type") == "ephemeral"
        ]


def button_payload(person: str, action: Action, **extra: Any) -> dict[str, Any]:  # noqa: ANN401 - parts of a payload
    """Return the block_actions payload of a button on a message in a DM."""
    element = {
        "type": "button",
        "block_id": "b",
        "action_id": action.action_id,
        "value": action.value,
        "action_ts": f"1700000001.{next(REQUEST_NUMBERS):06}",
    }
    return {
        "type": "block_actions",
        "team": {"id": "T1"},
        "user": {"id": person, "team_id": "T1"},
        "container": {"type": "message", "is_ephemeral": False, **MESSAGE},
        "channel": {"id": "D1", "name": "directmessage"},
        "trigger_id": "1.2.x",
        "actions": [element],
        **extra,
    }


def view_button_payload(person: str, action: Action, view: Mapping[str, Any]) -> dict[str, Any]:
    """Return the block_actions payload of a button in a modal or Home tab."""
    payload = button_payload(person, action)
    del payload["channel"]
    return {
        **payload,
        "container": {"type": "view", "view_id": "V1"},
        "view": {"id": "V1", "hash": "1.x", "state": {"values": {}}, **view},
    }


def submission_payload(
    person: str, callback_id: str, metadata: str, **parts: str
) -> dict[str, Any]:
    """Return the view_submission payload of a modal; `field__0="text"` fills a text box."""
    values = {
        block.replace("__", ":"): {
            block.partition("__")[0]: {"type": "plain_text_input", "value": text}
        }
        for block, text in parts.items()
    }
    return {
        "type": "view_submission",
        "team": {"id": "T1"},
        "user": {"id": person, "team_id": "T1"},
        "view": {
            "id": f"V{next(REQUEST_NUMBERS)}",
            "type": "modal",
            "callback_id": callback_id,
            "private_metadata": metadata,
            "state": {"values": values},
        },
    }


def command_payload(person: str, text: str, **extra: Any) -> dict[str, Any]:  # noqa: ANN401 - parts of a payload
    """Return the payload of a slash command with this text."""
    return {
        "command": "/label",
        "text": text,
        "team_id": "T1",
        "user_id": person,
        "channel_id": "D1",
        "trigger_id": f"1.2.{next(REQUEST_NUMBERS)}",
        **extra,
    }


def event_payload(event: Mapping[str, Any]) -> dict[str, Any]:
    """Return the event_callback payload of an event."""
    return {
        "type": "event_callback",
        "team_id": "T1",
        "event_id": f"Ev{next(REQUEST_NUMBERS)}",
        "event": {"event_ts": "1.2", **event},
    }


@asynccontextmanager
async def open_bolt_app(database: Database, folder: Path) -> AsyncIterator[BoltApp]:
    """Open a Bolt app."""
    async with open_slack(database, folder) as slack:
        settings = Settings.model_validate(
            {
                "SLACK_BOT_TOKEN": slack.sandbox.bot_token,
                "SLACK_APP_TOKEN": slack.sandbox.app_token,
                "DATABASE_URL": database.engine.url.render_as_string(hide_password=False),
                "LABELBOT_COORDINATORS": COORDINATOR,
                "LABELBOT_EXPORTS": folder / "exports",
                "LABELBOT_IMPORTS": folder / "imports",
            }
        )
        wake_calls: list[str] = []
        app = AppContext(
            settings, slack.database, slack.clock, slack.sender, lambda: wake_calls.append("now")
        )

        async def authorize(context: AsyncBoltContext) -> AuthorizeResult:
            context["app"] = app
            return AuthorizeResult(
                enterprise_id=None, team_id="T1", bot_user_id="U0BOT", bot_id="B0BOT"
            )

        bolt_app = AsyncApp(
            name="labelbot",
            client=slack.sender.client,
            authorize=authorize,
            process_before_response=True,
            raise_error_for_unhandled_request=True,
            request_verification_enabled=False,
            attaching_conversation_kwargs_enabled=False,
        )
        handlers.register(bolt_app)
        yield BoltApp(slack, app, bolt_app, wake_calls)
        await asyncio.sleep(0)


async def assign_next_task(bolt: BoltApp, person: SimulatedUser) -> int:
    """Assign the expert's next task; return the assignment's id."""
    assignment = await asyncio.to_thread(bolt.slack.scenario.assign_next, person.id)
    assert assignment is not None
    return assignment


def mark_experts_away(bolt: BoltApp) -> None:
    """Mark every expert as away."""

    def mark_away(session: Session) -> None:
        for expert in session.exec(select(Expert)):
            expert.away_since = bolt.slack.now

    bolt.slack.database.write_now(mark_away)
    assert all(row.away_since for row in bolt.slack.scenario.rows(Expert))
