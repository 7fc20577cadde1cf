"""The demo before it starts: every coordinator's screen has something to show, and nobody waits."""

from __future__ import annotations

from pathlib import Path

from bot.demo import GUIDE_STEPS, SAMPLE_CAMPAIGNS
from bot.demo_history import KINDS_WITH_ANSWERS, MIXED_ROUNDS, create_history
from bot.services.campaigns import campaigns
from bot.services.imports import importer
from bot.services.imports.importer import ImportSource
from bot.services.reports import agreement
from bot.services.reviews import review_queue
from handlers.registry import SUBCOMMANDS
from storage.database import Database
from storage.row_id import id_of
from storage.tables import Assignment, Campaign, Flag, OutboxMessage
from tests.conftest import empty_tables
from tests.services.conftest import Scenario

EXPERTS = ("U0ADA", "U0GRACE", "U0KENJI")


def test_history_fills_every_screen(sqlite_database: Database, tmp_path: Path) -> None:
    sqlite_database.write_now(empty_tables)
    scenario = Scenario(sqlite_database, tmp_path)
    for sample in SAMPLE_CAMPAIGNS.values():
        scenario.create_campaign(
            sample.name, sample.kind, overlap=2, experts=EXPERTS, sends_welcome=False
        )
        source = ImportSource(sample.name, sample.items_path, sample.columns)
        importer.import_file(sqlite_database, source, scenario.actor)
    names = [sample.name for sample in SAMPLE_CAMPAIGNS.values()]
    sqlite_database.write_now(create_history, names, EXPERTS, "U0CORA", scenario.now)
    kinds = {campaign.id: campaign.kind for campaign in scenario.rows(Campaign)}
    rows: list[Assignment] = scenario.rows(Assignment)
    answered = {kinds[row.campaign_id] for row in rows if row.complete}
    assert answered == set(KINDS_WITH_ANSWERS)
    own = [kinds[row.campaign_id] for row in rows if row.expert_id == rows[-1].expert_id]
    assert own[-len(names) * MIXED_ROUNDS :] == [*SAMPLE_CAMPAIGNS] * MIXED_ROUNDS
    messages: list[OutboxMessage] = scenario.rows(OutboxMessage)
    assert [row.recipient for row in messages] == ["U0GRACE", "U0CORA"]  # both about the flag
    assert len(scenario.rows(Flag)) == 1
    for name in ("pairs", "jokes", "rankings", "paraphrases", "examples"):
        campaign = sqlite_database.read_now(campaigns.campaign_by_name, name)
        figures = sqlite_database.read_now(agreement.compute_figures, id_of(campaign))
        assert figures.questions, name
        cases = sqlite_database.read_now(review_queue.count_waiting, campaign, "U0CORA")
        assert sum(cases.values()) > 0, name


def test_suggestions_name_existing_subcommands_and_campaigns() -> None:
    words = [step.split("/label ")[1].split() for step in GUIDE_STEPS if "/label" in step]
    assert {word[0] for word in words} <= set(SUBCOMMANDS)
    names = {sample.name for sample in SAMPLE_CAMPAIGNS.values()}
    assert {word[1].strip(",:.") for word in words} <= names
    assert all(name in " ".join(GUIDE_STEPS) for name in names)
