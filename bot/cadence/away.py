"""Detects from a Slack status whether a person is out of the office, and until when.

Missing a holiday is better than taking tasks away from somebody at work: a phrase counts only if it
is unambiguous, a single word only if it is the whole status.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta

DEFAULT_STATUS_DURATION = timedelta(days=14)
"""How long a status without an end counts; the profile is read again every day."""

AWAY_EMOJI = frozenset(
    {
        "palm_tree",
        "desert_island",
        "beach_with_umbrella",
        "umbrella_on_ground",
        "face_with_thermometer",
        "face_with_head_bandage",
        "ooo",
        "out-of-office",
        "out_of_office",
        "vacation",
        "away",
    }
)
"""Emoji that alone mean away; Slack itself suggests the palm tree and the thermometer."""

TRAVEL_EMOJI = frozenset({"airplane", "airplane_departure", "airplane_arriving", "luggage"})
"""Emoji that mean away only without a text: people also work while traveling."""

_LEAVE_KIND = r"(a|an|my|annual|parental|maternity|paternity|sick|family|medical|bereavement)"

AWAY_PHRASES = (
    # English
    r"out of (the )?office",
    r"ooo",
    rf"(on|taking) ({_LEAVE_KIND} )*(vacation|holidays?|leave|pto|sabbatical)",
    r"vacationing",
    r"(out|off|home) sick",
    r"(calling|called) in sick",
    r"day off",
    r"off today",
    # German
    r"(im|auf|in) (urlaub|elternzeit|mutterschutz)",
    r"krank ?(geschrieben|gemeldet)",
    r"nicht im (büro|haus)",
    r"au(ß|ss)er haus",
    # French
    r"en (vacances|congés?|arrêt maladie)",
    r"absente? du bureau",
    # Spanish and Portuguese
    r"de (vacaciones|baja|férias|licença)",
    r"fuera de (la )?oficina",
    r"fora do escritório",
    # Italian and Dutch
    r"in (ferie|malattia)",
    r"fuori ufficio",
    r"(op|met) (vakantie|verlof)",
    # Swedish, Danish, Norwegian, Polish
    r"på (semester|ferie)",
    r"na urlopie",
)
"""Phrases that are unambiguous anywhere in a status."""

AWAY_SUBSTRINGS = (
    *("休暇中", "お休み", "病欠", "休假", "病假", "年假", "휴가", "병가"),
    *("в отпуске", "на больничном"),
)
"""The same in scripts that the phrases do not cover."""

AWAY_STATUSES = (
    r"(vacation|holidays?|leave|annual leave|parental leave|sick|sick leave|sick day|ill|pto|away|"
    r"abwesend|urlaub|krank|elternzeit|vacances|congés?|malade|absente?|vacaciones|férias|ferie|"
    r"malattia|vakantie|verlof|ziek|semester|sjuk|syg|syk|urlop|отпуск)"
)
"""Words that count if they are the whole status, apart from when it ends."""

_UNTIL = r"(until|till?|thru|through|bis|jusqu|hasta|até|fino|tot)"

_STATUS_TAIL = rf"({_UNTIL}|[^\w\s]).*"

RETURN_PATTERN = re.compile(
    r"\b(back|return(s|ing|ed)?|zurück|de retour|de vuelta|terug|tillbaka)\b.*"
)
"""The rest is about another day: “back from vacation” does not mean away."""

DOUBTFUL_PATTERN = re.compile(
    r"\b(working|work|wfh|remote(ly)?|focus(ing)?|meetings?|lunch|on[- ]?call|cover(ing|s)?|"
    r"(not|never|nicht|no) (on|out|off|sick|away|im|krank|vacation|holidays?|pto|leave)|"
    r"planning|plans?|starting|starts?|from|ab|soon|bald|tomorrow|morgen|next|before|after|in \d+|"
    r"half|party|season|sale|campaign|countdown)\b"
)
"""Words that make a status ambiguous: another time, half a day, a product called Vacation."""

_AWAY_PHRASE_PATTERN = re.compile(rf"(?<!\w)({'|'.join(AWAY_PHRASES)})(?!\w)")
_UNTIL_PATTERN = re.compile(rf"\b{_UNTIL}\b.*")
_AWAY_STATUS_PATTERN = re.compile(rf"{AWAY_STATUSES}( ?{_STATUS_TAIL})?")


def is_out_of_office(text: str, emoji: str) -> bool:
    """Return whether a status says out of office. `emoji` has Slack's form: `:palm_tree:`."""
    normalized = " ".join(text.lower().split())
    current_text = RETURN_PATTERN.sub("", normalized).strip(" .,;:!-|/")
    if DOUBTFUL_PATTERN.search(_UNTIL_PATTERN.sub("", current_text)):
        return False
    emoji_name = emoji.strip(":").partition("::")[0]
    if emoji_name in AWAY_EMOJI:
        return bool(current_text) or not normalized
    if emoji_name in TRAVEL_EMOJI and not normalized:
        return True
    return _is_away_text(current_text)


def _is_away_text(text: str) -> bool:
    has_substring = any(word in text for word in AWAY_SUBSTRINGS)
    return has_substring or bool(
        _AWAY_PHRASE_PATTERN.search(text) or _AWAY_STATUS_PATTERN.fullmatch(text)
    )


def away_until(
    text: str, emoji: str, expires_at: datetime | None, now: datetime
) -> datetime | None:
    """Return until when a status says that a person is away; None if it does not, or has ended.

    `expires_at` is when Slack clears the status; None: it stays until the person changes it.
    """
    if not is_out_of_office(text, emoji) or (expires_at and expires_at <= now):
        return None
    return expires_at or now + DEFAULT_STATUS_DURATION
