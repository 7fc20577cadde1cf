"""How many characters of a block a reader can see."""

from __future__ import annotations

from collections.abc import Mapping

TEXT_FIELDS = frozenset(
    {
        "alt_text",
        "author_name",
        "caption",
        "description",
        "details",
        "fallback",
        "hint",
        "label",
        "name",
        "output",
        "placeholder",
        "subtitle",
        "subtext",
        "text",
        "title",
        "x_label",
        "y_label",
    }
)
"""The fields whose strings are shown. Ids, addresses and values are not."""

NUMBER_CELL = "raw_number"


def count_visible_characters(value: object) -> int:
    """Count the characters shown by `value`, a valid block or a part of one."""
    if isinstance(value, list):
        return sum(map(count_visible_characters, value))
    if not isinstance(value, Mapping):
        return 0
    own = sum(len(value[key]) for key in TEXT_FIELDS & value.keys() if isinstance(value[key], str))
    nested = sum(map(count_visible_characters, value.values()))
    return own + nested + len(_unnamed_text(value))


def _unnamed_text(value: Mapping[str, object]) -> str:
    """Return the text of an object that shows a field which is hidden in other objects."""
    if "text" in value:
        return ""
    if value.get("type") == "link":
        return str(value.get("url", ""))
    return str(value.get("value", "")) if value.get("type") == NUMBER_CELL else ""
