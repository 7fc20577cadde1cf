"""Characters of common emoji, by their Slack names."""

from __future__ import annotations

EMOJI: dict[str, str] = {
    "+1": "👍",
    "-1": "👎",
    "100": "💯",
    "alarm_clock": "⏰",
    "arrow_down": "⬇️",
    "arrow_left": "⬅️",
    "arrow_right": "➡️",
    "arrow_up": "⬆️",
    "bar_chart": "📊",
    "bell": "🔔",
    "books": "📚",
    "bug": "🐛",
    "bulb": "💡",
    "bus": "🚌",
    "calendar": "📅",
    "chart_with_upwards_trend": "📈",
    "clap": "👏",
    "clipboard": "📋",
    "coffee": "☕",
    "cry": "😢",
    "email": "✉️",
    "exclamation": "❗",
    "eyes": "👀",
    "face_with_thermometer": "🤒",
    "fire": "🔥",
    "gear": "⚙️",
    "grin": "😁",
    "hand": "✋",
    "heart": "❤️",
    "heavy_check_mark": "✔️",
    "hourglass": "⌛",
    "house_with_garden": "🏡",
    "information_source": "ℹ️",  # noqa: RUF001 - this is the emoji
    "joy": "😂",
    "key": "🔑",
    "laughing": "😆",
    "link": "🔗",
    "lock": "🔒",
    "mag": "🔍",
    "medal": "🏅",
    "memo": "📝",
    "muscle": "💪",
    "no_bell": "🔕",
    "no_entry": "⛔",
    "ok_hand": "👌",
    "package": "📦",
    "page_facing_up": "📄",
    "palm_tree": "🌴",
    "paperclip": "📎",
    "partying_face": "🥳",
    "pencil": "📝",
    "point_right": "👉",
    "pray": "🙏",
    "pushpin": "📌",
    "question": "❓",
    "raised_hands": "🙌",
    "red_circle": "🔴",
    "robot_face": "🤖",
    "rocket": "🚀",
    "rotating_light": "🚨",
    "slightly_smiling_face": "🙂",
    "smile": "😄",
    "smiley": "😃",
    "sob": "😭",
    "sparkles": "✨",
    "speech_balloon": "💬",
    "spiral_calendar_pad": "🗓️",
    "star": "⭐",
    "stopwatch": "⏱️",
    "sunglasses": "😎",
    "tada": "🎉",
    "thinking_face": "🤔",
    "thumbsdown": "👎",
    "thumbsup": "👍",
    "trophy": "🏆",
    "warning": "⚠️",
    "wave": "👋",
    "white_check_mark": "✅",
    "wink": "😉",
    "wrench": "🔧",
    "x": "❌",
    "zap": "⚡",
    "zzz": "💤",
}
"""By name, without colons; the page shows the name of an emoji that is not listed."""

SKIN_TONES = {2: "🏻", 3: "🏼", 4: "🏽", 5: "🏾", 6: "🏿"}


def emoji_character(name: str, unicode: str = "", skin_tone: int = 1) -> str:
    """Return the emoji with this name, or with these code points (hex, joined by hyphens).

    An unknown emoji is returned as `:name:`. Skin tones go from 2 (light) to 6 (dark), as in Slack.
    """
    try:
        characters = "".join(chr(int(point, 16)) for point in unicode.split("-") if point)
    except (ValueError, OverflowError):
        characters = ""
    characters = characters or EMOJI.get(name, "")
    if not characters:
        return f":{name}:"
    return characters if unicode else characters + SKIN_TONES.get(skin_tone, "")
