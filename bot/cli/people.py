"""`labelbot people`: what is stored about a person, and its erasure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import orjson
import typer
from sqlmodel import Session

from bot.cli import expert_lookup, output_file
from bot.cli.database import command_line_actor, open_database
from bot.cli.output import JSON_HELP, print_json, print_note, print_text
from bot.errors import BotError
from bot.services.actors.actor import Actor
from bot.services.people import erasure, personal_data
from bot.services.people.erasure import Erasure
from bot.settings import load_storage_settings
from bot.slack.blockkit.text import pluralize
from storage.compaction import NotCompactedError, compact

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    help="Export or erase what is stored about a person.",
)

Person = Annotated[
    str,
    typer.Argument(metavar="PERSON", help="Slack id, e-mail address or pseudonym of the person."),
]
Address = Annotated[
    str | None,
    typer.Option(
        help="E-mail address, to find it too. labelbot stores none, but people may write one."
    ),
]


class LeftoverContentError(BotError):
    """Deleted content may be left in the database files: {reason}. See docs/operating.md."""


class ConfirmationError(BotError):
    """Nothing was erased. Add --yes to erase {person}; this cannot be undone."""


@app.command(epilog="Example: labelbot people export U0123ABCD --out ada.json")
def export(
    person: Person,
    *,
    address: Address = None,
    out: Annotated[
        Path | None, typer.Option(help="File to write; default: standard output.")
    ] = None,
) -> None:
    """Write everything that is stored about a person as JSON, by table.

    Names of models and gold answers are left out, so that the person may read it.
    """
    slack_id, addresses = _identify(person, address)
    with open_database() as database:
        found = database.read_now(_export, slack_id, addresses)
    if out is None:
        print_json(found)
        return
    output_file.write_file(out, orjson.dumps(found, option=orjson.OPT_INDENT_2))
    print_text(f"Wrote {pluralize(sum(map(len, found.values())), 'row')} to {out}.")


@app.command(epilog="Example: labelbot people erase U0123ABCD --yes")
def erase(
    person: Person,
    *,
    address: Address = None,
    yes: Annotated[bool, typer.Option("--yes", help="Erase without asking again.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help=JSON_HELP)] = False,
) -> None:
    """Erase a person: Slack id, name, address, profile, messages and roles.

    Answers stay under the pseudonym, so exports do not change.
    Open tasks go to other experts. The database is rewritten, which takes a while if it is large.
    """
    if not yes:
        raise ConfirmationError(person=person)
    slack_id, addresses = _identify(person, address)
    with open_database() as database:
        erased, ids = database.write_now(_erase, slack_id, addresses, command_line_actor())
        mentions = database.read_now(erasure.count_mentions, ids)
    if as_json:
        print_json({**asdict(erased), "mentions": mentions})
    else:
        _print_erasure(erased, mentions)
    try:
        compact(load_storage_settings().database_url)
    except NotCompactedError as error:
        raise LeftoverContentError(reason=error) from error


def _identify(person: str, address: str | None) -> tuple[str, tuple[str, ...]]:
    """Return the Slack id or pseudonym of a person, and their addresses as far as known."""
    (slack_id,) = expert_lookup.resolve_slack_ids([person])
    given = [person] if "@" in person else []
    if address is not None:
        given.append(address)
    return slack_id, tuple(text.strip() for text in given)


def _export(
    session: Session, slack_id: str, addresses: tuple[str, ...]
) -> dict[str, list[dict[str, Any]]]:
    found = personal_data.find_person(session, slack_id, addresses)
    return personal_data.export_person(session, found)


def _erase(
    session: Session, slack_id: str, addresses: tuple[str, ...], actor: Actor
) -> tuple[Erasure, frozenset[str]]:
    found = personal_data.find_person(session, slack_id, addresses)
    return erasure.erase_person(session, found, actor), found.identifiers.ids


def _print_erasure(erased: Erasure, mentions: Mapping[str, int]) -> None:
    print_text(
        f"Erased {erased.pseudonym}: {pluralize(erased.unassigned, 'open task')} unassigned; "
        f"{pluralize(erased.messages, 'message')}, {pluralize(erased.questions, 'question')} and "
        f"{pluralize(erased.flags, 'problem report')} deleted; "
        f"{pluralize(erased.renamed, 'row')} changed. Answers stay under this pseudonym."
    )
    if mentions:
        tables = ", ".join(f"{count:,} in {table}" for table, count in mentions.items())
        print_note(
            f"Answers or imported content still contain an id or address of the person: {tables}."
        )
