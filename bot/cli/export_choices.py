"""Options of commands that choose which answers an export has and what its rows show."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer

from bot.exports.export_choices import Evidence, Pseudonyms

SinceOption = Annotated[
    str | None,
    typer.Option(
        "--since",
        metavar="last|DATE",
        help="Only answers since the last export in this format, or since a date (UTC).",
    ),
]

DeduplicateOption = Annotated[
    bool, typer.Option("--deduplicate", help="Leave out rows that train the same as another.")
]

MetaOption = Annotated[
    str | None,
    typer.Option(
        "--meta", metavar="COLUMNS", help="Columns of the imported rows to add, with commas."
    ),
]

PseudonymsOption = Annotated[
    Pseudonyms,
    typer.Option("--pseudonyms", help="How far the pseudonym of an expert reaches."),
]

RedactOption = Annotated[
    list[str] | None,
    typer.Option(
        "--redact",
        metavar="PATTERN",
        help="Replace email, phone or an RE2 pattern in all texts; can be repeated.",
    ),
]

EvidenceOption = Annotated[
    Evidence,
    typer.Option(
        "--evidence", help="opened: only answers whose expert could see all text; default: any."
    ),
]


def choice_texts(  # noqa: PLR0913 - the options of the command
    *,
    since: str | None,
    deduplicate: bool,
    meta: str | None,
    pseudonyms: Pseudonyms,
    redact: Sequence[str] | None,
    evidence: Evidence,
) -> dict[str, str | None]:
    """Return the options as text by name, None for those that were not given."""
    return {
        "since": since,
        "deduplicate": "yes" if deduplicate else None,
        "meta": meta,
        "pseudonyms": pseudonyms,
        "redact": "\n".join(redact) if redact else None,
        "evidence": evidence,
    }
