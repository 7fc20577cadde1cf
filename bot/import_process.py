"""Importing waiting files in a process of their own: `python -m bot.import_process`."""

from __future__ import annotations

from bot.child_process import work
from bot.services import bringing

if __name__ == "__main__":
    work(bringing.run_waiting)
