"""The option that says where an export goes: a folder, or the address of other storage."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated

import typer

from bot.destinations.address import InvalidDestinationError, parse_destination
from bot.destinations.local_folder import NotAFolderError
from bot.settings import load_storage_settings


@dataclass(frozen=True, slots=True)
class ExportTarget:
    """The folder in which an export is written, and where it is delivered, if anywhere."""

    directory: Path
    destination: str | None = None


def parse_target(text: str) -> ExportTarget:
    """Parse where an export goes: a folder, or the address of other storage.

    Raises:
        BadParameter: it is neither.
    """
    try:
        parsed = parse_destination(text)
    except (NotAFolderError, InvalidDestinationError) as error:
        raise typer.BadParameter(str(error)) from None
    if isinstance(parsed, Path):
        return ExportTarget(parsed.resolve())
    return replace(usual_target(), destination=parsed.address)


def usual_target() -> ExportTarget:
    """Return the folder of the settings."""
    return ExportTarget(load_storage_settings().exports_dir.resolve())


ToOption = Annotated[
    ExportTarget | None,
    typer.Option(
        parser=parse_target,
        metavar="DESTINATION",
        help="Folder, or an address such as s3://bucket/path; default: LABELBOT_EXPORTS.",
    ),
]
