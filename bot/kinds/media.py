"""Images, audio and video beside a text: a link each, with words for who cannot see or hear it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, cast
from urllib.parse import urlsplit

MediaType = Literal["image", "audio", "video"]

DEFAULT_ALT: Mapping[MediaType, str] = {
    "image": "Image without a description",
    "audio": "Audio without a description",
    "video": "Video without a description",
}
"""What stands for a description where nobody gave one. Never the address: it may name a model."""


@dataclass(frozen=True, slots=True)
class Media:
    """One image, piece of audio or video, by its https address.

    `alt` says what is in it. `thumbnail` is the address of a still image of a video.
    """

    type: MediaType
    url: str
    alt: str
    title: str = ""
    thumbnail: str = ""

    @property
    def host(self) -> str:
        """Return where it lies, as people read it before they follow a link."""
        return urlsplit(self.url).hostname or ""

    def as_dict(self) -> dict[str, str]:
        """Return what is there of it, for the database and for exports."""
        fields: dict[str, str] = {"type": self.type, "url": self.url, "alt": self.alt}
        fields |= {"title": self.title} if self.title else {}
        return fields | ({"thumbnail": self.thumbnail} if self.thumbnail else {})

    @classmethod
    def from_dict(cls, fields: Mapping[str, str]) -> Media:
        """Return what `as_dict` was called on."""
        return cls(
            type=cast("MediaType", fields["type"]),
            url=fields["url"],
            alt=fields["alt"],
            title=fields.get("title", ""),
            thumbnail=fields.get("thumbnail", ""),
        )
