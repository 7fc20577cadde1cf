"""The help text: the subcommands that a person may use, by task, or one with an example."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from difflib import SequenceMatcher, get_close_matches

from bot.app_context import AppContext
from bot.slack.app_manifest import COMMAND
from bot.slack.blockkit.text import escape_mrkdwn
from handlers.payloads import CommandPayload, Subcommand
from storage.tables import Role

HELP_PARTS: dict[str, dict[str, tuple[str, ...]]] = {
    "For experts": {
        "Answer tasks": ("next", "status"),
        "Your answers": ("work", "quality"),
        "Time and reminders": ("preferences", "away", "back", "stop", "messages"),
        "Help": ("help",),
    },
    "For coordinators": {
        "Set up a campaign": ("new", "clone", "templates", "edit", "guidelines"),
        "Items": ("import", "items"),
        "People": ("invite", "experts", "hours", "assign", "remind"),
        "Quality": ("review", "fix"),
        "Datasets": ("export", "schedule"),
        "Run a campaign": ("pause", "resume", "close"),
        "Workspace": ("settings", "audit"),
    },
}
"""The subcommands by part of the help text and by task."""

MAX_SUGGESTIONS = 3
MAX_DIFFERENCE = 0.15
"""By how much a suggestion may be less similar than the best one."""

SUGGESTION = "Unknown command “{typed}”. Did you mean {suggested}?\n\n{details}\n\n{all_commands}"
ALL_COMMANDS = f"*{COMMAND} help* lists all commands."
UNKNOWN_COMMAND = "Unknown command “{typed}”. These commands exist:\n\n"
HELP_HINT = "\n\n*{command} help COMMAND* explains a command."


async def show_help(app: AppContext, command: CommandPayload) -> str:
    """Return the help text; suggest the nearest subcommands if the typed one is unknown."""
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
    if matches := _nearest(name, allowed):
        return _format_suggestions(name, {match: allowed[match] for match in matches})
    intro = UNKNOWN_COMMAND.format(typed=escape_mrkdwn(name)) if name else ""
    parts = "\n\n".join(_format_parts(allowed))
    return f"{intro}{parts}{HELP_HINT.format(command=COMMAND)}"


def _nearest(typed: str, allowed: Mapping[str, Subcommand]) -> list[str]:
    """Return the subcommands with a similar name, else those that the typed word describes."""
    if similar := get_close_matches(typed, allowed, n=MAX_SUGGESTIONS):
        best = _similarity(typed, similar[0])
        return [name for name in similar if _similarity(typed, name) > best - MAX_DIFFERENCE]
    word = re.compile(rf"\b{re.escape(typed)}", re.IGNORECASE)
    described = [name for name, one in allowed.items() if typed and word.search(one.summary)]
    return described[:MAX_SUGGESTIONS]


def _similarity(typed: str, name: str) -> float:
    return SequenceMatcher(None, name, typed).ratio()


def _format_parts(allowed: Mapping[str, Subcommand]) -> Iterator[str]:
    """Yield each part that has subcommands which the person may use, with its tasks."""
    for part, tasks in HELP_PARTS.items():
        groups = {
            task: [_format_summary(name, allowed[name]) for name in names if name in allowed]
            for task, names in tasks.items()
        }
        texts = ["\n".join([f"_{task}_", *lines]) for task, lines in groups.items() if lines]
        if texts:
            yield "\n\n".join([f"*{part}*", *texts])


def _is_allowed(role: Role | None, subcommand: Subcommand) -> bool:
    return subcommand.role is None or role in (subcommand.role, Role.COORDINATOR)


def _format_suggestions(typed: str, suggested: Mapping[str, Subcommand]) -> str:
    names = [f"*{COMMAND} {name}*" for name in suggested]
    *others, last = names
    details = [_format_summary(*entry) for entry in suggested.items()]
    if not others:
        details = [_format_details(*entry) for entry in suggested.items()]
    return SUGGESTION.format(
        typed=escape_mrkdwn(typed),
        suggested=f"{', '.join(others)} or {last}" if others else last,
        details="\n".join(details),
        all_commands=ALL_COMMANDS,
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
