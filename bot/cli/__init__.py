"""The command line: one module per command or family, loaded on first use."""

from __future__ import annotations

import errno
import gc
import logging
from dataclasses import dataclass
from pkgutil import resolve_name
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from bot import __version__
from bot.cli.output import print_error, print_text
from bot.errors import BotError

log = logging.getLogger(__name__)

EXTRAS: dict[str, tuple[str, str]] = {
    "jinja2": ("sandbox", "the sandbox"),
    "markupsafe": ("sandbox", "the sandbox"),
    "fastapi": ("api", "the HTTP API"),
    "uvicorn": ("api", "the HTTP API"),
    "mcp": ("mcp", "the MCP server"),
}
"""Modules that only some commands need: the extra that installs each, and what it is."""

FULL_DISK = (errno.ENOSPC, errno.EDQUOT)

BUG_MESSAGE = "Sorry, this is a bug in labelbot. The traceback is above; please report it."


@dataclass(frozen=True, slots=True)
class LazyCommand:
    """A command that is loaded on first use: the module that holds its `app`, and its help."""

    module: str
    help_text: str


COMMANDS: dict[str, LazyCommand] = {
    "demo": LazyCommand("bot.cli.demo", "Try the product without a Slack account."),
    "run": LazyCommand("bot.cli.run", "Run the bot until it is stopped."),
    "campaign": LazyCommand("bot.cli.campaigns", "Create and manage campaigns."),
    "template": LazyCommand(
        "bot.cli.templates", "Save settings as templates, and create campaigns from them."
    ),
    "import": LazyCommand("bot.cli.imports", "Import items from a file."),
    "sample": LazyCommand(
        "bot.cli.candidates", "Ask models for candidates, and import them as items."
    ),
    "imports": LazyCommand("bot.cli.import_history", "List the imports of a campaign; undo one."),
    "items": LazyCommand(
        "bot.cli.items", "Search items, show one, put items on hold, or delete them."
    ),
    "experts": LazyCommand(
        "bot.cli.experts", "Invite experts, grant roles, assign tasks and send reminders."
    ),
    "people": LazyCommand("bot.cli.people", "Export or erase what is stored about a person."),
    "schedule": LazyCommand(
        "bot.cli.export_schedules",
        "List, add and remove the export schedules of a campaign, and show upcoming runs.",
    ),
    "status": LazyCommand("bot.cli.status", "Show progress, pace and forecast of campaigns."),
    "report": LazyCommand(
        "bot.cli.report", "Report agreement, experts, models and hard items of a campaign."
    ),
    "review": LazyCommand("bot.cli.reviews", "List cases that need a decision, and decide them."),
    "fix": LazyCommand("bot.cli.corrections", "Correct a running campaign; no answer is lost."),
    "digest": LazyCommand("bot.cli.digest", "Show, change or switch off the weekly summary."),
    "export": LazyCommand("bot.cli.exports", "Write a campaign's answers as a dataset."),
    "exports": LazyCommand(
        "bot.cli.export_runs",
        "List exports with their outcome, deliver, replay, compare and verify them.",
    ),
    "settings": LazyCommand(
        "bot.cli.workspace_settings", "Show or change the settings of the workspace."
    ),
    "api": LazyCommand("bot.cli.api", "Run the HTTP API alongside the bot."),
    "keys": LazyCommand("bot.cli.api_keys", "Create, list and revoke keys of the HTTP API."),
    "webhooks": LazyCommand(
        "bot.cli.webhooks", "Send events to other programs: add, list, test and replay webhooks."
    ),
    "mcp": LazyCommand("bot.cli.mcp", "Run the MCP server, through which agents ask experts."),
    "outbox": LazyCommand(
        "bot.cli.outbox", "List messages that were not delivered; retry or drop them."
    ),
    "audit": LazyCommand(
        "bot.cli.audit", "Show the audit log: who changed what, when and from where."
    ),
    "manifest": LazyCommand("bot.cli.manifest", "Print the app manifest for Slack."),
    "doctor": LazyCommand(
        "bot.cli.doctor", "Check settings, database and Slack, and say how to fix problems."
    ),
    "sandbox": LazyCommand(
        "bot.cli.sandbox", "Run the Slack sandbox alone, for this bot or any other Slack app."
    ),
    "db": LazyCommand("bot.cli.schema", "Show or upgrade the database schema; copy a database."),
    "backup": LazyCommand(
        "bot.cli.backup", "Write the whole database to a file, while the bot runs."
    ),
    "restore": LazyCommand("bot.cli.restore", "Read a backup into an empty database."),
}


IMPORT_SUBCOMMANDS = ("list", "undo")
"""After `import`, these are commands of `imports`, not names of campaigns."""


class ExtraNotInstalledError(BotError):
    """`labelbot {command}` needs {what}; install it: pip install "labelbot[{extra}]"."""


class LazyGroup(TyperGroup):
    """A group that lists its commands without loading them, so that `--help` stays fast."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:  # noqa: ANN401 - Typer keeps its types private
        """Replace the placeholder of the requested command by the loaded command."""
        if args[0] == "import" and args[1:2] and args[1] in IMPORT_SUBCOMMANDS:
            args = ["imports", *args[1:]]
        if args[0] in COMMANDS:
            self.commands[args[0]] = _load_command(args[0])
        return super().resolve_command(ctx, args)


def _load_command(name: str) -> Any:  # noqa: ANN401 - Typer keeps its types private
    # Modules are never freed. Garbage collection while they load took an eighth of the start time.
    is_collecting = gc.isenabled()
    gc.disable()
    try:
        loaded = resolve_name(f"{COMMANDS[name].module}:app")
    except ModuleNotFoundError as error:
        if error.name not in EXTRAS:
            raise
        extra, what = EXTRAS[error.name]
        raise ExtraNotInstalledError(command=name, what=what, extra=extra) from error
    gc.freeze()  # so that no collection looks at them again
    if is_collecting:
        gc.enable()
    command = typer.main.get_command(loaded)
    command.name = name
    return command


app = typer.Typer(
    cls=LazyGroup,
    help="A Slack bot through which subject-matter experts label data for language models.",
    epilog="Example: labelbot campaign create jokes --kind rating --expert U0123ABCD",
    no_args_is_help=True,
)


def _print_version(is_requested: bool) -> None:  # noqa: FBT001 - Typer passes it by position
    if is_requested:
        print_text(f"labelbot {__version__}")
        raise typer.Exit


@app.callback()
def _main_options(
    *,
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_print_version, is_eager=True, help="Print the version and exit."
        ),
    ] = False,
) -> None:
    """Parse the options before the command."""


def _placeholder() -> None:
    """Represent a command in the help until the command is loaded."""


for _name, _command in COMMANDS.items():
    app.command(_name, help=_command.help_text)(_placeholder)


def main() -> None:
    """Run the command line. Exit codes: 0 success, 1 failure, 2 usage error."""
    try:
        app()
    except BotError as error:
        print_error(error.for_command_line())
    except Exception as error:
        if isinstance(error, OSError) and error.errno in FULL_DISK:
            print_error(f"Cannot write a file or the output: {error.strerror}. Free some space.")
        else:
            log.exception("labelbot failed")
            print_error(BUG_MESSAGE)
    raise SystemExit(1)
