"""Menus and inputs: initial values, bounds and other rules on several fields."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

CaseMaker = Callable[[str], Any]


def option(text: str, value: str, **fields: object) -> dict[str, object]:
    return {"text": {"type": "plain_text", "text": text, **fields}, "value": value}


# Options that differ from the example's option "B" with the value "b" in one field.
OTHER_OPTIONS = [
    option("B", "c"),
    option("b", "b"),
    option("B", "b", emoji=True),
    {"text": {"type": "plain_text", "text": "B"}, "value": "b"}
    | {"description": {"type": "plain_text", "text": "second"}},
]


@pytest.mark.parametrize("kind", ["radio_buttons", "static_select", "static_select/groups"])
def test_initial_option_must_equal_an_option(kind: str, make_example_case: CaseMaker) -> None:
    options_field = "option_groups" if "groups" in kind else "options"
    message = f"must match one of `{options_field}` exactly"
    for initial in OTHER_OPTIONS:
        case = make_example_case(f"elements/{kind}")
        case.replace("initial_option", initial)
        problem_line = f"{message} @ {case.pointer}/initial_option"
        assert case.problem_lines() == [problem_line], initial
        if options_field == "options":
            case.replace("options/1", initial)
            assert case.problem_lines() == [], initial


@pytest.mark.parametrize("kind", ["checkboxes", "multi_static_select"])
def test_every_initial_option_must_equal_an_option(kind: str, make_example_case: CaseMaker) -> None:
    case = make_example_case(f"elements/{kind}")
    message = "must match one of `options` exactly"
    for initial in OTHER_OPTIONS:
        case.replace("initial_options", [option("B", "b"), initial])
        problem_line = f"{message} @ {case.pointer}/initial_options/1"
        assert case.problem_lines() == [problem_line], initial


@pytest.mark.parametrize("kind", ["checkboxes", "multi_static_select"])
def test_initial_options_are_unique(kind: str, make_example_case: CaseMaker) -> None:
    case = make_example_case(f"elements/{kind}")
    case.replace("initial_options", [option("B", "b")] * 2)
    message = "must match one of `options` exactly"
    assert case.problem_lines() == [f"{message} @ {case.pointer}/initial_options/1"]


@pytest.mark.parametrize("kind", ["checkboxes", "multi_static_select"])
def test_initial_options_cannot_outnumber_options(kind: str, make_example_case: CaseMaker) -> None:
    case = make_example_case(f"elements/{kind}")
    case.target.pop("max_selected_items", None)
    options = case.get("options")
    case.replace("initial_options", options[::-1])
    assert case.problem_lines() == []
    case.replace("initial_options", [*options, options[0]])
    assert case.problem_lines() == [
        f"no more than 2 items allowed @ {case.pointer}/initial_options"
    ]


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
def test_initial_values_cannot_be_empty_list(kind: str, make_example_case: CaseMaker) -> None:
    case = make_example_case(f"elements/{kind}")
    field = next(field for field in case.target if field.startswith("initial_"))
    case.replace(field, [])
    assert case.problem_lines() == [f"must provide at least 1 items @ {case.pointer}/{field}"]


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
def test_initial_values_respect_max_selected_items(
    kind: str, field: str, values: list[object], make_example_case: CaseMaker
) -> None:
    case = make_example_case(f"elements/{kind}")
    case.replace("max_selected_items", 1)
    case.replace(field, values)
    assert f"no more than 1 items allowed @ {case.pointer}/{field}" in case.problem_lines()
    case.replace(field, values[:1])
    assert case.problem_lines() == []
    case.replace("max_selected_items", 0)
    assert case.problem_lines() == [f"must be greater than 1 @ {case.pointer}/max_selected_items"]


@pytest.mark.parametrize("kind", ["static_select", "multi_static_select"])
def test_menu_has_either_options_or_option_groups(kind: str, make_example_case: CaseMaker) -> None:
    case = make_example_case(f"elements/{kind}")
    groups = make_example_case(f"elements/{kind}/groups").target["option_groups"]
    case.target["option_groups"] = groups
    message = "cannot define both `options` and `option_groups`"
    assert f"{message} @ {case.pointer}/type" in case.problem_lines()
    for field in ("option_groups", "options", "initial_option", "initial_options"):
        case.target.pop(field, None)
    message = "must define either `options` or `option_groups`"
    assert case.problem_lines() == [f"{message} @ {case.pointer}/type"]


@pytest.mark.parametrize("kind", ["external_select", "multi_external_select"])
def test_min_query_length_cannot_be_negative(kind: str, make_example_case: CaseMaker) -> None:
    case = make_example_case(f"elements/{kind}")
    case.replace("min_query_length", -1)
    assert case.problem_lines() == [f"must be greater than 0 @ {case.pointer}/min_query_length"]


@pytest.mark.parametrize(
    ("fields", "problem_line"),
    [
        ({"min_length": 5, "max_length": 5, "initial_value": "abcde"}, None),
        (
            {"min_length": 6, "max_length": 5},
            "`min_length` conflicts with `max_length` @ {}/min_length",
        ),
        ({"max_length": 2, "initial_value": "abc"}, "must be less than 3 characters @ {}/{}"),
        ({"min_length": 4, "initial_value": "abc"}, "must be more than 3 characters @ {}/{}"),
        ({"min_length": 4, "initial_value": ""}, None),
        ({"initial_value": "x" * 3000}, None),
        ({"initial_value": "x" * 3001}, "must be less than 3001 characters @ {}/{}"),
    ],
)
def test_text_input_initial_value_respects_limits(
    fields: dict[str, object], problem_line: str | None, make_example_case: CaseMaker
) -> None:
    case = make_example_case("elements/plain_text_input")
    for field in ("min_length", "max_length", "initial_value"):
        del case.target[field]
    case.target.update(fields)
    expected = [problem_line.format(case.pointer, "initial_value")] if problem_line else []
    assert case.problem_lines() == expected


@pytest.mark.parametrize(
    ("fields", "problem_line"),
    [
        ({"min_value": "1", "max_value": "1", "initial_value": "1.0"}, None),
        ({"min_value": "9", "max_value": "10"}, None),
        ({"min_value": "2", "max_value": "1"}, "`min_value` conflicts with `max_value`"),
        (
            {"min_value": "2", "initial_value": "1"},
            "`min_value` conflicts with `initial_value`",
        ),
        (
            {"initial_value": "1.5", "max_value": "1"},
            "`initial_value` conflicts with `max_value`",
        ),
        (
            {"is_decimal_allowed": False, "max_value": "1.5"},
            "`max_value` conflicts with `is_decimal_allowed`",
        ),
        ({"is_decimal_allowed": False, "min_value": "-3", "max_value": "12"}, None),
    ],
)
def test_number_input_initial_value_respects_bounds(
    fields: dict[str, object], problem_line: str | None, make_example_case: CaseMaker
) -> None:
    case = make_example_case("elements/number_input")
    for field in ("min_value", "max_value", "initial_value"):
        del case.target[field]
    case.target.update(fields)
    field = problem_line.split("`")[1] if problem_line else ""
    assert case.problem_lines() == (
        [f"{problem_line} @ {case.pointer}/{field}"] if problem_line else []
    )


@pytest.mark.parametrize("field", ["min_value", "max_value", "initial_value"])
def test_number_input_bounds_are_numeric_strings(field: str, make_example_case: CaseMaker) -> None:
    case = make_example_case("elements/number_input")
    for value in ("", "1,5", "+1", ".5", "1.", "1e3", "one", "\u0661"):
        case.replace(field, value)
        (problem_line,) = case.problem_lines()
        assert problem_line.endswith(f" @ {case.pointer}/{field}"), value
    case.replace(field, 1)
    assert case.problem_lines() == [f"must provide a string @ {case.pointer}/{field}"]


@pytest.mark.parametrize(
    ("fields", "is_valid"),
    [
        ({"min_lines": 3, "max_lines": 3}, True),
        ({"min_lines": 4, "max_lines": 3}, False),
        ({"min_lines": 8}, True),
        ({"min_lines": 9}, False),
        ({"max_lines": 1}, True),
    ],
)
def test_rich_text_min_lines_cannot_exceed_max_lines(
    fields: dict[str, int], *, is_valid: bool, make_example_case: CaseMaker
) -> None:
    case = make_example_case("elements/rich_text_input")
    for field in ("min_lines", "max_lines"):
        del case.target[field]
    case.target.update(fields)
    message = "`min_lines` conflicts with `max_lines`"
    assert case.problem_lines() == ([] if is_valid else [f"{message} @ {case.pointer}/min_lines"])


@pytest.mark.parametrize(
    ("kind", "field", "value", "message"),
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
def test_picker_initial_value_must_be_valid(
    kind: str, field: str, value: object, message: str, make_example_case: CaseMaker
) -> None:
    case = make_example_case(f"elements/{kind}")
    case.replace(field, value)
    (problem_line,) = case.problem_lines()
    assert problem_line.startswith(message)
    assert problem_line.endswith(f" @ {case.pointer}/{field}")


@pytest.mark.parametrize(
    ("types", "problem_line"),
    [
        ([], "must provide at least 1 items @ {}"),
        ([""], "must be more than 0 characters @ {}/0"),
        (["pdf", "pdf"], "Input contains duplicate items @ {}"),
        ("pdf", "must provide an array @ {}"),
    ],
)
def test_file_input_types_must_be_valid(
    types: object, problem_line: str, make_example_case: CaseMaker
) -> None:
    case = make_example_case("elements/file_input")
    case.replace("filetypes", types)
    assert case.problem_lines() == [problem_line.format(f"{case.pointer}/filetypes")]
