"""Modals and Home tabs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from bot.sandbox.blockkit import Problem, check_view

CaseMaker = Callable[[str], Any]

INPUT = {
    "type": "input",
    "label": {"type": "plain_text", "text": "l"},
    "element": {"type": "plain_text_input"},
}


@pytest.mark.parametrize(
    ("kind", "required", "optional"),
    [
        (
            "modal",
            "title blocks",
            "submit close private_metadata callback_id external_id clear_on_close notify_on_close",
        ),
        ("home", "blocks", "private_metadata callback_id external_id"),
    ],
)
def test_view_has_these_fields(
    kind: str, required: str, optional: str, make_example_case: CaseMaker
) -> None:
    case = make_example_case(f"views/{kind}")
    assert set(case.target) == {"type", *required.split(), *optional.split()}
    for field in required.split():
        incomplete_case = make_example_case(f"views/{kind}")
        del incomplete_case.target[field]
        assert incomplete_case.problem_lines() == [f"missing required field: {field} @ "]
    for field in optional.split():
        del case.target[field]
    assert case.problem_lines() == []


@pytest.mark.parametrize("field", ["title", "submit", "close", "clear_on_close", "notify_on_close"])
def test_home_tab_rejects_modal_fields(field: str, make_example_case: CaseMaker) -> None:
    case = make_example_case("views/home")
    case.target[field] = make_example_case("views/modal").target[field]
    assert case.problem_lines() == [f"invalid additional property: {field} @ "]


@pytest.mark.parametrize("kind", ["modal", "home"])
@pytest.mark.parametrize("field", ["submit_disabled", "id", "hash", "state", "team_id"])
def test_fields_of_stored_views_are_rejected(
    kind: str, field: str, make_example_case: CaseMaker
) -> None:
    case = make_example_case(f"views/{kind}")
    case.target[field] = True
    assert check_view(case.payload) == [
        Problem("failed to match all allowed schemas", constraint={"type": "all_of"}),
        Problem(
            f"invalid additional property: {field}", constraint={"type": "additional_properties"}
        ),
    ]


@pytest.mark.parametrize("view", [None, [], "modal", 1, {}, {"type": None}, {"type": "message"}])
def test_view_must_be_modal_or_home_tab(view: object) -> None:
    general, problem = check_view(view)
    assert general.message == "failed to match all allowed schemas"
    assert problem.message in {
        "must provide an object",
        "missing required field: type",
        "must provide a string",
        "unsupported type: message",
    }


@pytest.mark.parametrize("field", ["title", "submit", "close"])
def test_modal_title_and_buttons_are_plain_text(field: str, make_example_case: CaseMaker) -> None:
    case = make_example_case("views/modal")
    case.replace(field, {"type": "mrkdwn", "text": "*a*"})
    assert case.problem_lines() == [f"unsupported type: mrkdwn @ /{field}/type"]
    case.replace(field, None)
    assert case.problem_lines() == [f"must provide an object @ /{field}"]


def test_modal_with_inputs_needs_submit(make_example_case: CaseMaker) -> None:
    case = make_example_case("views/modal")
    case.replace("blocks", [{"type": "divider"}, INPUT, INPUT])
    assert case.problem_lines() == []
    del case.target["submit"]
    message = "must define `submit` to use an `input` block in modals"
    assert check_view(case.payload) == [
        Problem(message, f"/blocks/{index}/input") for index in (1, 2)
    ]


def test_home_tab_with_inputs_needs_no_submit(make_example_case: CaseMaker) -> None:
    case = make_example_case("views/home")
    case.replace("blocks", [INPUT])
    assert case.problem_lines() == []


@pytest.mark.parametrize(("kind", "block"), [("modal", "table"), ("home", "alert")])
def test_view_rejects_blocks_of_other_surfaces(
    kind: str, block: str, make_example_case: CaseMaker
) -> None:
    case = make_example_case(f"views/{kind}")
    case.replace("blocks", [make_example_case(f"blocks/{block}").target])
    assert case.problem_lines() == [f"unsupported type: {block} @ /blocks/0/type"]


@pytest.mark.parametrize("kind", ["modal", "home"])
def test_block_ids_are_unique_in_views(kind: str, make_example_case: CaseMaker) -> None:
    case = make_example_case(f"views/{kind}")
    case.replace("blocks", [{"type": "divider", "block_id": "x"}] * 2)
    assert case.problem_lines() == ['`block_id` "x" already exists @ /blocks/1/block_id']


@pytest.mark.parametrize("kind", ["modal", "home"])
@pytest.mark.parametrize("blocks", [None, {}, "[]"])
def test_view_blocks_must_be_a_list(
    kind: str, blocks: object, make_example_case: CaseMaker
) -> None:
    case = make_example_case(f"views/{kind}")
    case.replace("blocks", blocks)
    assert case.problem_lines() == ["must provide an array @ /blocks"]


def test_view_has_at_most_250_kilobytes(make_example_case: CaseMaker) -> None:
    case = make_example_case("views/home")
    text = {"type": "mrkdwn", "text": "é" * 1000}
    case.replace("blocks", [{"type": "section", "text": text} for _ in range(99)])
    for block in case.get("blocks"):
        block["fields"] = [text]
    assert case.problem_lines() == ["must be less than 250001 bytes @ "]
    (problem,) = check_view(case.payload)
    assert problem.error == "view_too_large"
    for block in case.get("blocks")[:80]:
        del block["fields"]
    assert case.problem_lines() == []


def test_view_size_limit_is_exact(make_example_case: CaseMaker) -> None:
    case = make_example_case("views/home")
    case.replace("private_metadata", "")
    blocks = [
        {"type": "section", "text": {"type": "mrkdwn", "text": "x" * 2942}} for _ in range(83)
    ]
    case.replace("blocks", blocks)
    available = 250_000 - len('{"type":"home","private_metadata":"","callback_id":"c",')
    available -= (
        len('"external_id":"e","blocks":[]}')
        + 82
        + 83 * len('{"type":"section","text":{"type":"mrkdwn","text":""}}')
    )
    case.replace("private_metadata", "x" * (available - 83 * 2942))
    assert case.problem_lines() == []
    case.replace("private_metadata", "x" * (available - 83 * 2942 + 1))
    assert case.problem_lines() == ["must be less than 250001 bytes @ "]
