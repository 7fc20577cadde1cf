"""`python -m bot.cli` does what `labelbot` does."""

from __future__ import annotations

from bot.cli import main

if __name__ == "__main__":
    main()
