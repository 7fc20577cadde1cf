"""Whom we ask, what is mixed in, and in what order: rules and stored seeds, never chance."""

from __future__ import annotations

from bot.routing.shuffle import candidate_order

__all__ = ["candidate_order"]
