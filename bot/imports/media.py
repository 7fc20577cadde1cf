"""Images, audio and video of a row: links, files, lists of them, or objects with details."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from urllib.parse import urlsplit

from bot.imports.mapping import CompiledMapping
from bot.imports.media_bytes import (
    MediaBytes,
    ReadMedia,
    decode_data_url,
    is_stored_url,
    stored_url,
    without_files,
)
from bot.imports.row import InvalidRowError, describe_type, quote_name
from bot.kinds.media import DEFAULT_ALT, Media, MediaType

MAX_URL_CHARS = 3_000
"""Longest link: Slack's limit for images and buttons."""

MAX_ALT_CHARS = 2_000
"""Longest description: Slack's limit for the alt text of an image."""

MAX_TITLE_CHARS = 150

MAX_MEDIA = 10
"""Most links per prompt or candidate: more than an expert looks at in a chat."""

MIN_MODEL_NAME_CHARS = 4
"""Shortest model name that is searched for in links: “a” occurs in every link."""

PART_BY_TYPE: Mapping[MediaType, str] = {"image": "images", "audio": "audio", "video": "video"}

CANDIDATE_PARTS = ("candidate_images", "candidate_audio", "candidate_video")


def prompt_media(
    row: Mapping[str, object], mapping: CompiledMapping, read_media: ReadMedia = without_files
) -> tuple[Media, ...]:
    """Return the media shown with the prompt.

    Raises:
        InvalidRowError: a link or file is invalid, or there are more than `MAX_MEDIA`.
    """
    if not mapping.has(*PART_BY_TYPE.values()):
        return ()
    alt = mapping.value(row, "alt")
    media = [
        entry
        for kind, part in PART_BY_TYPE.items()
        for value in mapping.values(row, part)
        for entry in parse_media(kind, value, alt, "", read_media)
    ]
    return check_media_count(media, "the prompt")


def candidate_media(
    row: Mapping[str, object],
    mapping: CompiledMapping,
    count: int,
    read_media: ReadMedia = without_files,
) -> list[tuple[Media, ...]]:
    """Return the media shown with each of `count` candidates; 0 means one candidate per entry.

    Raises:
        InvalidRowError: a link is invalid, there are more than `MAX_MEDIA`, or there is not one
            entry per candidate.
    """
    if not mapping.has(*CANDIDATE_PARTS):
        return [()] * count
    alts = _values_per_candidate(mapping.values(row, "candidate_alt"), count, "description")
    by_kind = {
        kind: _values_per_candidate(mapping.values(row, f"candidate_{part}"), count, kind)
        for kind, part in PART_BY_TYPE.items()
    }
    count = count or max(map(len, by_kind.values()))
    return [
        check_media_count(
            [
                entry
                for kind, values in by_kind.items()
                for entry in parse_media(
                    kind,
                    _nth(values, index),
                    _nth(alts, index),
                    f" of candidate {index + 1}",
                    read_media,
                )
            ],
            f"candidate {index + 1}",
        )
        for index in range(count)
    ]


def find_leaked_model(media: Sequence[Media], models: Sequence[str | None]) -> str | None:
    """Return a model whose name a link, title or description contains, None if there is none."""
    if not media:
        return None
    text = _normalize(" ".join(part for entry in media for part in entry.as_dict().values()))
    names = [name for name in models if name and len(_normalize(name)) >= MIN_MODEL_NAME_CHARS]
    return next((name for name in names if _normalize(name) in text), None)


def is_media(value: object) -> bool:
    """Return whether a value is a link or a media file, or a list of nothing else."""
    if isinstance(value, list):
        return bool(value) and all(is_media(part) for part in value)
    if isinstance(value, Mapping):
        return "bytes" in value and "path" in value
    if not isinstance(value, str):
        return False
    return isinstance(value, MediaBytes) or bool(MEDIA_TEXT.fullmatch(value.strip()))


MEDIA_TEXT = re.compile(
    r"https?://.*|data:(?:image|audio|video)/.*|media:[0-9a-f]{64}\.\w+"
    r"|[^\n]{1,300}\.(?:png|jpe?g|gif|webp|bmp|tiff?|svg|avif|heic"
    r"|mp3|m4a|wav|ogg|oga|opus|flac|aac|aiff|wma|mp4|m4v|mov|webm|mkv|avi)",
    re.IGNORECASE | re.DOTALL,
)
"""Links, data: URLs, stored files, and paths with the extension of an image, audio or video."""


def _normalize(text: str) -> str:
    return "".join(char for char in text.casefold() if char.isalnum())


def _nth(values: Sequence[object], index: int) -> object:
    return values[index] if index < len(values) else None


def _values_per_candidate(values: Sequence[object], count: int, noun: str) -> Sequence[object]:
    """Return one value per candidate: from one column each, or from one column with a list."""
    if len(values) == 1 and count != 1 and isinstance(values[0], list):
        values = values[0]
    if count and list(values) not in ([], [None]) and len(values) != count:
        message = f"expected one {noun} entry per candidate ({count}), found {len(values)}"
        raise InvalidRowError(message)
    return values


def check_media_count(media: Sequence[Media], subject: str) -> tuple[Media, ...]:
    """Return the media if they are not too many.

    Raises:
        InvalidRowError: there are more than `MAX_MEDIA`.
    """
    if len(media) > MAX_MEDIA:
        message = f"{subject} has {len(media)} images, audio and video; the limit is {MAX_MEDIA}"
        raise InvalidRowError(message)
    return tuple(media)


def parse_media(
    kind: MediaType,
    value: object,
    alt: object,
    owner: str,
    read_media: ReadMedia = without_files,
) -> Iterator[Media]:
    """Yield the media of a link or file, a list of them, or objects; `owner` is “ of candidate 1”.

    Raises:
        InvalidRowError: a link or file is invalid.
    """
    subject = f"the {kind}{owner}"
    values = value if isinstance(value, list) else [value]
    alts = alt if isinstance(alt, list) else [alt] * len(values)
    for index, entry in enumerate(values):
        if entry is None or (isinstance(entry, str) and not entry.strip()):
            continue
        fields = entry if isinstance(entry, Mapping) else {"url": entry}
        if fields.get("bytes", "") is None and not fields.get("path"):
            continue  # a missing value in a column of images of the datasets library
        description = fields.get("alt") or _nth(alts, index)
        url, content = _parse_source(kind, fields, subject, read_media)
        yield Media(
            type=kind,
            url=url,
            content=content,
            alt=_parse_text(description, MAX_ALT_CHARS, f"the description of {subject}")
            or DEFAULT_ALT[kind],
            title=_parse_text(fields.get("title"), MAX_TITLE_CHARS, f"the title of {subject}"),
            thumbnail=_parse_thumbnail(fields.get("thumbnail"), subject),
        )


def _parse_source(
    kind: MediaType, fields: Mapping[str, object], subject: str, read_media: ReadMedia
) -> tuple[str, bytes]:
    """Return the URL, and the bytes of a file. Objects with `bytes` and `path` are files, too."""
    value = fields.get("url", fields.get("bytes"))
    if value is None and "path" in fields:
        value = fields["path"]
    if isinstance(value, MediaBytes):
        return stored_url(kind, value.content, subject), value.content
    if not isinstance(value, str) or value.strip().startswith(("https:", "http:")):
        return _parse_url(value, subject), b""
    text = value.strip()
    if is_stored_url(kind, text):
        return text, b""
    if text.lower().startswith("data:"):
        content = decode_data_url(text, subject)
    elif MEDIA_TEXT.fullmatch(text):
        content = read_media(text)
        subject = f"{subject} {quote_name(text)}"
    else:
        message = (
            f"{subject} {quote_name(text)} is neither the path of a media file nor a link that "
            "begins with https://"
        )
        raise InvalidRowError(message)
    return stored_url(kind, content, subject), content


def _parse_thumbnail(value: object, subject: str) -> str:
    return _parse_url(value, f"the thumbnail of {subject}") if value else ""


def _parse_url(value: object, subject: str) -> str:
    if not isinstance(value, str):
        message = f"{subject} must be a link, not {describe_type(value)}"
        raise InvalidRowError(message)
    url = value.strip()
    if flaw := _url_flaw(url):
        message = f"{subject} {quote_name(url)} {flaw}"
        raise InvalidRowError(message)
    return url


def _url_flaw(url: str) -> str | None:
    if len(url) > MAX_URL_CHARS:
        return f"has {len(url):,} characters; the limit is {MAX_URL_CHARS:,}"
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname, parts.port
    except ValueError:
        return "is not a valid link"
    if parts.scheme.lower() != "https":
        return "does not begin with https://"
    if not host or any(char.isspace() or not char.isprintable() for char in url):
        return "is not a valid link"
    if "@" in parts.netloc:
        return "contains a user name or password; use a link that works without them"
    return None


def _parse_text(value: object, max_chars: int, subject: str) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        message = f"{subject} must be text, not {describe_type(value)}"
        raise InvalidRowError(message)
    text = " ".join(value.split())
    if len(text) > max_chars:
        message = f"{subject} has {len(text):,} characters; the limit is {max_chars:,}"
        raise InvalidRowError(message)
    return text
