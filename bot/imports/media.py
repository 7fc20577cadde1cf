"""Images, audio and video of a row: links, lists of links, or objects that say more about each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from urllib.parse import urlsplit

from bot.imports.column_mapping import ColumnMapping, value_at
from bot.imports.row import InvalidRowError, describe_type, quote_name
from bot.kinds.media import DEFAULT_ALT, Media, MediaType

MAX_URL_CHARS = 3_000
"""Characters of a link: what Slack takes of an image or a button."""

MAX_ALT_CHARS = 2_000
"""Characters of a description: what Slack takes of an image."""

MAX_TITLE_CHARS = 150

MAX_MEDIA = 10
"""Links one prompt or candidate may have: more than anybody looks at in a chat."""

MIN_MODEL_NAME_CHARS = 4
"""Letters a model's name must have before it is looked for in addresses: “a” is in each."""

PART_BY_TYPE: Mapping[MediaType, str] = {"image": "images", "audio": "audio", "video": "video"}


def prompt_media(row: Mapping[str, object], columns: ColumnMapping) -> tuple[Media, ...]:
    """Return what is shown with the prompt.

    Raises:
        UnusableRowError: with the reason.
    """
    alt = _first_value(row, columns.alt)
    found = [
        media
        for kind, part in PART_BY_TYPE.items()
        for column in getattr(columns, part)
        for media in _parse_media(kind, value_at(row, column), alt, "")
    ]
    return _limit_media(found, "it has")


def candidate_media(
    row: Mapping[str, object], columns: ColumnMapping, count: int
) -> list[tuple[Media, ...]]:
    """Return what is shown with each of `count` candidates (0: as many as there is media for).

    Raises:
        UnusableRowError: with the reason.
    """
    if not any(getattr(columns, f"candidate_{part}") for part in PART_BY_TYPE.values()):
        return [()] * count
    alts = _values_per_candidate(row, columns.candidate_alt, count, "descriptions")
    by_kind = {
        kind: _values_per_candidate(row, getattr(columns, f"candidate_{part}"), count, part)
        for kind, part in PART_BY_TYPE.items()
    }
    count = count or max(map(len, by_kind.values()))
    return [
        _limit_media(
            [
                media
                for kind, values in by_kind.items()
                for media in _parse_media(kind, _nth(values, place), _nth(alts, place), place + 1)
            ],
            f"candidate {place + 1} has",
        )
        for place in range(count)
    ]


def find_leaked_model(media: Sequence[Media], models: Sequence[str | None]) -> str | None:
    """Return the name of a model that a link or its words would tell, None if there is none."""
    if not media:
        return None
    text = _normalize(" ".join(part for one in media for part in one.as_dict().values()))
    names = [name for name in models if name and len(_normalize(name)) >= MIN_MODEL_NAME_CHARS]
    return next((name for name in names if _normalize(name) in text), None)


def is_link(value: object) -> bool:
    """Say whether a value is a link, or a list of nothing but links."""
    if isinstance(value, list):
        return bool(value) and all(is_link(part) for part in value)
    return isinstance(value, str) and value.strip().lower().startswith(("https://", "http://"))


def _normalize(text: str) -> str:
    return "".join(mark for mark in text.casefold() if mark.isalnum())


def _first_value(row: Mapping[str, object], columns: Sequence[str]) -> object:
    return value_at(row, columns[0]) if columns else None


def _nth(values: Sequence[object], place: int) -> object:
    return values[place] if place < len(values) else None


def _values_per_candidate(
    row: Mapping[str, object], columns: Sequence[str], count: int, part: str
) -> Sequence[object]:
    """Return a value for each candidate: a column each, or one column with a list."""
    values = [value_at(row, column) for column in columns]
    if len(values) == 1 and count != 1 and isinstance(values[0], list):
        values = values[0]
    if count and values not in ([], [None]) and len(values) != count:
        message = f"it has {count} candidates and {len(values)} {part}"
        raise InvalidRowError(message)
    return values


def _limit_media(media: Sequence[Media], subject: str) -> tuple[Media, ...]:
    if len(media) > MAX_MEDIA:
        message = f"{subject} {len(media)} images, audio and video, where {MAX_MEDIA} are allowed"
        raise InvalidRowError(message)
    return tuple(media)


def _parse_media(
    kind: MediaType, value: object, alt: object, candidate: int | str
) -> Iterator[Media]:
    subject = f"the {kind} of candidate {candidate}" if candidate else f"its {kind}"
    values = value if isinstance(value, list) else [value]
    alts = alt if isinstance(alt, list) else [alt] * len(values)
    for place, entry in enumerate(values):
        if entry is None or (isinstance(entry, str) and not entry.strip()):
            continue
        fields = entry if isinstance(entry, Mapping) else {"url": entry}
        description = fields.get("alt") or _nth(alts, place)
        yield Media(
            type=kind,
            url=_parse_url(fields.get("url"), subject),
            alt=_parse_text(description, MAX_ALT_CHARS, f"the description of {subject}")
            or DEFAULT_ALT[kind],
            title=_parse_text(fields.get("title"), MAX_TITLE_CHARS, f"the title of {subject}"),
            thumbnail=_parse_thumbnail(fields.get("thumbnail"), subject),
        )


def _parse_thumbnail(value: object, subject: str) -> str:
    return _parse_url(value, f"the thumbnail of {subject}") if value else ""


def _parse_url(value: object, subject: str) -> str:
    if not isinstance(value, str):
        message = f"{subject} is {describe_type(value)}, where a link is wanted"
        raise InvalidRowError(message)
    url = value.strip()
    if flaw := _url_flaw(url):
        message = f"{subject} {quote_name(url)} {flaw}"
        raise InvalidRowError(message)
    return url


def _url_flaw(url: str) -> str | None:
    if len(url) > MAX_URL_CHARS:
        return f"has {len(url):,} characters, where {MAX_URL_CHARS:,} are allowed"
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname, parts.port
    except ValueError:
        return "is no link"
    if parts.scheme.lower() != "https":
        return "does not begin with https://"
    if not host or any(mark.isspace() or not mark.isprintable() for mark in url):
        return "is no link"
    return "holds a name or password; give a link that everybody may follow" * bool(
        "@" in parts.netloc
    )


def _parse_text(value: object, max_chars: int, subject: str) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        message = f"{subject} is {describe_type(value)}, where a text is wanted"
        raise InvalidRowError(message)
    text = " ".join(value.split())
    if len(text) > max_chars:
        message = f"{subject} has {len(text):,} characters, where {max_chars:,} are allowed"
        raise InvalidRowError(message)
    return text
