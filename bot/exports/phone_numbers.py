"""Phone numbers in texts: numbers with a country code, a leading 0, or groups of digits."""

from __future__ import annotations

import re

PHONE_CANDIDATE = r"[+(]{0,2}\pN(?:[ \x{A0}\x{2009}\x{202F}()/.\x{2010}-\x{2013}-]{0,3}\pN){6,}"
"""RE2 pattern of what may be a phone number: seven digits or more, in groups."""

MIN_DIGITS, MAX_DIGITS = 7, 15
"""Digits of a number: local ones have seven; ITU-T E.164 allows up to 15."""

BARE_DIGITS = (10, 11)
"""Digits of a number without groups, country code or leading 0, as in North America."""

NOT_PHONE = re.compile(
    r"""(?x)
    (?: \d{4}[-./]\d{1,2}[-./]\d{1,2} | \d{1,2}[-./]\d{1,2}[-./]\d{4} )   # a date
      (?: [ ]\d{1,2} )*                                                 # and hours
    | \d{4}[ ]?[-\u2013/ ][ ]?\d{4}(?<=(?:19|20)\d\d)                        # two years
    | \d{1,3}(?: \.\d{1,3} ){3}                                         # an IP address
    | \d+\.\d+                                                          # a decimal number
    | \d{1,3}(?: [ .\u00A0\u2009\u202F] \d{3} )+(?<=000)                # thousands
    """
)


def is_phone_number(text: str, start: int, end: int) -> bool:
    """Return whether a candidate in a text is a phone number.

    It is none as a part of a longer word or number, as a date, two years, an IP address, a decimal
    number or a round number in groups of three digits. Ungrouped digits are one if they begin with
    “+” or 0, or are ten or eleven.
    """
    candidate = text[start:end]
    if _is_part_of_word(text, start, end) or NOT_PHONE.fullmatch(candidate):
        return False
    digits = sum(character.isdigit() for character in candidate)
    if not MIN_DIGITS <= digits <= MAX_DIGITS:
        return digits > MAX_DIGITS and _is_grouped(candidate)
    if candidate.startswith(("+", "0", "(")) or _is_grouped(candidate):
        return True
    return digits in BARE_DIGITS


def _is_grouped(candidate: str) -> bool:
    """Return whether a candidate has digits in groups: several numbers in a row are, too."""
    return not candidate.lstrip("+(").isdigit()


def _is_part_of_word(text: str, start: int, end: int) -> bool:
    before, after = text[start - 1 : start], text[end : end + 1]
    is_decimal = after in tuple(".,") and text[end + 1 : end + 2].isdigit()
    return before.isalnum() or before == "_" or after.isalnum() or after == "_" or is_decimal
