"""Imports that are stopped, run at the same moment, or alongside answers."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor

import pytest

from bot.services.campaigns import campaigns
from bot.services.campaigns.campaigns import ClosedCampaignError
from bot.services.imports import importer
from bot.services.imports.import_batch import BATCH_SIZE
from bot.services.imports.import_progress import (
    ImportCallbacks,
    ImportResult,
)
from bot.services.imports.importer import ChangedFileError, ImportSource
from tests.services.conftest import Scenario, pair

ADA = "U0ADA"


class _KilledError(Exception):
    pass


def test_killed_import_can_be_continued(scenario: Scenario) -> None:
    scenario.create_campaign(experts=[ADA])
    path = scenario.write_file([pair(number) for number in range(2 * BATCH_SIZE + 1)])
    source = ImportSource("tone", path)

    def stop_after_batch(line: int) -> None:
        if line >= BATCH_SIZE:
            raise _KilledError

    with pytest.raises(_KilledError):
        importer.import_file(
            scenario.database, source, scenario.actor, ImportCallbacks(on_line=stop_after_batch)
        )
    assert scenario.count("item") == scenario.count("task") == BATCH_SIZE
    assert scenario.count("candidate") == 2 * BATCH_SIZE
    result = importer.import_file(scenario.database, source, scenario.actor)
    assert result == ImportResult(added=BATCH_SIZE + 1, existing=BATCH_SIZE)


def test_campaign_closed_during_import_gets_no_more_items(scenario: Scenario) -> None:
    scenario.create_campaign()
    path = scenario.write_file([pair(number) for number in range(2 * BATCH_SIZE)])

    def close(line: int) -> None:
        if line == BATCH_SIZE:
            scenario.run_for_campaign("tone", campaigns.close, scenario.actor)

    callbacks = ImportCallbacks(on_line=close)
    with pytest.raises(ClosedCampaignError):
        importer.import_file(
            scenario.database, ImportSource("tone", path), scenario.actor, callbacks
        )
    assert scenario.count("item") == BATCH_SIZE


def test_answers_are_stored_during_import(scenario: Scenario) -> None:
    scenario.create_campaign("earlier", experts=[ADA])
    scenario.import_rows("earlier", [pair(1)])
    scenario.create_campaign("tone")
    assignment_id = scenario.assign_next(ADA) or 0
    path = scenario.write_file([pair(number) for number in range(2 * BATCH_SIZE)])
    callbacks = ImportCallbacks(
        on_line=lambda _: scenario.submit_answer(ADA, assignment_id, verdict="a")
    )
    importer.import_file(scenario.database, ImportSource("tone", path), scenario.actor, callbacks)
    assert scenario.count("annotation") == 1


def test_concurrent_imports_add_each_item_once(scenario: Scenario) -> None:
    scenario.create_campaign()
    path = scenario.write_file([pair(number) for number in range(2 * BATCH_SIZE)])

    def run(_: int) -> ImportResult:
        return importer.import_file(scenario.database, ImportSource("tone", path), scenario.actor)

    with ThreadPoolExecutor(2) as executor:
        results = list(executor.map(run, range(2)))
    assert sum(result.added for result in results) == 2 * BATCH_SIZE
    assert sum(result.existing for result in results) == 2 * BATCH_SIZE
    assert scenario.count("item") == scenario.count("task") == 2 * BATCH_SIZE
    assert scenario.count("candidate") == 4 * BATCH_SIZE


def test_file_changed_during_strict_import_is_rejected(scenario: Scenario) -> None:
    scenario.create_campaign()
    path = scenario.write_file([pair(number) for number in range(BATCH_SIZE)])

    def append(_: int) -> None:
        with path.open("a") as file:
            file.write(f"{json.dumps(pair(BATCH_SIZE + 1))}\n")

    source = ImportSource("tone", path, strict=True)
    with pytest.raises(ChangedFileError, match=r"items\.jsonl"):
        importer.import_file(
            scenario.database, source, scenario.actor, ImportCallbacks(on_line=append)
        )
    assert scenario.count("item") == 0
