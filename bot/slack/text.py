"""Texts that people and models wrote, made safe for Slack, and cut where Slack ends.

Whole passages go into rich text and titles into plain text, where nothing is parsed: no mention, no
link, no formatting but what is put there on purpose. Only notifications need escaping.
"""

from __future__ import annotations

from dataclasses import dataclass

NOTICE = 150
"""Characters of a notification: what a phone shows before it cuts."""


PLURALS = {"person": "people", "app or person": "apps or people"}
"""Nouns whose plural is more than an s."""


def counted(number: int, noun: str) -> str:
    """Return `1 row`, `2 rows`: a number with its noun."""
    return f"{number:,} {noun if number == 1 else PLURALS.get(noun, f'{noun}s')}"


def escaped(text: str) -> str:
    """Return `text` so that it can neither mention nor link in mrkdwn or a notification.

    Slack's rule: exactly `&`, `<` and `>` are escaped, `&` first. Marks such as `*` stay: where
    they must not format, the text goes into rich or plain text instead.
    """
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def notice(text: str) -> str:
    """Return the beginning of `text` on one line, escaped, for a notification."""
    line = " ".join(text.split())
    return escaped(line if len(line) <= NOTICE else f"{line[: NOTICE - 1].rstrip()}…")


@dataclass(frozen=True, slots=True)
class Piece:
    """The beginning of a text, and how many characters are left out behind it."""

    text: str
    left_out: int


def piece(text: str, room: int) -> Piece:
    """Return as much of `text` as `room` characters hold, cut at a line or word if one is near."""
    if len(text) <= room:
        return Piece(text, 0)
    end = _good_end(text, room)
    return Piece(text[:end], len(text) - end)


def pages(text: str, room: int) -> list[str]:
    """Return `text` in pieces of at most `room` characters; joined they are the text again."""
    found = []
    while text:
        end = len(text) if len(text) <= room else _good_end(text, room)
        found.append(text[:end])
        text = text[end:]
    return found or [""]


def _good_end(text: str, room: int) -> int:
    near = room - room // 4
    for mark in ("\n\n", "\n", " "):
        end = text.rfind(mark, near, room)
        if end > 0:
            return end + len(mark)
    return room
