"""Lists of blocks and whole messages."""

from __future__ import annotations

import pytest

from bot.sandbox.blockkit import Problem, Surface, check_blocks, check_message


@pytest.mark.parametrize("surface", Surface)
@pytest.mark.parametrize("blocks", ["[]", {}, None, 1, '[{"type":"divider"}]'])
def test_blocks_that_are_no_list_have_an_error_of_their_own(
    blocks: object, surface: Surface
) -> None:
    (problem,) = check_blocks(blocks, surface)
    assert (problem.error, problem.pointer) == ("invalid_blocks_format", "")


@pytest.mark.parametrize("surface", Surface)
def test_no_blocks_are_fine(surface: Surface) -> None:
    assert check_blocks([], surface) == []


@pytest.mark.parametrize(
    "message",
    [
        {"text": "hello"},
        {"text": "x" * 50_000},
        {"text": "", "blocks": [{"type": "divider"}]},
        {"attachments": [{"text": "old", "color": "#fff"}], "mrkdwn": False},
        {"text": "a", "blocks": [], "attachments": [], "thread_ts": "1.2"},
        {"attachments": [{"blocks": [{"type": "divider"}]}]},
    ],
)
def test_these_are_messages(message: object) -> None:
    assert check_message(message) == []


@pytest.mark.parametrize(
    ("message", "complaint"),
    [
        (None, "must provide an object @ "),
        ([], "must provide an object @ "),
        ({"text": 1}, "must provide a string @ /text"),
        ({"text": "a", "mrkdwn": 1}, "must be a boolean @ /mrkdwn"),
        ({"text": "a", "thread_ts": 1.2}, "must provide a string @ /thread_ts"),
        ({"text": "a", "colour": "red"}, "invalid additional property: colour @ "),
        ({"text": "a", "blocks": "[]"}, "must provide an array @ /blocks"),
        ({"blocks": [{"type": "alert"}]}, "unsupported type: alert @ /blocks/0/type"),
        ({"text": "a", "attachments": {}}, "must provide an array @ /attachments"),
        ({"text": "a", "attachments": ["a"]}, "must provide an object @ /attachments/0"),
        (
            {"attachments": [{}, {"blocks": [{"type": "header"}]}]},
            "missing required field: text @ /attachments/1/blocks/0",
        ),
        (
            {"attachments": [{"blocks": {"type": "divider"}}]},
            "must provide an array @ /attachments/0/blocks",
        ),
    ],
)
def test_these_are_not(message: object, complaint: str) -> None:
    (problem,) = check_message(message)
    assert f"{problem.message} @ {problem.pointer}" == complaint
    assert problem.error is None


@pytest.mark.parametrize("message", [{}, {"text": ""}, {"blocks": []}, {"thread_ts": "1.2"}])
def test_a_message_says_something(message: object) -> None:
    assert [problem.error for problem in check_message(message)] == ["no_text"]


def test_an_attachment_has_keys_of_attachments() -> None:
    (problem,) = check_message({"attachments": [{"text": "a", "indent": 1}]})
    assert problem == Problem("invalid_keys", "/attachments/0", error="invalid_attachments")


def test_there_are_at_most_a_hundred_attachments() -> None:
    assert check_message({"attachments": [{"text": "a"}] * 100}) == []
    (problem,) = check_message({"attachments": [{"text": "a"}] * 101})
    assert (problem.error, problem.pointer) == ("too_many_attachments", "/attachments")


def test_blocks_and_attachments_share_ids_and_tables() -> None:
    block = {"type": "table", "block_id": "t", "rows": [[{"type": "raw_text", "text": "a"}]]}
    problems = check_message({"blocks": [block], "attachments": [{"blocks": [block]}]})
    assert [(it.message, it.pointer) for it in problems] == [
        ('`block_id` "t" already exists', "/attachments/0/blocks/0/block_id"),
        ("only_one_table_allowed", "/blocks"),
    ]
