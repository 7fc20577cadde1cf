"""Reading all answers of a large campaign in a process of its own: `python -m bot.agreement_process`.

Some seconds of counting beside the bot's loop would slow clicks.
"""

from __future__ import annotations

from bot.child_process import run_child_job
from bot.services.reports import agreement_job

if __name__ == "__main__":
    run_child_job(agreement_job.recompute_due)
