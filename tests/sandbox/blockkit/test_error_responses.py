"""Error responses in Slack's formats; most of these bodies are real responses of Slack."""

from __future__ import annotations

import pytest

from bot.sandbox.blockkit import (
    Problem,
    Surface,
    chat_error,
    check_blocks,
    check_message,
    check_view,
    validate_error,
    view_error,
)


def test_chat_error_for_too_many_elements() -> None:
    button = {"type": "button", "text": {"type": "plain_text", "text": "a"}}
    blocks = [{"type": "divider"}, {"type": "actions", "elements": [button] * 26}]
    assert chat_error(check_blocks(blocks, Surface.MESSAGE)) == {
        "ok": False,
        "error": "invalid_blocks",
        "errors": ["no more than 25 items allowed [json-pointer:/blocks/1/elements]"],
        "response_metadata": {
            "messages": ["[ERROR] no more than 25 items allowed [json-pointer:/blocks/1/elements]"]
        },
    }


def test_chat_error_for_long_text() -> None:
    blocks = [{"type": "section", "text": {"type": "mrkdwn", "text": "x" * 3001}}]
    assert chat_error(check_blocks(blocks, Surface.MESSAGE))["errors"] == [
        "failed to match all allowed schemas [json-pointer:/blocks/0/text]",
        "must be less than 3001 characters [json-pointer:/blocks/0/text/text]",
    ]


def test_chat_error_for_too_many_blocks() -> None:
    problems = check_blocks([{"type": "divider"}] * 51, Surface.MESSAGE)
    message = "no more than 50 items allowed [json-pointer:/blocks]"
    assert chat_error(problems)["errors"] == [message]


def test_chat_error_for_duplicate_action_id() -> None:
    button = {
        "type": "button",
        "action_id": "trigger_disambiguate",
        "text": {"type": "plain_text", "text": "a"},
    }
    blocks = [{"type": "divider"}, {"type": "actions", "elements": [button, button]}]
    message = '`action_id` "trigger_disambiguate" already exists'
    assert chat_error(check_blocks(blocks, Surface.MESSAGE))["response_metadata"] == {
        "messages": [f"[ERROR] {message} [json-pointer:/blocks/1/elements/1/action_id]"]
    }


def test_chat_error_of_whole_message_has_no_prefix() -> None:
    problems = check_message({"attachments": [{"blocks": [{"type": "header"}]}]})
    assert chat_error(problems, prefix="")["errors"] == [
        "missing required field: text [json-pointer:/attachments/0/blocks/0]"
    ]


def test_view_error_for_missing_fields() -> None:
    assert view_error(check_view({"type": "modal"})) == {
        "ok": False,
        "error": "invalid_arguments",
        "response_metadata": {
            "messages": [
                "[ERROR] failed to match all allowed schemas [json-pointer:/view]",
                "[ERROR] missing required field: title [json-pointer:/view]",
                "[ERROR] missing required field: blocks [json-pointer:/view]",
            ]
        },
    }


def test_view_error_for_null() -> None:
    view = {
        "type": "home",
        "blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": "a"}, "fields": [None]}],
    }
    assert view_error(check_view(view))["response_metadata"] == {
        "messages": [
            "[ERROR] failed to match all allowed schemas [json-pointer:/view]",
            "[ERROR] failed to match all allowed schemas [json-pointer:/view/blocks/0/fields/0]",
            "[ERROR] must provide an object [json-pointer:/view/blocks/0/fields/0]",
        ]
    }


def test_view_error_for_inputs_without_submit() -> None:
    view = {
        "type": "modal",
        "title": {"type": "plain_text", "text": "t"},
        "blocks": [
            {
                "type": "input",
                "label": {"type": "plain_text", "text": "l"},
                "element": {"type": "plain_text_input"},
            }
        ],
    }
    message = "must define `submit` to use an `input` block in modals"
    assert view_error(check_view(view))["response_metadata"] == {
        "messages": [f"[ERROR] {message} [json-pointer:/view/blocks/0/input]"]
    }


def test_validate_error_matches_slacks_example() -> None:
    blocks = [{"type": "section", "text": {"type": "invalid", "text": "a"}}]
    assert validate_error(check_blocks(blocks, Surface.MESSAGE), kind="blocks") == {
        "ok": False,
        "error": "invalid_blocks",
        "errors": [
            {
                "code": "failed_constraint",
                "message": "unsupported type: invalid",
                "pointer": "/0/text/type",
                "constraint": {"type": "enum", "expected": ["plain_text", "mrkdwn"]},
            }
        ],
    }


def test_validate_error_names_missing_field() -> None:
    assert validate_error(check_blocks([{}], Surface.MESSAGE), kind="blocks")["errors"] == [
        {
            "code": "missing_field",
            "message": "missing required field: type",
            "field": "type",
            "pointer": "/0",
        }
    ]


def test_validate_pointers_are_relative_to_argument() -> None:
    header = {"type": "header"}
    bodies = [
        validate_error(check_blocks([header], Surface.MESSAGE), kind="blocks"),
        validate_error(check_message({"blocks": [header]}), kind="message"),
        validate_error(check_view({"type": "home", "blocks": [header]}), kind="view"),
    ]
    assert [(body["error"], [error["pointer"] for error in body["errors"]]) for body in bodies] == [
        ("invalid_blocks", ["/0"]),
        ("invalid_message", ["/blocks/0"]),
        ("invalid_view", ["/blocks/0"]),
    ]


@pytest.mark.parametrize(
    "error",
    [
        "invalid_blocks_format",
        "msg_blocks_too_long",
        "no_text",
        "too_many_attachments",
        "view_too_large",
    ],
)
def test_some_errors_have_no_details(error: str) -> None:
    problems = [Problem("whatever", error=error)]
    assert chat_error(problems) == {"ok": False, "error": error}
    assert view_error(problems) == {"ok": False, "error": error}


def test_second_table_has_specific_error() -> None:
    table = {"type": "table", "rows": [[{"type": "raw_text", "text": "a"}]]}
    assert chat_error(check_blocks([table, table], Surface.MESSAGE)) == {
        "ok": False,
        "error": "invalid_attachments",
        "response_metadata": {"messages": ["[ERROR] only_one_table_allowed"]},
    }


def test_blocks_that_are_not_a_list_have_specific_error() -> None:
    problems = check_blocks("[]", Surface.MESSAGE)
    assert chat_error(problems) == {"ok": False, "error": "invalid_blocks_format"}


def test_ordinary_problem_takes_precedence_over_special_one() -> None:
    problems = [Problem("special", error="view_too_large"), Problem("ordinary", "/0")]
    body = chat_error(problems)
    assert (body["error"], body["errors"]) == (
        "invalid_blocks",
        ["ordinary [json-pointer:/blocks/0]"],
    )
    body = view_error(problems)
    assert (body["error"], body["response_metadata"]["messages"]) == (
        "invalid_arguments",
        ["[ERROR] ordinary [json-pointer:/view/0]"],
    )
