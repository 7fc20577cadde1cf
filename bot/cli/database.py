"""The database that a command opens, and the actor that it records."""

from __future__ import annotations

import getpass
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError

from bot.clock import WallClock
from bot.errors import BotError
from bot.services.actors.actor import Actor
from bot.services.actors.audit_log import COMMAND_LINE
from bot.settings import load_storage_settings
from storage.database import Database
from storage.outage import READ_ONLY_SERVER, UNWRITABLE_CAUSES, outage_cause
from storage.schema_upgrade import (
    NewerSchemaError,
    UnsupportedSchemaError,
    current_revision,
    first_revision,
    head_revision,
    upgrade,
)


class UnreachableDatabaseError(BotError):
    """Cannot open the database ({reason}). Check DATABASE_URL."""


class UnreachableAddressError(UnreachableDatabaseError):
    """Cannot open {address} ({reason}). Check the address, and that its server is running."""


class UnwritableDatabaseError(UnreachableDatabaseError):
    """Cannot write to the database ({reason}). Free space on the disk, or correct permissions."""


class ReadOnlyDatabaseError(UnreachableDatabaseError):
    """Cannot write to the database: it is read-only. Set DATABASE_URL to the primary server."""


class DatabaseOutageError(BotError):
    """The database failed ({reason}). Run the command again when it works; nothing is lost."""


class OldSchemaError(BotError):
    """The database schema is older than this labelbot. Run `labelbot db upgrade` first."""


class NewSchemaError(BotError):
    """The database schema is newer than this labelbot. Upgrade labelbot."""


class PrereleaseSchemaError(BotError):
    """This pre-release database cannot be upgraded. Set DATABASE_URL to a new database."""


@contextmanager
def open_database() -> Iterator[Database]:
    """Open the database of the settings; create the tables in an empty one.

    Raises:
        SettingsError: the settings do not say which database to use.
        UnreachableDatabaseError, OldSchemaError, NewSchemaError, PrereleaseSchemaError: the
            database cannot be used.
        UnwritableDatabaseError, ReadOnlyDatabaseError: the command writes, and cannot.
        DatabaseOutageError: the database failed while it was open.
    """
    url = load_storage_settings().database_url
    with convert_database_errors():
        _check_schema(url)
    database = Database(url)
    try:
        with _convert_outages():
            yield database
    finally:
        database.close()


def _check_schema(url: str) -> None:
    revision = current_revision(url)
    if revision is None:
        upgrade(url)
    elif revision < first_revision():
        raise PrereleaseSchemaError
    elif revision < head_revision():
        raise OldSchemaError
    elif revision > head_revision():
        raise NewSchemaError


@contextmanager
def convert_database_errors(*urls: str) -> Iterator[None]:
    """Convert errors of the driver and of the schema into errors that people can read.

    `urls` are the databases that are opened, if it is not that of the settings.
    """
    try:
        yield
    except (DBAPIError, sqlite3.Error) as error:
        cause = outage_cause(error)
        _raise_if_unwritable(cause, error)
        original = error.orig if isinstance(error, DBAPIError) else error
        reason = cause or " ".join(str(original).split()).rstrip(".")
        if urls:
            address = " or ".join(make_url(url).render_as_string() for url in urls)
            raise UnreachableAddressError(address=address, reason=reason) from error
        raise UnreachableDatabaseError(reason=reason) from error
    except NewerSchemaError as error:
        raise NewSchemaError from error
    except UnsupportedSchemaError as error:
        raise PrereleaseSchemaError from error


@contextmanager
def _convert_outages() -> Iterator[None]:
    """Convert errors of a database that fails while a command uses it; others are bugs."""
    try:
        yield
    except Exception as error:
        cause = outage_cause(error)
        if cause is None:
            raise
        _raise_if_unwritable(cause, error)
        raise DatabaseOutageError(reason=cause) from error


def _raise_if_unwritable(cause: str | None, error: Exception) -> None:
    if cause == READ_ONLY_SERVER:
        raise ReadOnlyDatabaseError from error
    if cause in UNWRITABLE_CAUSES:
        raise UnwritableDatabaseError(reason=cause) from error


def command_line_actor() -> Actor:
    """Return the user at the command line as the actor of an action at the current time."""
    return Actor(_user_name(), COMMAND_LINE, WallClock().now())


def _user_name() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "unknown"  # a user in a container may have no name
