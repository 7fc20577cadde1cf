"""Slack's standard emoji: names, characters and skin tones.

`emoji.tsv` has a line for each: its code points, its names, and `tones` if it has skin tones. The
names are those of the public data set emoji-data.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

VARIATION_SELECTOR = "fe0f"
SKIN_TONES = {2: "1f3fb", 3: "1f3fc", 4: "1f3fd", 5: "1f3fe", 6: "1f3ff"}
"""The code point of each skin tone, by Slack's number for it."""

EMOJI_LABEL_PATTERN = r"(?<![\w:]):[a-z0-9_+'-]+:(?::skin-tone-[2-6]:|(?!:))(?!\w)"
"""A regular expression for names between colons; the name may be that of no emoji."""

_LABEL = re.compile(EMOJI_LABEL_PATTERN)
_NAME = re.compile(r"([a-z0-9_+'-]+)(?:::skin-tone-([2-6]))?")


@dataclass(frozen=True, slots=True)
class Emoji:
    """An emoji with its first name, and its code points in hex, joined by hyphens."""

    name: str
    code_points: str
    has_skin_tones: bool = False

    def with_skin_tone(self, tone: int) -> str:
        """Return the code points of this emoji in a skin tone."""
        first, *others = self.code_points.split("-")
        rest = [point for point in others if point != VARIATION_SELECTOR]
        return "-".join([first, SKIN_TONES[tone], *rest])


@dataclass(frozen=True, slots=True)
class EmojiUse:
    """An emoji as it was typed: by which name, with which skin tone (1 for none)."""

    name: str
    code_points: str
    skin_tone: int = 1

    @property
    def label(self) -> str:
        """Slack's notation, such as `:wave::skin-tone-3:`."""
        return f":{self.name}:" + (
            f":skin-tone-{self.skin_tone}:" if self.skin_tone in SKIN_TONES else ""
        )


@cache
def emoji_by_name() -> Mapping[str, Emoji]:
    """Return all standard emoji by each of their names."""
    return {name: emoji for emoji, names in _read_lines() for name in names}


def find_emoji(name: str) -> EmojiUse | None:
    """Return the emoji with this name, such as `wave` or `wave::skin-tone-3`; None if unknown."""
    match = _NAME.fullmatch(name)
    emoji = emoji_by_name().get(match[1]) if match else None
    if match is None or emoji is None:
        return None
    if match[2] is None:
        return EmojiUse(match[1], emoji.code_points)
    tone = int(match[2])
    if not emoji.has_skin_tones:
        return None
    return EmojiUse(match[1], emoji.with_skin_tone(tone), tone)


def show_emoji(text: str) -> str:
    """Return `text` with the names of emoji, such as `:wave:`, replaced by their characters."""
    if ":" not in text:
        return text
    return _LABEL.sub(_show_label, text)


def _show_label(match: re.Match[str]) -> str:
    emoji = find_emoji(match[0].strip(":"))
    return to_characters(emoji.code_points) if emoji else match[0]


@cache
def emoji_by_characters() -> Mapping[str, EmojiUse]:
    """Return all standard emoji, also in each skin tone, by their characters."""
    uses: dict[str, EmojiUse] = {}
    for emoji, _names in _read_lines():
        uses[to_characters(emoji.code_points)] = EmojiUse(emoji.name, emoji.code_points)
        for tone in SKIN_TONES if emoji.has_skin_tones else ():
            code_points = emoji.with_skin_tone(tone)
            uses[to_characters(code_points)] = EmojiUse(emoji.name, code_points, tone)
    return uses


@cache
def emoji_characters_pattern() -> str:
    """Return a regular expression for the characters of any standard emoji."""
    longest_first = sorted(emoji_by_characters(), key=len, reverse=True)
    first_characters = "".join(sorted({re.escape(characters[0]) for characters in longest_first}))
    return f"(?=[{first_characters}])(?:{'|'.join(map(re.escape, longest_first))})"


def to_characters(code_points: str) -> str:
    """Return the characters with these code points: hex, joined by hyphens."""
    return "".join(chr(int(point, 16)) for point in code_points.split("-"))


def emoji_character(name: str, unicode: str = "", skin_tone: int = 1) -> str:
    """Return the emoji with this name, or with these code points (hex, joined by hyphens).

    An unknown emoji is returned as `:name:`. Skin tones go from 2 (light) to 6 (dark), as in Slack.
    """
    toned = f"{name}::skin-tone-{skin_tone}" if skin_tone in SKIN_TONES else name
    emoji = find_emoji(toned) or find_emoji(name)
    try:
        return to_characters(unicode or (emoji.code_points if emoji else ""))
    except (ValueError, OverflowError):
        return to_characters(emoji.code_points) if emoji else f":{name}:"


def _read_lines() -> Iterator[tuple[Emoji, list[str]]]:
    text = files(__package__).joinpath("emoji.tsv").read_text(encoding="utf-8")
    for line in text.splitlines():
        code_points, names, *tones = line.split("\t")
        first, *others = names.split(" ")
        yield Emoji(first, code_points, has_skin_tones=bool(tones)), [first, *others]
