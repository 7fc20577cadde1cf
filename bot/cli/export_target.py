"""The option that says where an export goes: a folder, or the address of other storage."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated

import typer

from bot.destinations.address import InvalidDestinationError, parse_destination
from bot.destinations.local_folder import NotAFolderError
from bot.settings import load_storage_settings

STANDARD_OUTPUT = "-"


@dataclass(frozen=True, slots=True)
class ExportTarget:
    """The folder in which an export is written, and where it is delivered, if anywhere.

    With `is_piped`, its rows go to standard output, too.
    """

    directory: Path
    destination: str | None = None
    is_piped: bool = False


def parse_target(text: str) -> ExportTarget:
    """Parse where an export goes: a folder, or the address of other storage.

    Raises:
        BadParameter: it is neither.
    """
    if text == STANDARD_OUTPUT:
        message = "Only labelbot export writes to standard output. Name a folder."
        raise typer.BadParameter(message)
    try:
        parsed = parse_destination(text)
    except (NotAFolderError, InvalidDestinationError) as error:
        raise typer.BadParameter(str(error)) from None
    if isinstance(parsed, Path):
        return ExportTarget(parsed.resolve())
    return replace(usual_target(), destination=parsed.address)


def parse_target_of_one(text: str) -> ExportTarget:
    """Parse where one export goes: to standard output, or as `parse_target`."""
    return replace(usual_target(), is_piped=True) if text == STANDARD_OUTPUT else parse_target(text)


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

ToOrPipeOption = Annotated[
    ExportTarget | None,
    typer.Option(
        parser=parse_target_of_one,
        metavar="DESTINATION",
        help="Folder, an address such as s3://bucket/path, or - for the rows on standard output; "
        "default: LABELBOT_EXPORTS.",
    ),
]
