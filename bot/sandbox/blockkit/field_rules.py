"""What the fields of one element must agree on: bounds with each other, first values with both.

Each rule looks at an element whose fields are right by themselves. That what is chosen at first
must be among the options exactly is Slack's rule; the rest contradicts itself and is refused,
because Slack is silent on it and a bot loses nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from itertools import pairwise

from bot.sandbox.blockkit import error_messages
from bot.sandbox.blockkit.problems import Problem
from bot.sandbox.blockkit.schema import Json, Rule

MAX_INPUT_CHARS = 3000
DEFAULT_MAX_LINES = 8  # a rich text input grows to so many lines if `max_lines` is not given


def all_options(element: Json) -> list[Json]:
    """Return all options of a menu, in groups or not."""
    groups = [{"options": element.get("options", [])}, *element.get("option_groups", [])]
    return [option for group in groups for option in group["options"]]


def _options_field(element: Json) -> str:
    return "option_groups" if "option_groups" in element else "options"


def check_initial_option(element: Json) -> Iterable[Problem]:
    """`initial_option` equals one of the options exactly, texts and all."""
    initial = element.get("initial_option")
    if initial is not None and initial not in all_options(element):
        yield error_messages.not_an_option(_options_field(element)).within("initial_option")


def check_initial_options(element: Json) -> Iterable[Problem]:
    """Each of `initial_options` equals one of the options exactly, and none comes twice."""
    options = all_options(element)
    initials = element.get("initial_options", ())
    if len(initials) > len(options):
        yield error_messages.too_many(len(options)).within("initial_options")
        return
    for index, initial in enumerate(initials):
        if initial not in options or initial in initials[:index]:
            yield (
                error_messages.not_an_option(_options_field(element))
                .within(index)
                .within("initial_options")
            )


def max_selected_rule(field: str) -> Rule:
    """Make the rule that no more is chosen at first than may be chosen at all."""

    def rule(element: Json) -> Iterable[Problem]:
        most = element.get("max_selected_items")
        if most is not None and len(element.get(field, ())) > most:
            yield error_messages.too_many(most).within(field)

    return rule


def check_text_lengths(element: Json) -> Iterable[Problem]:
    """`min_length` is no more than `max_length`, and a first value keeps to both."""
    least = element.get("min_length", 0)
    most = element.get("max_length", MAX_INPUT_CHARS)
    initial = element.get("initial_value", "")
    if least > most:
        yield error_messages.field_conflict("min_length", "max_length")
    elif len(initial) > most:
        yield error_messages.too_long(most).within("initial_value")
    elif initial and len(initial) < least:
        yield error_messages.too_short(least).within("initial_value")


def check_number_bounds(element: Json) -> Iterable[Problem]:
    """`min_value`, `initial_value` and `max_value` are in order, and whole where they must be."""
    values = [
        (name, Decimal(element[name]))
        for name in ("min_value", "initial_value", "max_value")
        if name in element
    ]
    if not element["is_decimal_allowed"]:
        yield from (
            error_messages.field_conflict(name, "is_decimal_allowed")
            for name, _ in values
            if "." in element[name]
        )
    for (name, low), (above, high) in pairwise(values):
        if low > high:
            yield error_messages.field_conflict(name, above)


def check_line_bounds(element: Json) -> Iterable[Problem]:
    """`min_lines` is no more than `max_lines`, or than what Slack takes for it."""
    if element.get("min_lines", 1) > element.get("max_lines", DEFAULT_MAX_LINES):
        yield error_messages.field_conflict("min_lines", "max_lines")
