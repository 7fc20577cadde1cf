"""Work in a process of its own, so that it neither slows clicks nor leaves memory in the bot.

The database comes as `DATABASE_URL`, the bot's time as the argument.
"""

from __future__ import annotations

import asyncio
import logging
import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from datetime import datetime

from bot.clock import AdjustableClock, Clock
from storage.database import Database

log = logging.getLogger(__name__)


async def run_in_child(module: str, database_url: str, now: datetime) -> None:
    """Run `python -m MODULE` in a child process, and return when it is done.

    A child that dies leaves its work to be taken up again later.
    """
    child = await asyncio.to_thread(
        subprocess.Popen,
        [sys.executable, "-m", module, now.isoformat()],
        env={**os.environ, "DATABASE_URL": database_url},
    )
    try:
        if await asyncio.to_thread(child.wait):
            log.error("%s ended with %s; its work is tried again", module, child.returncode)
    finally:
        child.terminate()  # does nothing to one that has ended


def run_child_job(job: Callable[[Database, Clock], object]) -> None:
    """Do, in the child, what the parent asked for."""
    logging.basicConfig(level=logging.WARNING)
    with closing(Database(os.environ["DATABASE_URL"])) as database:
        job(database, AdjustableClock(datetime.fromisoformat(sys.argv[1])))
