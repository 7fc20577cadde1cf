"""Looking at answers in a process of its own."""

from __future__ import annotations

from contextlib import closing
from datetime import timedelta
from pathlib import Path

from bot.child_process import run_in_child
from bot.clock import TurnableClock
from bot.services import looking, surveying
from bot.services.surveying import FRESH
from storage.database import Database
from tests.services.conftest import NOW, Workshop, pair


async def test_it_looks_at_whose_turn_it_is_and_keeps_what_it_finds(
    sqlite_url: str, tmp_path: Path
) -> None:
    with closing(Database(sqlite_url)) as database:
        workshop = Workshop(database, tmp_path)
        workshop.creates(overlap=1, experts=["U0ADA"])
        workshop.imports("tone", [pair(1), pair(2)])
        workshop.does_all("U0ADA", verdict="tie")
        await run_in_child("bot.survey_process", sqlite_url, NOW)
        kept = database.read_now(surveying.kept, 1)
        assert kept is not None
        assert kept.found == database.read_now(surveying.survey, 1)
        assert timedelta() <= kept.at - NOW < timedelta(minutes=1)
        looking.run_due(database, TurnableClock(NOW + FRESH / 2))
        assert database.read_now(surveying.kept, 1) == kept
