"""Run pending exports in a child process: `python -m bot.export_process`.

An export reads a whole campaign and keeps a core busy. Inside the bot it would delay interactions
and leave pyarrow in memory.
"""

from __future__ import annotations

import logging
import os

from bot.child_process import run_child_job
from bot.services.exports import run

if __name__ == "__main__":
    run_child_job(run.run_pending_exports)
    logging.shutdown()
    os._exit(0)  # a delivery that is stuck in a library would keep the process alive
