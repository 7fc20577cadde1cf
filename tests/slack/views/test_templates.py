"""The message with the templates of campaigns."""

from __future__ import annotations

from datetime import UTC, datetime

from syrupy.assertion import SnapshotAssertion

from bot.sandbox.blockkit import check_message
from bot.services.campaigns.templates import TemplateSummary
from bot.slack.views.templates import DELETED, MAX_LISTED, render_templates
from tests.slack.conftest import message_yaml

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
TEMPLATES = [TemplateSummary(name, "comparison", "U1ADA", NOW) for name in ("tone", "weekly")]


def test_templates_are_listed_with_buttons(snapshot: SnapshotAssertion) -> None:
    message = render_templates(TEMPLATES)
    assert check_message({"text": message.text, "blocks": message.blocks}) == []
    assert message_yaml(message) == snapshot
    empty = render_templates([], DELETED.format(name="tone"))
    assert message_yaml(empty) == snapshot(name="empty")


def test_long_list_fits_and_says_how_to_use_the_others() -> None:
    message = render_templates(TEMPLATES * (MAX_LISTED // 2 + 1))
    assert len(message.blocks) <= 50
    assert "… and 2 more: type /label new TEMPLATE" in message_yaml(message)
