"""Every block, element and attachment that Slack accepts can be rendered."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bot.sandbox.actions.actor import Actor
from bot.sandbox.blockkit import with_defaults
from bot.sandbox.page.gallery import DM_ID, GALLERY_USER_ID, build_gallery_world
from bot.sandbox.page.messages import ReplyCounts, build_message_items
from bot.sandbox.page.page_session import PageSession
from bot.sandbox.page.page_templates import render_part
from bot.sandbox.page.workspace_page import PageLocation
from bot.sandbox.workspace import Post

Json = dict[str, Any]
EXAMPLES: Json = json.loads((Path(__file__).parents[1] / "blockkit/examples.json").read_text())
SOURCES = frozenset({"url"})
"""Elements that only occur in task cards."""


def message_html(blocks: list[Json], **more: Any) -> str:  # noqa: ANN401 - any field of a message
    """Return the HTML of a message with these blocks."""
    world = build_gallery_world()
    stored = with_defaults(blocks, world.ids.block_id)
    post = Post(world.ids.ts(), DM_ID, world.app.bot_user_id, "text", stored, bot_id="B1", **more)
    (message,) = build_message_items(Actor(world, GALLERY_USER_ID), [post], ReplyCounts({}, {}))
    return render_part("message", message)


@pytest.mark.parametrize("name", EXAMPLES["blocks"])
def test_every_block_is_rendered(name: str) -> None:
    html = message_html([EXAMPLES["blocks"][name]])
    assert "Unsupported" not in html
    assert len(html) > 800


@pytest.mark.parametrize("name", sorted(EXAMPLES["elements"].keys() - SOURCES))
def test_every_element_is_rendered(name: str) -> None:
    label = {"type": "plain_text", "text": "What it is"}
    html = message_html([{"type": "input", "label": label, "element": EXAMPLES["elements"][name]}])
    assert "Unsupported" not in html
    assert "What it is" in html


@pytest.mark.parametrize("name", EXAMPLES["inline"])
def test_every_rich_text_element_is_rendered(name: str) -> None:
    section = {"type": "rich_text_section", "elements": [EXAMPLES["inline"][name]]}
    html = message_html([{"type": "rich_text", "elements": [section]}])
    assert "Unsupported" not in html
    assert "<strong>" in html or name in {"attachment_mention", "citation"}


def test_an_unsupported_block_is_shown_as_json() -> None:
    html = message_html([{"type": "hologram", "depth": 3}])
    assert "Unsupported block: hologram" in html
    assert "&#34;depth&#34;: 3" in html


def test_attachments_show_texts_fields_and_unsupported_parts() -> None:
    attachment = {"color": "good", "title": "T", "fields": [{"title": "F", "value": "*v*"}]}
    html = message_html(
        [], attachments=[{**attachment, "actions": [{"name": "press"}], "text": "words"}]
    )
    assert "<strong>v</strong>" in html
    assert "#2eb886" in html
    assert "Unsupported in attachments: actions" in html


def test_a_page_is_sent_only_what_changed() -> None:
    world = build_gallery_world()
    session = PageSession(Actor(world, GALLERY_USER_ID), PageLocation(DM_ID))
    session.mark_all_sent()
    assert session.take_changes() == {}
    post = next(iter(world.workspace.channels[DM_ID].posts.values()))
    post.edited_ts, post.text = "1", "changed"
    update = session.take_changes()
    assert len(update["lists"]["messages"]["html"]) == 1
    assert session.take_changes() == {}
    session.reset()
    assert len(session.take_changes()["lists"]["messages"]["html"]) > 1
