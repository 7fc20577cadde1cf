"""Running and writing migrations with Alembic, which is loaded only when there is something to do.

Its configuration is built here; there is no `alembic.ini`.
"""

from __future__ import annotations

import io
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection

MIGRATIONS_FOLDER = Path(__file__).parent


def build_config(connection: Connection) -> Config:
    """Return Alembic's configuration for work on `connection`, silent."""
    config = Config(output_buffer=io.StringIO(), stdout=io.StringIO())
    config.set_main_option("script_location", str(MIGRATIONS_FOLDER).replace("%", "%%"))
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def run(connection: Connection) -> None:
    """Bring the schema up to date inside the transaction that `connection` is in."""
    command.upgrade(build_config(connection), "head")


def write_migration(connection: Connection, revision: str, message: str) -> None:
    """Write the step from the schema behind `connection` to the tables."""
    command.revision(build_config(connection), message, autogenerate=True, rev_id=revision)
