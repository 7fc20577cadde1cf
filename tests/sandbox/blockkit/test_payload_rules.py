"""Rules on a whole message or view: unique ids and total limits."""

from __future__ import annotations

from typing import Any

import pytest

from bot.sandbox.blockkit import Surface, check_blocks, check_message

Json = dict[str, Any]

DIVIDER: Json = {"type": "divider"}


def problem_lines(blocks: list[Json], surface: Surface = Surface.MESSAGE) -> list[str]:
    return [
        f"{problem.message} @ {problem.pointer}"
        for problem in check_blocks(blocks, surface)
        if problem.message != "failed to match all allowed schemas"
    ]


def button(**fields: object) -> Json:
    return {"type": "button", "text": {"type": "plain_text", "text": "Go"}, **fields}


def actions(*action_ids: str) -> Json:
    return {
        "type": "actions",
        "elements": [button(action_id=action_id) for action_id in action_ids],
    }


def markdown(text: str) -> Json:
    return {"type": "markdown", "text": text}


def section(text: str, *fields: str) -> Json:
    texts = [{"type": "mrkdwn", "text": field} for field in fields]
    return {
        "type": "section",
        "text": {"type": "mrkdwn", "text": text},
        **({"fields": texts} if fields else {}),
    }


def table(*texts: str, kind: str = "table") -> Json:
    rows = [[{"type": "raw_text", "text": text}] for text in texts]
    return {"type": kind, "rows": rows, **({"caption": "c"} if kind == "data_table" else {})}


# --- ids ---


@pytest.mark.parametrize("surface", Surface)
def test_block_ids_are_unique(surface: Surface) -> None:
    blocks = [{**DIVIDER, "block_id": block_id} for block_id in ("a", "b", "a", "a")]
    message = '`block_id` "a" already exists'
    assert problem_lines(blocks, surface) == [f"{message} @ /{index}/block_id" for index in (2, 3)]


def test_blocks_without_id_do_not_collide() -> None:
    assert problem_lines([DIVIDER, DIVIDER]) == []


def test_nested_block_ids_are_unique() -> None:
    container = {
        "type": "container",
        "block_id": "c",
        "title": {"type": "plain_text", "text": "t"},
        "child_blocks": [{**DIVIDER, "block_id": "a"}, {**DIVIDER, "block_id": "c"}],
    }
    assert problem_lines([{**DIVIDER, "block_id": "a"}, container]) == [
        '`block_id` "a" already exists @ /1/child_blocks/0/block_id',
        '`block_id` "c" already exists @ /1/child_blocks/1/block_id',
    ]


def test_markdown_block_ids_may_repeat() -> None:
    blocks = [{**markdown("a"), "block_id": "m"}, {**markdown("b"), "block_id": "m"}]
    assert problem_lines(blocks) == []


def test_action_ids_are_unique_within_a_block() -> None:
    assert problem_lines([DIVIDER, actions("x", "x", "y", "x")]) == [
        '`action_id` "x" already exists @ /1/elements/1/action_id',
        '`action_id` "x" already exists @ /1/elements/3/action_id',
    ]


def test_action_ids_may_repeat_across_blocks() -> None:
    accessory = {**section("t"), "accessory": button(action_id="x")}
    assert problem_lines([actions("x"), actions("x"), accessory]) == []


def test_elements_without_action_id_do_not_collide() -> None:
    assert problem_lines([{"type": "actions", "elements": [button(), button()]}]) == []


def test_action_ids_are_unique_within_a_carousel_card() -> None:
    card = {
        "type": "card",
        "title": {"type": "mrkdwn", "text": "t"},
        "actions": [button(action_id="x"), button(action_id="x")],
    }
    pointer = "/0/elements/0/actions/1/action_id"
    assert problem_lines([{"type": "carousel", "elements": [card]}]) == [
        f'`action_id` "x" already exists @ {pointer}'
    ]


def test_action_ids_are_unique_within_context_actions() -> None:
    icon = {
        "type": "icon_button",
        "icon": "trash",
        "text": {"type": "plain_text", "text": "t"},
        "action_id": "x",
    }
    block = {"type": "context_actions", "elements": [icon, icon]}
    assert problem_lines([block]) == ['`action_id` "x" already exists @ /0/elements/1/action_id']


def test_ids_are_compared_only_in_valid_blocks() -> None:
    assert problem_lines([actions("x", "x"), {"type": "header"}]) == [
        "missing required field: text @ /1"
    ]


# --- focus, response_url ---


def focused_input(kind: str) -> Json:
    return {
        "type": "input",
        "label": {"type": "plain_text", "text": "l"},
        "element": {"type": kind, "focus_on_load": True},
    }


@pytest.mark.parametrize("surface", Surface)
def test_only_one_element_takes_focus(surface: Surface) -> None:
    assert problem_lines([focused_input("users_select")], surface) == []
    blocks = [focused_input("users_select"), DIVIDER, focused_input("datepicker")]
    message = "only one element can have `focus_on_load`"
    assert problem_lines(blocks, surface) == [f"{message} @ /2/element/focus_on_load"]
    blocks[2]["element"]["focus_on_load"] = False
    assert problem_lines(blocks, surface) == []


@pytest.mark.parametrize("kind", ["conversations_select", "channels_select"])
def test_response_url_is_only_for_modal_inputs(kind: str) -> None:
    menu = {"type": kind, "response_url_enabled": True}
    input_block = {"type": "input", "label": {"type": "plain_text", "text": "l"}, "element": menu}
    message = "`response_url_enabled` can only be used in input blocks of modals"
    assert problem_lines([input_block], Surface.MODAL) == []
    for surface in (Surface.MESSAGE, Surface.HOME):
        assert problem_lines([input_block], surface) == [
            f"{message} @ /0/element/response_url_enabled"
        ]
    actions_block = {"type": "actions", "elements": [menu]}
    pointer = "/0/elements/0/response_url_enabled"
    assert problem_lines([actions_block], Surface.MODAL) == [f"{message} @ {pointer}"]
    menu["response_url_enabled"] = False
    assert problem_lines([actions_block], Surface.MODAL) == []


# --- numbers and lengths ---


@pytest.mark.parametrize(
    ("surface", "max_blocks"), [(Surface.MESSAGE, 50), (Surface.MODAL, 100), (Surface.HOME, 100)]
)
def test_number_of_blocks_is_limited(surface: Surface, max_blocks: int) -> None:
    assert problem_lines([DIVIDER] * max_blocks, surface) == []
    assert problem_lines([DIVIDER] * (max_blocks + 1), surface) == [
        f"no more than {max_blocks} items allowed @ "
    ]


def test_expanded_markdown_counts_toward_block_limit() -> None:
    four_blocks = markdown("# a\ntext\n# b\n---")
    assert problem_lines([four_blocks] * 12 + [DIVIDER] * 2) == []
    assert problem_lines([four_blocks] * 12 + [DIVIDER] * 3) == ["no more than 50 items allowed @ "]
    assert problem_lines([markdown("# a\n" * 50)]) == []
    assert problem_lines([markdown("# a\n" * 51)]) == ["no more than 50 items allowed @ "]


def test_attachment_blocks_count_toward_block_limit() -> None:
    message = {"blocks": [DIVIDER] * 30, "attachments": [{"blocks": [DIVIDER] * 20}]}
    assert check_message(message) == []
    message["attachments"].append({"blocks": [DIVIDER]})
    (problem,) = check_message(message)
    assert (problem.message, problem.pointer) == ("no more than 50 items allowed", "/blocks")


@pytest.mark.parametrize("surface", [Surface.MESSAGE, Surface.HOME])
@pytest.mark.parametrize("kind", ["table", "data_table"])
def test_total_table_text_is_limited(kind: str, surface: Surface) -> None:
    assert problem_lines([table("x" * 4000, "y" * 6000, kind=kind)], surface) == []
    assert problem_lines([table("x" * 4000, "y" * 6001, kind=kind)], surface) == [
        "must be less than 10001 characters @ /0/rows"
    ]


def test_every_cell_type_counts_toward_table_limit() -> None:
    inline_elements = [
        {"type": "text", "text": "x" * 4000},
        {"type": "link", "url": "https://e.org", "text": "y" * 1000},
    ]
    sections = [{"type": "rich_text_section", "elements": inline_elements}]
    cells: list[Json] = [
        {"type": "rich_text", "elements": sections},
        {"type": "raw_number", "value": 1234},
        {"type": "raw_number", "value": 99, "text": "z" * 4996},
    ]
    block: Json = {"type": "table", "rows": [cells]}
    assert problem_lines([block]) == []
    cells[1]["value"] = 12345
    assert problem_lines([block]) == ["must be less than 10001 characters @ /0/rows"]


@pytest.mark.parametrize(
    "blocks",
    [
        [table("a"), table("b")],
        [table("a"), table("b", "c", kind="data_table")],
        [table("a"), markdown("|a|\n|-|\n|b|")],
        [markdown("|a|\n|-|\n|b|\n\ntext\n\n|a|\n|-|\n|b|")],
        [
            {
                "type": "container",
                "title": {"type": "plain_text", "text": "t"},
                "child_blocks": [table("a"), table("b")],
            }
        ],
    ],
)
def test_message_has_at_most_one_table(blocks: list[Json]) -> None:
    (problem,) = check_blocks(blocks, Surface.MESSAGE)
    assert problem.error == "invalid_attachments"
    assert problem.message == "only_one_table_allowed"


def test_one_table_is_valid() -> None:
    assert problem_lines([table("a"), markdown("text"), DIVIDER]) == []
    assert problem_lines([markdown("|a|\n|-|\n|b|")]) == []


def test_home_tab_has_at_most_one_table() -> None:
    (problem,) = check_blocks([table("a"), table("b")], Surface.HOME)
    assert problem.error is None
    assert problem.message == "no more than 1 `table` blocks allowed"


def chart() -> Json:
    pie = {"type": "pie", "segments": [{"label": "a", "value": 1}]}
    return {"type": "data_visualization", "title": "t", "chart": pie}


def test_message_has_at_most_two_charts() -> None:
    assert problem_lines([chart(), chart()]) == []
    message = "no more than 2 `data_visualization` blocks allowed"
    assert problem_lines([chart(), chart(), DIVIDER, chart()]) == [f"{message} @ /3"]


def test_message_has_at_most_one_plan() -> None:
    plan = {"type": "plan", "title": "t"}
    assert problem_lines([plan]) == []
    assert problem_lines([plan, plan]) == ["no more than 1 `plan` blocks allowed @ /1"]
