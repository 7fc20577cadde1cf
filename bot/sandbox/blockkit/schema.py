"""A small JSON schema library that reports problems in Slack's wording.

Each schema is a callable. It takes a decoded JSON value and returns the problems found, with
pointers relative to that value. It never raises and never changes the value. Like Slack, it does
not check the contents of an object that lacks required fields or of a list of the wrong length.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from . import error_messages
from .problems import NO_PROBLEMS, Problem, Problems

Json = dict[str, Any]
Check = Callable[[object], Problems]
Rule = Callable[[Json], Iterable[Problem]]  # a constraint on several fields of one object


class StringSchema:
    """A string of `min_length` to `max_length` characters: code points, as Slack counts."""

    __slots__ = ("max_length", "min_length", "pattern")

    def __init__(
        self, max_length: int | None = None, *, min_length: int = 1, pattern: str | None = None
    ) -> None:
        """Set the limits; `pattern` is a regular expression that must match the whole string."""
        self.max_length = max_length
        self.min_length = min_length
        self.pattern = re.compile(pattern) if pattern else None

    def __call__(self, value: object) -> Problems:
        """Return the problems of `value`."""
        if not isinstance(value, str):
            return (error_messages.wrong_type("a string"),)
        if self.max_length is not None and len(value) > self.max_length:
            return (error_messages.too_long(self.max_length),)
        if len(value) < self.min_length:
            return (error_messages.too_short(self.min_length),)
        if self.pattern and not self.pattern.fullmatch(value):
            return (error_messages.pattern_mismatch(self.pattern.pattern),)
        return NO_PROBLEMS


class EnumSchema:
    """One of a fixed set of strings or integers."""

    __slots__ = ("allowed",)

    def __init__(self, *allowed: str | int) -> None:
        """Set the allowed values, all of one type."""
        self.allowed = allowed

    def __call__(self, value: object) -> Problems:
        """Return the problems of `value`."""
        expected = type(self.allowed[0])
        if type(value) is not expected:
            return (error_messages.wrong_type("a string" if expected is str else "an integer"),)
        return (
            NO_PROBLEMS
            if value in self.allowed
            else (error_messages.not_in_enum(list(self.allowed)),)
        )


class IntegerSchema:
    """An integer within inclusive bounds. JSON's true and false are not integers."""

    __slots__ = ("maximum", "minimum")

    def __init__(self, minimum: int, maximum: int | None = None) -> None:
        """Set the bounds; `maximum` None means no upper bound."""
        self.minimum = minimum
        self.maximum = maximum

    def __call__(self, value: object) -> Problems:
        """Return the problems of `value`."""
        if not isinstance(value, int) or isinstance(value, bool):
            return (error_messages.wrong_type("an integer"),)
        if self.maximum is not None and value > self.maximum:
            return (error_messages.too_high(self.maximum),)
        return (error_messages.too_low(self.minimum),) if value < self.minimum else NO_PROBLEMS


class BooleanSchema:
    """True or false."""

    __slots__ = ()

    def __call__(self, value: object) -> Problems:
        """Return the problems of `value`."""
        return NO_PROBLEMS if isinstance(value, bool) else (error_messages.not_a_boolean(),)


class NumberSchema:
    """Any finite number; above zero if `positive`."""

    __slots__ = ("positive",)

    def __init__(self, *, positive: bool = False) -> None:
        """Set whether the number must be above zero."""
        self.positive = positive

    def __call__(self, value: object) -> Problems:
        """Return the problems of `value`."""
        if not isinstance(value, int | float) or isinstance(value, bool):
            return (error_messages.wrong_type("a number"),)
        if isinstance(value, float) and not math.isfinite(value):
            return (error_messages.wrong_type("a number"),)
        return (error_messages.too_low(0),) if self.positive and value <= 0 else NO_PROBLEMS


class AnySchema:
    """Any JSON value."""

    __slots__ = ()

    def __call__(self, value: object) -> Problems:  # noqa: ARG002 - the signature of `Check`
        """Return no problems."""
        return NO_PROBLEMS


class NullableSchema:
    """A value of the inner schema, or null."""

    __slots__ = ("inner",)

    def __init__(self, inner: Check) -> None:
        """Set the schema of values that are not null."""
        self.inner = inner

    def __call__(self, value: object) -> Problems:
        """Return the problems of `value`."""
        return NO_PROBLEMS if value is None else self.inner(value)


class ListSchema:
    """A list of `min_items` to `max_items` items of one schema."""

    __slots__ = ("item", "max_items", "min_items", "unique")

    def __init__(
        self, item: Check, max_items: int | None = None, *, min_items: int = 1, unique: bool = False
    ) -> None:
        """Set the limits; `unique` forbids duplicates in a list of strings."""
        self.item = item
        self.max_items = max_items
        self.min_items = min_items
        self.unique = unique

    def __call__(self, value: object) -> Problems:
        """Return the problems of `value`."""
        if not isinstance(value, list):
            return (error_messages.wrong_type("an array"),)
        if self.max_items is not None and len(value) > self.max_items:
            return (error_messages.too_many(self.max_items),)
        if len(value) < self.min_items:
            return (error_messages.too_few(self.min_items),)
        return self._check_items(value)

    def _check_items(self, value: list[object]) -> Problems:
        check, problems = self.item, []
        for index, item in enumerate(value):
            if found := check(item):
                problems += [problem.within(index) for problem in found]
        if self.unique and not problems and len(set(value)) < len(value):
            return (error_messages.duplicate_items(),)
        return problems


class ObjectSchema:
    """An object with exactly these fields, and rules that relate several of them.

    The rules run only when every single field is valid.
    """

    __slots__ = ("fields", "min_properties", "required", "rules")

    def __init__(
        self,
        required: Mapping[str, Check] | None = None,
        optional: Mapping[str, Check] | None = None,
        *,
        rules: Sequence[Rule] = (),
        min_properties: int = 0,
    ) -> None:
        """Set the fields; the object must have at least `min_properties` of them."""
        self.required = tuple(required or ())
        self.fields = {**(required or {}), **(optional or {})}
        self.rules = tuple(rules)
        self.min_properties = min_properties

    def __call__(self, value: object) -> Problems:
        """Return the problems of `value`."""
        if not isinstance(value, dict):
            return (error_messages.wrong_type("an object"),)
        missing = [name for name in self.required if name not in value]
        if missing:
            return [error_messages.missing_field(name) for name in missing]
        if len(value) < self.min_properties:
            return (error_messages.too_few_keys(self.min_properties),)
        return self._check_fields(value) or self._check_rules(value)

    def _check_fields(self, value: Json) -> Problems:
        known, problems, unknown = self.fields, [], []
        for key, item in value.items():
            check = known.get(key)
            if check is None:
                unknown.append(error_messages.unknown_key(key))
            elif found := check(item):
                problems += [problem.within(key) for problem in found]
        return problems + unknown

    def _check_rules(self, value: Json) -> Problems:
        return [problem for rule in self.rules for problem in rule(value)]


class OneOfSchema:
    """An object whose `type` selects one of several schemas."""

    __slots__ = ("key", "variants")

    def __init__(self, variants: Mapping[str, ObjectSchema], *, key: str = "type") -> None:
        """Set the variants by the value of field `key`, which they need not declare."""
        self.key = key
        self.variants = {name: _with_key(variant, key) for name, variant in variants.items()}

    def __call__(self, value: object) -> Problems:
        """Return the problems of `value`."""
        if not isinstance(value, dict):
            return (error_messages.wrong_type("an object"),)
        if self.key not in value:
            return (error_messages.missing_field(self.key),)
        kind = value[self.key]
        if not isinstance(kind, str):
            return (error_messages.wrong_type("a string").within(self.key),)
        variant = self.variants.get(kind)
        if variant is None:
            return (error_messages.unsupported_type(kind, list(self.variants), self.key),)
        return variant(value)


def _with_key(variant: ObjectSchema, key: str) -> ObjectSchema:
    """Return a copy of `variant` that also allows the field `key`."""
    required = {name: variant.fields[name] for name in variant.required}
    optional = {key: AnySchema()} | variant.fields
    return ObjectSchema(
        required, optional, rules=variant.rules, min_properties=variant.min_properties
    )


class AllOfSchema:
    """A schema for which Slack reports a general problem before the specific ones."""

    __slots__ = ("inner",)

    def __init__(self, inner: Check) -> None:
        """Set the schema to check."""
        self.inner = inner

    def __call__(self, value: object) -> Problems:
        """Return the problems of `value`, preceded by Slack's general problem."""
        found = self.inner(value)
        return (error_messages.NO_SCHEMA_MATCHES, *found) if found else NO_PROBLEMS


def at_least_one(*names: str) -> Rule:
    """Return a rule that requires at least one of these fields."""

    def rule(value: Json) -> Iterable[Problem]:
        if not any(name in value for name in names):
            yield _at_type(value, error_messages.none_of(names))

    return rule


def not_both(*names: str) -> Rule:
    """Return a rule that allows at most one of these fields."""

    def rule(value: Json) -> Iterable[Problem]:
        if sum(name in value for name in names) > 1:
            yield _at_type(value, error_messages.mutually_exclusive(names))

    return rule


def _at_type(value: Json, problem: Problem) -> Problem:
    """Return `problem` with a pointer to the object's `type`, if any, as Slack points."""
    return problem.within("type") if "type" in value else problem


def exactly_one(*names: str) -> tuple[Rule, Rule]:
    """Return two rules that together require exactly one of these fields."""
    return at_least_one(*names), not_both(*names)
