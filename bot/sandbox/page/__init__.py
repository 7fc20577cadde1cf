"""The sandbox in the browser: the workspace, traffic and gallery pages."""

from __future__ import annotations

from .routes import add_page_routes

__all__ = ["add_page_routes"]
