"""The options of commands that export: which answers have rows, and what the rows and card show."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import wraps
from typing import Annotated, Any, get_type_hints

import typer

from bot.exports.export_choices import Evidence, Pseudonyms
from bot.exports.row_options import SOURCES, Aggregate, RowOptions, Undecided, parse_row_options

OPTIONS_PARAMETER = "options"


def build_options(  # noqa: PLR0913 - the options of the commands
    *,
    aggregate: Annotated[
        Aggregate | None,
        typer.Option(help="How the answers to an item become rows; default: that of the format."),
    ] = None,
    min_agreement: Annotated[
        float | None,
        typer.Option(
            metavar="SHARE",
            help="Leave out rows with which fewer of the item's answers agree.",
            min=0.0,
            max=1.0,
        ),
    ] = None,
    source: Annotated[
        str | None,
        typer.Option(
            metavar="SOURCES",
            help=f"Only items with these consensus sources, with commas: {', '.join(SOURCES)}.",
        ),
    ] = None,
    split: Annotated[
        str | None,
        typer.Option(
            metavar="SPLITS",
            help="Splits other than train, and their share of prompts: validation=0.05,test=0.1.",
        ),
    ] = None,
    ties: Annotated[
        Undecided | None,
        typer.Option(help="Whether ties have rows; default: that of the format."),
    ] = None,
    both_bad: Annotated[
        Undecided | None,
        typer.Option(
            help="Whether pairs with two bad responses have rows; default: that of the format."
        ),
    ] = None,
    gap: Annotated[
        float | None,
        typer.Option(
            metavar="SHARE",
            help="Smallest difference of two ratings that are a pair, as a share of the scale; "
            "default: 0.25.",
            min=0.0,
            max=1.0,
        ),
    ] = None,
    dataset_license: Annotated[
        str | None,
        typer.Option(
            "--license", metavar="LICENSE", help="License of the dataset, such as cc-by-4.0."
        ),
    ] = None,
    language: Annotated[
        str | None,
        typer.Option(metavar="CODES", help="Languages of the dataset, such as en,de; card only."),
    ] = None,
    since: Annotated[
        str | None,
        typer.Option(
            metavar="last|DATE",
            help="Only answers since the last export in this format, or since a date (UTC).",
        ),
    ] = None,
    deduplicate: Annotated[
        bool,
        typer.Option("--deduplicate", help="Leave out rows that train the same as another."),
    ] = False,
    meta: Annotated[
        str | None,
        typer.Option(metavar="COLUMNS", help="Columns of the imported rows to add, with commas."),
    ] = None,
    pseudonyms: Annotated[
        Pseudonyms | None,
        typer.Option(help="How far the pseudonym of an expert reaches; default: workspace."),
    ] = None,
    redact: Annotated[
        list[str] | None,
        typer.Option(
            metavar="PATTERN",
            help="Replace email, phone or an RE2 pattern in all texts; can be repeated.",
        ),
    ] = None,
    evidence: Annotated[
        Evidence | None,
        typer.Option(help="opened: only answers whose expert could see all text; default: any."),
    ] = None,
) -> RowOptions:
    """Return the options of an export's rows, None for those that were not given.

    Raises:
        BotError: a value is invalid.
    """
    given: dict[str, object] = {
        "aggregate": aggregate,
        "min-agreement": min_agreement,
        "source": source,
        "split": split,
        "ties": ties,
        "both-bad": both_bad,
        "gap": gap,
        "license": dataset_license,
        "language": language,
        "since": since,
        "deduplicate": "yes" if deduplicate else None,
        "meta": meta,
        "pseudonyms": pseudonyms,
        "redact": "\n".join(redact) if redact else None,
        "evidence": evidence,
    }
    return parse_row_options(
        {name: str(value) for name, value in given.items() if value is not None}
    )


def with_row_options(command: Callable[..., None]) -> Callable[..., None]:
    """Return a command with the options of `build_options` in place of its parameter `options`.

    Typer reads the options of a command from its signature.
    """
    own = inspect.signature(command).parameters
    added = inspect.signature(build_options).parameters

    @wraps(command)
    def run(**values: object) -> None:
        chosen: dict[str, Any] = {name: values.pop(name) for name in added}
        command(**values, options=build_options(**chosen))

    parameters = [
        parameter
        for name, kept in own.items()
        for parameter in (added.values() if name == OPTIONS_PARAMETER else (kept,))
    ]
    hints = get_type_hints(command, include_extras=True)
    hints |= get_type_hints(build_options, include_extras=True)
    del hints[OPTIONS_PARAMETER]
    run.__signature__ = inspect.Signature(  # type: ignore[attr-defined]  # read by inspect
        [one.replace(annotation=hints[one.name]) for one in parameters]
    )
    run.__annotations__ = {**hints, "return": None}
    return run
