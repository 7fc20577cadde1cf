"""A large file is read in a process of its own, with the same results as a small one."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from bot.imports.mapping import ColumnMapping, MissingColumnError
from bot.imports.row import InvalidRow
from bot.services.imports import importer
from bot.services.imports.batch_reader import MIN_PROCESS_BYTES, ReadingStoppedError
from bot.services.imports.import_batch import BATCH_SIZE
from bot.services.imports.import_progress import ImportCallbacks
from bot.services.imports.importer import ImportSource
from storage.tables import Item
from tests.services.conftest import Scenario, pair

ROWS = 2 * BATCH_SIZE + 10

FILLER = "x" * (MIN_PROCESS_BYTES // ROWS)


def large_file(scenario: Scenario, *others: str) -> Path:
    """Write a file whose rows have a long column that experts do not see."""
    scenario.create_campaign()
    rows = [pair(number) | {"note": FILLER} for number in range(ROWS)]
    return scenario.write_file([*others, *rows])


def child_ids() -> list[int]:
    """Return the ids of the child processes that run."""
    tasks = Path(f"/proc/{os.getpid()}/task").glob("*/children")
    return [int(number) for task in tasks for number in task.read_text().split()]


def test_a_large_file_is_imported_like_a_small_one(scenario: Scenario) -> None:
    path = large_file(scenario, "{", '{"prompt": "?"}')
    rejected: list[InvalidRow] = []
    lines: list[int] = []
    callbacks = ImportCallbacks(on_rejected=rejected.append, on_line=lines.append)
    source = ImportSource("tone", path)
    result = importer.import_file(scenario.database, source, scenario.actor, callbacks)
    assert (result.added, result.rejected) == (ROWS, 2)
    assert tuple(rejected) == result.errors
    assert [row.line for row in rejected] == [1, 2]
    assert lines == [BATCH_SIZE + 2, 2 * BATCH_SIZE + 2, ROWS + 2]
    items: list[Item] = scenario.rows(Item)
    assert {item.meta["note"] for item in items} == {FILLER}
    again = importer.import_file(scenario.database, source, scenario.actor)
    assert (again.added, again.existing, again.rejected) == (0, ROWS, 2)
    scenario.create_campaign("other")
    scenario.import_rows("other", [pair(number) for number in range(ROWS)])
    first, second = items, scenario.rows(Item)[ROWS:]
    assert [(item.key, item.prompt, item.shown_digest) for item in first] == [
        (item.key, item.prompt, item.shown_digest) for item in second
    ]


def test_an_error_of_a_large_file_names_its_remedy(scenario: Scenario) -> None:
    source = ImportSource("tone", large_file(scenario), ColumnMapping(prompt=("question",)))
    with pytest.raises(MissingColumnError, match="question") as raised:
        importer.import_file(scenario.database, source, scenario.actor)
    assert raised.value.details["missing"] == "“question”"
    assert scenario.count("item") == 0


def test_what_was_read_before_the_process_was_killed_is_kept(scenario: Scenario) -> None:
    before = set(child_ids())

    def kill_reader(_line: int) -> None:
        for child in set(child_ids()) - before:
            os.kill(child, signal.SIGKILL)

    source = ImportSource("tone", large_file(scenario))
    callbacks = ImportCallbacks(on_line=kill_reader)
    with pytest.raises(ReadingStoppedError, match="Import it again"):
        importer.import_file(scenario.database, source, scenario.actor, callbacks)
    stored = scenario.count("item")
    assert stored in {BATCH_SIZE, 2 * BATCH_SIZE}
    result = importer.import_file(scenario.database, source, scenario.actor)
    assert (result.added, result.existing) == (ROWS - stored, stored)


def test_an_interrupted_import_ends_the_process(scenario: Scenario) -> None:
    before = child_ids()

    def interrupt(_line: int) -> None:
        raise KeyboardInterrupt

    source = ImportSource("tone", large_file(scenario))
    callbacks = ImportCallbacks(on_line=interrupt)
    with pytest.raises(KeyboardInterrupt):
        importer.import_file(scenario.database, source, scenario.actor, callbacks)
    assert child_ids() == before
    assert scenario.count("item") == BATCH_SIZE
