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
from bot.cli.speaking import complain, say
from bot.errors import BotError

log = logging.getLogger(__name__)

APOLOGY = "Sorry, this is a bug in labelbot. What happened is written above; please report it."


@dataclass(frozen=True, slots=True)
class Late:
    """A command that is loaded when it is used: the module whose `app` it is, and its help."""

    module: str
    says: str


COMMANDS: dict[str, Late] = {
    "demo": Late("bot.cli.demo", "Try the whole product without a Slack account."),
    "run": Late("bot.cli.running", "Run the bot in your Slack workspace."),
    "campaign": Late("bot.cli.campaign", "Create campaigns, and see to them."),
    "import": Late("bot.cli.importing", "Bring the items of a file into a campaign."),
    "experts": Late("bot.cli.experts", "Invite people, and see to experts and their roles."),
    "schedule": Late("bot.cli.planning", "Plan the exports of a campaign, and give plans up."),
    "status": Late("bot.cli.status", "Show how campaigns go."),
    "review": Late("bot.cli.reviewing", "List what waits for a decision, and decide it."),
    "correct": Late("bot.cli.correcting", "Correct a campaign midway; nothing is lost."),
    "digest": Late("bot.cli.digest", "Say when the weekly summary comes."),
    "export": Late("bot.cli.exporting", "Write a campaign's answers as a dataset to train on."),
    "settings": Late("bot.cli.choosing", "Show or change what holds for the whole workspace."),
    "audit": Late("bot.cli.auditing", "Tell who did what, when, and through what."),
    "manifest": Late("bot.cli.manifest", "Print the manifest that makes the app in Slack."),
    "doctor": Late("bot.cli.doctor", "Check settings, database and Slack, and say what to mend."),
    "sandbox": Late("bot.cli.sandbox", "Run the pretend workspace alone, for any Slack app."),
    "db": Late("bot.cli.schema", "Look after the database."),
}


class LateCommands(TyperGroup):
    """Lists commands without loading them: `labelbot --help` is quick, and so is each of them."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:  # noqa: ANN401 - Typer keeps its types private
        """Load the command that is asked for in place of its stub."""
        if args[0] in COMMANDS:
            self.commands[args[0]] = _loaded(args[0])
        return super().resolve_command(ctx, args)


def _loaded(name: str) -> Any:  # noqa: ANN401 - Typer keeps its types private
    gc.disable()  # all that is loaded stays: looking for garbage in it took an eighth of a start
    command = typer.main.get_command(resolve_name(f"{COMMANDS[name].module}:app"))
    gc.enable()
    command.name = name
    return command


app = typer.Typer(
    cls=LateCommands,
    help="A Slack bot through which subject-matter experts label data for language models.",
    epilog="Example: labelbot campaign create jokes --kind rating --expert U0123ABCD",
    no_args_is_help=True,
)


def _version(asked: bool) -> None:  # noqa: FBT001 - Typer calls it with the flag
    if asked:
        say(f"labelbot {__version__}")
        raise typer.Exit


@app.callback()
def _top(
    *,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Say which it is.")
    ] = False,
) -> None:
    """Take what stands before the command."""


def _stub() -> None:
    """Stand in the list of commands until the real one is loaded."""


for _name, _late in COMMANDS.items():
    app.command(_name, help=_late.says)(_stub)


def main() -> None:
    """Run the command line: exit 0 when all is done, 1 when not, 2 when it was asked wrongly."""
    try:
        app()
    except BotError as error:
        complain(str(error))
    except Exception:
        log.exception("labelbot failed")
        complain(APOLOGY)
    raise SystemExit(1)
