"""Helpers for the journeys: a sandbox workspace, the bot, and direct access to its database."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlmodel import Session, col, select

from bot.background_bot import BackgroundBot
from bot.clock import AdjustableClock
from bot.imports.mapping import ColumnMapping
from bot.sandbox import MessageSnapshot, Sandbox, SimulatedUser, ViewSnapshot
from bot.services.actors.actor import Actor
from bot.services.actors.audit_log import COMMAND_LINE
from bot.services.campaigns import campaigns
from bot.services.campaigns.new_campaign import NewCampaign
from bot.services.imports import importer
from bot.services.imports.importer import ImportSource
from bot.settings import Settings
from storage.database import Database
from storage.tables import Annotation, Assignment

MONDAY_MORNING = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)

EXPORT_WAIT_SECONDS = 60
"""How long a test waits for an export at most: it starts a process, which a busy machine delays."""

ITEM_ROWS: dict[str, list[dict[str, Any]]] = {
    "comparison": [
        {
            "id": f"pair-{number}",
            "prompt": f"Question {number}?",
            "response_left": f"Left answer {number}.",
            "response_right": f"Right answer {number}.",
            "model_left": "secret-left-model",
            "model_right": "secret-right-model",
        }
        for number in range(1, 4)
    ],
    "rating": [
        {
            "id": f"joke-{number}",
            "prompt": f"Topic {number}",
            "text": f"Joke {number}.",
            "model": "secret-model",
        }
        for number in range(1, 4)
    ],
    "demonstration": [
        {"id": f"prompt-{number}", "prompt": f"Please explain {number}."} for number in range(1, 4)
    ],
}


@dataclass
class Journey:
    """A sandbox workspace with a bot, and the bot's database."""

    sandbox: Sandbox
    database_url: str
    folder: Path
    transport: str
    clock: AdjustableClock
    coordinators: tuple[str, ...] = ()
    database: Database = field(init=False)
    bot: BackgroundBot | None = None

    def __post_init__(self) -> None:
        """Open a second connection to the bot's database."""
        self.database = Database(self.database_url)

    def add_user(self, name: str = "ada", tz: str = "Europe/London") -> SimulatedUser:
        """Add a person to the workspace."""
        return self.sandbox.add_user(name, real_name=name.capitalize(), tz=tz)

    def start_bot(self) -> None:
        """Start the bot."""
        self.bot = BackgroundBot(self.settings(), self.clock)
        self.bot.start()
        if self.transport == "http":
            self.sandbox.use_http_delivery(self.bot.url)

    def stop_bot(self) -> None:
        """Stop the bot."""
        if self.bot:
            self.bot.stop()
            self.bot = None

    def settings(self) -> Settings:
        """Return the settings of the bot for this transport."""
        is_socket = self.transport == "socket"
        return Settings.model_validate(
            {
                "SLACK_BOT_TOKEN": self.sandbox.bot_token,
                "SLACK_APP_TOKEN": self.sandbox.app_token if is_socket else None,
                "SLACK_SIGNING_SECRET": None if is_socket else self.sandbox.signing_secret,
                "SLACK_API_URL": self.sandbox.api_url,
                "DATABASE_URL": self.database_url,
                "LABELBOT_COORDINATORS": " ".join(self.coordinators),
                "LABELBOT_PORT": 0,
                "LABELBOT_EXPORTS": self.folder / "exports",
                "LABELBOT_IMPORTS": self.folder / "imports",
                "LABELBOT_TICK_SECONDS": 1.0,
            }
        )

    def create_campaign(
        self,
        kind: str,
        experts: Sequence[SimulatedUser],
        rows: Sequence[Mapping[str, Any]] | None = None,
        **options: Any,  # noqa: ANN401 - any field of a campaign
    ) -> str:
        """Create a campaign and return its name. Without `rows` it gets the kind's `ITEM_ROWS`."""
        actor = Actor("tests", COMMAND_LINE, self.clock.now())
        slack_ids = [expert.id for expert in experts]
        new_campaign = NewCampaign(
            name=kind,
            kind=kind,
            title=kind.title(),
            experts=slack_ids,
            **{"overlap": 1, "sends_welcome": False, **options},
        )
        self.database.write_now(campaigns.create_campaign, new_campaign, actor)
        if rows is None or rows:
            self.import_rows(kind, rows or ITEM_ROWS[kind])
        return kind

    def import_rows(self, campaign: str, rows: Sequence[Mapping[str, Any]]) -> None:
        """Import items."""
        path = self.folder / "items.jsonl"
        path.write_text("".join(f"{json.dumps(row)}\n" for row in rows))
        actor = Actor("tests", COMMAND_LINE, self.clock.now())
        importer.import_file(self.database, ImportSource(campaign, path, ColumnMapping()), actor)

    def click_and_wait(self, person: SimulatedUser, text: str) -> None:
        """Click a button of the person's newest message, and wait until the message changes."""
        before = newest_message(person)
        person.click(text, in_=before)
        self.sandbox.wait_until(lambda: newest_message(person).plain_text != before.plain_text)

    def advance_clock(self, **time: float) -> None:
        """Advance the clock, as in `advance_clock(hours=1)`."""
        self.clock.advance(timedelta(**time))

    def assignments(self) -> list[Assignment]:
        """Return all assignments."""
        return self.database.read_now(_all_assignments)

    def annotations(self) -> list[Annotation]:
        """Return every version of every annotation."""
        return self.database.read_now(_all_annotations)

    def answer_values(self) -> list[dict[str, Any] | None]:
        """Return the current value of every answered assignment."""
        return [row.value for row in self.assignments() if row.state == "answered"]


def newest_message(person: SimulatedUser) -> MessageSnapshot:
    """Return the newest message that a person sees."""
    assert person.latest is not None
    return person.latest


def top_modal(person: SimulatedUser) -> ViewSnapshot:
    """Return the topmost modal that a person has open."""
    assert person.modal is not None
    return person.modal


def _all_assignments(session: Session) -> list[Assignment]:
    return list(session.exec(select(Assignment).order_by(col(Assignment.id))))


def _all_annotations(session: Session) -> list[Annotation]:
    order = (col(Annotation.assignment_id), col(Annotation.version))
    return list(session.exec(select(Annotation).order_by(*order)))
