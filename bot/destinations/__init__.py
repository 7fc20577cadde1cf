"""Registry of the places to which exports are delivered, by the scheme of their address.

The modules are dotted names, resolved on first use: their libraries are extras and take time to
load. A new place is one module and its lines here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from pkgutil import resolve_name
from typing import cast

Deliver = Callable[[Path, str], str]
"""Delivers the files of an export folder to an address; returns where they are.

Doing it again after a success changes nothing. Raises a `DeliveryError`; any other exception is a
bug.
"""

STORAGE = "bot.destinations.object_storage:deliver"


@dataclass(frozen=True, slots=True)
class DestinationType:
    """How addresses of one scheme are served.

    Attributes:
        deliver: dotted name of the function.
        example: an address.
        module: name of the module that the extra installs; empty: none is needed.
        extra: extra of labelbot that installs it.
    """

    deliver: str
    example: str
    module: str = ""
    extra: str = ""


DESTINATION_TYPES: dict[str, DestinationType] = {
    "s3": DestinationType(STORAGE, "s3://bucket/path", "s3fs", "s3"),
    "gs": DestinationType(STORAGE, "gs://bucket/path", "gcsfs", "gcs"),
    "az": DestinationType(STORAGE, "az://container/path", "adlfs", "azure"),
    "abfs": DestinationType(STORAGE, "abfs://container/path", "adlfs", "azure"),
    "sftp": DestinationType(STORAGE, "sftp://user@host/path", "paramiko", "sftp"),
    "hf": DestinationType(
        "bot.destinations.hugging_face_hub:deliver", "hf://owner/name", "huggingface_hub", "hub"
    ),
    "https": DestinationType("bot.destinations.webhook:deliver", "https://example.org/exports"),
    "http": DestinationType("bot.destinations.webhook:deliver", "http://10.0.0.5/exports"),
}


def deliver_function(scheme: str) -> Deliver:
    """Return the function that delivers to addresses of a scheme; import its module."""
    return cast("Deliver", resolve_name(DESTINATION_TYPES[scheme].deliver))
