"""Entry point of `python -m bot.cli`, the same as `labelbot`."""

from __future__ import annotations

from bot.cli import main

if __name__ == "__main__":
    main()
