"""Running waiting exports in a process of their own: `python -m bot.export_process`.

An export reads everything and keeps a core busy; beside the bot's loop it would slow clicks and
leave pyarrow in its memory.
"""

from __future__ import annotations

from bot.child_process import work
from bot.services import exporting

if __name__ == "__main__":
    work(exporting.run_waiting)
