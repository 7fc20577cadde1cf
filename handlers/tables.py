"""What belongs to each name: buttons, modals, words behind /label, events."""

from __future__ import annotations

from handlers import answering, commanding, hearing, reading, visiting, writing
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
    "next": Word(commanding.bring_next, "brings your next task"),
    "status": Word(commanding.tell_status, "tells what you did and what waits"),
    "export": Word(
        commanding.export,
        "sends you a dataset",
        usage="CAMPAIGN [FORMAT]",
        role=Role.COORDINATOR,
        deed="export",
    ),
    "help": Word(commanding.give_help, "shows this"),
}
"""Words behind /label."""

EVENTS: dict[str, Hear] = {
    "message": hearing.hear,
    "app_home_opened": visiting.show_home,
}
"""Events; any other is only acknowledged."""
