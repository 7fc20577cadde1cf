"""Handlers of events, and the parts of events that they read."""

from __future__ import annotations

from handlers import home, message_events, profile_events
from handlers.payload_shapes import (
    DndUpdatedShape,
    HomeOpenedShape,
    MessageEventShape,
    PayloadShape,
    UserChangeShape,
)
from handlers.payloads import EventHandler

EVENTS: dict[str, EventHandler] = {
    "message": message_events.queue_message,
    "app_home_opened": home.show_home,
    "user_change": profile_events.update_profile,
    "dnd_updated_user": profile_events.update_dnd,
}
"""Events by type; others are acknowledged and ignored."""

EVENT_SHAPES: dict[str, type[PayloadShape]] = {
    "message": MessageEventShape,
    "app_home_opened": HomeOpenedShape,
    "user_change": UserChangeShape,
    "dnd_updated_user": DndUpdatedShape,
}
"""What the handlers of these events read, by type of event."""
