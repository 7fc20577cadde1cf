"""`labelbot experts messages`: when and why the bot sent messages to a person."""

from __future__ import annotations

from dataclasses import asdict, fields
from typing import Annotated

import typer

from bot.cli import expert_lookup, option_parsers
from bot.cli.database import open_database
from bot.cli.output import JSON_HELP, print_json, print_table, print_text
from bot.services.outbox.contact_log import ContactEntry, contact_log_of
from bot.slack.blockkit.text import pluralize


def list_contacts(
    person: Annotated[
        str, typer.Argument(metavar="PERSON", help="The person's Slack id or e-mail address.")
    ],
    *,
    limit: Annotated[
        int,
        typer.Option(
            metavar="COUNT", parser=option_parsers.parse_limit, help="Maximum number of messages."
        ),
    ] = 100,
    as_json: Annotated[bool, typer.Option("--json", help=JSON_HELP)] = False,
) -> None:
    """List the messages that the bot sent to a person, the newest first: when and why.

    Texts are not shown. Updates of messages and replies to commands are not listed.
    """
    (slack_id,) = expert_lookup.resolve_slack_ids([person])
    with open_database() as database:
        log = database.read_now(contact_log_of, slack_id, limit)
    if as_json:
        print_json(log.entries)
    elif not log.entries:
        print_text(f"The bot has sent no messages to {person} lately.")
    else:
        columns = [field.name for field in fields(ContactEntry)]
        print_table(columns, [asdict(entry).values() for entry in log.entries])
        print_text(f"{len(log.entries):,} of {pluralize(log.total, 'message')}.")
