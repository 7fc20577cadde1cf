"""The answers in Slack's own shapes; most of these bodies were seen in the wild."""

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


def test_chat_names_too_many_elements_as_slack_did() -> None:
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


def test_chat_names_a_long_text_as_slack_did() -> None:
    blocks = [{"type": "section", "text": {"type": "mrkdwn", "text": "x" * 3001}}]
    assert chat_error(check_blocks(blocks, Surface.MESSAGE))["errors"] == [
        "failed to match all allowed schemas [json-pointer:/blocks/0/text]",
        "must be less than 3001 characters [json-pointer:/blocks/0/text/text]",
    ]


def test_chat_names_too_many_blocks_as_slack_did() -> None:
    problems = check_blocks([{"type": "divider"}] * 51, Surface.MESSAGE)
    said = "no more than 50 items allowed [json-pointer:/blocks]"
    assert chat_error(problems)["errors"] == [said]


def test_chat_names_a_second_action_id_as_slack_did() -> None:
    button = {
        "type": "button",
        "action_id": "trigger_disambiguate",
        "text": {"type": "plain_text", "text": "a"},
    }
    blocks = [{"type": "divider"}, {"type": "actions", "elements": [button, button]}]
    said = '`action_id` "trigger_disambiguate" already exists'
    assert chat_error(check_blocks(blocks, Surface.MESSAGE))["response_metadata"] == {
        "messages": [f"[ERROR] {said} [json-pointer:/blocks/1/elements/1/action_id]"]
    }


def test_chat_answers_for_a_whole_message_without_a_prefix() -> None:
    problems = check_message({"attachments": [{"blocks": [{"type": "header"}]}]})
    assert chat_error(problems, prefix="")["errors"] == [
        "missing required field: text [json-pointer:/attachments/0/blocks/0]"
    ]


def test_views_name_missing_fields_as_slack_did() -> None:
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


def test_views_name_nulls_as_slack_did() -> None:
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


def test_views_name_inputs_without_submit_as_slack_did() -> None:
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
    said = "must define `submit` to use an `input` block in modals"
    assert view_error(check_view(view))["response_metadata"] == {
        "messages": [f"[ERROR] {said} [json-pointer:/view/blocks/0/input]"]
    }


def test_blocks_validate_answers_as_in_slacks_example() -> None:
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


def test_blocks_validate_names_a_missing_field() -> None:
    assert validate_error(check_blocks([{}], Surface.MESSAGE), kind="blocks")["errors"] == [
        {
            "code": "missing_field",
            "message": "missing required field: type",
            "field": "type",
            "pointer": "/0",
        }
    ]


def test_blocks_validate_points_into_what_it_was_given() -> None:
    header = {"type": "header"}
    bodies = [
        validate_error(check_blocks([header], Surface.MESSAGE), kind="blocks"),
        validate_error(check_message({"blocks": [header]}), kind="message"),
        validate_error(check_view({"type": "home", "blocks": [header]}), kind="view"),
    ]
    assert [(body["error"], [it["pointer"] for it in body["errors"]]) for body in bodies] == [
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
def test_some_errors_come_without_a_word(error: str) -> None:
    problems = [Problem("whatever", error=error)]
    assert chat_error(problems) == {"ok": False, "error": error}
    assert view_error(problems) == {"ok": False, "error": error}


def test_a_second_table_has_slacks_own_answer() -> None:
    table = {"type": "table", "rows": [[{"type": "raw_text", "text": "a"}]]}
    assert chat_error(check_blocks([table, table], Surface.MESSAGE)) == {
        "ok": False,
        "error": "invalid_attachments",
        "response_metadata": {"messages": ["[ERROR] only_one_table_allowed"]},
    }


def test_blocks_that_are_no_list_have_slacks_own_answer() -> None:
    problems = check_blocks("[]", Surface.MESSAGE)
    assert chat_error(problems) == {"ok": False, "error": "invalid_blocks_format"}


def test_an_ordinary_problem_comes_before_a_special_one() -> None:
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
