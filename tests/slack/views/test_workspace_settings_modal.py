"""The workspace settings modal: current settings are shown, and submissions are parsed."""

from __future__ import annotations

import pytest
from syrupy.assertion import SnapshotAssertion

from bot.sandbox.blockkit import check_view
from bot.services.settings.workspace_settings import WorkspaceSettings
from bot.slack.views import workspace_settings_modal
from tests.slack.conftest import as_yaml, submitted_state, visible_text


@pytest.mark.parametrize(
    "settings", [WorkspaceSettings(), WorkspaceSettings("C1GENERAL", 0, 50, digest=False)], ids=str
)
def test_unchanged_submission_keeps_settings(
    settings: WorkspaceSettings, snapshot: SnapshotAssertion
) -> None:
    view = workspace_settings_modal.settings_modal(settings)
    assert check_view(view) == []
    assert workspace_settings_modal.parse_modal(submitted_state(view)) == settings
    assert as_yaml(view) == snapshot


def test_notice_says_whether_settings_were_changed() -> None:
    assert "Saved" in visible_text(workspace_settings_modal.saved_modal({"digest": False}))
    assert "No settings were changed" in visible_text(workspace_settings_modal.saved_modal({}))
