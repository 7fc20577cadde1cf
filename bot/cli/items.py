"""`labelbot items`: search items, show one with its answers, put items on hold, delete them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Annotated, Any, Concatenate, ParamSpec, TypeVar

import typer
from sqlmodel import Session

from bot.cli.database import command_line_actor, open_database
from bot.cli.output import JSON_HELP, print_json, print_note, print_table, print_text
from bot.services.campaigns import campaigns
from bot.services.items import changes, details, references, search
from bot.services.items.changes import DEFAULT_HOLD_REASON, Deletion
from bot.services.items.details import ItemDetails
from bot.services.items.search import ItemPage, ItemSummary
from bot.slack.blockkit.text import pluralize
from storage.queries.item_search import ItemFilter, ItemState
from storage.tables import Campaign

P = ParamSpec("P")
T = TypeVar("T")

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    help="Search items, show one with its answers, put items on hold, or delete them.",
)

COLUMNS = ("item", "state", "answers", "text")
Name = Annotated[str, typer.Argument(metavar="CAMPAIGN", help="Name of the campaign.")]
ItemText = Annotated[
    str,
    typer.Argument(metavar="ITEM", help="Id of the item, or reference of a task, such as T-1204."),
]
ItemTexts = Annotated[
    list[str],
    typer.Argument(metavar="ITEM", help="Ids of items, or references of tasks, such as T-1204."),
]
Json = Annotated[bool, typer.Option("--json", help=JSON_HELP)]


@app.command("list", epilog="Example: labelbot items list jokes --text penguin --state new")
def list_items(  # noqa: PLR0913 - one parameter per option
    name: Name,
    *,
    text: Annotated[str, typer.Option(help="Part of what experts read.")] = "",
    key: Annotated[str, typer.Option(help="Part of the item's id.")] = "",
    state: Annotated[ItemState | None, typer.Option(help="Only items in this state.")] = None,
    model: Annotated[str, typer.Option(help="Name of the model of a response.")] = "",
    domain: Annotated[str, typer.Option(help="Domain of the item.")] = "",
    limit: Annotated[
        int, typer.Option(metavar="COUNT", help="Maximum number of items.", min=1, max=10_000)
    ] = 50,
    offset: Annotated[
        int, typer.Option(metavar="COUNT", help="Number of items to skip.", min=0)
    ] = 0,
    as_json: Json = False,
) -> None:
    """List the items of a campaign, in imported order.

    All conditions must hold. Upper and lower case are equal, except in the name of a model.
    """
    wanted = ItemFilter(text=text, key=key, state=state, model=model, domain=domain)
    with open_database() as database:
        page = database.read_now(_search, name, wanted, limit, offset)
    if as_json:
        print_json([_summary_json(item) for item in page.items])
        return
    if page.items:
        print_table(COLUMNS, map(_table_row, page.items))
    _print_count(name, page)


def _search(session: Session, name: str, wanted: ItemFilter, limit: int, offset: int) -> ItemPage:
    campaign = campaigns.campaign_by_name(session, name)
    return search.search_items(session, campaign, wanted, limit=limit, offset=offset)


def _print_count(name: str, page: ItemPage) -> None:
    if not page.total:
        print_text(f"No items of “{name}” match.")
        return
    next_offset = page.offset + len(page.items)
    rest = f" Continue with --offset {next_offset}." if next_offset < page.total else ""
    print_note(f"{len(page.items):,} of {pluralize(page.total, 'item')}.{rest}")


def _table_row(item: ItemSummary) -> tuple[object, ...]:
    return (
        references.short_key(item.found.key),
        item.found.state.replace("_", " "),
        _progress(item),
        item.excerpt,
    )


def _progress(item: ItemSummary) -> str:
    found = item.found
    return str(found.answers) if found.overlap is None else f"{found.answers}/{found.overlap}"


def _summary_json(item: ItemSummary) -> dict[str, Any]:
    found = item.found
    return {
        "item": found.key,
        "state": found.state,
        "answers": found.answers,
        "overlap": found.overlap,
        "on_hold_reason": found.on_hold_reason,
        "created_at": found.created_at,
        "deleted_at": found.deleted_at,
        "text": item.excerpt,
    }


@app.command(epilog="Example: labelbot items show jokes joke-7")
def show(name: Name, item: ItemText, *, as_json: Json = False) -> None:
    """Show an item as experts see it, with its answers and its history."""
    with open_database() as database:
        shown = database.read_now(_load, name, item)
    print_json(_details_json(shown)) if as_json else _print_details(shown)


def _load(session: Session, name: str, item: str) -> ItemDetails:
    campaign = campaigns.campaign_by_name(session, name)
    item_id = references.find_item(session, campaign, item)
    return details.details_of(session, campaign, item_id)


def _details_json(shown: ItemDetails) -> dict[str, Any]:
    found = shown.found
    return {
        "id": found.item_id,
        "item": found.key,
        "campaign": shown.campaign_name,
        "state": found.state,
        "on_hold_reason": found.on_hold_reason,
        "domains": shown.domains,
        "language": shown.language,
        "models": shown.models,
        "gold": shown.gold or None,
        "question": shown.form.question,
        "passages": [
            {"title": passage.title, "text": passage.text} for passage in shown.form.passages
        ],
        "answers": [asdict(answer) for answer in shown.answers],
        "history": [asdict(entry) for entry in shown.history],
    }


def _print_details(shown: ItemDetails) -> None:
    found = shown.found
    reason = f" ({found.on_hold_reason})" if found.on_hold_reason else ""
    key, state = references.short_key(found.key), found.state.replace("_", " ")
    print_text(f"{shown.campaign_name}, {key}: {state}{reason}")
    if shown.form.question:
        print_text(shown.form.question)
    for label, values in (("domains", shown.domains), ("models", shown.models)):
        if any(values):
            print_text(f"{label}: {', '.join(value or '-' for value in values)}")
    for passage in shown.form.passages:
        print_text(f"\n{passage.title}\n{passage.text}")
    if shown.gold:
        print_text(f"\nKnown answer: {shown.gold}")
    _print_answers(shown)
    print_text("\nHistory (UTC)")
    for entry in shown.history:
        print_text(f"{entry.at:%Y-%m-%d %H:%M}  {f'{entry.actor} {entry.text}'.strip()}")


def _print_answers(shown: ItemDetails) -> None:
    print_text("\nAnswers" if shown.answers else "\nNo answers yet.")
    for answer in shown.answers:
        purpose = f" ({answer.purpose})" if answer.purpose else ""
        print_text(f"{answer.name}, {answer.reference}{purpose}: {answer.text}")


@app.command(epilog='Example: labelbot items hold jokes joke-7 --reason "Is the source wrong?"')
def hold(
    name: Name,
    items: ItemTexts,
    *,
    reason: Annotated[str, typer.Option(help="Why; reviewers see it.")] = DEFAULT_HOLD_REASON,
) -> None:
    """Put items on hold: nobody gets them until you release them.

    Experts who have such a task can still answer it.
    """
    held = _change(name, items, changes.hold_items, reason, command_line_actor())
    print_text(f"Put {pluralize(held, 'item')} of “{name}” on hold.")


@app.command(epilog="Example: labelbot items release jokes joke-7")
def release(name: Name, items: ItemTexts) -> None:
    """Return items that are on hold to the queue."""
    released = _change(name, items, changes.release_items, command_line_actor())
    print_text(f"Returned {pluralize(released, 'item')} of “{name}” to the queue.")


@app.command(epilog="Example: labelbot items delete jokes joke-7 joke-8")
def delete(
    name: Name,
    items: ItemTexts,
    *,
    is_confirmed: Annotated[
        bool, typer.Option("--yes", help="Delete without asking for confirmation.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Delete the content of items. It cannot be undone.

    Answers to them are kept, but do not count. The audit log keeps the ids, never the texts.
    """
    if not is_confirmed:
        preview = _change(name, items, changes.preview_deletion)
        question = f"Delete {pluralize(len(preview.keys), 'item')} of “{name}”?"
        answers = pluralize(preview.answers, "answer")
        excluded = f" {answers} will not count." if preview.answers else ""
        typer.confirm(f"{question}{excluded} It cannot be undone.", abort=True, err=True)
    deletion = _change(name, items, changes.delete_items, command_line_actor())
    print_json(deletion) if as_json else print_text(_format_deletion(name, deletion))


def _format_deletion(name: str, deletion: Deletion) -> str:
    parts = [f"Deleted {pluralize(len(deletion.keys), 'item')} of “{name}”"]
    if deletion.answers:
        parts.append(f"{pluralize(deletion.answers, 'answer')} excluded")
    if deletion.unassigned:
        parts.append(f"{pluralize(deletion.unassigned, 'open task')} unassigned")
    return f"{', '.join(parts)}."


def _change(
    name: str,
    items: Sequence[str],
    change: Callable[Concatenate[Session, Campaign, list[int], P], T],
    *args: P.args,
    **kwargs: P.kwargs,
) -> T:
    def run(session: Session) -> T:
        campaign = campaigns.campaign_by_name(session, name, lock=True)
        ids = [references.find_item(session, campaign, item) for item in items]
        return change(session, campaign, ids, *args, **kwargs)

    with open_database() as database:
        return database.write_now(run)
