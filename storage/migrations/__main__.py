"""Write a migration: `python -m storage.migrations first` or `next "what changes"`."""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from sqlalchemy import Connection

from storage.database import engine_for
from storage.migrations.running import FOLDER, run, write
from storage.upgrading import head_revision


def main() -> None:
    """Do what the command line asks."""
    parser = argparse.ArgumentParser(prog="python -m storage.migrations")
    chosen = parser.add_subparsers(dest="what", required=True)
    chosen.add_parser("first", help="throw every step away and write 0001 anew")
    following = chosen.add_parser("next", help="write the step that tables.py now needs")
    following.add_argument("message", help="what changes, in a few words")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        _write(Path(folder), asked.message if asked.what == "next" else None)


def _write(folder: Path, message: str | None) -> None:
    engine = engine_for(f"sqlite:///{folder / 'schema.db'}")
    with engine.connect() as connection, connection.begin():
        _first(connection) if message is None else _next(connection, message)
    engine.dispose()


def _first(connection: Connection) -> None:
    for step in (FOLDER / "versions").glob("*.py"):
        step.unlink()
    write(connection, "0001", "first")


def _next(connection: Connection, message: str) -> None:
    run(connection)
    write(connection, f"{int(head_revision()) + 1:04}", message)


if __name__ == "__main__":
    main()
