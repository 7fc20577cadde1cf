"""The modal of the workspace's settings: what holds is shown, what is sent is read back."""

from __future__ import annotations

import pytest
from syrupy.assertion import SnapshotAssertion

from bot.sandbox.blockkit import check_view
from bot.services.settings.workspace_settings import WorkspaceSettings
from bot.slack.views import workspace_settings_modal
from tests.slack.conftest import as_yaml, submitted_state, visible_text


@pytest.mark.parametrize(
    "now", [WorkspaceSettings(), WorkspaceSettings("C1GENERAL", 0, 50, digest=False)], ids=str
)
def test_what_holds_is_shown_and_read_back(
    now: WorkspaceSettings, snapshot: SnapshotAssertion
) -> None:
    view = workspace_settings_modal.settings_modal(now)
    assert check_view(view) == []
    assert workspace_settings_modal.parse_modal(submitted_state(view)) == now
    assert as_yaml(view) == snapshot


def test_it_says_whether_something_was_changed() -> None:
    assert "Saved" in visible_text(workspace_settings_modal.saved_modal({"digest": False}))
    assert "Nothing was changed" in visible_text(workspace_settings_modal.saved_modal({}))
