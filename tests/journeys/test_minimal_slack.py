"""The bot with a stand-in for Slack that is not ours, and sends less than Slack does."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlmodel import Session, col, select

from bot.background_bot import BackgroundBot
from bot.clock import AdjustableClock
from bot.imports.column_mapping import ColumnMapping
from bot.services.actors.actor import Actor
from bot.services.actors.audit_log import COMMAND_LINE
from bot.services.campaigns import campaigns
from bot.services.campaigns.campaigns import NewCampaign
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

SECRET = "a secret of theirs"  # noqa: S105 - nobody else's
ADA = "U0ADA0001"
HERS = "D0ADA0001"


@dataclass
class Bench:
    """The bot beside such a stand-in, and what was stored."""

    elsewhere: MinimalSlack
    bot: BackgroundBot
    database: Database

    def sends(self, secret: str = SECRET, **form: str) -> tuple[int, str]:
        """Send a signed form to the bot."""
        return send_signed_request(self.bot.url, secret, form)

    def acts(self, payload: Json, secret: str = SECRET) -> int:
        """Send a signed interaction of Ada's to the bot; return the status of its answer."""
        whole = {"user": {"id": ADA}, "trigger_id": "1.2.x", **payload}
        return self.sends(secret, payload=json.dumps(whole))[0]

    def stored(self) -> list[Json | None]:
        """Return what was answered, every version of it."""
        return self.database.read_now(_answers)


def _answers(session: Session) -> list[Json | None]:
    return [
        one.value
        for one in session.exec(
            select(Annotation).order_by(col(Annotation.assignment_id), col(Annotation.version))
        )
    ]


@pytest.fixture
def bench(request: pytest.FixtureRequest, sqlite_url: str, tmp_path: Path) -> Iterator[Bench]:
    """Return the bot with one campaign of the kind that the test names, and Ada in it."""
    clock, database, elsewhere = (
        AdjustableClock(MONDAY_MORNING),
        Database(sqlite_url),
        MinimalSlack(),
    )
    kind = request.param
    actor = Actor("tests", COMMAND_LINE, clock.now())
    wanted = NewCampaign(name=kind, kind=kind, title=kind, overlap=1, experts=[ADA])
    database.write_now(campaigns.create_campaign, wanted, actor)
    rows = tmp_path / "items.jsonl"
    rows.write_text("".join(f"{json.dumps(row)}\n" for row in ITEM_ROWS[kind]))
    importer.import_file(database, ImportSource(kind, rows, ColumnMapping()), actor)
    settings = {
        "SLACK_BOT_TOKEN": "xoxb-theirs",
        "SLACK_APP_TOKEN": None,
        "SLACK_SIGNING_SECRET": SECRET,
        "SLACK_API_URL": f"{elsewhere.url}/api/",
        "DATABASE_URL": sqlite_url,
        "LABELBOT_COORDINATORS": "",
        "LABELBOT_PORT": 0,
        "LABELBOT_EXPORTS": tmp_path / "exports",
        "LABELBOT_IMPORTS": tmp_path / "imports",
        "LABELBOT_TICK_SECONDS": 60,
    }
    with BackgroundBot(Settings.model_validate(settings), clock) as bot:
        yield Bench(elsewhere, bot, database)
    database.close()
    elsewhere.stop()


def asks(bench: Bench) -> Json:
    """Let Ada ask for the next task; return the message that brings it."""
    status, told = bench.sends(command="/label", text="next", user_id=ADA)
    assert (status, "Here it comes" in told) == (200, True)
    return bench.elsewhere.wait_for_call("chat.postMessage")


def tap(message: Json, text: str) -> Json:
    """Return the tap on a button of a message, with the least that tells which."""
    return {"type": "block_actions", "actions": [buttons_by_text(message)[text]]}


@pytest.mark.parametrize("bench", ["comparison"], indirect=True)
def test_taps_that_say_little_are_stored_once_and_bring_the_next_task(bench: Bench) -> None:
    task = asks(bench)
    first = {**tap(task, "A is better"), "response_url": f"{bench.elsewhere.url}/reply"}
    assert bench.acts(first, "not their secret") == 401
    assert bench.stored() == []

    assert bench.acts(first) == 200
    assert bench.stored() == [{"verdict": "a"}]
    second = bench.elsewhere.wait_for_call("reply")
    assert second["replace_original"] is True
    assert "Question 2?" in str(second)

    assert bench.acts(first) == 200, "the same once more"
    assert len(bench.stored()) == 1

    assert bench.acts({**tap(second, "Tie"), "trigger_id": "3.4.x"}) == 200, (
        "not even a response_url"
    )
    third = bench.elsewhere.wait_for_call("chat.update")
    assert (third["channel"], "Question 3?" in str(third)) == (HERS, True)

    where = {"container": {"message_ts": third["ts"], "channel_id": HERS}}
    assert bench.acts({**tap(third, "Both are bad"), **where}) == 200
    assert bench.stored() == [
        {"verdict": "a"},
        {"verdict": "tie"},
        {"verdict": "both_bad"},
    ]


@pytest.mark.parametrize("bench", ["demonstration"], indirect=True)
def test_what_is_written_in_a_modal_is_stored_and_brings_the_next_task(bench: Bench) -> None:
    task = asks(bench)
    message = {"message": {"ts": "1700000000.000001"}, "channel": {"id": HERS}}
    assert bench.acts({**tap(task, "Write the response"), **message}) == 200
    view = bench.elsewhere.wait_for_call("views.open")["view"]
    kept = ("type", "callback_id", "private_metadata")
    sent = {key: view[key] for key in kept}
    sent["state"] = {"values": state_values(view, "An answer of mine.")}
    assert bench.acts({"type": "view_submission", "view": sent}) == 200
    assert bench.stored() == [{"response": "An answer of mine."}]
    assert "Please explain 2" in str(bench.elsewhere.wait_for_call("chat.update"))
