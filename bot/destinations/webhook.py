"""Deliver exports to a signed webhook: each file in parts, then the event that it is complete.

A part fits into the 1 MB that web servers accept by default. The id of each message is the same in
every attempt, so that the receiver recognizes a repeated part.
"""

from __future__ import annotations

import asyncio
from base64 import b64encode
from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import orjson

from bot.clock import WallClock
from bot.destinations.address import check_available
from bot.destinations.errors import DeliveryError
from bot.destinations.upload_files import UploadFile, upload_files
from bot.settings import load_storage_settings
from bot.webhooks.events import WebhookEvent
from bot.webhooks.sender import (
    SIGNATURE_STATUSES,
    WebhookEndpoint,
    WebhookError,
    send_webhook,
)
from bot.webhooks.signature import parse_secrets

PART_BYTES = 512 * 1024

FILE_EVENT = "export.file"
COMPLETED_EVENT = "export.completed"


def deliver(folder: Path, address: str) -> str:
    """Send the files of an export folder to a webhook; return its address.

    Raises:
        DeliveryError: the receiver did not accept a message, or the settings forbid the address.
        OSError: a file of the folder cannot be read.
    """
    check_available(address)
    settings = load_storage_settings()
    secret = settings.webhook_secret.get_secret_value() if settings.webhook_secret else ""
    endpoint = WebhookEndpoint(address, parse_secrets(secret), settings.webhook_allow_private)
    asyncio.run(_send_all(endpoint, folder))
    return address


async def _send_all(endpoint: WebhookEndpoint, folder: Path) -> None:
    for event in iter_events(folder):
        try:
            await send_webhook(endpoint, event, WallClock().now())
        except WebhookError as error:
            setting = " (LABELBOT_WEBHOOK_SECRET)" if error.status in SIGNATURE_STATUSES else ""
            reason = f"{error.reason}{setting}"
            raise DeliveryError(reason, is_permanent=error.is_permanent) from error


def iter_events(folder: Path) -> Iterator[WebhookEvent]:
    """Yield the events of an export, the same in every attempt.

    Raises:
        OSError: a file cannot be read.
    """
    files = upload_files(folder)
    manifest = files[-1]
    happened_at = datetime.fromtimestamp(int(manifest.path.stat().st_mtime), UTC)
    for file in files:
        for number, data in _iter_parts(folder.name, file):
            message_id = _message_id(manifest.sha256, file.name, number)
            yield WebhookEvent(message_id, FILE_EVENT, happened_at, data)
    completed = {
        "export": folder.name,
        "manifest_sha256": manifest.sha256,
        "files": [{"name": one.name, "size": one.size, "sha256": one.sha256} for one in files],
        "manifest": orjson.loads(manifest.path.read_bytes()),
    }
    message_id = _message_id(manifest.sha256, COMPLETED_EVENT, 0)
    yield WebhookEvent(message_id, COMPLETED_EVENT, happened_at, completed)


def _iter_parts(export: str, file: UploadFile) -> Iterator[tuple[int, dict[str, object]]]:
    """Yield the parts of a file with their numbers from 1; an empty file has one part."""
    count = max(-(-file.size // PART_BYTES), 1)
    with file.path.open("rb") as opened:
        for number in range(1, count + 1):
            yield (
                number,
                {
                    "export": export,
                    "file": file.name,
                    "size": file.size,
                    "sha256": file.sha256,
                    "part": number,
                    "parts": count,
                    "content": b64encode(opened.read(PART_BYTES)).decode("ascii"),
                },
            )


def _message_id(manifest_sha256: str, name: str, number: int) -> str:
    """Return an id without dots, which separate the id from the body in what is signed."""
    return f"exp_{sha256(f'{manifest_sha256} {name} {number}'.encode()).hexdigest()[:32]}"
