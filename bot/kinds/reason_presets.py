"""Presets of reasons: named lists of categories for common comparisons and rankings."""

from __future__ import annotations

from collections.abc import Mapping

REASON_PRESETS: Mapping[str, tuple[str, ...]] = {
    "answers": (
        *("More correct", "More complete", "More relevant", "Clearer", "Better structured"),
        *("Better length", "Better tone", "Follows instructions", "Safer"),
    ),
    "code": (
        *("Correct result", "Handles edge cases", "Follows the request", "Easier to read"),
        *("More efficient", "More secure", "Better explained"),
    ),
    "jokes": ("Funnier", "More original", "Better timing", "Fits the prompt", "Less offensive"),
    "safety": (
        *("Refuses what is harmful", "Helps with what is harmless", "More honest"),
        *("Protects privacy", "Less biased", "More respectful"),
    ),
    "summaries": (
        *(
            "More faithful",
            "Covers the main points",
            "More concise",
            "Clearer",
            "No invented facts",
        ),
    ),
    "translation": (
        *("More accurate", "More fluent", "Right terms", "Right register", "Better style"),
        "Nothing left out",
    ),
}
"""Labels of the reasons by name of the preset. A name in place of the reasons stands for all."""


def expand_preset(raw: object) -> object:
    """Return the reasons of a preset if `raw` is its name, alone or as the only entry of a list.

    Raises:
        ValueError: `raw` is a text that names no preset.
    """
    names = raw if isinstance(raw, list | tuple) else [raw]
    name = names[0] if len(names) == 1 else None
    if isinstance(name, str) and name.strip().lower() in REASON_PRESETS:
        return REASON_PRESETS[name.strip().lower()]
    if isinstance(raw, str):
        message = f"write a list of reasons, or the name of a preset: {', '.join(REASON_PRESETS)}"
        raise ValueError(message)  # noqa: TRY004 - pydantic reports it as an invalid value
    return raw
