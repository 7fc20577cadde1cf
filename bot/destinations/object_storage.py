"""Deliver exports to object stores and file servers through fsspec: S3, GCS, Azure, SFTP.

Each export has a separate folder below the address, named like the local one. The manifest is
uploaded last, and every file is read back before it counts.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import fsspec

from bot.destinations.address import scheme_of
from bot.destinations.errors import DeliveryError, shorten_reason
from bot.destinations.upload_files import PIECE_BYTES, UploadFile, checksum_of, upload_files

CONNECT_SECONDS, READ_SECONDS = 10, 60

NO_CACHE = {"skip_instance_cache": True, "use_listings_cache": False}
"""An upload by another process must be seen."""

OPTIONS: dict[str, dict[str, Any]] = {
    "s3": {
        "config_kwargs": {
            "connect_timeout": CONNECT_SECONDS,
            "read_timeout": READ_SECONDS,
            "retries": {"mode": "standard", "max_attempts": 3},
        }
    },
    "az": {"connection_timeout": CONNECT_SECONDS, "read_timeout": READ_SECONDS, "anon": False},
    "abfs": {"connection_timeout": CONNECT_SECONDS, "read_timeout": READ_SECONDS, "anon": False},
    "sftp": {"timeout": CONNECT_SECONDS},
}
"""Options of the libraries by scheme. Credentials come from their usual configuration."""

SCHEMES_WITH_FOLDERS = ("sftp",)
"""Schemes whose folders must exist before files are written."""

CREDENTIAL_ERRORS = ("Credential", "Authentication", "Auth")
"""Parts of the names of errors about missing or wrong credentials."""

ACCESS_REMEDY = "check the credentials in the environment, and that they may write, list and read"


def deliver(folder: Path, address: str) -> str:
    """Upload an export folder below an address; return where it is.

    Raises:
        DeliveryError: the storage cannot be reached, refuses it, did not store it, or has another
            export of this name.
        OSError: a file of the folder cannot be read.
    """
    files = upload_files(folder)
    with _explain_errors():
        file_system, root = fsspec.core.url_to_fs(
            address, **NO_CACHE, **OPTIONS.get(scheme_of(address), {})
        )
        target = f"{root}/{folder.name}"
        if not _is_delivered(file_system, target, files[-1]):
            for file in files:
                _upload(file_system, file, f"{target}/{file.name}", scheme_of(address))
    return f"{address}/{folder.name}"


def _is_delivered(file_system: Any, target: str, manifest: UploadFile) -> bool:  # noqa: ANN401 - fsspec has no types
    """Return whether an earlier attempt has uploaded everything."""
    path = f"{target}/{manifest.name}"
    if not file_system.exists(path):
        return False
    if _read_checksum(file_system, path) == manifest.sha256:
        return True
    reason = f"{target} already has another export; it was not replaced. Move or delete it first"
    raise DeliveryError(reason, is_permanent=True)


def _upload(file_system: Any, file: UploadFile, path: str, scheme: str) -> None:  # noqa: ANN401 - fsspec has no types
    if scheme in SCHEMES_WITH_FOLDERS:
        file_system.makedirs(path.rpartition("/")[0], exist_ok=True)
    file_system.put_file(str(file.path), path)
    if _read_checksum(file_system, path) != file.sha256:
        reason = f"{path} does not contain what was uploaded; check the storage and its disk"
        raise DeliveryError(reason)


def _read_checksum(file_system: Any, path: str) -> str | None:  # noqa: ANN401 - fsspec has no types
    """Return the checksum of a stored file, None if it does not exist."""
    try:
        with file_system.open(path, "rb", cache_type="none") as file:
            return checksum_of(iter(lambda: file.read(PIECE_BYTES), b""))
    except FileNotFoundError:
        return None


@contextmanager
def _explain_errors() -> Iterator[None]:
    """Convert the errors of the libraries, which differ by storage."""
    try:
        yield
    except DeliveryError:
        raise
    except FileNotFoundError as error:
        if error.filename:
            raise  # a file of the export
        reason = f"the bucket or the path does not exist ({error}); check the address"
        raise DeliveryError(reason, is_permanent=True) from error
    except Exception as error:
        raise _explain(error) from error


def _explain(error: Exception) -> DeliveryError:
    name = type(error).__name__
    if isinstance(error, PermissionError) or any(part in name for part in CREDENTIAL_ERRORS):
        reason = f"it does not allow this ({name}); {ACCESS_REMEDY}"
        return DeliveryError(reason, is_permanent=True)
    reason = f"the storage failed ({name}: {error})"
    return DeliveryError(shorten_reason(reason))
