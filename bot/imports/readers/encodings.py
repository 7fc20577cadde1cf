"""Encodings of text files: recognized by their first bytes, named by people, or guessed."""

from __future__ import annotations

import codecs
import unicodedata
from collections.abc import Callable

from bot.errors import BotError

BYTE_ORDER_MARKS = {
    b"\xef\xbb\xbf": "utf-8-sig",
    b"\x00\x00\xfe\xff": "utf-32",
    b"\xff\xfe\x00\x00": "utf-32",
    b"\xff\xfe": "utf-16",
    b"\xfe\xff": "utf-16",
}
"""First bytes of Unicode files. A mark precedes those that are its prefix."""

MIN_NUL_SHARE = 0.2
"""Share of NUL among every second byte from which a file is UTF-16: most texts have some ASCII."""

MAX_STRAY_SHARE = 0.02
"""Share of NUL among the other bytes up to which a file is UTF-16."""

PUNCTUATION = "\u2018\u2019\u201c\u201d\u201e\u2013\u2014\u2026\xa0"
WESTERN = frozenset(f"éèêëàâäáãåæçíìîïñóòôöõøúùûüýßÉÈÊÀÂÁÄÅÆÇÍÑÓÖØÚÜ•€£§°«»¿¡·®©™œŒ{PUNCTUATION}")
CENTRAL = frozenset(f"ąćęłńóśźżáčďéěíňřšťúůýžőűöüäôľĺŕĄĆĘŁŃŚŹŻČĎĚŇŘŠŤŮŽŐŰ{PUNCTUATION}")
TURKISH = frozenset(f"ğışçöüİŞĞÇÖÜ{PUNCTUATION}")


class UnknownEncodingError(BotError):
    """Unknown encoding “{name}”. Use a name such as utf-8, utf-16, cp1252 or shift_jis."""


def find_encoding(name: str) -> str:
    """Return the standard name of an encoding of text.

    Raises:
        UnknownEncodingError: there is none of this name.
    """
    try:
        codec = codecs.lookup(name)
        "".encode(codec.name)
    except (LookupError, UnicodeError, ValueError) as error:
        raise UnknownEncodingError(name=name) from error
    return codec.name


def detect_unicode(head: bytes) -> str | None:
    """Return the Unicode encoding that the first bytes of a file show, None if they show none."""
    for mark, encoding in BYTE_ORDER_MARKS.items():
        if head.startswith(mark):
            return encoding
    even, odd = (_nul_share(head[start::2]) for start in (0, 1))
    if odd > MIN_NUL_SHARE and even < MAX_STRAY_SHARE:
        return "utf-16-le"
    if even > MIN_NUL_SHARE and odd < MAX_STRAY_SHARE:
        return "utf-16-be"
    return None


def _nul_share(data: bytes) -> float:
    return data.count(0) / max(1, len(data))


def guess_encoding(data: bytes) -> str:
    """Return the most probable encoding of text that is not UTF-8.

    Each encoding is scored by the share of its non-ASCII characters that texts in its languages
    usually have; of equal ones, the first wins.
    """
    scores = {name: _score(data, name, is_usual) for name, is_usual in USUAL_CHARACTERS.items()}
    return max(scores, key=lambda name: scores[name])


def _score(data: bytes, encoding: str, is_usual: Callable[[str], float]) -> float:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        if len(data) - error.start > 4:  # noqa: PLR2004 - a character cut off at the end
            return 0.0
        text = data[: error.start].decode(encoding)
    characters = [char for char in text if not char.isascii()]
    kana = sum(map(_is_kana, characters))
    if encoding in JAPANESE and kana < len(characters) / 10:
        return 0.0
    return sum(map(is_usual, characters)) / max(1, len(characters))


CAPITAL_WEIGHT = 0.9
"""Weight of capitals: in the wrong one of two encodings of a script, most letters are capitals."""


def _weight_of(script: str) -> Callable[[str], float]:
    """Return a weight for letters of a script: small ones are far more frequent than capitals."""

    def weigh(char: str) -> float:
        if not unicodedata.name(char, "").startswith(script):
            return 0.0
        return 1.0 if char.islower() else CAPITAL_WEIGHT

    return weigh


def _is_letter(script: str) -> Callable[[str], bool]:
    return lambda char: unicodedata.name(char, "").startswith(script)


def _is_kana(char: str) -> bool:
    return "\u3041" <= char <= "\u30ff"


HAN_PUNCTUATION = "\uff0c\u3002\uff01\uff1f\uff1a\uff1b\u3001\uff08\uff09\u300a\u300b\u201c\u201d"


def _is_han(char: str) -> bool:
    return "\u4e00" <= char <= "\u9fff" or char in HAN_PUNCTUATION


JAPANESE = ("shift_jis", "euc_jp")
"""Encodings in which a tenth of the characters must be kana: Chinese texts often fit them too."""

USUAL_CHARACTERS: dict[str, Callable[[str], float]] = {
    "cp1252": WESTERN.__contains__,
    "cp1250": CENTRAL.__contains__,
    "cp1254": TURKISH.__contains__,
    "mac_roman": WESTERN.__contains__,
    "cp1255": _is_letter("HEBREW LETTER"),  # before Cyrillic, whose small letters it shares
    "cp1251": _weight_of("CYRILLIC"),
    "koi8_r": _weight_of("CYRILLIC"),
    "cp1253": _weight_of("GREEK"),
    "cp1256": _is_letter("ARABIC LETTER"),
    "shift_jis": lambda char: _is_kana(char) or _is_han(char),
    "euc_jp": lambda char: _is_kana(char) or _is_han(char),
    "euc_kr": _is_letter("HANGUL SYLLABLE"),
    "gb18030": _is_han,
    "big5": _is_han,
}
"""Encodings to guess, and how usual a character is in their texts, from 0 to 1."""
