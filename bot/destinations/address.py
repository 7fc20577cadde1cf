"""Addresses of destinations: what people write, checked and in one form."""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from bot.destinations import DESTINATION_TYPES
from bot.destinations.local_folder import ADDRESS_PATTERN, parse_folder
from bot.errors import BotError
from bot.settings import load_storage_settings
from bot.validation_messages import shorten

HUB_NAME = re.compile(r"[A-Za-z0-9][\w.-]{0,95}/[A-Za-z0-9][\w.-]{0,95}", re.ASCII)

HUB_SCHEME = "hf"
WEBHOOK_SCHEMES = ("https", "http")
SCHEMES_WITH_USER = ("sftp", "abfs")
SCHEMES_WITH_PORT = ("sftp", "https", "http")

UNUSUAL_CHARACTERS = re.compile(r"[^!$&'()*+,./:;=@\[\]_~%\w-]|%(?![0-9A-Fa-f]{2})")
"""What is in no path, such as spaces, controls, backslashes, “?” and “#”."""

ALIASES = {"gcs": "gs", "s3a": "s3", "abfss": "abfs"}
"""Other names of schemes, by which some libraries know them."""

MAX_ADDRESS_CHARACTERS = 1_000


class InvalidDestinationError(BotError):
    """Exports cannot be delivered to “{address}”: {reason}."""


class MissingExtraError(BotError):
    """Exports to {scheme}:// need more packages; install them: pip install "labelbot[{extra}]"."""


class MissingWebhookSecretError(BotError):
    """Exports to webhooks are signed; set LABELBOT_WEBHOOK_SECRET, which the receiver has, too."""


class PlainWebhookError(BotError):
    """“{address}” is not encrypted; write https://, or set LABELBOT_WEBHOOK_ALLOW_PRIVATE=true."""


@dataclass(frozen=True, slots=True)
class Destination:
    """Where exports are delivered, in addition to the folder in which they are written first."""

    address: str


def parse_destination(text: str) -> Path | Destination:
    """Return the folder of this machine or the destination that a text names.

    Raises:
        InvalidDestinationError: it is an address of an unknown kind, incomplete, or has a
            password; a text that is no address is a folder.
        NotAFolderError: it is blank, or a drive on a system that has none.
    """
    if not ADDRESS_PATTERN.match(text.strip()):
        return parse_folder(text)
    return Destination(normalize_address(text))


def normalize_address(text: str) -> str:
    """Return the address of a destination in its usual form, without a slash at its end.

    Raises:
        InvalidDestinationError: as `parse_destination`.
    """
    address = text.strip()
    scheme, separator, _rest = address.partition("://")
    scheme = ALIASES.get(scheme.lower(), scheme.lower())
    if not separator or scheme not in DESTINATION_TYPES:
        known = ", ".join(one.example for one in DESTINATION_TYPES.values())
        reason = f"use a folder on this machine or an address such as {known}"
        raise InvalidDestinationError(address=shorten(_without_password(address)), reason=reason)
    parts, reason = urlsplit(""), ""
    if UNUSUAL_CHARACTERS.search(address):
        reason = "it has a space, query, fragment or another character that it cannot have"
    else:
        try:
            parts = urlsplit(address)
            reason = _reason_against(scheme, parts)
        except ValueError:
            reason = "it is not an address"
    if reason or len(address) > MAX_ADDRESS_CHARACTERS:
        reason = reason or f"it has more than {MAX_ADDRESS_CHARACTERS:,} characters"
        raise InvalidDestinationError(address=shorten(_without_password(address)), reason=reason)
    if scheme == HUB_SCHEME:
        return f"{HUB_SCHEME}://{_hub_name(parts)}"
    return f"{scheme}://{parts.netloc}{parts.path}".rstrip("/")


def check_available(address: str) -> None:
    """Check that this installation can deliver to an address, without a connection.

    Raises:
        InvalidDestinationError: the address is invalid.
        MissingExtraError: packages are missing.
        MissingWebhookSecretError, PlainWebhookError: the settings do not allow the webhook.
    """
    scheme = scheme_of(normalize_address(address))
    kind = DESTINATION_TYPES[scheme]
    if kind.module and find_spec(kind.module) is None:
        raise MissingExtraError(scheme=scheme, extra=kind.extra)
    if scheme in WEBHOOK_SCHEMES:
        settings = load_storage_settings()
        if not settings.webhook_secret:
            raise MissingWebhookSecretError
        if scheme == "http" and not settings.webhook_allow_private:
            raise PlainWebhookError(address=address)


def scheme_of(address: str) -> str:
    """Return the scheme of an address in its usual form."""
    return address.partition("://")[0]


def _reason_against(scheme: str, parts: SplitResult) -> str:
    """Return why an address is invalid, empty if it is not; raise ValueError for a bad port."""
    if parts.password is not None or (parts.username and scheme not in SCHEMES_WITH_USER):
        return "it has a user or password; credentials belong in the environment"
    is_hub = scheme == HUB_SCHEME
    if not (HUB_NAME.fullmatch(_hub_name(parts)) if is_hub else _is_host(scheme, parts)):
        return f"write {DESTINATION_TYPES[scheme].example}"
    if any(part in (".", "..") for part in parts.path.split("/")):
        return "its path has a part “.” or “..”"
    return ""


def _is_host(scheme: str, parts: SplitResult) -> bool:
    """Return whether an address names a host or a bucket; only hosts have a port."""
    return bool(parts.hostname) and (parts.port is None or scheme in SCHEMES_WITH_PORT)


def _hub_name(parts: SplitResult) -> str:
    """Return owner/name of a dataset; the Hub also writes hf://datasets/owner/name."""
    return f"{parts.netloc}{parts.path}".rstrip("/").removeprefix("datasets/")


def _without_password(address: str) -> str:
    """Return an address for a message, without what may be a password."""
    return re.sub(r"(?<=//)[^/@]*:[^/@]*@", "", address)
