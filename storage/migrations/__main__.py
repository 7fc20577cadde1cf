"""Write the next migration: `python -m storage.migrations "what changes"`."""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from storage.engine import engine_for
from storage.migrations.alembic_runner import run, write_migration
from storage.schema_upgrade import head_revision


def main() -> None:
    """Write the migration from the newest revision to the current tables."""
    parser = argparse.ArgumentParser(prog="python -m storage.migrations")
    parser.add_argument("message", help="what changes, in a few words")
    message = parser.parse_args().message
    revision = f"{int(head_revision()) + 1:04}"
    with tempfile.TemporaryDirectory() as folder:
        engine = engine_for(f"sqlite:///{Path(folder) / 'schema.db'}")
        with engine.connect() as connection, connection.begin():
            run(connection)
            write_migration(connection, revision, message)
        engine.dispose()


if __name__ == "__main__":
    main()
