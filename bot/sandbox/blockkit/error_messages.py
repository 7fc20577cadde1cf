"""The sentences with which Slack refuses, each as a problem that does not yet know its place.

The first part is Slack's own wording, seen in its answers or in its public schema library.
The second part is ours, in the same style: Slack refuses these too, but its sentence is not public.
"""

from __future__ import annotations

from dataclasses import replace

from bot.sandbox.blockkit.problems import Problem

# --- Slack's own words ---

NO_SCHEMA_MATCHES = Problem("failed to match all allowed schemas", constraint={"type": "all_of"})


def wrong_type(wanted: str) -> Problem:
    """`wanted` is "a string", "an object", "an array", "an integer" or "a number"."""
    return Problem(f"must provide {wanted}", code="invalid_type")


def not_a_boolean() -> Problem:
    """Something else stands where true or false should."""
    return Problem("must be a boolean", code="invalid_type")


def missing_field(field: str) -> Problem:
    """A required field is absent. The pointer names the object that lacks it."""
    return Problem(f"missing required field: {field}", code="missing_field", field=field)


def unknown_key(key: str) -> Problem:
    """Slack refuses keys that it does not know; the pointer names the object that has it."""
    return Problem(
        f"invalid additional property: {key}", constraint={"type": "additional_properties"}
    )


def unsupported_type(got: str, expected: list[str], key: str = "type") -> Problem:
    """The type, told by `key`, is unknown, or not allowed in this place or on this surface."""
    return Problem(
        f"unsupported type: {got}", f"/{key}", constraint={"type": "enum", "expected": expected}
    )


def too_long(most: int) -> Problem:
    """Slack names the limit plus one: 3000 characters "must be less than 3001 characters"."""
    return Problem(
        f"must be less than {most + 1} characters",
        constraint={"type": "max_length", "expected": most},
    )


def too_short(least: int) -> Problem:
    """Slack names the limit minus one: one character "must be more than 0 characters"."""
    return Problem(
        f"must be more than {least - 1} characters",
        constraint={"type": "min_length", "expected": least},
    )


def too_many(most: int) -> Problem:
    """A list has too many items."""
    return Problem(
        f"no more than {most} items allowed", constraint={"type": "max_items", "expected": most}
    )


def too_few(least: int) -> Problem:
    """A list has too few items."""
    return Problem(
        f"must provide at least {least} items", constraint={"type": "min_items", "expected": least}
    )


def duplicate_items() -> Problem:
    """A list that must not repeat itself does."""
    return Problem("Input contains duplicate items", constraint={"type": "unique_items"})


def too_high(most: float) -> Problem:
    """Slack says "less than", although `most` itself is allowed."""
    return Problem(f"must be less than {most}", constraint={"type": "maximum", "expected": most})


def too_low(least: float) -> Problem:
    """Slack says "greater than", although `least` itself is allowed."""
    return Problem(
        f"must be greater than {least}", constraint={"type": "minimum", "expected": least}
    )


def not_in_enum(allowed: list[object]) -> Problem:
    """The value is not one of the few that are allowed."""
    return Problem("must be a valid enum value", constraint={"type": "enum", "expected": allowed})


def pattern_mismatch(pattern: str) -> Problem:
    """A string has the wrong form."""
    return Problem(
        f"input must match regex pattern: {pattern}",
        constraint={"type": "pattern", "expected": pattern},
    )


def invalid_format(name: str) -> Problem:
    """A string has the right form but means nothing, such as the 31st of February."""
    return Problem(
        f"input must be a valid: {name}", constraint={"type": "format", "expected": name}
    )


def too_few_keys(least: int) -> Problem:
    """An object that must say something is empty."""
    return Problem(
        f"must have minimum {least} properties",
        constraint={"type": "min_properties", "expected": least},
    )


def none_of(names: tuple[str, ...]) -> Problem:
    """None of the fields is there, and one is needed."""
    listed = " or ".join(f"`{name}`" for name in names)
    return Problem(f"must define either {listed}")


def already_exists(field: str, value: str) -> Problem:
    """An id that must be unique occurs a second time."""
    return Problem(f'`{field}` "{value}" already exists', f"/{field}")


def input_without_submit() -> Problem:
    """A modal with an input block has no submit button; Slack's pointer really ends so."""
    return Problem("must define `submit` to use an `input` block in modals", "/input")


def second_table() -> Problem:
    """Slack names no place for it."""
    return Problem("only_one_table_allowed", error="invalid_attachments")


def attachment_keys() -> Problem:
    """An attachment has a key that attachments do not have. Slack names no place for it."""
    return Problem("invalid_keys", error="invalid_attachments")


# --- in Slack's style, where its own words are not public ---


def mutually_exclusive(names: tuple[str, ...]) -> Problem:
    """More than one of the fields is there, and they exclude each other."""
    listed = " and ".join(f"`{name}`" for name in names)
    return Problem(f"cannot define both {listed}")


def not_an_option(field: str) -> Problem:
    """What is chosen at first is not on offer."""
    return Problem(f"must match one of `{field}` exactly", constraint={"type": "enum"})


def field_conflict(this: str, other: str) -> Problem:
    """Two fields of one object contradict each other."""
    return Problem(f"`{this}` does not agree with `{other}`", f"/{this}")


def missing_dependency(this: str, other: str) -> Problem:
    """A field means nothing without another one."""
    return Problem(f"must define `{other}` to use `{this}`", f"/{this}")


def misplaced_field(field: str, place: str) -> Problem:
    """The field is known, but not here."""
    return Problem(f"`{field}` can only be used {place}", f"/{field}")


def second_focus() -> Problem:
    """Two elements both ask to be focused when the view opens."""
    return Problem("only one element can have `focus_on_load`", "/focus_on_load")


def too_many_of(kind: str, most: int) -> Problem:
    """More blocks of one type than a message may have."""
    return Problem(f"no more than {most} `{kind}` blocks allowed")


def blocks_too_long(most: int) -> Problem:
    """All blocks together are too much for one message."""
    return Problem(f"must be less than {most + 1} characters", error="msg_blocks_too_long")


def view_too_large(most: int) -> Problem:
    """A view's JSON has too many bytes."""
    return Problem(f"must be less than {most + 1} bytes", error="view_too_large")


def blocks_not_list() -> Problem:
    """The blocks are no list at all, or a list inside a string."""
    return Problem("must provide an array", code="invalid_type", error="invalid_blocks_format")


def too_many_attachments(most: int) -> Problem:
    """A message has more attachments than Slack takes."""
    return replace(too_many(most), error="too_many_attachments")


def empty_message() -> Problem:
    """A message has neither text nor blocks nor attachments."""
    return Problem("no_text", error="no_text")
