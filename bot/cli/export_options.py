"""Options of commands that export: how answers become rows, and what the dataset card says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

import typer

from bot.exports.row_options import SOURCES, Aggregate, RowOptions, Undecided, parse_row_options

AggregateOption = Annotated[
    Aggregate | None,
    typer.Option(
        "--aggregate", help="How the answers to an item become rows; default: that of the format."
    ),
]

AgreementOption = Annotated[
    float,
    typer.Option(
        "--min-agreement",
        metavar="SHARE",
        help="Leave out rows with which fewer of the item's answers agree.",
        min=0.0,
        max=1.0,
    ),
]

SourceOption = Annotated[
    str | None,
    typer.Option(
        "--source",
        metavar="SOURCES",
        help=f"Only items with these consensus sources, with commas: {', '.join(SOURCES)}.",
    ),
]


SplitOption = Annotated[
    str | None,
    typer.Option(
        "--split",
        metavar="SPLITS",
        help="Splits beside train and their share of the prompts: validation=0.05,test=0.1.",
    ),
]


TiesOption = Annotated[
    Undecided | None,
    typer.Option("--ties", help="Whether ties have rows; default: that of the format."),
]

BothBadOption = Annotated[
    Undecided | None,
    typer.Option(
        "--both-bad",
        help="Whether pairs with two bad responses have rows; default: that of the format.",
    ),
]

GapOption = Annotated[
    float | None,
    typer.Option(
        "--gap",
        metavar="SHARE",
        help="Smallest difference of two ratings that are a pair, as a share of the scale; 0.25.",
        min=0.0,
        max=1.0,
    ),
]


LicenseOption = Annotated[
    str | None,
    typer.Option("--license", metavar="LICENSE", help="License of the dataset, such as cc-by-4.0."),
]

LanguageOption = Annotated[
    str | None,
    typer.Option(
        "--language", metavar="CODES", help="Languages of the dataset, such as en,de; card only."
    ),
]


def row_options(values: Mapping[str, str | float | None]) -> RowOptions:
    """Return the options of an export's rows from the options of a command, None if not given.

    Raises:
        BotError: a value is invalid.
    """
    return parse_row_options(
        {name: str(value) for name, value in values.items() if value is not None}
    )
