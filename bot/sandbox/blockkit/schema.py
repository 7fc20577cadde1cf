"""A tiny language for shapes of JSON: what a value must be, and what Slack says if it is not.

Each shape is called with a decoded JSON value and returns the problems it found, with pointers
relative to that value. It never raises and never changes the value. As Slack does, an object
that lacks required fields, or a list of the wrong length, is not looked into any further.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from bot.sandbox.blockkit import error_messages
from bot.sandbox.blockkit.problems import NO_PROBLEMS, Problem, Problems

Json = dict[str, Any]
Check = Callable[[object], Problems]
Rule = Callable[[Json], Iterable[Problem]]  # for what several fields of one object must agree on


class StringSchema:
    """A string of `least` to `most` characters (code points, as Slack counts) of a given form."""

    __slots__ = ("least", "most", "pattern")

    def __init__(
        self, most: int | None = None, *, least: int = 1, pattern: str | None = None
    ) -> None:
        """`pattern` is a regular expression that must match the whole string."""
        self.most = most
        self.least = least
        self.pattern = re.compile(pattern) if pattern else None

    def __call__(self, value: object) -> Problems:
        """Return what is wrong with `value`."""
        if not isinstance(value, str):
            return (error_messages.wrong_type("a string"),)
        if self.most is not None and len(value) > self.most:
            return (error_messages.too_long(self.most),)
        if len(value) < self.least:
            return (error_messages.too_short(self.least),)
        if self.pattern and not self.pattern.fullmatch(value):
            return (error_messages.pattern_mismatch(self.pattern.pattern),)
        return NO_PROBLEMS


class EnumSchema:
    """One of a few strings or integers."""

    __slots__ = ("allowed",)

    def __init__(self, *allowed: str | int) -> None:
        """Allow exactly these."""
        self.allowed = allowed

    def __call__(self, value: object) -> Problems:
        """Return what is wrong with `value`."""
        wanted = type(self.allowed[0])
        if type(value) is not wanted:
            return (error_messages.wrong_type("a string" if wanted is str else "an integer"),)
        return (
            NO_PROBLEMS
            if value in self.allowed
            else (error_messages.not_in_enum(list(self.allowed)),)
        )


class IntegerSchema:
    """An integer between two bounds, both included. JSON's true and false are no integers."""

    __slots__ = ("least", "most")

    def __init__(self, least: int, most: int | None = None) -> None:
        """Leave `most` out for no upper bound."""
        self.least = least
        self.most = most

    def __call__(self, value: object) -> Problems:
        """Return what is wrong with `value`."""
        if not isinstance(value, int) or isinstance(value, bool):
            return (error_messages.wrong_type("an integer"),)
        if self.most is not None and value > self.most:
            return (error_messages.too_high(self.most),)
        return (error_messages.too_low(self.least),) if value < self.least else NO_PROBLEMS


class BooleanSchema:
    """True or false."""

    __slots__ = ()

    def __call__(self, value: object) -> Problems:
        """Return what is wrong with `value`."""
        return NO_PROBLEMS if isinstance(value, bool) else (error_messages.not_a_boolean(),)


class NumberSchema:
    """Any number; more than nothing if `positive`."""

    __slots__ = ("positive",)

    def __init__(self, *, positive: bool = False) -> None:
        """`positive` refuses zero as well."""
        self.positive = positive

    def __call__(self, value: object) -> Problems:
        """Return what is wrong with `value`."""
        if not isinstance(value, int | float) or isinstance(value, bool):
            return (error_messages.wrong_type("a number"),)
        if isinstance(value, float) and not math.isfinite(value):
            return (error_messages.wrong_type("a number"),)
        return (error_messages.too_low(0),) if self.positive and value <= 0 else NO_PROBLEMS


class AnySchema:
    """Any JSON at all."""

    __slots__ = ()

    def __call__(self, value: object) -> Problems:  # noqa: ARG002  it is what a check looks like
        """Find nothing wrong with `value`."""
        return NO_PROBLEMS


class NullableSchema:
    """The given shape, or null."""

    __slots__ = ("inner",)

    def __init__(self, inner: Check) -> None:
        """`inner` checks what is not null."""
        self.inner = inner

    def __call__(self, value: object) -> Problems:
        """Return what is wrong with `value`."""
        return NO_PROBLEMS if value is None else self.inner(value)


class ListSchema:
    """A list of `least` to `most` items of one shape."""

    __slots__ = ("item", "least", "most", "unique")

    def __init__(
        self, item: Check, most: int | None = None, *, least: int = 1, unique: bool = False
    ) -> None:
        """`unique` is for lists of strings that must not repeat themselves."""
        self.item = item
        self.most = most
        self.least = least
        self.unique = unique

    def __call__(self, value: object) -> Problems:
        """Return what is wrong with `value`."""
        if not isinstance(value, list):
            return (error_messages.wrong_type("an array"),)
        if self.most is not None and len(value) > self.most:
            return (error_messages.too_many(self.most),)
        if len(value) < self.least:
            return (error_messages.too_few(self.least),)
        return self._items(value)

    def _items(self, value: list[object]) -> Problems:
        check, problems = self.item, []
        for index, item in enumerate(value):
            if found := check(item):
                problems += [problem.within(index) for problem in found]
        if self.unique and not problems and len(set(value)) < len(value):
            return (error_messages.duplicate_items(),)
        return problems


class ObjectSchema:
    """An object with these fields, no others, and rules that several of them must keep.

    The rules are asked only when each field is right by itself.
    """

    __slots__ = ("fields", "least", "required", "rules")

    def __init__(
        self,
        required: Mapping[str, Check] | None = None,
        optional: Mapping[str, Check] | None = None,
        *,
        rules: Sequence[Rule] = (),
        least: int = 0,
    ) -> None:
        """`least` is how many fields must be there at least, whichever they are."""
        self.required = tuple(required or ())
        self.fields = {**(required or {}), **(optional or {})}
        self.rules = tuple(rules)
        self.least = least

    def __call__(self, value: object) -> Problems:
        """Return what is wrong with `value`."""
        if not isinstance(value, dict):
            return (error_messages.wrong_type("an object"),)
        absent = [name for name in self.required if name not in value]
        if absent:
            return [error_messages.missing_field(name) for name in absent]
        if len(value) < self.least:
            return (error_messages.too_few_keys(self.least),)
        return self._fields(value) or self._rules(value)

    def _fields(self, value: Json) -> Problems:
        known, problems, unknown = self.fields, [], []
        for key, item in value.items():
            check = known.get(key)
            if check is None:
                unknown.append(error_messages.unknown_key(key))
            elif found := check(item):
                problems += [problem.within(key) for problem in found]
        return problems + unknown

    def _rules(self, value: Json) -> Problems:
        return (
            [problem for rule in self.rules for problem in rule(value)]
            if self.rules
            else NO_PROBLEMS
        )


class OneOfSchema:
    """An object whose `type` says which of several shapes it has."""

    __slots__ = ("key", "variants")

    def __init__(self, variants: Mapping[str, ObjectSchema], *, key: str = "type") -> None:
        """`key` is the field that tells them apart; the variants need not list it."""
        self.key = key
        self.variants = {name: _with_key(variant, key) for name, variant in variants.items()}

    def __call__(self, value: object) -> Problems:
        """Return what is wrong with `value`."""
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
    """Return `variant` as an object that has `key` besides."""
    required = {name: variant.fields[name] for name in variant.required}
    optional = {key: AnySchema()} | variant.fields
    return ObjectSchema(required, optional, rules=variant.rules, least=variant.least)


class AllOfSchema:
    """A shape that Slack's schema states twice: it says so before it says what is wrong."""

    __slots__ = ("inner",)

    def __init__(self, inner: Check) -> None:
        """`inner` is the shape itself."""
        self.inner = inner

    def __call__(self, value: object) -> Problems:
        """Return what is wrong with `value`, after Slack's opening sentence."""
        found = self.inner(value)
        return (error_messages.NO_SCHEMA_MATCHES, *found) if found else NO_PROBLEMS


def at_least_one(*names: str) -> Rule:
    """Make the rule that one of these fields is there."""

    def rule(value: Json) -> Iterable[Problem]:
        if not any(name in value for name in names):
            yield _at_type(value, error_messages.none_of(names))

    return rule


def not_both(*names: str) -> Rule:
    """Make the rule that no two of these fields are there."""

    def rule(value: Json) -> Iterable[Problem]:
        if sum(name in value for name in names) > 1:
            yield _at_type(value, error_messages.mutually_exclusive(names))

    return rule


def _at_type(value: Json, problem: Problem) -> Problem:
    """Point at the object's `type`, as Slack does when an object of that type lacks something."""
    return problem.within("type") if "type" in value else problem


def exactly_one(*names: str) -> tuple[Rule, Rule]:
    """Make the two rules that one of these fields is there, and only one."""
    return at_least_one(*names), not_both(*names)
