"""What was typed behind a word of /label, understood: words, people, channels, groups, options.

Slack writes `<@U1|name>`, `<#C1|name>` and `<!subteam^S1|@name>` for whom people mention, and hides
`&`, `<` and `>`; the quotes may be those that a phone puts there.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

TOKEN_PATTERN = re.compile(
    r"""(?:(?P<name>[A-Za-z][A-Za-z_-]*)=)?
    (?: <(?P<meant>[^<>]*)>
      | "(?P<quoted>[^"]*)"?
      | [“„](?P<curly>[^“”]*)[“”]?
      | (?:(?<=\s)|(?<=^)|(?<==))['\u2018](?P<single>[^'\u2019]*)['\u2019](?=\s|$)
      | (?P<bare>[^\s<]+) )""",
    re.VERBOSE,
)
TEXT_GROUPS = ("quoted", "curly", "single", "bare")

MENTION_PATTERN = re.compile(r"(?P<sort>@|\#|!subteam\^)(?P<id>[A-Z0-9]+)(?:\|.*)?", re.DOTALL)


@dataclass(frozen=True, slots=True)
class CommandArguments:
    """What stands behind a word, in order: ids of people, channels and user groups, and the rest.

    `options` are those written `name=value`, by their name in small letters.
    """

    tokens: tuple[str, ...] = ()
    user_ids: tuple[str, ...] = ()
    channel_ids: tuple[str, ...] = ()
    usergroup_ids: tuple[str, ...] = ()
    options: Mapping[str, str] = field(default_factory=dict)

    @property
    def first_token(self) -> str:
        """Return the first word, "" if there is none."""
        return self.tokens[0] if self.tokens else ""


def parse_arguments(text: str) -> CommandArguments:
    """Read what was typed. Nothing is refused: whoever asks for more says what is missing."""
    found: dict[str, list[str]] = {"@": [], "#": [], "!subteam^": [], "": []}
    options: dict[str, str] = {}
    for match in TOKEN_PATTERN.finditer(text):
        prefix, value = _parse_token(match)
        if match["name"]:
            options[match["name"].lower()] = value
        elif value:
            found[prefix].append(value)
    user_ids, channel_ids, usergroup_ids, tokens = map(tuple, found.values())
    return CommandArguments(tokens, user_ids, channel_ids, usergroup_ids, options)


def _parse_token(match: re.Match[str]) -> tuple[str, str]:
    """Return what sort of thing a piece is ("" for a word), and what it says."""
    reference = match["meant"]
    if reference is None:
        return "", _unescape(
            next(match[one] for one in TEXT_GROUPS if match[one] is not None)
        ).strip()
    mention = MENTION_PATTERN.fullmatch(reference)
    if mention:
        return mention["sort"], mention["id"]
    return "", _unescape(reference.partition("|")[0].removeprefix("mailto:"))


def _unescape(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
