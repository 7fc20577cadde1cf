"""Images, audio and video shown with a text: links or stored files, with alt text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, cast
from urllib.parse import urlsplit

MediaType = Literal["image", "audio", "video"]

DEFAULT_ALT: Mapping[MediaType, str] = {
    "image": "Image without a description",
    "audio": "Audio without a description",
    "video": "Video without a description",
}
"""Alt text of media without a description. Never the URL, which may contain a model name."""


STORED_PREFIX = "media:"
"""Begins the URL of a stored file: `media:` with the SHA-256 of its bytes and its extension."""


@dataclass(frozen=True, slots=True)
class Media:
    """One image, audio recording or video by its https URL, or an image that is stored.

    `alt` describes it. `thumbnail` is the URL of a still image of a video. `content` has the bytes
    of a file that an import stores; it is empty after that.
    """

    type: MediaType
    url: str
    alt: str
    title: str = ""
    thumbnail: str = ""
    content: bytes = field(default=b"", repr=False, compare=False)

    @property
    def is_stored(self) -> bool:
        """Return whether the file is stored in the database."""
        return self.url.startswith(STORED_PREFIX)

    @property
    def host(self) -> str:
        """Return the host, which people see before they follow the link."""
        return urlsplit(self.url).hostname or ""

    def as_dict(self) -> dict[str, str]:
        """Return the fields that are set, for the database and exports."""
        fields: dict[str, str] = {"type": self.type, "url": self.url, "alt": self.alt}
        fields |= {"title": self.title} if self.title else {}
        return fields | ({"thumbnail": self.thumbnail} if self.thumbnail else {})

    @classmethod
    def from_dict(cls, fields: Mapping[str, str]) -> Media:
        """Restore media from the result of `as_dict`."""
        return cls(
            type=cast("MediaType", fields["type"]),
            url=fields["url"],
            alt=fields["alt"],
            title=fields.get("title", ""),
            thumbnail=fields.get("thumbnail", ""),
        )
