"""The checks of `labelbot doctor` of what the bot stores: database, folders, second bot."""

from __future__ import annotations

import stat
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from sqlalchemy.engine import make_url

from bot.cli.database import UnreachableDatabaseError, convert_database_errors
from bot.cli.doctor_result import Finding
from bot.database_lock import running_bot
from bot.destinations.local_folder import write_problem
from bot.services.webhooks import webhooks
from bot.settings import StorageSettings
from storage.database import Database, try_write
from storage.engine import sqlite_file
from storage.schema_upgrade import current_revision, first_revision, head_revision

OPEN_TO_OTHERS = stat.S_IRWXO
"""Permissions of everybody who is neither the owner nor in the group."""


def check_storage(settings: StorageSettings) -> Iterator[Finding]:
    """Check the database, its file, other bots, webhooks, and the folders."""
    database = _check_database(settings.database_url)
    yield database
    if database.ok and current_revision(settings.database_url) == head_revision():
        yield _check_webhooks(settings.database_url)
    path = sqlite_file(settings.database_url)
    if path:
        yield from _check_file(path, settings.database_url)
    yield _check_folder("exports", settings.exports_dir, "set LABELBOT_EXPORTS to one")
    yield _check_folder("imports", settings.imports_dir, "set LABELBOT_IMPORTS to one")
    yield _check_folder("temporary files", Path(tempfile.gettempdir()), "set TMPDIR to one")


def _check_database(url: str) -> Finding:
    name = make_url(url).get_backend_name()
    head = head_revision()
    try:
        with convert_database_errors():
            revision = current_revision(url)
            try_write(url, has_tables=revision == head)
    except UnreachableDatabaseError as error:
        return Finding("database", ok=False, message=str(error))
    if revision is None:
        message = f"{name}, empty; the first start creates the tables"
        return Finding("database", ok=True, message=message)
    if revision < first_revision():
        message = (
            f"{name} has pre-release revision {revision}, which cannot be upgraded; "
            "set DATABASE_URL to a new database"
        )
        return Finding("database", ok=False, message=message)
    if revision < head:
        message = f"{name} has revision {revision}, not {head}; run labelbot db upgrade"
        return Finding("database", ok=False, message=message)
    if revision > head:
        message = f"{name} has revision {revision}, newer than {head}; upgrade labelbot"
        return Finding("database", ok=False, message=message)
    return Finding("database", ok=True, message=f"{name}, revision {revision}, writable")


def _check_webhooks(url: str) -> Finding:
    """Warn about webhooks that are disabled, fail, or have events that were not delivered."""
    with closing(Database(url)) as database:
        found = database.read_now(webhooks.list_webhooks)
    broken = [one.name for one in found if one.disabled_at or one.failing_since or one.failed]
    if not found:
        return Finding("webhooks", ok=True, message="there are none")
    if not broken:
        waiting = sum(one.waiting for one in found)
        message = f"{len(found)} without failures; {waiting:,} events are waiting"
        return Finding("webhooks", ok=True, message=message)
    message = (
        f"{', '.join(broken)}: disabled, failing, or with failed events; "
        "labelbot webhooks list says which, and labelbot webhooks deliveries NAME why"
    )
    return Finding("webhooks", ok=True, message=message, warning=True)


def _check_file(path: Path, url: str) -> Iterator[Finding]:
    yield _check_folder("data folder", path.parent, "correct its permissions or set DATABASE_URL")
    yield _check_permissions(path)
    yield _check_second_bot(url)


def _check_permissions(path: Path) -> Finding:
    """Warn if other users of this machine may open the database; a group is a choice."""
    files = [path, *path.parent.glob(f"{path.name}-*")]
    names = [
        one.name
        for one in files
        if one.is_file() and stat.S_IMODE(one.stat().st_mode) & OPEN_TO_OTHERS
    ]
    if not names:
        return Finding("database file", ok=True, message=f"{path}, closed to other users")
    message = (
        f"every user of this machine may open {', '.join(names)}; "
        f"run chmod o-rwx on it in {path.parent}"
    )
    return Finding("database file", ok=True, message=message, warning=True)


def _check_second_bot(url: str) -> Finding:
    try:
        process = running_bot(url)
    except OSError as error:
        message = f"the lock of the database cannot be opened: {error.strerror}; check its owner"
        return Finding("bot", ok=False, message=message)
    if process is None:
        return Finding("bot", ok=True, message="none is running on this database")
    message = f"process {process} is running on this database; a second one would refuse to start"
    return Finding("bot", ok=True, message=message)


def _check_folder(check: str, folder: Path, remedy: str) -> Finding:
    problem = write_problem(folder)
    if problem:
        return Finding(check, ok=False, message=f"{problem}; {remedy}")
    return Finding(check, ok=True, message=f"folder {folder.resolve()}")
