"""Run a job in a child process, so that it neither delays interactions nor keeps memory in the bot.

The child reads the database URL from `DATABASE_URL` and the bot's current time from its argument.
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
from bot.outage_log import describe_error
from storage.database import Database
from storage.outage_errors import DATABASE_OUTAGES

log = logging.getLogger(__name__)


async def run_in_child(module: str, database_url: str, now: datetime) -> None:
    """Run `python -m MODULE` in a child process and wait for it.

    The work of a child that fails stays pending and is retried by a later one.
    """
    child = await asyncio.to_thread(
        subprocess.Popen,
        [sys.executable, "-m", module, now.isoformat()],
        env={**os.environ, "DATABASE_URL": database_url},
    )
    try:
        if await asyncio.to_thread(child.wait):
            log.error("%s exited with status %s; its work is retried", module, child.returncode)
    finally:
        child.terminate()  # does nothing if the child has exited


def run_child_job(job: Callable[[Database, Clock], object]) -> None:
    """Run `job` in the child process, with the database and the time that the parent passed."""
    logging.basicConfig(level=logging.WARNING)
    with closing(Database(os.environ["DATABASE_URL"])) as database:
        try:
            job(database, AdjustableClock(datetime.fromisoformat(sys.argv[1])))
        except DATABASE_OUTAGES as error:
            log.error("%s", describe_error(error))  # noqa: TRY400 - the cause is enough
            raise SystemExit(1) from None
