"""The Chromium binary that tests pages, and its arguments."""

from __future__ import annotations

import shutil

NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "chrome")
"""Binaries in order of preference: the headless shell renders the same in half the time."""

PATH = next(filter(None, map(shutil.which, NAMES)), None)

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
