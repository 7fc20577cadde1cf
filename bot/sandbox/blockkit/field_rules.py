"""Rules on several fields of one element: bounds, options and initial values.

A rule checks an element whose single fields are valid. Slack documents that initial options must
equal options exactly. The other rules reject contradictions that Slack does not document; that
costs an app nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from itertools import pairwise

from . import error_messages
from .problems import Problem
from .schema import Json, Rule

MAX_INPUT_CHARS = 3000
DEFAULT_MAX_LINES = 8  # of a rich text input without `max_lines`


def all_options(element: Json) -> list[Json]:
    """Return all options of a menu, grouped or not."""
    groups = [{"options": element.get("options", [])}, *element.get("option_groups", [])]
    return [option for group in groups for option in group["options"]]


def _options_field(element: Json) -> str:
    return "option_groups" if "option_groups" in element else "options"


def check_initial_option(element: Json) -> Iterable[Problem]:
    """Check that `initial_option` equals one of the options in every field."""
    initial = element.get("initial_option")
    if initial is not None and initial not in all_options(element):
        yield error_messages.not_an_option(_options_field(element)).within("initial_option")


def check_initial_options(element: Json) -> Iterable[Problem]:
    """Check that each of `initial_options` equals an option in every field and occurs once."""
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
    """Return a rule that limits the initial values in `field` to `max_selected_items`."""

    def rule(element: Json) -> Iterable[Problem]:
        max_items = element.get("max_selected_items")
        if max_items is not None and len(element.get(field, ())) > max_items:
            yield error_messages.too_many(max_items).within(field)

    return rule


def check_text_lengths(element: Json) -> Iterable[Problem]:
    """Check that `min_length` is at most `max_length` and that `initial_value` satisfies both."""
    min_length = element.get("min_length", 0)
    max_length = element.get("max_length", MAX_INPUT_CHARS)
    initial = element.get("initial_value", "")
    if min_length > max_length:
        yield error_messages.field_conflict("min_length", "max_length")
    elif len(initial) > max_length:
        yield error_messages.too_long(max_length).within("initial_value")
    elif initial and len(initial) < min_length:
        yield error_messages.too_short(min_length).within("initial_value")


def check_number_bounds(element: Json) -> Iterable[Problem]:
    """Check the order of `min_value`, `initial_value` and `max_value`, and unwanted decimals."""
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
    for (lower_name, lower), (upper_name, upper) in pairwise(values):
        if lower > upper:
            yield error_messages.field_conflict(lower_name, upper_name)


def check_line_bounds(element: Json) -> Iterable[Problem]:
    """Check that `min_lines` is at most `max_lines`, or its default."""
    if element.get("min_lines", 1) > element.get("max_lines", DEFAULT_MAX_LINES):
        yield error_messages.field_conflict("min_lines", "max_lines")
