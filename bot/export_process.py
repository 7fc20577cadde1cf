"""Running waiting exports in a process of their own: `python -m bot.export_process`.

An export reads everything and keeps a core busy; beside the bot's loop it would slow clicks and
leave pyarrow in its memory. The database comes as `DATABASE_URL`, the bot's time as the argument.
"""

from __future__ import annotations

import asyncio
import logging
import os
import subprocess
import sys
from datetime import datetime

from bot.clock import TurnableClock
from bot.services import exporting
from storage.database import Database

log = logging.getLogger(__name__)


async def run_in_child(database_url: str, now: datetime) -> None:
    """Run what waits in a child process, and return when it is done.

    A child that dies leaves its run to be taken up again later.
    """
    child = await asyncio.to_thread(
        subprocess.Popen,
        [sys.executable, "-m", "bot.export_process", now.isoformat()],
        env={**os.environ, "DATABASE_URL": database_url},
    )
    try:
        if await asyncio.to_thread(child.wait):
            log.error("the export process ended with %s; its run is tried again", child.returncode)
    finally:
        child.terminate()  # does nothing to one that has ended


def main() -> None:
    """Run every export that waits."""
    logging.basicConfig(level=logging.WARNING)
    database = Database(os.environ["DATABASE_URL"])
    try:
        exporting.run_waiting(database, TurnableClock(datetime.fromisoformat(sys.argv[1])))
    finally:
        database.close()


if __name__ == "__main__":
    main()
