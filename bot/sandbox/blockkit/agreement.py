"""What the fields of one element must agree on: bounds with each other, first values with both.

Each rule looks at an element whose fields are right by themselves. That what is chosen at first
must be among the options exactly is Slack's rule; the rest contradicts itself and is refused,
because Slack is silent on it and a bot loses nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from itertools import pairwise

from bot.sandbox.blockkit import wording
from bot.sandbox.blockkit.problems import Problem
from bot.sandbox.blockkit.schema import Json, Rule

LONGEST_INPUT = 3000
LINES_SHOWN = 8  # a rich text input grows to so many lines if `max_lines` is not given


def options_of(element: Json) -> list[Json]:
    """Return all options of a menu, in groups or not."""
    groups = [{"options": element.get("options", [])}, *element.get("option_groups", [])]
    return [option for group in groups for option in group["options"]]


def _offered(element: Json) -> str:
    return "option_groups" if "option_groups" in element else "options"


def initial_option_offered(element: Json) -> Iterable[Problem]:
    """`initial_option` equals one of the options exactly, texts and all."""
    initial = element.get("initial_option")
    if initial is not None and initial not in options_of(element):
        yield wording.not_an_option(_offered(element)).within("initial_option")


def initial_options_offered(element: Json) -> Iterable[Problem]:
    """Each of `initial_options` equals one of the options exactly, and none comes twice."""
    options = options_of(element)
    initials = element.get("initial_options", ())
    if len(initials) > len(options):
        yield wording.too_many(len(options)).within("initial_options")
        return
    for index, initial in enumerate(initials):
        if initial not in options or initial in initials[:index]:
            yield wording.not_an_option(_offered(element)).within(index).within("initial_options")


def few_enough_initials(field: str) -> Rule:
    """Make the rule that no more is chosen at first than may be chosen at all."""

    def rule(element: Json) -> Iterable[Problem]:
        most = element.get("max_selected_items")
        if most is not None and len(element.get(field, ())) > most:
            yield wording.too_many(most).within(field)

    return rule


def text_lengths_agree(element: Json) -> Iterable[Problem]:
    """`min_length` is no more than `max_length`, and a first value keeps to both."""
    least = element.get("min_length", 0)
    most = element.get("max_length", LONGEST_INPUT)
    initial = element.get("initial_value", "")
    if least > most:
        yield wording.beyond("min_length", "max_length")
    elif len(initial) > most:
        yield wording.too_long(most).within("initial_value")
    elif initial and len(initial) < least:
        yield wording.too_short(least).within("initial_value")


def numbers_agree(element: Json) -> Iterable[Problem]:
    """`min_value`, `initial_value` and `max_value` are in order, and whole where they must be."""
    values = [
        (name, Decimal(element[name]))
        for name in ("min_value", "initial_value", "max_value")
        if name in element
    ]
    if not element["is_decimal_allowed"]:
        yield from (
            wording.beyond(name, "is_decimal_allowed") for name, _ in values if "." in element[name]
        )
    for (name, low), (above, high) in pairwise(values):
        if low > high:
            yield wording.beyond(name, above)


def lines_agree(element: Json) -> Iterable[Problem]:
    """`min_lines` is no more than `max_lines`, or than what Slack takes for it."""
    if element.get("min_lines", 1) > element.get("max_lines", LINES_SHOWN):
        yield wording.beyond("min_lines", "max_lines")
