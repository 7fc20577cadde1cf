"""Recompute agreement in a child process: `python -m bot.agreement_process`.

A large campaign takes seconds of CPU time. Inside the bot it would delay interactions.
"""

from __future__ import annotations

from bot.child_process import run_child_job
from bot.services.reports import agreement_job

if __name__ == "__main__":
    run_child_job(agreement_job.recompute_due)
