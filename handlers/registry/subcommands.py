"""Subcommands of /label: those for everyone here, the others from their own module."""

from __future__ import annotations

from handlers import (
    appeals,
    command_help,
    contact_log,
    next_task,
    preferences,
    status,
    time_off,
    work,
)
from handlers.payloads import Subcommand
from handlers.registry.coordinator_subcommands import COORDINATOR_SUBCOMMANDS

SUBCOMMANDS: dict[str, Subcommand] = {
    "next": Subcommand(
        next_task.send_next_task,
        "Get your next task",
        usage="[CAMPAIGN]",
        example="jokes",
        details="The tasks of a campaign that you name come first until you name another, or none.",
    ),
    "status": Subcommand(
        status.show_status,
        "Show your progress; for coordinators, the status of campaigns",
        usage="[CAMPAIGN]",
    ),
    "away": Subcommand(
        time_off.start_from_command,
        "Take time off until a date",
        usage="[DATE]",
        example="2030-12-24",
        details="You return on that date. Your open tasks go to colleagues. "
        "Without a date, a dialog asks for it.",
    ),
    "back": Subcommand(time_off.end_from_command, "End your time off"),
    "stop": Subcommand(
        time_off.ask_before_stopping,
        "Leave all your campaigns",
        details="You see what it means before you confirm. A coordinator can add you again.",
    ),
    "quality": Subcommand(
        appeals.show_own_quality, "Show figures about your own answers, and appeal gold answers"
    ),
    "work": Subcommand(
        work.show_work,
        "Show your answers and your time by campaign and month, also as a CSV file",
        details="It also shows what your answers changed: exports, reviews, questions and flags.",
    ),
    "messages": Subcommand(
        contact_log.show_contact_log,
        "List the messages that you got from the bot: when and why",
        usage="[@PERSON]",
        details="Coordinators can name a person to see when and why the bot wrote to them. "
        "The list has no texts.",
    ),
    "preferences": Subcommand(
        preferences.open_from_command, "Change your working hours, daily limit and reminders"
    ),
    **COORDINATOR_SUBCOMMANDS,
    "help": Subcommand(
        command_help.show_help, "List all commands, or explain one", usage="[COMMAND]"
    ),
}
"""Subcommands of /label, in the order of the help text."""
