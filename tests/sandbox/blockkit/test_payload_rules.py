"""Rules on a whole message or view: what is unique, and what has a limit in sum."""

from __future__ import annotations

from typing import Any

import pytest

from bot.sandbox.blockkit import Surface, check_blocks, check_message

Json = dict[str, Any]

DIVIDER: Json = {"type": "divider"}


def found(blocks: list[Json], surface: Surface = Surface.MESSAGE) -> list[str]:
    return [
        f"{problem.message} @ {problem.pointer}"
        for problem in check_blocks(blocks, surface)
        if problem.message != "failed to match all allowed schemas"
    ]


def button(**more: object) -> Json:
    return {"type": "button", "text": {"type": "plain_text", "text": "Go"}, **more}


def actions(*action_ids: str) -> Json:
    return {"type": "actions", "elements": [button(action_id=it) for it in action_ids]}


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
def test_a_block_id_is_used_once(surface: Surface) -> None:
    blocks = [{**DIVIDER, "block_id": it} for it in ("a", "b", "a", "a")]
    said = '`block_id` "a" already exists'
    assert found(blocks, surface) == [f"{said} @ /{index}/block_id" for index in (2, 3)]


def test_blocks_without_an_id_are_not_alike() -> None:
    assert found([DIVIDER, DIVIDER]) == []


def test_blocks_inside_blocks_share_the_ids() -> None:
    inside = {
        "type": "container",
        "block_id": "c",
        "title": {"type": "plain_text", "text": "t"},
        "child_blocks": [{**DIVIDER, "block_id": "a"}, {**DIVIDER, "block_id": "c"}],
    }
    assert found([{**DIVIDER, "block_id": "a"}, inside]) == [
        '`block_id` "a" already exists @ /1/child_blocks/0/block_id',
        '`block_id` "c" already exists @ /1/child_blocks/1/block_id',
    ]


def test_the_id_of_a_markdown_block_does_not_count() -> None:
    blocks = [{**markdown("a"), "block_id": "m"}, {**markdown("b"), "block_id": "m"}]
    assert found(blocks) == []


def test_an_action_id_is_used_once_in_a_block() -> None:
    assert found([DIVIDER, actions("x", "x", "y", "x")]) == [
        '`action_id` "x" already exists @ /1/elements/1/action_id',
        '`action_id` "x" already exists @ /1/elements/3/action_id',
    ]


def test_an_action_id_may_be_used_in_two_blocks() -> None:
    accessory = {**section("t"), "accessory": button(action_id="x")}
    assert found([actions("x"), actions("x"), accessory]) == []


def test_elements_without_an_action_id_are_not_alike() -> None:
    assert found([{"type": "actions", "elements": [button(), button()]}]) == []


def test_the_buttons_of_a_card_in_a_carousel_are_told_apart() -> None:
    card = {
        "type": "card",
        "title": {"type": "mrkdwn", "text": "t"},
        "actions": [button(action_id="x"), button(action_id="x")],
    }
    pointer = "/0/elements/0/actions/1/action_id"
    assert found([{"type": "carousel", "elements": [card]}]) == [
        f'`action_id` "x" already exists @ {pointer}'
    ]


def test_the_action_ids_of_feedback_and_icons_are_told_apart() -> None:
    icon = {
        "type": "icon_button",
        "icon": "trash",
        "text": {"type": "plain_text", "text": "t"},
        "action_id": "x",
    }
    block = {"type": "context_actions", "elements": [icon, icon]}
    assert found([block]) == ['`action_id` "x" already exists @ /0/elements/1/action_id']


def test_only_sound_blocks_are_compared() -> None:
    assert found([actions("x", "x"), {"type": "header"}]) == ["missing required field: text @ /1"]


# --- focus, response_url ---


def focused(kind: str) -> Json:
    return {
        "type": "input",
        "label": {"type": "plain_text", "text": "l"},
        "element": {"type": kind, "focus_on_load": True},
    }


@pytest.mark.parametrize("surface", Surface)
def test_one_element_has_the_focus(surface: Surface) -> None:
    assert found([focused("users_select")], surface) == []
    blocks = [focused("users_select"), DIVIDER, focused("datepicker")]
    said = "only one element can have `focus_on_load`"
    assert found(blocks, surface) == [f"{said} @ /2/element/focus_on_load"]
    blocks[2]["element"]["focus_on_load"] = False
    assert found(blocks, surface) == []


@pytest.mark.parametrize("kind", ["conversations_select", "channels_select"])
def test_a_response_url_is_for_inputs_of_modals(kind: str) -> None:
    menu = {"type": kind, "response_url_enabled": True}
    asked = {"type": "input", "label": {"type": "plain_text", "text": "l"}, "element": menu}
    said = "`response_url_enabled` can only be used in input blocks of modals"
    assert found([asked], Surface.MODAL) == []
    for surface in (Surface.MESSAGE, Surface.HOME):
        assert found([asked], surface) == [f"{said} @ /0/element/response_url_enabled"]
    clicked = {"type": "actions", "elements": [menu]}
    pointer = "/0/elements/0/response_url_enabled"
    assert found([clicked], Surface.MODAL) == [f"{said} @ {pointer}"]
    menu["response_url_enabled"] = False
    assert found([clicked], Surface.MODAL) == []


# --- how many ---


@pytest.mark.parametrize(
    ("surface", "most"), [(Surface.MESSAGE, 50), (Surface.MODAL, 100), (Surface.HOME, 100)]
)
def test_there_are_only_so_many_blocks(surface: Surface, most: int) -> None:
    assert found([DIVIDER] * most, surface) == []
    assert found([DIVIDER] * (most + 1), surface) == [f"no more than {most} items allowed @ "]


def test_markdown_counts_as_what_it_becomes() -> None:
    four = markdown("# a\ntext\n# b\n---")
    assert found([four] * 12 + [DIVIDER] * 2) == []
    assert found([four] * 12 + [DIVIDER] * 3) == ["no more than 50 items allowed @ "]
    assert found([markdown("# a\n" * 50)]) == []
    assert found([markdown("# a\n" * 51)]) == ["no more than 50 items allowed @ "]


def test_the_blocks_of_attachments_count_too() -> None:
    message = {"blocks": [DIVIDER] * 30, "attachments": [{"blocks": [DIVIDER] * 20}]}
    assert check_message(message) == []
    message["attachments"].append({"blocks": [DIVIDER]})
    (problem,) = check_message(message)
    assert (problem.message, problem.pointer) == ("no more than 50 items allowed", "/blocks")


def test_all_markdown_together_has_a_limit() -> None:
    assert found([markdown("x" * 7000), DIVIDER, markdown("y" * 5000)]) == []
    assert found([markdown("x" * 7000), DIVIDER, markdown("y" * 5001), markdown("z")]) == [
        "must be less than 12001 characters @ /2/text"
    ]


@pytest.mark.parametrize("surface", [Surface.MESSAGE, Surface.HOME])
@pytest.mark.parametrize("kind", ["table", "data_table"])
def test_all_tables_together_have_a_limit(kind: str, surface: Surface) -> None:
    assert found([table("x" * 4000, "y" * 6000, kind=kind)], surface) == []
    assert found([table("x" * 4000, "y" * 6001, kind=kind)], surface) == [
        "must be less than 10001 characters @ /0/rows"
    ]


def test_every_sort_of_cell_counts() -> None:
    leaves = [
        {"type": "text", "text": "x" * 4000},
        {"type": "link", "url": "https://e.org", "text": "y" * 1000},
    ]
    rich = [{"type": "rich_text_section", "elements": leaves}]
    cells: list[Json] = [
        {"type": "rich_text", "elements": rich},
        {"type": "raw_number", "value": 1234},
        {"type": "raw_number", "value": 99, "text": "z" * 4996},
    ]
    block: Json = {"type": "table", "rows": [cells]}
    assert found([block]) == []
    cells[1]["value"] = 12345
    assert found([block]) == ["must be less than 10001 characters @ /0/rows"]


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
def test_a_message_has_one_table(blocks: list[Json]) -> None:
    (problem,) = check_blocks(blocks, Surface.MESSAGE)
    assert problem.error == "invalid_attachments"
    assert problem.message == "only_one_table_allowed"


def test_one_table_is_fine_and_so_is_none() -> None:
    assert found([table("a"), markdown("text"), DIVIDER]) == []
    assert found([markdown("|a|\n|-|\n|b|")]) == []


def test_a_home_tab_has_one_table_too() -> None:
    (problem,) = check_blocks([table("a"), table("b")], Surface.HOME)
    assert problem.error is None
    assert problem.message == "no more than 1 `table` blocks allowed"


def chart() -> Json:
    pie = {"type": "pie", "segments": [{"label": "a", "value": 1}]}
    return {"type": "data_visualization", "title": "t", "chart": pie}


def test_a_message_has_two_charts() -> None:
    assert found([chart(), chart()]) == []
    said = "no more than 2 `data_visualization` blocks allowed"
    assert found([chart(), chart(), DIVIDER, chart()]) == [f"{said} @ /3"]


def test_a_message_has_one_plan() -> None:
    plan = {"type": "plan", "title": "t"}
    assert found([plan]) == []
    assert found([plan, plan]) == ["no more than 1 `plan` blocks allowed @ /1"]


def test_the_text_of_all_sections_has_a_limit() -> None:
    most = [section("x" * 3000)] * 3 + [section("y" * 2200, "z" * 1000, "z" * 1000)]
    assert found(most) == []
    (problem,) = check_blocks([*most, section("!")], Surface.MESSAGE)
    assert problem.error == "msg_blocks_too_long"
    assert problem.message == "must be less than 13201 characters"


def test_views_may_say_more_than_messages() -> None:
    assert found([section("x" * 3000)] * 9, Surface.MODAL) == []
