"""Who gets which task, with which gold questions and in what order: by rules and stored seeds."""

from __future__ import annotations

from bot.routing.shuffle import candidate_order

__all__ = ["candidate_order"]
