"""`labelbot experts assign`: the next tasks, certain items, or those that a filter finds."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer
from sqlmodel import Session

from bot.cli import expert_lookup, option_parsers
from bot.cli.database import command_line_actor, open_database
from bot.cli.output import print_text
from bot.services.actors.actor import Actor
from bot.services.campaigns import campaigns
from bot.services.tasks import manual_assignment
from bot.services.tasks.manual_assignment import (
    MAX_ASSIGNED_AT_ONCE,
    AssignmentRequest,
    AssignmentResult,
)
from bot.slack.blockkit.text import pluralize
from storage.database import Database
from storage.queries.item_search import ItemFilter, ItemState

MAX_ASSIGNED = 10_000
"""Tasks that one command assigns to one person."""


def assign(  # noqa: PLR0913 - the options of the command
    persons: Annotated[
        list[str], typer.Argument(metavar="PERSON", help="Slack ids or e-mail addresses.")
    ],
    *,
    campaign: Annotated[
        str, typer.Option(metavar="CAMPAIGN", help="The campaign whose tasks they get.")
    ],
    count: Annotated[
        int,
        typer.Option(metavar="COUNT", help="Tasks for each person.", min=1, max=MAX_ASSIGNED),
    ] = 1,
    item: Annotated[
        list[str] | None,
        typer.Option(metavar="ITEM", help="Assign the item with this id instead; repeatable."),
    ] = None,
    items_file: Annotated[
        Path | None, typer.Option(help="A file of ids of items, one on each line.")
    ] = None,
    text: Annotated[str, typer.Option(help="Only items with this text.")] = "",
    domain: Annotated[str, typer.Option(help="Only items of this domain.")] = "",
    model: Annotated[str, typer.Option(help="Only items with a response of this model.")] = "",
    state: Annotated[ItemState | None, typer.Option(help="Only items in this state.")] = None,
) -> None:
    """Assign the next tasks of a campaign, certain items, or those that match, to experts.

    They are delivered one at a time, in each expert's working hours. Nobody gets an item twice, and
    no item gets more answers than it needs.
    """
    people = expert_lookup.resolve_people(persons)
    names = [*(item or []), *(_read_ids(items_file) if items_file else [])]
    has_filter = bool(text or domain or model or state)
    if names and has_filter:
        message = "Name items, or use --text, --domain, --model and --state; not both."
        raise typer.BadParameter(message)
    wanted = ItemFilter(text=text, domain=domain, model=model, state=state) if has_filter else None
    with open_database() as database:
        for slack_id in people.require_some():
            requests = _requests(names, wanted, count)
            _print_result(_assign_all(database, campaign, slack_id, requests))
    people.print_unknown()


def _read_ids(path: Path) -> list[str]:
    return [line.strip() for line in option_parsers.read_text(path).splitlines() if line.strip()]


def _requests(
    names: list[str], wanted: ItemFilter | None, count: int
) -> Iterator[AssignmentRequest]:
    """Yield requests that are small enough to delay no answer."""
    if names:
        for start in range(0, len(names), MAX_ASSIGNED_AT_ONCE):
            yield AssignmentRequest(items=tuple(names[start : start + MAX_ASSIGNED_AT_ONCE]))
        return
    for start in range(0, count, MAX_ASSIGNED_AT_ONCE):
        yield AssignmentRequest(count=min(MAX_ASSIGNED_AT_ONCE, count - start), wanted=wanted)


def _assign_all(
    database: Database, campaign: str, slack_id: str, requests: Iterator[AssignmentRequest]
) -> AssignmentResult:
    """Make the requests, each in a separate transaction; return all that was assigned."""
    total, reason = 0, ""
    for request in requests:
        result = database.write_now(
            _assign_tasks, campaign, slack_id, request, command_line_actor()
        )
        total += result.assigned_count
        reason = result.reason
    return AssignmentResult(slack_id, total, "" if total else reason)


def _print_result(result: AssignmentResult) -> None:
    reason = f": {result.reason}" if result.reason else ""
    tasks = pluralize(result.assigned_count, "task")
    print_text(f"Assigned {tasks} to {result.slack_id}{reason}.")


def _assign_tasks(
    session: Session, name: str, slack_id: str, request: AssignmentRequest, actor: Actor
) -> AssignmentResult:
    campaign = campaigns.campaign_by_name(session, name, lock=True)
    return manual_assignment.assign_tasks(session, campaign, slack_id, request, actor)
