"""Whether a Slack status says that somebody is out of the office, and until when.

It is better to overlook a holiday than to take work away from somebody who is there: words count
that leave no doubt, and single words only where they are the whole status.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta

DEFAULT_STATUS_DURATION = timedelta(days=14)
"""How long a status without an end counts; it is looked at again every day."""

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
"""Emoji that say so by themselves; Slack itself suggests the palm tree and the thermometer."""

TRAVEL_EMOJI = frozenset({"airplane", "airplane_departure", "airplane_arriving", "luggage"})
"""Emoji that say so only where nothing else is said: people also work on journeys."""

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
"""What leaves no doubt wherever it stands."""

AWAY_SUBSTRINGS = (
    *("休暇中", "お休み", "病欠", "休假", "病假", "年假", "휴가", "병가"),
    *("в отпуске", "на больничном"),
)
"""The same in scripts that the phrases above do not cover."""

AWAY_STATUSES = (
    r"(vacation|holidays?|leave|annual leave|parental leave|sick|sick leave|sick day|ill|pto|away|"
    r"abwesend|urlaub|krank|elternzeit|vacances|congés?|malade|absente?|vacaciones|férias|ferie|"
    r"malattia|vakantie|verlof|ziek|semester|sjuk|syg|syk|urlop|отпуск)"
)
"""What says so where it is all that is said, or all but when it ends."""

_UNTIL = r"(until|till?|thru|through|bis|jusqu|hasta|até|fino|tot)"

_STATUS_TAIL = rf"({_UNTIL}|[^\w\s]).*"

RETURN_PATTERN = re.compile(
    r"\b(back|return(s|ing|ed)?|zurück|de retour|de vuelta|terug|tillbaka)\b.*"
)
"""What follows is about another day: “back from vacation” is no vacation."""

DOUBTFUL_PATTERN = re.compile(
    r"\b(working|work|wfh|remote(ly)?|focus(ing)?|meetings?|lunch|on[- ]?call|cover(ing|s)?|"
    r"(not|never|nicht|no) (on|out|off|sick|away|im|krank|vacation|holidays?|pto|leave)|"
    r"planning|plans?|starting|starts?|from|ab|soon|bald|tomorrow|morgen|next|before|after|in \d+|"
    r"half|party|season|sale|campaign|countdown)\b"
)
"""Words that make it doubtful: another time, half a day, or a product called Vacation."""

_AWAY_PHRASE_PATTERN = re.compile(rf"(?<!\w)({'|'.join(AWAY_PHRASES)})(?!\w)")
_UNTIL_PATTERN = re.compile(rf"\b{_UNTIL}\b.*")
_AWAY_STATUS_PATTERN = re.compile(rf"{AWAY_STATUSES}( ?{_STATUS_TAIL})?")


def is_out_of_office(text: str, emoji: str) -> bool:
    """Say whether a status says so. `emoji` is named as Slack does, as in `:palm_tree:`."""
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
    """Return until when a status keeps somebody away; None if it does not, or is over.

    `expires_at` is when Slack clears it; None: it stays until the person changes it.
    """
    if not is_out_of_office(text, emoji) or (expires_at and expires_at <= now):
        return None
    return expires_at or now + DEFAULT_STATUS_DURATION
