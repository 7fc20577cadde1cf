"""Escaping, cutting and splitting of texts for Slack's limits.

Passages become rich text and titles plain text, in which Slack parses no mentions, links or
formatting. Only notification texts are mrkdwn and need escaping.
"""

from __future__ import annotations

from dataclasses import dataclass

MAX_NOTIFICATION_CHARACTERS = 150
"""Length of a notification: phones cut off longer ones."""

PLURALS = {"person": "people"}
"""Plurals that are not the noun with an s."""


def pluralize(number: int, noun: str) -> str:
    """Return a number with its noun: `1 row`, `1,204 rows`."""
    return f"{number:,} {noun if number == 1 else PLURALS.get(noun, f'{noun}s')}"


def escape_mrkdwn(text: str) -> str:
    """Escape a text so that it cannot mention anyone or become a link in mrkdwn.

    By Slack's rule exactly `&`, `<` and `>` are escaped, `&` first. Formatting marks such as `*`
    stay; use rich or plain text where they must not format.
    """
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def notification_text(text: str) -> str:
    """Return the beginning of a text as one escaped line, for a notification."""
    return escape_mrkdwn(shorten(" ".join(text.split()), MAX_NOTIFICATION_CHARACTERS))


def shorten(text: str, max_characters: int) -> str:
    """Return a text of at most `max_characters`; if it was longer, it ends with “…”."""
    if len(text) <= max_characters:
        return text
    return f"{text[: max_characters - 1].rstrip()}…"


@dataclass(frozen=True, slots=True)
class Excerpt:
    """The beginning of a text, and how many characters of the rest are omitted."""

    text: str
    omitted: int


def excerpt(text: str, max_characters: int) -> Excerpt:
    """Return at most `max_characters` of a text, cut at the end of a line or word if possible."""
    if len(text) <= max_characters:
        return Excerpt(text, 0)
    end = _find_break(text, max_characters)
    return Excerpt(text[:end], len(text) - end)


def split_pages(text: str, max_characters: int) -> list[str]:
    """Split a text into parts of at most `max_characters`; joined they are the text again."""
    pages = []
    while text:
        end = len(text) if len(text) <= max_characters else _find_break(text, max_characters)
        pages.append(text[:end])
        text = text[end:]
    return pages or [""]


def _find_break(text: str, max_characters: int) -> int:
    earliest = max_characters - max_characters // 4
    for mark in ("\n\n", "\n", " "):
        end = text.rfind(mark, earliest, max_characters)
        if end > 0:
            return end + len(mark)
    return max_characters
