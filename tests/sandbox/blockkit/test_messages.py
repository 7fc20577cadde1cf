"""Lists of blocks and whole messages."""

from __future__ import annotations

import pytest

from bot.sandbox.blockkit import Problem, Surface, check_blocks, check_message


@pytest.mark.parametrize("surface", Surface)
@pytest.mark.parametrize("blocks", ["[]", {}, None, 1, '[{"type":"divider"}]'])
def test_blocks_that_are_not_a_list_have_specific_error(blocks: object, surface: Surface) -> None:
    (problem,) = check_blocks(blocks, surface)
    assert (problem.error, problem.pointer) == ("invalid_blocks_format", "")


@pytest.mark.parametrize("surface", Surface)
def test_empty_list_of_blocks_is_valid(surface: Surface) -> None:
    assert check_blocks([], surface) == []


@pytest.mark.parametrize(
    "message",
    [
        {"text": "hello"},
        {"text": "x" * 50_000},
        {"text": "", "blocks": [{"type": "divider"}]},
        {"attachments": [{"text": "old", "color": "#fff"}], "mrkdwn": False},
        {"attachments": [{"text": "old", "attachment_type": "default", "callback_id": "c"}]},
        {"attachments": [{"thumb_url": "https://e.org", "thumb_width": 75, "thumb_height": 75}]},
        {"attachments": [{"image_url": "https://e.org", "image_width": 1, "image_bytes": 9}]},
        {"text": "a", "blocks": [], "attachments": [], "thread_ts": "1.2"},
        {"attachments": [{"blocks": [{"type": "divider"}]}]},
    ],
)
def test_valid_message_has_no_problems(message: object) -> None:
    assert check_message(message) == []


@pytest.mark.parametrize(
    ("message", "problem_line"),
    [
        (None, "must provide an object @ "),
        ([], "must provide an object @ "),
        ({"text": 1}, "must provide a string @ /text"),
        ({"text": "a", "mrkdwn": 1}, "must be a boolean @ /mrkdwn"),
        ({"text": "a", "thread_ts": 1.2}, "must provide a string @ /thread_ts"),
        ({"text": "a", "color": "red"}, "invalid additional property: color @ "),
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
def test_invalid_message_has_one_problem(message: object, problem_line: str) -> None:
    (problem,) = check_message(message)
    assert f"{problem.message} @ {problem.pointer}" == problem_line
    assert problem.error is None


@pytest.mark.parametrize("message", [{}, {"text": ""}, {"blocks": []}, {"thread_ts": "1.2"}])
def test_message_without_content_is_rejected(message: object) -> None:
    assert [problem.error for problem in check_message(message)] == ["no_text"]


def test_unknown_attachment_key_is_rejected() -> None:
    (problem,) = check_message({"attachments": [{"text": "a", "indent": 1}]})
    assert problem == Problem("invalid_keys", "/attachments/0", error="invalid_attachments")


def test_message_has_at_most_100_attachments() -> None:
    assert check_message({"attachments": [{"text": "a"}] * 100}) == []
    (problem,) = check_message({"attachments": [{"text": "a"}] * 101})
    assert (problem.error, problem.pointer) == ("too_many_attachments", "/attachments")


def test_blocks_and_attachments_share_id_and_table_rules() -> None:
    block = {"type": "table", "block_id": "t", "rows": [[{"type": "raw_text", "text": "a"}]]}
    problems = check_message({"blocks": [block], "attachments": [{"blocks": [block]}]})
    assert [(problem.message, problem.pointer) for problem in problems] == [
        ('`block_id` "t" already exists', "/attachments/0/blocks/0/block_id"),
        ("only_one_table_allowed", "/blocks"),
    ]
