"""Menus and inputs: first values, bounds, and whatever else their fields agree on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

CaseMaker = Callable[[str], Any]


def option(text: str, value: str, **more: object) -> dict[str, object]:
    return {"text": {"type": "plain_text", "text": text, **more}, "value": value}


OTHERS = [
    option("B", "c"),
    option("b", "b"),
    option("B", "b", emoji=True),
    {"text": {"type": "plain_text", "text": "B"}, "value": "b"}
    | {"description": {"type": "plain_text", "text": "second"}},
]


@pytest.mark.parametrize("initial", OTHERS)
@pytest.mark.parametrize("kind", ["radio_buttons", "static_select", "static_select/groups"])
def test_what_is_chosen_first_is_exactly_an_option(
    kind: str, initial: object, case: CaseMaker
) -> None:
    made = case(f"elements/{kind}")
    made.put("initial_option", initial)
    offered = "option_groups" if "groups" in kind else "options"
    said = f"must match one of `{offered}` exactly"
    assert made.found() == [f"{said} @ {made.pointer}/initial_option"]
    if offered == "options":
        made.put("options/1", initial)
        assert made.found() == []


@pytest.mark.parametrize("initial", OTHERS)
@pytest.mark.parametrize("kind", ["checkboxes", "multi_static_select"])
def test_all_that_are_chosen_first_are_exactly_options(
    kind: str, initial: object, case: CaseMaker
) -> None:
    made = case(f"elements/{kind}")
    made.put("initial_options", [option("B", "b"), initial])
    said = "must match one of `options` exactly"
    assert made.found() == [f"{said} @ {made.pointer}/initial_options/1"]


@pytest.mark.parametrize("kind", ["checkboxes", "multi_static_select"])
def test_nothing_is_chosen_twice(kind: str, case: CaseMaker) -> None:
    made = case(f"elements/{kind}")
    made.put("initial_options", [option("B", "b")] * 2)
    said = "must match one of `options` exactly"
    assert made.found() == [f"{said} @ {made.pointer}/initial_options/1"]


@pytest.mark.parametrize("kind", ["checkboxes", "multi_static_select"])
def test_no_more_is_chosen_first_than_there_is(kind: str, case: CaseMaker) -> None:
    made = case(f"elements/{kind}")
    made.target.pop("max_selected_items", None)
    both = made.get("options")
    made.put("initial_options", both[::-1])
    assert made.found() == []
    made.put("initial_options", [*both, both[0]])
    assert made.found() == [f"no more than 2 items allowed @ {made.pointer}/initial_options"]


@pytest.mark.parametrize(
    "kind",
    [
        "checkboxes",
        "multi_static_select",
        "multi_external_select",
        "multi_users_select",
        "multi_conversations_select",
        "multi_channels_select",
    ],
)
def test_a_list_of_first_choices_is_not_empty(kind: str, case: CaseMaker) -> None:
    made = case(f"elements/{kind}")
    field = next(field for field in made.target if field.startswith("initial_"))
    made.put(field, [])
    assert made.found() == [f"must provide at least 1 items @ {made.pointer}/{field}"]


@pytest.mark.parametrize(
    ("kind", "field", "values"),
    [
        ("multi_static_select", "initial_options", [option("B", "b")] * 2),
        ("multi_external_select", "initial_options", [option("B", "b")] * 2),
        ("multi_users_select", "initial_users", ["U1", "U2"]),
        ("multi_conversations_select", "initial_conversations", ["C1", "C2"]),
        ("multi_channels_select", "initial_channels", ["C1", "C2"]),
    ],
)
def test_no_more_is_chosen_first_than_may_be(
    kind: str, field: str, values: list[object], case: CaseMaker
) -> None:
    made = case(f"elements/{kind}")
    made.put("max_selected_items", 1)
    made.put(field, values)
    assert f"no more than 1 items allowed @ {made.pointer}/{field}" in made.found()
    made.put(field, values[:1])
    assert made.found() == []
    made.put("max_selected_items", 0)
    assert made.found() == [f"must be greater than 1 @ {made.pointer}/max_selected_items"]


@pytest.mark.parametrize("kind", ["static_select", "multi_static_select"])
def test_a_menu_has_options_or_groups_of_them(kind: str, case: CaseMaker) -> None:
    made = case(f"elements/{kind}")
    groups = case(f"elements/{kind}/groups").target["option_groups"]
    made.target["option_groups"] = groups
    said = "cannot define both `options` and `option_groups`"
    assert f"{said} @ {made.pointer}/type" in made.found()
    for field in ("option_groups", "options", "initial_option", "initial_options"):
        made.target.pop(field, None)
    said = "must define either `options` or `option_groups`"
    assert made.found() == [f"{said} @ {made.pointer}/type"]


@pytest.mark.parametrize(
    ("kind", "field", "good", "bad"),
    [
        ("users_select", "initial_user", "W1", "C1"),
        ("channels_select", "initial_channel", "G1", "D1"),
        ("multi_users_select", "initial_users/0", "U9", "u9"),
        ("multi_channels_select", "initial_channels/0", "C9", "#general"),
        ("icon_button", "visible_to_user_ids/0", "U9", "Ann"),
    ],
)
def test_people_and_channels_are_named_by_id(
    kind: str, field: str, good: str, bad: str, case: CaseMaker
) -> None:
    made = case(f"elements/{kind}")
    made.put(field, good)
    assert made.found() == []
    made.put(field, bad)
    (complaint,) = made.found()
    assert complaint.startswith("input must match regex pattern: ")
    assert complaint.endswith(f" @ {made.pointer}/{field}")


@pytest.mark.parametrize(
    ("kind", "field"),
    [
        ("multi_users_select", "initial_users"),
        ("multi_conversations_select", "initial_conversations"),
        ("multi_channels_select", "initial_channels"),
        ("icon_button", "visible_to_user_ids"),
    ],
)
def test_nobody_is_named_twice(kind: str, field: str, case: CaseMaker) -> None:
    made = case(f"elements/{kind}")
    made.put(field, made.get(field)[:1] * 2)
    assert made.found() == [f"Input contains duplicate items @ {made.pointer}/{field}"]


@pytest.mark.parametrize("kind", ["external_select", "multi_external_select"])
def test_a_query_has_no_negative_length(kind: str, case: CaseMaker) -> None:
    made = case(f"elements/{kind}")
    made.put("min_query_length", -1)
    assert made.found() == [f"must be greater than 0 @ {made.pointer}/min_query_length"]


@pytest.mark.parametrize(
    ("fields", "complaint"),
    [
        ({"min_length": 5, "max_length": 5, "initial_value": "abcde"}, None),
        (
            {"min_length": 6, "max_length": 5},
            "`min_length` does not agree with `max_length` @ {}/min_length",
        ),
        ({"max_length": 2, "initial_value": "abc"}, "must be less than 3 characters @ {}/{}"),
        ({"min_length": 4, "initial_value": "abc"}, "must be more than 3 characters @ {}/{}"),
        ({"min_length": 4, "initial_value": ""}, None),
        ({"initial_value": "x" * 3000}, None),
        ({"initial_value": "x" * 3001}, "must be less than 3001 characters @ {}/{}"),
    ],
)
def test_a_text_input_starts_within_its_bounds(
    fields: dict[str, object], complaint: str | None, case: CaseMaker
) -> None:
    made = case("elements/plain_text_input")
    for field in ("min_length", "max_length", "initial_value"):
        del made.target[field]
    made.target.update(fields)
    expected = [complaint.format(made.pointer, "initial_value")] if complaint else []
    assert made.found() == expected


@pytest.mark.parametrize(
    ("fields", "complaint"),
    [
        ({"min_value": "1", "max_value": "1", "initial_value": "1.0"}, None),
        ({"min_value": "9", "max_value": "10"}, None),
        ({"min_value": "2", "max_value": "1"}, "`min_value` does not agree with `max_value`"),
        (
            {"min_value": "2", "initial_value": "1"},
            "`min_value` does not agree with `initial_value`",
        ),
        (
            {"initial_value": "1.5", "max_value": "1"},
            "`initial_value` does not agree with `max_value`",
        ),
        (
            {"is_decimal_allowed": False, "max_value": "1.5"},
            "`max_value` does not agree with `is_decimal_allowed`",
        ),
        ({"is_decimal_allowed": False, "min_value": "-3", "max_value": "12"}, None),
    ],
)
def test_a_number_input_starts_within_its_bounds(
    fields: dict[str, object], complaint: str | None, case: CaseMaker
) -> None:
    made = case("elements/number_input")
    for field in ("min_value", "max_value", "initial_value"):
        del made.target[field]
    made.target.update(fields)
    first = complaint.split("`")[1] if complaint else ""
    assert made.found() == ([f"{complaint} @ {made.pointer}/{first}"] if complaint else [])


@pytest.mark.parametrize("field", ["min_value", "max_value", "initial_value"])
@pytest.mark.parametrize("value", ["", "1,5", "+1", ".5", "1.", "1e3", "one", "\u0661"])
def test_a_bound_is_a_number_in_a_string(field: str, value: str, case: CaseMaker) -> None:
    made = case("elements/number_input")
    made.put(field, value)
    (complaint,) = made.found()
    assert complaint.endswith(f" @ {made.pointer}/{field}")
    made.put(field, 1)
    assert made.found() == [f"must provide a string @ {made.pointer}/{field}"]


@pytest.mark.parametrize(
    ("fields", "agrees"),
    [
        ({"min_lines": 3, "max_lines": 3}, True),
        ({"min_lines": 4, "max_lines": 3}, False),
        ({"min_lines": 8}, True),
        ({"min_lines": 9}, False),
        ({"max_lines": 1}, True),
    ],
)
def test_a_rich_text_input_grows(fields: dict[str, int], *, agrees: bool, case: CaseMaker) -> None:
    made = case("elements/rich_text_input")
    for field in ("min_lines", "max_lines"):
        del made.target[field]
    made.target.update(fields)
    said = "`min_lines` does not agree with `max_lines`"
    assert made.found() == ([] if agrees else [f"{said} @ {made.pointer}/min_lines"])


@pytest.mark.parametrize(
    ("kind", "field", "value", "said"),
    [
        ("datepicker", "initial_date", "2027-02-29", "input must be a valid: date"),
        ("datepicker", "initial_date", "2027-2-1", "input must be a valid: date"),
        ("datepicker", "initial_date", "20270201", "input must be a valid: date"),
        ("datepicker", "initial_date", "0000-01-01", "input must be a valid: date"),
        ("datepicker", "initial_date", 20270201, "must provide a string"),
        ("timepicker", "initial_time", "24:00", "input must match regex pattern"),
        ("timepicker", "initial_time", "9:00", "input must match regex pattern"),
        ("timepicker", "timezone", "Mars/Olympus", "input must be a valid: timezone"),
        ("timepicker", "timezone", "../../etc/passwd", "input must be a valid: timezone"),
        ("timepicker", "timezone", 1, "must provide a string"),
        ("datetimepicker", "initial_date_time", "1760000000", "must provide an integer"),
    ],
)
def test_a_picker_starts_at_a_real_moment(
    kind: str, field: str, value: object, said: str, case: CaseMaker
) -> None:
    made = case(f"elements/{kind}")
    made.put(field, value)
    (complaint,) = made.found()
    assert complaint.startswith(said)
    assert complaint.endswith(f" @ {made.pointer}/{field}")


@pytest.mark.parametrize(
    ("types", "complaint"),
    [
        ([], "must provide at least 1 items @ {}"),
        ([""], "must be more than 0 characters @ {}/0"),
        (["pdf", "pdf"], "Input contains duplicate items @ {}"),
        ("pdf", "must provide an array @ {}"),
    ],
)
def test_a_file_input_names_its_types(types: object, complaint: str, case: CaseMaker) -> None:
    made = case("elements/file_input")
    made.put("filetypes", types)
    assert made.found() == [complaint.format(f"{made.pointer}/filetypes")]
