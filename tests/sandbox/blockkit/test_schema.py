"""The schema classes: order of problems, pointers, and what is left unchecked."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bot.sandbox.blockkit.problems import Problem
from bot.sandbox.blockkit.schema import (
    AllOfSchema,
    AnySchema,
    BooleanSchema,
    Check,
    EnumSchema,
    IntegerSchema,
    Json,
    ListSchema,
    NullableSchema,
    NumberSchema,
    ObjectSchema,
    OneOfSchema,
    StringSchema,
)


def messages_and_pointers(check: Check, value: object) -> list[tuple[str, str]]:
    return [(problem.message, problem.pointer) for problem in check(value)]


@pytest.mark.parametrize(
    ("check", "valid", "invalid"),
    [
        (StringSchema(3), ["a", "äöü"], ["", "abcd", None, 1, ["a"]]),
        (StringSchema(min_length=0), ["", "a" * 9999], [b"", {}]),
        (StringSchema(pattern="a+"), ["a", "aa"], ["", "ab", "aa\n"]),
        (EnumSchema("a", "b"), ["a", "b"], ["c", None, 1, ["a"]]),
        (EnumSchema(0, 1), [0, 1], [2, True, "1", 1.0]),
        (IntegerSchema(1, 3), [1, 2, 3], [0, 4, True, 1.5, "1", None]),
        (IntegerSchema(0), [0, 10**400], [-1]),
        (BooleanSchema(), [True, False], [0, 1, "true", None]),
        (NumberSchema(), [0, -1, 1.5, 10**400], [True, "1", None, float("nan"), float("inf")]),
        (NumberSchema(positive=True), [1, 0.001], [0, -1, 0.0]),
        (AnySchema(), [None, {}, 1], []),
        (NullableSchema(BooleanSchema()), [None, True], [0, "null"]),
        (
            ListSchema(BooleanSchema(), 2),
            [[True], [True, False]],
            [[], [True] * 3, [1], True, {}, "ab"],
        ),
        (ListSchema(StringSchema(), unique=True), [["a", "b"]], [["a", "a"], [""]]),
        (
            ObjectSchema({"a": BooleanSchema()}),
            [{"a": True}],
            [{}, {"a": 1}, {"a": True, "b": 1}, [], None],
        ),
        (ObjectSchema(optional={"a": BooleanSchema()}), [{}, {"a": True}], [{"b": 1}]),
        (ObjectSchema(optional={"a": BooleanSchema()}, min_properties=1), [{"a": True}], [{}]),
        (
            OneOfSchema({"x": ObjectSchema()}),
            [{"type": "x"}],
            [{}, {"type": "y"}, {"type": {}}, "x", None],
        ),
        (OneOfSchema({"x": ObjectSchema()}, key="kind"), [{"kind": "x"}], [{"type": "x"}]),
    ],
)
def test_schema_accepts_valid_and_rejects_invalid_values(
    check: Check, valid: list[object], invalid: list[object]
) -> None:
    for value in valid:
        assert not check(value), value
    for value in invalid:
        assert check(value), value


def test_pointers_pass_through_lists_and_objects() -> None:
    check = ObjectSchema({"rows": ListSchema(ListSchema(ObjectSchema({"text": StringSchema(1)})))})
    value = {"rows": [[{"text": "a"}], [{"text": "a"}, {"text": "ab"}, {}]]}
    assert messages_and_pointers(check, value) == [
        ("must be less than 2 characters", "/rows/1/1/text"),
        ("missing required field: text", "/rows/1/2"),
    ]


def test_missing_fields_hide_other_problems() -> None:
    check = ObjectSchema({"a": BooleanSchema(), "b": BooleanSchema()}, {"c": BooleanSchema()})
    assert messages_and_pointers(check, {"c": 1, "d": 1}) == [
        ("missing required field: a", ""),
        ("missing required field: b", ""),
    ]


def test_unknown_keys_are_reported_after_invalid_fields() -> None:
    check = ObjectSchema({"a": BooleanSchema()}, {"c": BooleanSchema()})
    assert messages_and_pointers(check, {"x": 1, "a": 1, "y": 2, "c": 3}) == [
        ("must be a boolean", "/a"),
        ("must be a boolean", "/c"),
        ("invalid additional property: x", ""),
        ("invalid additional property: y", ""),
    ]


def test_items_of_a_list_with_wrong_length_are_not_checked() -> None:
    assert messages_and_pointers(ListSchema(BooleanSchema(), 1), [1, 2]) == [
        ("no more than 1 items allowed", "")
    ]


def test_rules_run_only_on_objects_with_valid_fields() -> None:
    def always_fails(value: Json) -> Iterator[Problem]:
        yield Problem(f"no {value['a']}")

    check = ObjectSchema({"a": BooleanSchema()}, rules=[always_fails])
    assert messages_and_pointers(check, {"a": 1}) == [("must be a boolean", "/a")]
    assert messages_and_pointers(check, {"a": True}) == [("no True", "")]


def test_variant_keeps_its_requirements() -> None:
    check = OneOfSchema(
        {"x": ObjectSchema({"a": BooleanSchema()}, {"b": BooleanSchema()}, min_properties=3)}
    )
    assert messages_and_pointers(check, {"type": "x"}) == [("missing required field: a", "")]
    assert messages_and_pointers(check, {"type": "x", "a": True}) == [
        ("must have minimum 3 properties", "")
    ]
    assert messages_and_pointers(check, {"type": "x", "a": True, "b": True}) == []


def test_general_problem_comes_only_with_a_specific_one() -> None:
    check = AllOfSchema(BooleanSchema())
    valid: object = True
    assert messages_and_pointers(check, valid) == []
    assert messages_and_pointers(check, 1) == [
        ("failed to match all allowed schemas", ""),
        ("must be a boolean", ""),
    ]


@pytest.mark.parametrize(
    ("check", "value", "constraint"),
    [
        (StringSchema(3), "abcd", {"type": "max_length", "expected": 3}),
        (StringSchema(3), "", {"type": "min_length", "expected": 1}),
        (StringSchema(pattern="a"), "b", {"type": "pattern", "expected": "a"}),
        (EnumSchema("a", "b"), "c", {"type": "enum", "expected": ["a", "b"]}),
        (IntegerSchema(1, 3), 4, {"type": "maximum", "expected": 3}),
        (IntegerSchema(1, 3), 0, {"type": "minimum", "expected": 1}),
        (ListSchema(BooleanSchema(), 1), [1, 1], {"type": "max_items", "expected": 1}),
        (ListSchema(BooleanSchema(), 1), [], {"type": "min_items", "expected": 1}),
        (ObjectSchema(), {"a": 1}, {"type": "additional_properties"}),
        (OneOfSchema({"x": ObjectSchema()}), {"type": "y"}, {"type": "enum", "expected": ["x"]}),
    ],
)
def test_failed_constraint_has_expected_value(
    check: Check, value: object, constraint: dict[str, object]
) -> None:
    (problem,) = check(value)
    assert (problem.code, problem.constraint) == ("failed_constraint", constraint)


@pytest.mark.parametrize(
    ("check", "message"),
    [
        (StringSchema(), "must provide a string"),
        (EnumSchema("a"), "must provide a string"),
        (EnumSchema(1), "must provide an integer"),
        (IntegerSchema(1), "must provide an integer"),
        (NumberSchema(), "must provide a number"),
        (BooleanSchema(), "must be a boolean"),
        (ListSchema(BooleanSchema()), "must provide an array"),
        (ObjectSchema(), "must provide an object"),
        (OneOfSchema({}), "must provide an object"),
    ],
)
def test_wrong_type_has_its_own_code(check: Check, message: str) -> None:
    assert check(None) == (Problem(message, code="invalid_type"),)
