"""Run pending imports in a child process: `python -m bot.import_process`."""

from __future__ import annotations

from bot.child_process import run_child_job
from bot.services.imports import import_jobs

if __name__ == "__main__":
    run_child_job(import_jobs.run_pending_imports)
