"""A journey: a workspace with the bot in it, and a coordinator's hand on the database."""

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
from bot.imports.column_mapping import ColumnMapping
from bot.sandbox import MessageSnapshot, Sandbox, SimulatedUser, ViewSnapshot
from bot.services.actors.actor import Actor
from bot.services.actors.audit_log import COMMAND_LINE
from bot.services.campaigns import campaigns
from bot.services.campaigns.campaigns import NewCampaign
from bot.services.imports import importer
from bot.services.imports.importer import ImportSource
from bot.settings import Settings
from storage.database import Database
from storage.tables import Annotation, Assignment

MONDAY_MORNING = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)

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
    """A workspace with the bot in it, told from the outside."""

    sandbox: Sandbox
    database_url: str
    folder: Path
    transport: str
    clock: AdjustableClock
    coordinators: tuple[str, ...] = ()
    database: Database = field(init=False)
    bot: BackgroundBot | None = None

    def __post_init__(self) -> None:
        """Open the database beside the bot."""
        self.database = Database(self.database_url)

    def add_user(self, name: str = "ada", tz: str = "Europe/London") -> SimulatedUser:
        """Let somebody join the workspace."""
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
        **wanted: Any,  # noqa: ANN401 - whatever a campaign may choose
    ) -> str:
        """Create a campaign with items and return its name."""
        actor = Actor("tests", COMMAND_LINE, self.clock.now())
        people = [expert.id for expert in experts]
        options = {"overlap": 1, **wanted}
        new = NewCampaign(name=kind, kind=kind, title=kind.title(), experts=people, **options)
        self.database.write_now(campaigns.create_campaign, new, actor)
        if rows is None or rows:
            self.import_rows(kind, rows or ITEM_ROWS[kind])
        return kind

    def import_rows(self, campaign: str, rows: Sequence[Mapping[str, Any]]) -> None:
        """Import more items."""
        path = self.folder / "items.jsonl"
        path.write_text("".join(f"{json.dumps(row)}\n" for row in rows))
        actor = Actor("tests", COMMAND_LINE, self.clock.now())
        importer.import_file(self.database, ImportSource(campaign, path, ColumnMapping()), actor)

    def click_and_wait(self, person: SimulatedUser, text: str) -> None:
        """Let somebody click in their newest message, and wait until it shows what follows."""
        before = newest_message(person)
        person.click(text, in_=before)
        self.sandbox.wait_until(lambda: newest_message(person).plain_text != before.plain_text)

    def advance_clock(self, **time: float) -> None:
        """Let time pass, as in `passes(hours=1)`."""
        self.clock.advance(timedelta(**time))

    def assignments(self) -> list[Assignment]:
        """Return all assignments."""
        return self.database.read_now(_all_assignments)

    def annotations(self) -> list[Annotation]:
        """Return every version of every annotation."""
        return self.database.read_now(_all_annotations)

    def answer_values(self) -> list[dict[str, Any] | None]:
        """Return the current value of every assignment that was answered."""
        return [row.value for row in self.assignments() if row.state == "answered"]


def newest_message(person: SimulatedUser) -> MessageSnapshot:
    """Return the newest message that a person sees."""
    assert person.latest is not None
    return person.latest


def top_modal(person: SimulatedUser) -> ViewSnapshot:
    """Return the modal that is open before a person."""
    assert person.modal is not None
    return person.modal


def _all_assignments(session: Session) -> list[Assignment]:
    return list(session.exec(select(Assignment).order_by(col(Assignment.id))))


def _all_annotations(session: Session) -> list[Annotation]:
    order = (col(Annotation.assignment_id), col(Annotation.version))
    return list(session.exec(select(Annotation).order_by(*order)))
