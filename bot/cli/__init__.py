"""The commands: one module a command or family, loaded only when it is asked for."""

from __future__ import annotations

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

APOLOGY = "Sorry, this is a bug in labelbot. What happened is written above; please report it."


@dataclass(frozen=True, slots=True)
class LazyCommand:
    """A command that is loaded when it is used: the module whose `app` it is, and its help."""

    module: str
    help_text: str


COMMANDS: dict[str, LazyCommand] = {
    "demo": LazyCommand("bot.cli.demo", "Try the whole product without a Slack account."),
    "run": LazyCommand("bot.cli.run", "Run the bot in your Slack workspace."),
    "campaign": LazyCommand("bot.cli.campaigns", "Create campaigns, and see to them."),
    "import": LazyCommand("bot.cli.imports", "Bring the items of a file into a campaign."),
    "experts": LazyCommand("bot.cli.experts", "Invite people, and see to experts and their roles."),
    "schedule": LazyCommand(
        "bot.cli.export_schedules", "Plan the exports of a campaign, and give plans up."
    ),
    "status": LazyCommand("bot.cli.status", "Show how campaigns go."),
    "review": LazyCommand("bot.cli.reviews", "List what waits for a decision, and decide it."),
    "correct": LazyCommand("bot.cli.corrections", "Correct a campaign midway; nothing is lost."),
    "digest": LazyCommand("bot.cli.digest", "Say when the weekly summary comes."),
    "export": LazyCommand(
        "bot.cli.exports", "Write a campaign's answers as a dataset to train on."
    ),
    "settings": LazyCommand(
        "bot.cli.workspace_settings", "Show or change what holds for the whole workspace."
    ),
    "audit": LazyCommand("bot.cli.audit", "Tell who did what, when, and through what."),
    "manifest": LazyCommand("bot.cli.manifest", "Print the manifest that makes the app in Slack."),
    "doctor": LazyCommand(
        "bot.cli.doctor", "Check settings, database and Slack, and say what to mend."
    ),
    "sandbox": LazyCommand(
        "bot.cli.sandbox", "Run the pretend workspace alone, for any Slack app."
    ),
    "db": LazyCommand("bot.cli.schema", "Look after the database."),
}


class LazyGroup(TyperGroup):
    """Lists commands without loading them: `labelbot --help` is quick, and so is each of them."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:  # noqa: ANN401 - Typer keeps its types private
        """Load the command that is asked for in place of its stub."""
        if args[0] in COMMANDS:
            self.commands[args[0]] = _load_command(args[0])
        return super().resolve_command(ctx, args)


def _load_command(name: str) -> Any:  # noqa: ANN401 - Typer keeps its types private
    gc.disable()  # all that is loaded stays: looking for garbage in it took an eighth of a start
    command = typer.main.get_command(resolve_name(f"{COMMANDS[name].module}:app"))
    gc.enable()
    command.name = name
    return command


app = typer.Typer(
    cls=LazyGroup,
    help="A Slack bot through which subject-matter experts label data for language models.",
    epilog="Example: labelbot campaign create jokes --kind rating --expert U0123ABCD",
    no_args_is_help=True,
)


def _print_version(is_requested: bool) -> None:  # noqa: FBT001 - Typer calls it with the flag
    if is_requested:
        print_text(f"labelbot {__version__}")
        raise typer.Exit


@app.callback()
def _main_options(
    *,
    version: Annotated[
        bool,
        typer.Option("--version", callback=_print_version, is_eager=True, help="Say which it is."),
    ] = False,
) -> None:
    """Take what stands before the command."""


def _placeholder() -> None:
    """Stand in the list of commands until the real one is loaded."""


for _name, _late in COMMANDS.items():
    app.command(_name, help=_late.help_text)(_placeholder)


def main() -> None:
    """Run the command line: exit 0 when all is done, 1 when not, 2 when it was asked wrongly."""
    try:
        app()
    except BotError as error:
        print_error(str(error))
    except Exception:
        log.exception("labelbot failed")
        print_error(APOLOGY)
    raise SystemExit(1)
