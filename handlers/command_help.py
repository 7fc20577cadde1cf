"""Help: every word that a person may type, or one of them with an example."""

from __future__ import annotations

from difflib import get_close_matches

from bot.app_context import AppContext
from bot.slack.app_manifest import COMMAND
from bot.slack.blockkit.text import escape_mrkdwn
from handlers.payloads import CommandPayload, Subcommand
from storage.tables import Role

SUGGESTION = (
    "I do not know “{word}”; perhaps you mean *{command} {near}*.\n\n{told}\n\n"
    "*{command} help* tells every word."
)
UNKNOWN_SUBCOMMAND = "I do not know “{word}”. This is what I know:\n\n"
HELP_HINT = "\n\n*{command} help WORD* tells more of a word."


async def show_help(app: AppContext, command: CommandPayload) -> str:
    """Say what this person can type; for an unknown word, say so, and tell of the nearest one."""
    role = await app.role_of(command.slack_id)
    allowed = {name: word for name, word in command.subcommands.items() if _is_allowed(role, word)}
    topic = command.tokens[0]
    if topic == "help":
        topic = command.arguments.first_token.lower().removeprefix("/")
        if topic in allowed:
            return _format_details(topic, allowed[topic])
    if near := get_close_matches(topic, allowed, n=1):
        return _format_suggestion(topic, near[0], allowed[near[0]])
    intro = UNKNOWN_SUBCOMMAND.format(word=escape_mrkdwn(topic)) if topic else ""
    lines = "\n".join(_format_summary(name, word) for name, word in allowed.items())
    return f"{intro}{lines}{HELP_HINT.format(command=COMMAND)}"


def _is_allowed(role: Role | None, subcommand: Subcommand) -> bool:
    return subcommand.role is None or role in (subcommand.role, Role.COORDINATOR)


def _format_suggestion(typed_name: str, suggested_name: str, subcommand: Subcommand) -> str:
    return SUGGESTION.format(
        word=escape_mrkdwn(typed_name),
        command=COMMAND,
        near=suggested_name,
        told=_format_details(suggested_name, subcommand),
    )


def _format_summary(name: str, subcommand: Subcommand) -> str:
    return f"*{_format_usage(name, subcommand)}* {subcommand.summary}"


def _format_usage(name: str, subcommand: Subcommand) -> str:
    return " ".join(part for part in (COMMAND, name, subcommand.usage) if part)


def _format_details(name: str, subcommand: Subcommand) -> str:
    """Tell all there is to tell of one word."""
    lines = [f"{_format_summary(name, subcommand)}.", subcommand.details]
    if subcommand.example:
        lines.append(f"For example: `{COMMAND} {name} {subcommand.example}`")
    if subcommand.role:
        lines.append(
            f"Only for {'coordinators' if subcommand.role == Role.COORDINATOR else SENIOR_ROLE_NAMES}."
        )
    return "\n".join(line for line in lines if line)


SENIOR_ROLE_NAMES = "coordinators and senior experts"
