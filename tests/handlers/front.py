"""The bot's front without the rest: Bolt with our listeners, a database, a pretend workspace."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.context.async_context import AsyncBoltContext
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from sqlmodel import Session, select

import handlers
from bot.desk import Desk
from bot.sandbox import Person
from bot.settings import Settings
from bot.slack.ids import Press
from storage.database import Database
from storage.tables import Expert
from tests.slack.line import Line, open_line

COORDINATOR = "U0BOSS"
MESSAGE = {"channel_id": "D1", "message_ts": "1700000000.000100"}


@dataclass
class Front:
    """Takes payloads as Bolt would hand them on, and shows what became of them."""

    line: Line
    desk: Desk
    app: AsyncApp
    woken: list[str] = field(default_factory=list)

    async def sends(self, body: Mapping[str, Any]) -> BoltResponse:
        """Deliver a payload, and return the acknowledgement once all that follows is done."""
        answer = await self.app.async_dispatch(
            AsyncBoltRequest(body=dict(body), mode="socket_mode")
        )
        await self.desk.finish()
        return answer

    async def presses(self, person: str, press: Press, **more: Any) -> BoltResponse:  # noqa: ANN401 - parts of a payload
        """Deliver a button pressed on a message."""
        return await self.sends(pressed(person, press, response_url=self.line.hook.url, **more))

    async def says(self, person: str, text: str) -> str:
        """Let somebody type /label with this text; return what is answered."""
        answer = await self.sends(typed(person, text))
        assert answer.status == 200
        return str(json.loads(answer.body)["text"]) if answer.body.startswith("{") else answer.body

    def called(self, method: str) -> list[dict[str, Any]]:
        """Return the arguments of every call of a method of Slack's."""
        return [
            dict(record.request)
            for record in self.line.sandbox.traffic
            if record.kind == method and isinstance(record.request, dict)
        ]

    def whispered(self) -> list[str]:
        """Return what was said through response_urls to one person only."""
        return [
            str(message["text"])
            for message in self.line.hook.posted
            if message.get("response_type") == "ephemeral"
        ]


def pressed(person: str, press: Press, **more: Any) -> dict[str, Any]:  # noqa: ANN401 - parts of a payload
    """Return the block_actions of a button on a message in a DM."""
    action = {
        "type": "button",
        "block_id": "b",
        "action_id": press.action_id,
        "value": press.value,
        "action_ts": "1700000001.000001",
    }
    return {
        "type": "block_actions",
        "team": {"id": "T1"},
        "user": {"id": person, "team_id": "T1"},
        "container": {"type": "message", "is_ephemeral": False, **MESSAGE},
        "channel": {"id": "D1", "name": "directmessage"},
        "trigger_id": "1.2.x",
        "actions": [action],
        **more,
    }


def in_view(person: str, press: Press, view: Mapping[str, Any]) -> dict[str, Any]:
    """Return the block_actions of a button in a modal or Home tab."""
    whole = pressed(person, press)
    del whole["channel"]
    return {
        **whole,
        "container": {"type": "view", "view_id": "V1"},
        "view": {"id": "V1", "hash": "1.x", "state": {"values": {}}, **view},
    }


def submitted(person: str, callback_id: str, metadata: str, **parts: str) -> dict[str, Any]:
    """Return the view_submission of a modal; each part is `field__number="text"`."""
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
            "id": "V1",
            "type": "modal",
            "callback_id": callback_id,
            "private_metadata": metadata,
            "state": {"values": values},
        },
    }


def typed(person: str, text: str, **more: Any) -> dict[str, Any]:  # noqa: ANN401 - parts of a payload
    """Return the slash command with this text."""
    return {
        "command": "/label",
        "text": text,
        "team_id": "T1",
        "user_id": person,
        "channel_id": "D1",
        "trigger_id": "1.2.y",
        **more,
    }


def happened(event: Mapping[str, Any]) -> dict[str, Any]:
    """Return the wrapper of an event."""
    return {
        "type": "event_callback",
        "team_id": "T1",
        "event_id": "Ev1",
        "event": {"event_ts": "1.2", **event},
    }


@asynccontextmanager
async def open_front(database: Database, folder: Path) -> AsyncIterator[Front]:
    """Open the front of a bot."""
    async with open_line(database, folder) as line:
        settings = Settings.model_validate(
            {
                "SLACK_BOT_TOKEN": line.sandbox.bot_token,
                "SLACK_APP_TOKEN": line.sandbox.app_token,
                "DATABASE_URL": database.engine.url.render_as_string(hide_password=False),
                "LABELBOT_COORDINATORS": COORDINATOR,
                "LABELBOT_EXPORTS": folder / "exports",
                "LABELBOT_IMPORTS": folder / "imports",
            }
        )
        woken: list[str] = []
        desk = Desk(settings, line.database, line.clock, line.sender, lambda: woken.append("now"))

        async def authorize(context: AsyncBoltContext) -> AuthorizeResult:
            context["desk"] = desk
            return AuthorizeResult(
                enterprise_id=None, team_id="T1", bot_user_id="U0BOT", bot_id="B0BOT"
            )

        app = AsyncApp(
            name="labelbot",
            client=line.sender.client,
            authorize=authorize,
            process_before_response=True,
            request_verification_enabled=False,
            attaching_conversation_kwargs_enabled=False,
        )
        handlers.register(app)
        yield Front(line, desk, app, woken)
        await asyncio.sleep(0)


async def hold(front: Front, person: Person) -> int:
    """Let somebody be given their next task; return the assignment."""
    given = await asyncio.to_thread(front.line.workshop.asks, person.id)
    assert given is not None
    return given


def leave(front: Front) -> None:
    """Let every expert be away."""

    def go(session: Session) -> None:
        for expert in session.exec(select(Expert)):
            expert.away_since = front.line.now

    front.line.database.write_now(go)
    assert all(row.away_since for row in front.line.workshop.rows(Expert))
