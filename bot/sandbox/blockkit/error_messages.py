"""Slack's validation messages, each as a `Problem` without a pointer.

The first part is Slack's own wording, from its responses or its public schema library. The second
part imitates that style: Slack rejects these too, but its wording is not public.
"""

from __future__ import annotations

from dataclasses import replace

from .problems import Problem

# --- Slack's own wording ---

NO_SCHEMA_MATCHES = Problem("failed to match all allowed schemas", constraint={"type": "all_of"})


def wrong_type(expected: str) -> Problem:
    """Report a wrong JSON type; `expected` is "a string", "an object", "an array" and so on."""
    return Problem(f"must provide {expected}", code="invalid_type")


def not_a_boolean() -> Problem:
    """Report a value that is neither true nor false."""
    return Problem("must be a boolean", code="invalid_type")


def missing_field(field: str) -> Problem:
    """Report a missing required field. The pointer names the object that lacks it."""
    return Problem(f"missing required field: {field}", code="missing_field", field=field)


def unknown_key(key: str) -> Problem:
    """Report a key that Slack does not know. The pointer names the object that has it."""
    return Problem(
        f"invalid additional property: {key}", constraint={"type": "additional_properties"}
    )


def unsupported_type(actual: str, expected: list[str], key: str = "type") -> Problem:
    """Report a type, the value of `key`, that is unknown or not allowed in this position."""
    return Problem(
        f"unsupported type: {actual}", f"/{key}", constraint={"type": "enum", "expected": expected}
    )


def too_long(max_length: int) -> Problem:
    """Report a long string. Slack names the limit plus one: 3001 for a limit of 3000."""
    return Problem(
        f"must be less than {max_length + 1} characters",
        constraint={"type": "max_length", "expected": max_length},
    )


def too_short(min_length: int) -> Problem:
    """Report a short string. Slack names the limit minus one: 0 for a limit of 1."""
    return Problem(
        f"must be more than {min_length - 1} characters",
        constraint={"type": "min_length", "expected": min_length},
    )


def too_many(max_items: int) -> Problem:
    """Report a list with too many items."""
    return Problem(
        f"no more than {max_items} items allowed",
        constraint={"type": "max_items", "expected": max_items},
    )


def too_few(min_items: int) -> Problem:
    """Report a list with too few items."""
    return Problem(
        f"must provide at least {min_items} items",
        constraint={"type": "min_items", "expected": min_items},
    )


def duplicate_items() -> Problem:
    """Report a list with repeated items."""
    return Problem("Input contains duplicate items", constraint={"type": "unique_items"})


def too_high(maximum: float) -> Problem:
    """Report a high number. Slack's text says "less than", although `maximum` is allowed."""
    return Problem(
        f"must be less than {maximum}", constraint={"type": "maximum", "expected": maximum}
    )


def too_low(minimum: float) -> Problem:
    """Report a low number. Slack's text says "greater than", although `minimum` is allowed."""
    return Problem(
        f"must be greater than {minimum}", constraint={"type": "minimum", "expected": minimum}
    )


def not_in_enum(allowed: list[object]) -> Problem:
    """Report a value that is not in the enumeration."""
    return Problem("must be a valid enum value", constraint={"type": "enum", "expected": allowed})


def pattern_mismatch(pattern: str) -> Problem:
    """Report a string that does not match its pattern."""
    return Problem(
        f"input must match regex pattern: {pattern}",
        constraint={"type": "pattern", "expected": pattern},
    )


def invalid_format(name: str) -> Problem:
    """Report a string that is not a valid `name`, for example the date 2027-02-31."""
    return Problem(
        f"input must be a valid: {name}", constraint={"type": "format", "expected": name}
    )


def too_few_keys(min_properties: int) -> Problem:
    """Report an object with too few fields."""
    return Problem(
        f"must have minimum {min_properties} properties",
        constraint={"type": "min_properties", "expected": min_properties},
    )


def none_of(names: tuple[str, ...]) -> Problem:
    """Report an object that has none of these fields but needs one."""
    listed = " or ".join(f"`{name}`" for name in names)
    return Problem(f"must define either {listed}")


def already_exists(field: str, value: str) -> Problem:
    """Report the second use of a unique id."""
    return Problem(f'`{field}` "{value}" already exists', f"/{field}")


def input_without_submit() -> Problem:
    """Report a modal with an input block but no submit button. Slack's pointer ends in /input."""
    return Problem("must define `submit` to use an `input` block in modals", "/input")


def second_table() -> Problem:
    """Report a second table in a message. Slack gives no pointer."""
    return Problem("only_one_table_allowed", error="invalid_attachments")


def attachment_keys() -> Problem:
    """Report an attachment with an unknown key. Slack gives no pointer."""
    return Problem("invalid_keys", error="invalid_attachments")


# --- in Slack's style, where its wording is not public ---


def mutually_exclusive(names: tuple[str, ...]) -> Problem:
    """Report more than one of several mutually exclusive fields."""
    listed = " and ".join(f"`{name}`" for name in names)
    return Problem(f"cannot define both {listed}")


def not_an_option(field: str) -> Problem:
    """Report an initial value that is not among the options in `field`."""
    return Problem(f"must match one of `{field}` exactly", constraint={"type": "enum"})


def field_conflict(field: str, other: str) -> Problem:
    """Report two fields of one object that contradict each other."""
    return Problem(f"`{field}` conflicts with `{other}`", f"/{field}")


def missing_dependency(field: str, required: str) -> Problem:
    """Report a field that has no effect without the `required` one."""
    return Problem(f"must define `{required}` to use `{field}`", f"/{field}")


def misplaced_field(field: str, position: str) -> Problem:
    """Report a known field outside the only `position` where it is allowed."""
    return Problem(f"`{field}` can only be used {position}", f"/{field}")


def second_focus() -> Problem:
    """Report a second element that takes the focus when the view opens."""
    return Problem("only one element can have `focus_on_load`", "/focus_on_load")


def too_many_of(kind: str, max_blocks: int) -> Problem:
    """Report more blocks of one type than a message may have."""
    return Problem(f"no more than {max_blocks} `{kind}` blocks allowed")


def blocks_too_long(max_length: int) -> Problem:
    """Report blocks whose total text is too long for one message."""
    return Problem(f"must be less than {max_length + 1} characters", error="msg_blocks_too_long")


def view_too_large(max_bytes: int) -> Problem:
    """Report a view whose JSON has too many bytes."""
    return Problem(f"must be less than {max_bytes + 1} bytes", error="view_too_large")


def blocks_not_list() -> Problem:
    """Report blocks that are not a list, or a list encoded in a string."""
    return Problem("must provide an array", code="invalid_type", error="invalid_blocks_format")


def too_many_attachments(max_items: int) -> Problem:
    """Report a message with more attachments than Slack accepts."""
    return replace(too_many(max_items), error="too_many_attachments")


def empty_message() -> Problem:
    """Report a message without text, blocks and attachments."""
    return Problem("no_text", error="no_text")
