"""Running waiting exports in a process of their own: `python -m bot.export_process`.

An export reads everything and keeps a core busy; beside the bot's loop it would slow clicks and
leave pyarrow in its memory.
"""

from __future__ import annotations

from bot.child_process import run_child_job
from bot.services.exports import run

if __name__ == "__main__":
    run_child_job(run.run_pending_exports)
