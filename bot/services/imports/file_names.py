"""Names of uploaded files in errors: the person's own, not that of the stored file."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.errors import BotError
from bot.services.imports.upload_sample import readable_path


@contextmanager
def errors_with_name(name: str, path: Path) -> Iterator[None]:
    """Raise errors about the stored file at `path`, or about its sample, with the name `name`."""
    stored = {path.name, readable_path(path).name}
    try:
        yield
    except BotError as error:
        if error.details.get("name") not in stored:
            raise
        raise type(error)(**{**error.details, "name": name}) from error
