"""What gives data files the bytes of stored images, audio and video."""

from __future__ import annotations

from collections.abc import Callable

MEDIA_TYPES = ("images", "audio")
"""Types of columns whose cells are lists of such files."""

MediaLoader = Callable[[str], bytes | None]
"""Returns the bytes of a stored file by its reference, None if there is none."""


def no_media(_reference: str) -> bytes | None:
    """Return no file: for rows without media."""
    return None
