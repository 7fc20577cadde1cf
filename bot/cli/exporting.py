"""`labelbot export`: a campaign's answers as a dataset, now, or whatever is due."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from sqlmodel import Session

from bot.cli.opening import by_hand, open_database
from bot.cli.speaking import JSON, complain, note, say, say_json, waiting
from bot.clock import WallClock
from bot.exports.formats import FORMATS
from bot.exports.writing import Written
from bot.services import campaigning, exporting, scheduling
from bot.services.directing import By
from bot.services.scheduling import Claimed, Wanted
from bot.settings import load_storage_settings
from storage.database import Database

app = typer.Typer(add_completion=False)


@app.command(epilog="Example: labelbot export jokes --format rating --to exports")
def export(  # noqa: PLR0913 - they are its options
    campaign: Annotated[str | None, typer.Argument(help="The name of the campaign.")] = None,
    *,
    shape: Annotated[
        str | None,
        typer.Option("--format", help=f"{', '.join(FORMATS)}; that of the kind if left out."),
    ] = None,
    to: Annotated[
        Path | None, typer.Option(help="Into this folder; that of LABELBOT_EXPORTS if left out.")
    ] = None,
    due: Annotated[
        bool, typer.Option("--due", help="Run what is scheduled or was asked for, instead.")
    ] = False,
    freeze: Annotated[
        bool, typer.Option("--freeze", help="Make the answers in it final: nobody changes them.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help=JSON)] = False,
) -> None:
    """Write a campaign's answers as a dataset: JSON Lines, Parquet, a card and a manifest."""
    if due == bool(campaign):
        message = "Name a campaign, or say --due."
        raise typer.BadParameter(message)
    if freeze and due:
        message = "--freeze goes with a campaign, not with --due."
        raise typer.BadParameter(message)
    directory = (to or load_storage_settings().exports_dir).resolve()
    with open_database() as database:
        if campaign:
            _say(_exported(database, campaign, shape, directory, freeze=freeze), as_json=as_json)
        else:
            _run_due(database, as_json=as_json)


def _exported(
    database: Database, campaign: str, shape: str | None, directory: Path, *, freeze: bool
) -> Written:
    claimed = database.write_now(_claimed, campaign, shape, directory, by_hand(), freeze=freeze)
    with waiting(f"Exporting “{campaign}” …"):
        return exporting.run_export(database, claimed, WallClock())


def _claimed(  # noqa: PLR0913 - they are what was typed
    session: Session, name: str, shape: str | None, directory: Path, by: By, *, freeze: bool
) -> Claimed:
    campaign = campaigning.campaign_named(session, name)
    wanted = Wanted(shape or scheduling.formats_for(campaign.kind)[0], directory, freezes=freeze)
    return scheduling.begin_export(session, campaign, wanted, by)


def _say(written: Written, *, as_json: bool) -> None:
    if as_json:
        say_json(written)
        return
    say(f"{written.rows:,} rows in {written.directory}")
    if not written.rows and not written.skipped:
        note("Nothing is answered yet; labelbot status says of each campaign what it needs.")
    for reason, count in written.skipped.items():
        say(f"{count:,} left out: {reason}")


def _run_due(database: Database, *, as_json: bool) -> None:
    clock = WallClock()
    queued = database.write_now(scheduling.queue_due, clock.now())
    with waiting("Exporting what is due …"):
        ran = exporting.run_waiting(database, clock)
    if as_json:
        say_json({"queued": queued, "done": ran.done, "failed": ran.failed})
    else:
        say(f"{ran.done} exports written.")
    if ran.failed:
        complain(f"{ran.failed} exports failed; each says above what to do.")
        raise typer.Exit(1)
