"""What `labelbot backup`, `restore` and `db copy` have in common: their errors, and the result."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from bot.cli.database import OldSchemaError
from bot.errors import BotError
from bot.slack.blockkit.text import pluralize
from storage.backup import DamagedFileError
from storage.database_copy import (
    CopiedDatabase,
    CopyDiffersError,
    NotEmptyError,
    UnsupportedTextError,
    WrongRevisionError,
)


class DatabaseNotEmptyError(BotError):
    """The target has rows ({table}); nothing was changed. Name a new database, or move it away."""


class NulInTextError(BotError):
    """PostgreSQL cannot store the character NUL of {table} {key}; nothing was copied. Remove it."""


class DamagedBackupError(BotError):
    """The file is not a complete backup: {reason}. Use an earlier one; nothing was changed."""


class DifferentCopyError(BotError):
    """The copy does not have the same rows. Check the disk or the server, and do not use it."""


@contextmanager
def convert_copy_errors() -> Iterator[None]:
    """Convert the errors of backups and copies into errors that people can read."""
    try:
        yield
    except NotEmptyError as error:
        raise DatabaseNotEmptyError(table=error.table) from error
    except UnsupportedTextError as error:
        raise NulInTextError(table=error.table, key=error.key) from error
    except DamagedFileError as error:
        raise DamagedBackupError(reason=error) from error
    except CopyDiffersError as error:
        raise DifferentCopyError from error
    except WrongRevisionError as error:
        raise OldSchemaError from error


def describe_copy(copied: CopiedDatabase) -> str:
    """Return how many rows and answers a copy has, and its revision."""
    answers = pluralize(copied.rows.get("annotation", 0), "version") + " of answers"
    total = pluralize(sum(copied.rows.values()), "row")
    return f"{total}, among them {answers} (revision {copied.revision})"
