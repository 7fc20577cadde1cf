"""The database and the hand behind a command."""

from __future__ import annotations

import getpass
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError

from bot.clock import WallClock
from bot.errors import BotError
from bot.services.auditing import COMMAND_LINE
from bot.services.directing import By
from bot.settings import load_storage_settings
from storage.database import Database
from storage.upgrading import NewerSchemaError, current_revision, head_revision, upgrade


class UnreachableDatabaseError(BotError):
    """The database cannot be opened ({reason}); see DATABASE_URL."""


class OldSchemaError(BotError):
    """The database was made by an earlier labelbot; run `labelbot db upgrade` first."""


class NewSchemaError(BotError):
    """The database was made by a later labelbot than this one; upgrade labelbot."""


@contextmanager
def open_database() -> Iterator[Database]:
    """Open the database of the settings; an empty one is given its tables.

    Raises:
        SettingsError: nobody knows where it is.
        UnreachableDatabaseError, OldSchemaError, NewSchemaError: it cannot be used.
    """
    url = load_storage_settings().database_url
    with reachable():
        _check(url)
    database = Database(url)
    try:
        yield database
    finally:
        database.close()


def _check(url: str) -> None:
    revision = current_revision(url)
    if revision is None:
        upgrade(url)
    elif revision < head_revision():
        raise OldSchemaError
    elif revision > head_revision():
        raise NewSchemaError


@contextmanager
def reachable() -> Iterator[None]:
    """Turn what a database says that cannot be opened, or is newer than we are, into a sentence."""
    try:
        yield
    except DBAPIError as error:
        reason = " ".join(str(error.orig).split()).rstrip(".")
        raise UnreachableDatabaseError(reason=reason) from error
    except NewerSchemaError as error:
        raise NewSchemaError from error


def by_hand() -> By:
    """Return who is at the command line, now."""
    return By(_user(), COMMAND_LINE, WallClock().now())


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "somebody"  # in containers, a user may have no name
