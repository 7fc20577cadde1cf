"""The Chromium that pages are looked at with: which one, and how it is started."""

from __future__ import annotations

import shutil

NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "chrome")
"""The first of them draws like the others, without a window: in less than half the time."""

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
