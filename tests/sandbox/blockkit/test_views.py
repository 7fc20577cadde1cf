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
def test_a_view_has_these_fields(kind: str, required: str, optional: str, case: CaseMaker) -> None:
    made = case(f"views/{kind}")
    assert set(made.target) == {"type", *required.split(), *optional.split()}
    for field in required.split():
        without = case(f"views/{kind}")
        del without.target[field]
        assert without.found() == [f"missing required field: {field} @ "]
    for field in optional.split():
        del made.target[field]
    assert made.found() == []


@pytest.mark.parametrize("field", ["title", "submit", "close", "clear_on_close", "notify_on_close"])
def test_a_home_tab_has_no_frame(field: str, case: CaseMaker) -> None:
    made = case("views/home")
    made.target[field] = case("views/modal").target[field]
    assert made.found() == [f"invalid additional property: {field} @ "]


@pytest.mark.parametrize("kind", ["modal", "home"])
@pytest.mark.parametrize("field", ["submit_disabled", "id", "hash", "state", "team_id"])
def test_a_stored_view_cannot_be_sent_back(kind: str, field: str, case: CaseMaker) -> None:
    made = case(f"views/{kind}")
    made.target[field] = True
    assert check_view(made.payload) == [
        Problem("failed to match all allowed schemas", constraint={"type": "all_of"}),
        Problem(
            f"invalid additional property: {field}", constraint={"type": "additional_properties"}
        ),
    ]


@pytest.mark.parametrize("view", [None, [], "modal", 1, {}, {"type": None}, {"type": "message"}])
def test_a_view_is_a_modal_or_a_home_tab(view: object) -> None:
    opening, problem = check_view(view)
    assert opening.message == "failed to match all allowed schemas"
    assert problem.message in {
        "must provide an object",
        "missing required field: type",
        "must provide a string",
        "unsupported type: message",
    }


@pytest.mark.parametrize("field", ["title", "submit", "close"])
def test_the_frame_of_a_modal_is_plain_text(field: str, case: CaseMaker) -> None:
    made = case("views/modal")
    made.put(field, {"type": "mrkdwn", "text": "*a*"})
    assert made.found() == [f"unsupported type: mrkdwn @ /{field}/type"]
    made.put(field, None)
    assert made.found() == [f"must provide an object @ /{field}"]


def test_a_modal_with_inputs_can_be_submitted(case: CaseMaker) -> None:
    made = case("views/modal")
    made.put("blocks", [{"type": "divider"}, INPUT, INPUT])
    assert made.found() == []
    del made.target["submit"]
    said = "must define `submit` to use an `input` block in modals"
    assert check_view(made.payload) == [Problem(said, f"/blocks/{index}/input") for index in (1, 2)]


def test_a_home_tab_with_inputs_needs_no_submit(case: CaseMaker) -> None:
    made = case("views/home")
    made.put("blocks", [INPUT])
    assert made.found() == []


@pytest.mark.parametrize(("kind", "block"), [("modal", "table"), ("home", "alert")])
def test_a_view_admits_the_blocks_of_its_surface(kind: str, block: str, case: CaseMaker) -> None:
    made = case(f"views/{kind}")
    made.put("blocks", [case(f"blocks/{block}").target])
    assert made.found() == [f"unsupported type: {block} @ /blocks/0/type"]


@pytest.mark.parametrize("kind", ["modal", "home"])
def test_the_rules_on_ids_hold_in_views(kind: str, case: CaseMaker) -> None:
    made = case(f"views/{kind}")
    made.put("blocks", [{"type": "divider", "block_id": "x"}] * 2)
    assert made.found() == ['`block_id` "x" already exists @ /blocks/1/block_id']


@pytest.mark.parametrize("kind", ["modal", "home"])
@pytest.mark.parametrize("blocks", [None, {}, "[]"])
def test_the_blocks_of_a_view_are_a_list(kind: str, blocks: object, case: CaseMaker) -> None:
    made = case(f"views/{kind}")
    made.put("blocks", blocks)
    assert made.found() == ["must provide an array @ /blocks"]


def test_a_view_has_at_most_250_kilobytes(case: CaseMaker) -> None:
    made = case("views/home")
    text = {"type": "mrkdwn", "text": "é" * 1000}
    made.put("blocks", [{"type": "section", "text": text} for _ in range(99)])
    for block in made.get("blocks"):
        block["fields"] = [text]
    assert made.found() == ["must be less than 250001 bytes @ "]
    (problem,) = check_view(made.payload)
    assert problem.error == "view_too_large"
    for block in made.get("blocks")[:80]:
        del block["fields"]
    assert made.found() == []


def test_the_size_of_a_view_is_measured_to_the_byte(case: CaseMaker) -> None:
    made = case("views/home")
    made.put("private_metadata", "")
    blocks = [
        {"type": "section", "text": {"type": "mrkdwn", "text": "x" * 2942}} for _ in range(83)
    ]
    made.put("blocks", blocks)
    room = 250_000 - len('{"type":"home","private_metadata":"","callback_id":"c",')
    room -= (
        len('"external_id":"e","blocks":[]}')
        + 82
        + 83 * len('{"type":"section","text":{"type":"mrkdwn","text":""}}')
    )
    made.put("private_metadata", "x" * (room - 83 * 2942))
    assert made.found() == []
    made.put("private_metadata", "x" * (room - 83 * 2942 + 1))
    assert made.found() == ["must be less than 250001 bytes @ "]
