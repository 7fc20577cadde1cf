"""What belongs to each name: buttons, modals, words behind /label, events."""

from __future__ import annotations

from handlers import (
    answering,
    exporting,
    hearing,
    helping,
    reading,
    visiting,
    watching,
    working,
    writing,
)
from handlers.triggers import Hear, Press, Submit, Word
from storage.tables import Role

PRESSES: dict[str, Press] = {
    "answer": answering.tap,
    "undo": answering.undo,
    "skip": answering.skip,
    "next": answering.bring_next,
    "write": writing.open_sheet,
    "part": writing.add_part,
    "save": writing.save_thread,
    "restart": writing.start_over,
    "read": reading.open_full,
    "page": reading.turn_page,
    "guide": reading.open_guidelines,
}
"""Buttons and menus, by the deed in their id."""

SUBMISSIONS: dict[str, Submit] = {
    "write": writing.submit_sheet,
}
"""Modals sent, by their callback_id."""

COMMANDS: dict[str, Word] = {
    "next": Word(working.bring_next, "brings your next task"),
    "status": Word(watching.tell_status, "tells what you did and what waits"),
    "export": Word(
        exporting.export,
        "sends you a dataset",
        usage="CAMPAIGN [FORMAT]",
        example="jokes rating",
        more="Without a format, it is the one to train on that suits the kind.",
        role=Role.COORDINATOR,
        deed="export",
    ),
    "help": Word(helping.give_help, "shows this, or tells more of a word", usage="[WORD]"),
}
"""Words behind /label."""

EVENTS: dict[str, Hear] = {
    "message": hearing.hear,
    "app_home_opened": visiting.show_home,
}
"""Events; any other is only acknowledged."""
