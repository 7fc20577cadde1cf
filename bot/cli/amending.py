"""What a running campaign may change: its guidelines, and whom it suits."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from sqlmodel import Session

from bot.cli import reading, wanting
from bot.cli.opening import by_hand, open_database
from bot.cli.speaking import say
from bot.services import addressing, campaigning, guiding, inviting
from bot.services.directing import By

Name = Annotated[str, typer.Argument(help="The name of the campaign.")]


def guidelines(
    name: Name,
    *,
    file: Annotated[Path, typer.Option(help="The guidelines, in Markdown.")],
    note: Annotated[str, typer.Option(help="What changed, in a few words: experts read it.")],
    link: Annotated[
        str | None, typer.Option(help="Where more of them stands; “” takes it away.")
    ] = None,
) -> None:
    """Put other guidelines in force; each expert's next task says what changed."""
    text = reading.text_of(file)
    with open_database() as database:
        version = database.write_now(_guided, name, text, note, link, by_hand())
    say(f"“{name}” has guidelines v{version}; each expert's next task says what changed.")


def _guided(  # noqa: PLR0913, PLR0917 - they are what a version says
    session: Session, name: str, text: str, note: str, link: str | None, by: By
) -> int:
    campaign = campaigning.campaign_named(session, name, lock=True)
    return guiding.change(session, campaign, text, note, by, link=link)


def address(
    name: Name, *, domains: wanting.Domains = None, language: wanting.Language = None
) -> None:
    """Change whom a campaign suits; “” means anybody, and what is left out stays as it was."""
    tags = inviting.tags(domains) if domains is not None else None
    with open_database() as database:
        database.write_now(_addressed, name, tags, language, by_hand())
    say(f"“{name}” is for others now; everybody looks through it anew.")


def _addressed(
    session: Session, name: str, domains: tuple[str, ...] | None, language: str | None, by: By
) -> None:
    campaign = campaigning.campaign_named(session, name, lock=True)
    addressing.address(session, campaign, domains, language, by)
