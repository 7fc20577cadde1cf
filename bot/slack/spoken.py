"""What was typed behind a word of /label, understood: words, people, channels, groups, options.

Slack writes `<@U1|name>`, `<#C1|name>` and `<!subteam^S1|@name>` for whom people mention, and hides
`&`, `<` and `>`; the quotes may be those that a phone puts there.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

PIECE = re.compile(
    r"""(?:(?P<name>[A-Za-z][A-Za-z_-]*)=)?
    (?: <(?P<meant>[^<>]*)>
      | "(?P<quoted>[^"]*)"?
      | [“„](?P<curly>[^“”]*)[“”]?
      | (?:(?<=\s)|(?<=^)|(?<==))['\u2018](?P<single>[^'\u2019]*)['\u2019](?=\s|$)
      | (?P<bare>[^\s<]+) )""",
    re.VERBOSE,
)
QUOTES = ("quoted", "curly", "single", "bare")

MEANT = re.compile(r"(?P<sort>@|\#|!subteam\^)(?P<id>[A-Z0-9]+)(?:\|.*)?", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Spoken:
    """What stands behind a word, in order: ids of people, channels and user groups, and the rest.

    `options` are those written `name=value`, by their name in small letters.
    """

    words: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    options: Mapping[str, str] = field(default_factory=dict)

    @property
    def first(self) -> str:
        """Return the first word, "" if there is none."""
        return self.words[0] if self.words else ""


def understand(text: str) -> Spoken:
    """Read what was typed. Nothing is refused: whoever asks for more says what is missing."""
    found: dict[str, list[str]] = {"@": [], "#": [], "!subteam^": [], "": []}
    options: dict[str, str] = {}
    for piece in PIECE.finditer(text):
        sort, value = _said(piece)
        if piece["name"]:
            options[piece["name"].lower()] = value
        elif value:
            found[sort].append(value)
    people, channels, groups, words = map(tuple, found.values())
    return Spoken(words, people, channels, groups, options)


def _said(piece: re.Match[str]) -> tuple[str, str]:
    """Return what sort of thing a piece is ("" for a word), and what it says."""
    meant = piece["meant"]
    if meant is None:
        return "", _unescaped(next(piece[one] for one in QUOTES if piece[one] is not None)).strip()
    thing = MEANT.fullmatch(meant)
    if thing:
        return thing["sort"], thing["id"]
    return "", _unescaped(meant.partition("|")[0].removeprefix("mailto:"))


def _unescaped(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
