"""The commands of `labelbot` as Typer knows them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

import typer

from bot.cli import app

ROOT_COMMAND: Any = typer.main.get_command(app)


def _subcommand(group: Any, name: str) -> Any:  # noqa: ANN401 - Typer keeps its types private
    context = group.make_context("labelbot", [], resilient_parsing=True)
    return group.resolve_command(context, [name])[1]


def _leaf_commands(command: Any, full_name: str) -> Iterator[tuple[str, Any]]:  # noqa: ANN401 - likewise
    names = getattr(command, "commands", None)
    if names is None:
        yield full_name, command
        return
    for name in names:
        yield from _leaf_commands(_subcommand(command, name), f"{full_name} {name}")


@cache
def leaf_commands() -> dict[str, Any]:
    """Return every command that is not a group, by its full name."""
    return dict(_leaf_commands(ROOT_COMMAND, "labelbot"))


def options_of(command: Any) -> set[str]:  # noqa: ANN401 - likewise
    """Return the long options of a command."""
    return {name for option in command.params for name in option.opts if name.startswith("--")}


def parse_command_line(words: list[str]) -> None:
    """Let Typer parse a command line without running it."""
    command = ROOT_COMMAND
    while words and not words[0].startswith("-") and hasattr(command, "commands"):
        context = command.make_context("labelbot", [], resilient_parsing=True)
        _name, command, words = command.resolve_command(context, words)
    arguments = [word for word in words if word not in ("--help", "--version")]
    if arguments:  # without arguments, the text only names the command
        command.make_context("labelbot", arguments)
