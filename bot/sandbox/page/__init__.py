"""The workspace in a browser: what one person sees, live, and what she does there."""

from __future__ import annotations

from bot.sandbox.page.routes import add_page_routes

__all__ = ["add_page_routes"]
