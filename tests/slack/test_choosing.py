"""The modal of the workspace's settings: what holds is shown, what is sent is read back."""

from __future__ import annotations

import pytest
from syrupy.assertion import SnapshotAssertion

from bot.sandbox.blockkit import check_view
from bot.services.choosing import Choices
from bot.slack import choosing
from tests.slack.conftest import as_yaml, sent, told


@pytest.mark.parametrize("now", [Choices(), Choices("C1GENERAL", 0, 50, digest=False)], ids=str)
def test_what_holds_is_shown_and_read_back(now: Choices, snapshot: SnapshotAssertion) -> None:
    view = choosing.draw(now)
    assert check_view(view) == []
    assert choosing.read(sent(view)) == now
    assert as_yaml(view) == snapshot


def test_it_says_whether_something_was_changed() -> None:
    assert "Saved" in told(choosing.kept({"digest": False}))
    assert "Nothing was changed" in told(choosing.kept({}))
