"""Characters of emoji, by their Slack names."""

from __future__ import annotations

from ..emoji import SKIN_TONES, find_emoji, to_characters


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
