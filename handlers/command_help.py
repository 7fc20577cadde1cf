"""The help text: all subcommands that a person may use, or one of them with an example."""

from __future__ import annotations

from difflib import get_close_matches

from bot.app_context import AppContext
from bot.slack.app_manifest import COMMAND
from bot.slack.blockkit.text import escape_mrkdwn
from handlers.payloads import CommandPayload, Subcommand
from storage.tables import Role

SUGGESTION = (
    "Unknown command “{typed}”. Did you mean *{command} {suggested}*?\n\n{details}\n\n"
    "*{command} help* lists all commands."
)
UNKNOWN_COMMAND = "Unknown command “{typed}”. These commands exist:\n\n"
HELP_HINT = "\n\n*{command} help COMMAND* explains a command."


async def show_help(app: AppContext, command: CommandPayload) -> str:
    """Return the help text; suggest the most similar subcommand if the typed one is unknown."""
    role = await app.role_of(command.slack_id)
    allowed = {
        name: subcommand
        for name, subcommand in command.subcommands.items()
        if _is_allowed(role, subcommand)
    }
    name = command.tokens[0]
    if name == "help":
        name = command.arguments.first_token.lower().removeprefix("/")
        if name in allowed:
            return _format_details(name, allowed[name])
    if matches := get_close_matches(name, allowed, n=1):
        return _format_suggestion(name, matches[0], allowed[matches[0]])
    intro = UNKNOWN_COMMAND.format(typed=escape_mrkdwn(name)) if name else ""
    lines = "\n".join(_format_summary(*entry) for entry in allowed.items())
    return f"{intro}{lines}{HELP_HINT.format(command=COMMAND)}"


def _is_allowed(role: Role | None, subcommand: Subcommand) -> bool:
    return subcommand.role is None or role in (subcommand.role, Role.COORDINATOR)


def _format_suggestion(typed_name: str, suggested_name: str, subcommand: Subcommand) -> str:
    return SUGGESTION.format(
        typed=escape_mrkdwn(typed_name),
        command=COMMAND,
        suggested=suggested_name,
        details=_format_details(suggested_name, subcommand),
    )


def _format_summary(name: str, subcommand: Subcommand) -> str:
    return f"*{_format_usage(name, subcommand)}*: {subcommand.summary}"


def _format_usage(name: str, subcommand: Subcommand) -> str:
    return " ".join(part for part in (COMMAND, name, subcommand.usage) if part)


def _format_details(name: str, subcommand: Subcommand) -> str:
    """Return the summary, details, example and required role of a subcommand."""
    lines = [f"{_format_summary(name, subcommand)}.", subcommand.details]
    if subcommand.example:
        lines.append(f"Example: `{COMMAND} {name} {subcommand.example}`")
    if subcommand.role:
        lines.append(f"For {ROLE_NAMES[subcommand.role]} only.")
    return "\n".join(line for line in lines if line)


ROLE_NAMES = {
    Role.COORDINATOR: "coordinators",
    Role.SENIOR: "coordinators and senior experts",
}
