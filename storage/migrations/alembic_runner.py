"""Runs and writes migrations with Alembic; imported only if there is something to do.

The configuration is built here; there is no `alembic.ini`.
"""

from __future__ import annotations

import io
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection

MIGRATIONS_FOLDER = Path(__file__).parent


def build_config(connection: Connection) -> Config:
    """Return a silent Alembic configuration that works on `connection`."""
    config = Config(output_buffer=io.StringIO(), stdout=io.StringIO())
    config.set_main_option("script_location", str(MIGRATIONS_FOLDER).replace("%", "%%"))
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def run(connection: Connection) -> None:
    """Upgrade the schema to the newest revision, in the current transaction of `connection`."""
    command.upgrade(build_config(connection), "head")


def write_migration(connection: Connection, revision: str, message: str) -> None:
    """Write the migration from the schema of `connection` to the current tables."""
    command.revision(build_config(connection), message, autogenerate=True, rev_id=revision)
