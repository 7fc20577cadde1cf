"""Texts that people and models wrote, made safe for Slack, and cut where Slack ends.

Whole passages go into rich text and titles into plain text, where nothing is parsed: no mention, no
link, no formatting but what is put there on purpose. Only notifications need escaping.
"""

from __future__ import annotations

from dataclasses import dataclass

MAX_NOTIFICATION_CHARACTERS = 150
"""Characters of a notification: what a phone shows before it cuts."""


PLURALS = {"person": "people", "app or person": "apps or people"}
"""Nouns whose plural is more than an s."""


def pluralize(number: int, noun: str) -> str:
    """Return `1 row`, `2 rows`: a number with its noun."""
    return f"{number:,} {noun if number == 1 else PLURALS.get(noun, f'{noun}s')}"


def escape_mrkdwn(text: str) -> str:
    """Return `text` so that it can neither mention nor link in mrkdwn or a notification.

    Slack's rule: exactly `&`, `<` and `>` are escaped, `&` first. Marks such as `*` stay: where
    they must not format, the text goes into rich or plain text instead.
    """
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def notification_text(text: str) -> str:
    """Return the beginning of `text` on one line, escaped, for a notification."""
    line = " ".join(text.split())
    return escape_mrkdwn(
        line
        if len(line) <= MAX_NOTIFICATION_CHARACTERS
        else f"{line[: MAX_NOTIFICATION_CHARACTERS - 1].rstrip()}…"
    )


@dataclass(frozen=True, slots=True)
class Excerpt:
    """The beginning of a text, and how many characters are left out behind it."""

    text: str
    omitted: int


def excerpt(text: str, max_characters: int) -> Excerpt:
    """Return as much of `text` as `room` characters hold, cut at a line or word if one is near."""
    if len(text) <= max_characters:
        return Excerpt(text, 0)
    end = _find_break(text, max_characters)
    return Excerpt(text[:end], len(text) - end)


def split_pages(text: str, max_characters: int) -> list[str]:
    """Return `text` in pieces of at most `room` characters; joined they are the text again."""
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
