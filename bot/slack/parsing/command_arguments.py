"""Parser of the arguments of a /label subcommand: tokens, people, channels, groups and options.

Slack sends mentions as `<@U1|name>`, `<#C1|name>` and `<!subteam^S1|@name>`, and escapes `&`, `<`
and `>`. Quotes may be the curly ones that phones insert.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

TOKEN_PATTERN = re.compile(
    r"""(?:(?P<name>[A-Za-z][A-Za-z_-]*)=)?
    (?: <(?P<reference>[^<>]*)>
      | "(?P<quoted>[^"]*)"?
      | [“„](?P<curly>[^“”]*)[“”]?
      | (?:(?<=\s)|(?<=^)|(?<==))['\u2018](?P<single>[^'\u2019]*)['\u2019](?=\s|$)
      | (?P<bare>[^\s<]+) )""",
    re.VERBOSE,
)
TEXT_GROUPS = ("quoted", "curly", "single", "bare")

MENTION_PATTERN = re.compile(r"(?P<prefix>@|\#|!subteam\^)(?P<id>[A-Z0-9]+)(?:\|.*)?", re.DOTALL)


@dataclass(frozen=True, slots=True)
class CommandArguments:
    """Arguments of a subcommand, in order: ids of people, channels and user groups, other tokens.

    `options` holds the arguments written as `name=value`, by name in lower case.
    """

    tokens: tuple[str, ...] = ()
    user_ids: tuple[str, ...] = ()
    channel_ids: tuple[str, ...] = ()
    usergroup_ids: tuple[str, ...] = ()
    options: Mapping[str, str] = field(default_factory=dict)

    @property
    def first_token(self) -> str:
        """Return the first token, "" if there is none."""
        return self.tokens[0] if self.tokens else ""


def parse_arguments(text: str) -> CommandArguments:
    """Parse the arguments of a subcommand. Nothing is refused: each subcommand checks its own."""
    values_by_prefix: dict[str, list[str]] = {"@": [], "#": [], "!subteam^": [], "": []}
    options: dict[str, str] = {}
    for match in TOKEN_PATTERN.finditer(text):
        prefix, value = _parse_token(match)
        if match["name"]:
            options[match["name"].lower()] = value
        elif value:
            values_by_prefix[prefix].append(value)
    user_ids, channel_ids, usergroup_ids, tokens = map(tuple, values_by_prefix.values())
    return CommandArguments(tokens, user_ids, channel_ids, usergroup_ids, options)


def _parse_token(match: re.Match[str]) -> tuple[str, str]:
    """Return the prefix of a mention ("" for other tokens), and the id or text."""
    reference = match["reference"]
    if reference is None:
        text = next(match[group] for group in TEXT_GROUPS if match[group] is not None)
        return "", _unescape(text).strip()
    mention = MENTION_PATTERN.fullmatch(reference)
    if mention:
        return mention["prefix"], mention["id"]
    return "", _unescape(reference.partition("|")[0].removeprefix("mailto:"))


def _unescape(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
