"""Rich text: what its leaves require, and what may stand inside what."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from bot.sandbox.blockkit import Surface, check_blocks
from bot.sandbox.blockkit.rich_text import CLASSIC_ELEMENTS, NEW_ELEMENTS

CaseMaker = Callable[[str], Any]

LEAVES = CLASSIC_ELEMENTS | NEW_ELEMENTS

REQUIRED = {
    "text": "text",
    "link": "url",
    "user": "user_id",
    "usergroup": "usergroup_id",
    "channel": "channel_id",
    "team": "team_id",
    "broadcast": "range",
    "emoji": "name",
    "date": "timestamp format",
    "color": "value",
    "attachment_mention": "url",
    "canvas": "file_id",
    "canvas_message_unfurl": "root_message_ts root_message_channel",
    "canvas_user_mention": "user_id",
    "citation": "url text index details",
    "file": "file_id",
    "list_record": "file_id",
    "message_mention": "channel_id message_ts",
    "salesforce_data_field": "salesforce_record_id",
    "work_object_mention": "entity_id app_id text url",
    "workflow_mention": "workflow_id function_trigger_id text",
}


def test_the_table_names_every_leaf() -> None:
    assert set(REQUIRED) == set(LEAVES)


@pytest.mark.parametrize("kind", LEAVES)
def test_a_leaf_has_all_it_needs_and_may_leave_out_the_rest(kind: str, case: CaseMaker) -> None:
    fields = REQUIRED[kind].split()
    for field in fields:
        without = case(f"leaves/{kind}")
        del without.target[field]
        assert without.found() == [f"missing required field: {field} @ {without.pointer}"]
    made = case(f"leaves/{kind}")
    for field in made.target.keys() - {"type", *fields}:
        del made.target[field]
    assert made.found() == []


@pytest.mark.parametrize(
    ("path", "bad"),
    [
        ("text/text", ""),
        ("link/url", "e.org"),
        ("user/user_id", "T1"),
        ("usergroup/usergroup_id", "U1"),
        ("channel/channel_id", "general"),
        ("team/team_id", "E1"),
        ("broadcast/range", "all"),
        ("emoji/name", ""),
        ("date/timestamp", -1),
        ("color/value", "red"),
        ("canvas_message_unfurl/root_message_ts", "yesterday"),
        ("citation/index", -1),
        ("text/style/bold", "true"),
        ("citation/details/citation_type", "memory"),
    ],
)
def test_a_leaf_is_of_the_right_form(path: str, bad: object, case: CaseMaker) -> None:
    kind, field = path.split("/", 1)
    made = case(f"leaves/{kind}")
    made.put(field, bad)
    (complaint,) = made.found()
    assert complaint.endswith(f" @ {made.pointer}/{field}")


@pytest.mark.parametrize(
    ("style", "complaint"),
    [
        ({}, "must have minimum 1 properties @ {}"),
        ({"loud": True}, "invalid additional property: loud @ {}"),
        ([], "must provide an object @ {}"),
    ],
)
def test_a_style_is_one_of_slacks(style: object, complaint: str, case: CaseMaker) -> None:
    made = case("leaves/text")
    made.put("style", style)
    assert made.found() == [complaint.format(f"{made.pointer}/style")]


@pytest.mark.parametrize("kind", LEAVES)
@pytest.mark.parametrize(
    ("container", "allowed"),
    [
        ("rich_text_section", set(LEAVES)),
        ("rich_text_quote", set(LEAVES)),
        ("rich_text_preformatted", {"text", "link"}),
    ],
)
def test_code_holds_text_and_links_only(
    container: str, allowed: set[str], kind: str, case: CaseMaker
) -> None:
    made = case(f"containers/{container}")
    made.put("elements", [case(f"leaves/{kind}").target])
    refused = f"unsupported type: {kind} @ {made.pointer}/elements/0/type"
    assert made.found() == ([] if kind in allowed else [refused])


@pytest.mark.parametrize("inner", ["rich_text_list", "rich_text_quote", "text"])
def test_a_list_holds_sections_only(inner: str, case: CaseMaker) -> None:
    made = case("containers/rich_text_list")
    group = "leaves" if inner == "text" else "containers"
    made.put("elements", [case(f"{group}/{inner}").target])
    assert made.found() == [f"unsupported type: {inner} @ {made.pointer}/elements/0/type"]


def test_a_list_has_an_item_and_a_style(case: CaseMaker) -> None:
    made = case("containers/rich_text_list")
    made.put("elements", [])
    assert made.found() == [f"must provide at least 1 items @ {made.pointer}/elements"]
    del made.target["style"]
    assert made.found() == [f"missing required field: style @ {made.pointer}"]
    made.target["style"] = "dashed"
    made.put("elements", [{"type": "rich_text_section", "elements": []}])
    assert made.found() == [f"must be a valid enum value @ {made.pointer}/style"]


@pytest.mark.parametrize("kind", ["rich_text_list", "rich_text_preformatted", "rich_text_quote"])
@pytest.mark.parametrize(
    ("border", "said"),
    [
        (2, "must be a valid enum value"),
        (True, "must provide an integer"),
        ("1", "must provide an integer"),
    ],
)
def test_a_border_is_on_or_off(kind: str, border: object, said: str, case: CaseMaker) -> None:
    made = case(f"containers/{kind}")
    made.put("border", border)
    assert made.found() == [f"{said} @ {made.pointer}/border"]


def test_leaves_do_not_stand_alone() -> None:
    block = {"type": "rich_text", "elements": [{"type": "text", "text": "a"}]}
    (problem,) = check_blocks([block], Surface.MESSAGE)
    assert (problem.message, problem.pointer) == ("unsupported type: text", "/0/elements/0/type")


def test_a_rich_text_input_starts_with_a_rich_text_block(case: CaseMaker) -> None:
    made = case("elements/rich_text_input")
    made.put("initial_value", {"type": "section", "elements": []})
    pointer = f"{made.pointer}/initial_value/type"
    assert made.found() == [f"unsupported type: section @ {pointer}"]
    made.put("initial_value", "hello")
    assert made.found() == [f"must provide an object @ {made.pointer}/initial_value"]
