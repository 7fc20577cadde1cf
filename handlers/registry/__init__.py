"""Handlers by name: actions, modals, subcommands of /label, and events."""

from __future__ import annotations

from handlers.registry.actions import ACTIONS, OPTIONS, REPEATABLE
from handlers.registry.events import EVENT_SHAPES, EVENTS
from handlers.registry.required_roles import REQUIRED_ROLES
from handlers.registry.subcommands import SUBCOMMANDS
from handlers.registry.submissions import SUBMISSIONS

__all__ = [
    "ACTIONS",
    "EVENTS",
    "EVENT_SHAPES",
    "OPTIONS",
    "REPEATABLE",
    "REQUIRED_ROLES",
    "SUBCOMMANDS",
    "SUBMISSIONS",
]
