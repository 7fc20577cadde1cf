"""Images, audio and video of a row: links, lists of links, or objects that say more about each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from urllib.parse import urlsplit

from bot.imports.columns import Columns, value_at
from bot.imports.row import UnusableRowError, kind_of_value, quoted
from bot.kinds.media import UNDESCRIBED, Media, Type

LONGEST_ADDRESS = 3_000
"""Characters of a link: what Slack takes of an image or a button."""

LONGEST_ALT = 2_000
"""Characters of a description: what Slack takes of an image."""

LONGEST_TITLE = 150

MOST = 10
"""Links one prompt or candidate may have: more than anybody looks at in a chat."""

SHORTEST_TELLING = 4
"""Letters a model's name must have before it is looked for in addresses: “a” is in each."""

PARTS: Mapping[Type, str] = {"image": "images", "audio": "audio", "video": "video"}


def prompt_media(row: Mapping[str, object], columns: Columns) -> tuple[Media, ...]:
    """Return what is shown with the prompt.

    Raises:
        UnusableRowError: with the reason.
    """
    alt = _value(row, columns.alt)
    found = [
        media
        for kind, part in PARTS.items()
        for column in getattr(columns, part)
        for media in _media(kind, value_at(row, column), alt, "")
    ]
    return _few(found, "it has")


def candidate_media(
    row: Mapping[str, object], columns: Columns, count: int
) -> list[tuple[Media, ...]]:
    """Return what is shown with each of `count` candidates (0: as many as there is media for).

    Raises:
        UnusableRowError: with the reason.
    """
    if not any(getattr(columns, f"candidate_{part}") for part in PARTS.values()):
        return [()] * count
    alts = _spread(row, columns.candidate_alt, count, "descriptions")
    by_kind = {
        kind: _spread(row, getattr(columns, f"candidate_{part}"), count, part)
        for kind, part in PARTS.items()
    }
    count = count or max(map(len, by_kind.values()))
    return [
        _few(
            [
                media
                for kind, values in by_kind.items()
                for media in _media(kind, _nth(values, place), _nth(alts, place), place + 1)
            ],
            f"candidate {place + 1} has",
        )
        for place in range(count)
    ]


def told_model(media: Sequence[Media], models: Sequence[str | None]) -> str | None:
    """Return the name of a model that a link or its words would tell, None if there is none."""
    if not media:
        return None
    told = _bare(" ".join(part for one in media for part in one.as_dict().values()))
    names = [name for name in models if name and len(_bare(name)) >= SHORTEST_TELLING]
    return next((name for name in names if _bare(name) in told), None)


def is_link(value: object) -> bool:
    """Say whether a value is a link, or a list of nothing but links."""
    if isinstance(value, list):
        return bool(value) and all(is_link(part) for part in value)
    return isinstance(value, str) and value.strip().lower().startswith(("https://", "http://"))


def _bare(text: str) -> str:
    return "".join(mark for mark in text.casefold() if mark.isalnum())


def _value(row: Mapping[str, object], columns: Sequence[str]) -> object:
    return value_at(row, columns[0]) if columns else None


def _nth(values: Sequence[object], place: int) -> object:
    return values[place] if place < len(values) else None


def _spread(
    row: Mapping[str, object], columns: Sequence[str], count: int, part: str
) -> Sequence[object]:
    """Return a value for each candidate: a column each, or one column with a list."""
    values = [value_at(row, column) for column in columns]
    if len(values) == 1 and count != 1 and isinstance(values[0], list):
        values = values[0]
    if count and values not in ([], [None]) and len(values) != count:
        message = f"it has {count} candidates and {len(values)} {part}"
        raise UnusableRowError(message)
    return values


def _few(media: Sequence[Media], whose: str) -> tuple[Media, ...]:
    if len(media) > MOST:
        message = f"{whose} {len(media)} images, audio and video, where {MOST} are allowed"
        raise UnusableRowError(message)
    return tuple(media)


def _media(kind: Type, value: object, alt: object, candidate: int | str) -> Iterator[Media]:
    whose = f"the {kind} of candidate {candidate}" if candidate else f"its {kind}"
    values = value if isinstance(value, list) else [value]
    alts = alt if isinstance(alt, list) else [alt] * len(values)
    for place, one in enumerate(values):
        if one is None or (isinstance(one, str) and not one.strip()):
            continue
        said = one if isinstance(one, Mapping) else {"url": one}
        described = said.get("alt") or _nth(alts, place)
        yield Media(
            type=kind,
            url=_address(said.get("url"), whose),
            alt=_text(described, LONGEST_ALT, f"the description of {whose}") or UNDESCRIBED[kind],
            title=_text(said.get("title"), LONGEST_TITLE, f"the title of {whose}"),
            thumbnail=_thumbnail(said.get("thumbnail"), whose),
        )


def _thumbnail(value: object, whose: str) -> str:
    return _address(value, f"the thumbnail of {whose}") if value else ""


def _address(value: object, whose: str) -> str:
    if not isinstance(value, str):
        message = f"{whose} is {kind_of_value(value)}, where a link is wanted"
        raise UnusableRowError(message)
    address = value.strip()
    if flaw := _flaw(address):
        message = f"{whose} {quoted(address)} {flaw}"
        raise UnusableRowError(message)
    return address


def _flaw(address: str) -> str | None:
    if len(address) > LONGEST_ADDRESS:
        return f"has {len(address):,} characters, where {LONGEST_ADDRESS:,} are allowed"
    try:
        parts = urlsplit(address)
        host, _port = parts.hostname, parts.port
    except ValueError:
        return "is no link"
    if parts.scheme.lower() != "https":
        return "does not begin with https://"
    if not host or any(mark.isspace() or not mark.isprintable() for mark in address):
        return "is no link"
    return "holds a name or password; give a link that everybody may follow" * bool(
        "@" in parts.netloc
    )


def _text(value: object, most: int, whose: str) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        message = f"{whose} is {kind_of_value(value)}, where a text is wanted"
        raise UnusableRowError(message)
    text = " ".join(value.split())
    if len(text) > most:
        message = f"{whose} has {len(text):,} characters, where {most:,} are allowed"
        raise UnusableRowError(message)
    return text
