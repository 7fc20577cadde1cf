"""Tests of the buttons of warnings."""

from __future__ import annotations

import pytest

from bot.slack.parsing.action_ids import Action
from storage.tables import ExportRun
from tests.handlers.bolt_app import COORDINATOR, BoltApp
from tests.services.conftest import NOW, pair


def store_failed_export(bolt: BoltApp) -> None:
    """Store an export that failed."""
    run = ExportRun(
        campaign_id=1,
        format="preference",
        directory=str(bolt.app.settings.exports_dir),
        freezes=True,
        options={"ties": "keep"},
        due_at=NOW,
        finished_at=NOW,
        state="failed",
        error="no disk",
    )
    bolt.slack.database.write_now(lambda session: session.add(run))


async def test_warning_about_an_import_is_dismissed(bolt: BoltApp) -> None:
    bolt.slack.create_campaign(bolt.slack.add_expert())
    bolt.slack.scenario.import_rows("tone", [pair(1), {"id": "pair-9"}])
    reply = await bolt.send_command(COORDINATOR, "status tone")
    assert "1 row of items.jsonl could not be imported" in reply
    await bolt.click_button(COORDINATOR, Action("dismiss_warning", 1, "", "import-2"))
    assert "could not be imported" not in bolt.ephemeral_texts()[-1]
    await bolt.click_button(COORDINATOR, Action("dismiss_warning", 1, "", "import-2"))
    assert bolt.ephemeral_texts()[-1].startswith("This warning no longer applies.")


async def test_failed_export_runs_again_with_its_options(bolt: BoltApp) -> None:
    bolt.slack.create_campaign(bolt.slack.add_expert())
    bolt.slack.scenario.run_for_campaign("tone", lambda *_: None)
    store_failed_export(bolt)
    await bolt.click_button(COORDINATOR, Action("retry_export", 1, "", "1"))
    assert "Exporting “tone” as preference." in bolt.ephemeral_texts()[-1]
    _failed, again = bolt.slack.scenario.rows(ExportRun)
    assert (again.requested_by, again.freezes, again.options) == (
        COORDINATOR,
        True,
        {"ties": "keep"},
    )


@pytest.mark.parametrize("option", ["99", "", "x"])
async def test_unknown_export_is_not_run_again(bolt: BoltApp, option: str) -> None:
    bolt.slack.create_campaign(bolt.slack.add_expert())
    await bolt.click_button(COORDINATOR, Action("retry_export", 1, "", option))
    assert bolt.ephemeral_texts()[-1].startswith("This export has not finished.")
    assert bolt.slack.scenario.rows(ExportRun) == []


async def test_suggested_answers_per_item_are_filled_in(bolt: BoltApp) -> None:
    bolt.slack.create_campaign(bolt.slack.add_expert())
    await bolt.click_button(COORDINATOR, Action("change_overlap", 1, "", "2"))
    (opened,) = bolt.api_calls("views.open")
    values = [block.get("element", {}).get("initial_value") for block in opened["view"]["blocks"]]
    assert "2" in values
