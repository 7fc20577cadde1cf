"""`labelbot outbox`: messages that were not delivered."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Annotated

import typer
from sqlmodel import Session

from bot.cli import option_parsers
from bot.cli.database import command_line_actor, open_database
from bot.cli.option_parsers import LISTED_STATES
from bot.cli.output import JSON_HELP, print_json, print_table, print_text
from bot.services.actors.actor import Actor
from bot.services.outbox import undelivered_messages
from storage.tables import OutboxState

app = typer.Typer(add_completion=False, no_args_is_help=True)

COLUMNS = ("id", "state", "message_type", "recipient", "created_at", "attempts", "error")

MessageIds = Annotated[
    list[int] | None,
    typer.Argument(
        metavar="[ID]...",
        parser=option_parsers.parse_message_id,
        help="Ids that “outbox list” shows.",
    ),
]
NEGATIVE_IDS_ARE_ARGUMENTS = {"ignore_unknown_options": True}
JsonOption = Annotated[bool, typer.Option("--json", help=JSON_HELP)]


@app.callback(epilog="Example: labelbot outbox retry --all")
def _outbox() -> None:
    """List messages to Slack that were not delivered; queue them again, or drop them."""


@app.command("list", epilog="Example: labelbot outbox list --state failed --json")
def list_messages(
    *,
    state: Annotated[
        list[OutboxState] | None,
        typer.Option(
            metavar="STATE",
            parser=option_parsers.parse_undelivered_state,
            help=f"Only messages in this state: {', '.join(LISTED_STATES)}; may be repeated. "
            "Default: held, failed.",
        ),
    ] = None,
    limit: Annotated[
        int,
        typer.Option(
            metavar="COUNT", parser=option_parsers.parse_limit, help="Maximum number of messages."
        ),
    ] = 100,
    as_json: JsonOption = False,
) -> None:
    """List messages that were not delivered, the newest first, with Slack's error."""
    states = state or [OutboxState.HELD, OutboxState.FAILED]
    with open_database() as database:
        messages = database.read_now(undelivered_messages.list_messages, states, limit)
    if as_json:
        print_json(messages)
    elif not messages:
        print_text("The outbox has no such messages.")
    else:
        print_table(COLUMNS, [asdict(message).values() for message in messages])


@app.command(
    "retry",
    epilog="Example: labelbot outbox retry 1204",
    context_settings=NEGATIVE_IDS_ARE_ARGUMENTS,
)
def retry_messages(
    ids: MessageIds = None,
    *,
    is_all: Annotated[
        bool, typer.Option("--all", help="Queue all held and failed messages again.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Queue held, failed or dropped messages again."""
    _change(undelivered_messages.retry, ids, "Queued again", is_all=is_all, as_json=as_json)


@app.command(
    "drop",
    epilog="Example: labelbot outbox drop 1204 1205",
    context_settings=NEGATIVE_IDS_ARE_ARGUMENTS,
)
def drop_messages(
    ids: MessageIds = None,
    *,
    is_all: Annotated[bool, typer.Option("--all", help="Drop all failed messages.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Drop waiting, held or failed messages: they are not sent and no longer listed."""
    _change(undelivered_messages.drop, ids, "Dropped", is_all=is_all, as_json=as_json)


def _change(
    change: Callable[[Session, list[int], Actor], list[int]],
    ids: list[int] | None,
    verb: str,
    *,
    is_all: bool,
    as_json: bool,
) -> None:
    if is_all == bool(ids):
        message = "Name ids, or use --all."
        raise typer.BadParameter(message)
    with open_database() as database:
        changed = database.write_now(change, ids or [], command_line_actor())
    if as_json:
        print_json({"ids": changed})
    else:
        count = f"{len(changed):,} {'message' if len(changed) == 1 else 'messages'}"
        print_text(f"{verb}: {count}.")
