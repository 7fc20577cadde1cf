"""The total text of a message: every block that shows text counts."""

from __future__ import annotations

from typing import Any

import pytest

from bot.sandbox.blockkit import Surface, chat_error, check_blocks, check_message

Json = dict[str, Any]

MAX_CHARACTERS = 11_000
TEXT = "0123456789"


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def rich_text(*leaves: Json) -> Json:
    section = {"type": "rich_text_section", "elements": list(leaves)}
    return {"type": "rich_text", "elements": [section]}


def filler(characters: int) -> Json:
    return rich_text({"type": "text", "text": "x" * characters})


def section(text: str, **fields: object) -> Json:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}, **fields}


def cells(*texts: str) -> list[Json]:
    return [{"type": "raw_text", "text": text} for text in texts]


BUTTON: Json = {"type": "button", "action_id": "go", "value": "hidden", "text": plain(TEXT)}
PIE: Json = {"type": "pie", "segments": [{"label": TEXT, "value": 1}]}

# Each block shows TEXT once, unless another number of characters is given.
BLOCKS_WITH_TEXT: list[tuple[Json, int]] = [
    (section(TEXT), 10),
    ({"type": "section", "fields": [plain(TEXT), plain(TEXT)]}, 20),
    (section(TEXT, accessory=BUTTON), 20),
    ({"type": "header", "text": plain(TEXT)}, 10),
    ({"type": "context", "elements": [plain(TEXT)]}, 10),
    ({"type": "markdown", "text": TEXT}, 10),
    (filler(10), 10),
    (rich_text({"type": "link", "url": "https://example.com", "text": TEXT}), 10),
    (rich_text({"type": "link", "url": "https://e.org"}), 13),
    ({"type": "table", "rows": [cells(TEXT, TEXT)]}, 20),
    ({"type": "table", "rows": [[{"type": "raw_number", "value": 1234}]]}, 4),
    ({"type": "data_table", "caption": TEXT, "rows": [cells("a"), cells("b")]}, 12),
    ({"type": "data_visualization", "title": TEXT, "chart": PIE}, 20),
    ({"type": "image", "image_url": "https://example.com/a.png", "alt_text": TEXT}, 10),
    ({"type": "actions", "elements": [BUTTON]}, 10),
    ({"type": "input", "label": plain(TEXT), "element": {"type": "users_select"}}, 10),
    ({"type": "card", "title": plain(TEXT), "body": plain(TEXT)}, 20),
    ({"type": "plan", "title": TEXT}, 10),
    ({"type": "task_card", "task_id": "hidden", "title": TEXT}, 10),
    ({"type": "container", "title": plain(TEXT), "child_blocks": [section(TEXT)]}, 20),
    ({"type": "divider", "block_id": "hidden"}, 0),
]


def errors(*blocks: Json, surface: Surface = Surface.MESSAGE) -> list[str | None]:
    return [problem.error or problem.message for problem in check_blocks(list(blocks), surface)]


@pytest.mark.parametrize(("block", "shown"), BLOCKS_WITH_TEXT, ids=lambda value: str(value)[:40])
def test_text_of_every_block_counts(block: Json, shown: int) -> None:
    assert errors(block, filler(MAX_CHARACTERS - shown)) == []
    assert errors(block, filler(MAX_CHARACTERS - shown + 1)) == ["msg_blocks_too_long"]


def test_reported_messages_are_too_long() -> None:
    mixed = [
        {"type": "header", "text": plain("h" * 141)},
        section("s" * 3000),
        {"type": "divider"},
        filler(8200),
    ]
    assert errors(*mixed) == ["msg_blocks_too_long"], "slackapi/bolt-js#2867"
    one = {"type": "markdown", "text": "m" * 13_297}
    two = [{"type": "markdown", "text": "m" * length} for length in (7_000, 6_297)]
    assert errors(one) == errors(*two) == ["msg_blocks_too_long"], "slackapi/bolt-js#2509"


def test_response_names_no_details() -> None:
    problems = check_blocks([filler(150_000)], Surface.MESSAGE)
    assert chat_error(problems) == {"ok": False, "error": "msg_blocks_too_long"}


def test_blocks_of_attachments_count() -> None:
    message = {"blocks": [filler(6_000)], "attachments": [{"blocks": [filler(5_000)]}]}
    assert check_message(message) == []
    message["attachments"] += [{"blocks": [section("!")]}]
    (problem,) = check_message(message)
    assert problem.error == "msg_blocks_too_long"


@pytest.mark.parametrize("surface", [Surface.MODAL, Surface.HOME])
def test_views_have_no_such_limit(surface: Surface) -> None:
    assert errors(*[section("x" * 3000)] * 9, surface=surface) == []
