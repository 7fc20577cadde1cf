"""Undoing an import: its items are deleted and can return, unless somebody has answered."""

from __future__ import annotations

import pytest

from bot.services.imports import undo
from bot.services.imports.import_progress import ImportResult
from bot.services.imports.undo import (
    AlreadyUndoneError,
    AnsweredImportError,
    NothingToUndoError,
    UndoneImport,
    UnknownImportError,
)
from bot.services.reports import campaign_status
from storage.tables import Item, OutboxMessage
from tests.services.conftest import Scenario, pair


@pytest.fixture
def scenario(scenario: Scenario) -> Scenario:
    """Return a scenario with two imports of two pairs each."""
    scenario.create_campaign(experts=["U01"], overlap=1)
    scenario.import_rows("tone", [pair(1), pair(2)])
    scenario.import_rows("tone", [pair(3), pair(4)])
    return scenario


def undo_import(scenario: Scenario, number: int | None = None) -> UndoneImport:
    """Undo an import."""
    return scenario.run_for_campaign("tone", undo.undo_import, number, scenario.actor)


def test_last_import_is_undone_and_can_be_imported_again(scenario: Scenario) -> None:
    assert undo_import(scenario) == UndoneImport("items.jsonl", 2, 0)
    (status,) = scenario.database.read_now(campaign_status.list_statuses)
    assert status.items == 2
    assert scenario.import_rows("tone", [pair(3), pair(4)]) == ImportResult(added=2)
    listed = scenario.run_for_campaign("tone", undo.list_imports)
    assert [(row.items, bool(row.undone_at)) for row in listed] == [
        (2, False),
        (0, True),
        (2, False),
    ]
    assert scenario.audit_log()[-2] == ("undid an import", "campaign tone")


def test_import_with_answers_is_kept(scenario: Scenario) -> None:
    scenario.submit_answer("U01", scenario.assign_next("U01") or 0, verdict="tie")
    with pytest.raises(AnsweredImportError, match=r"1 item of items\.jsonl have answers"):
        undo_import(scenario, 1)
    assert [row.deleted_at for row in scenario.rows(Item)] == [None] * 4


def test_open_task_is_unassigned(scenario: Scenario) -> None:
    scenario.assign_next("U01")
    assert undo_import(scenario, 1).unassigned == 1
    assert scenario.rows(OutboxMessage)[-1].message_type == "unassigned"


def test_wrong_numbers_are_refused(scenario: Scenario) -> None:
    with pytest.raises(UnknownImportError):
        undo_import(scenario, 99)
    undo_import(scenario, 1)
    with pytest.raises(AlreadyUndoneError):
        undo_import(scenario, 1)
    undo_import(scenario)
    with pytest.raises(NothingToUndoError):
        undo_import(scenario)
