"""`labelbot exports`: the exports so far, and another attempt to deliver one."""

from __future__ import annotations

from contextlib import closing
from typing import Annotated, Any

import typer
from sqlmodel import Session
from typer.core import TyperGroup

from bot.cli import export_evidence, option_parsers
from bot.cli.database import open_database
from bot.cli.output import JSON_HELP, print_json, print_table, print_text, show_spinner
from bot.clock import WallClock, format_day
from bot.services.campaigns import campaigns
from bot.services.exports import claims, run, run_list
from bot.services.exports.run_list import ExportRunStatus
from bot.slack.blockkit.text import pluralize
from storage.row_id import id_of
from storage.tables import RunState
from storage.worker_lock import WorkerLock

COLUMNS = ("id", "campaign", "format", "due", "rows", "left out", "where", "manifest", "outcome")

MANIFEST_DIGITS = 12
"""Digits of a manifest's checksum in the table; JSON has all."""


class ExportsGroup(TyperGroup):
    """A group whose `list` is the usual command: `labelbot exports jokes` lists those of jokes."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:  # noqa: ANN401 - Typer keeps its types private
        """Take anything but the name of a command, such as that of a campaign, for `list`."""
        is_command = bool(args) and (args[0] in self.commands or args[0] == "--help")
        return super().parse_args(ctx, args if is_command else ["list", *args])


app = typer.Typer(
    cls=ExportsGroup,
    add_completion=False,
    help="List exports with their outcome; deliver, replay, compare, verify and prune them.",
)

app.registered_commands += export_evidence.app.registered_commands

Json = Annotated[bool, typer.Option("--json", help=JSON_HELP)]


@app.command("list", epilog="Example: labelbot exports list jokes --json")
def list_exports(
    campaign: Annotated[
        str | None, typer.Argument(metavar="CAMPAIGN", help="Name of a campaign; default: all.")
    ] = None,
    *,
    limit: Annotated[
        int,
        typer.Option(
            metavar="COUNT", parser=option_parsers.parse_limit, help="Maximum number of exports."
        ),
    ] = 20,
    as_json: Json = False,
) -> None:
    """List exports, the newest first: when, format, rows, where, manifest and outcome."""
    with open_database() as database:
        runs = database.read_now(_load_runs, campaign, limit)
    if as_json:
        print_json(runs)
    elif not runs:
        print_text("There are no exports yet. Make one with labelbot export CAMPAIGN.")
    else:
        print_table(COLUMNS, [_table_row(one) for one in runs])


@app.command(epilog="Example: labelbot exports deliver 12")
def deliver(
    run_id: Annotated[
        int, typer.Argument(metavar="ID", help="Id of the export, from labelbot exports.")
    ],
) -> None:
    """Deliver a written export again after its delivery failed."""
    clock = WallClock()
    with open_database() as database, closing(WorkerLock(database.engine)) as worker:
        claimed, written = database.write_now(claims.claim_delivery, run_id, clock.now(), worker.id)
        with show_spinner(f"Delivering to {claimed.destination} …"):
            location = run.deliver_run(database, claimed, written, clock)
    print_text(f"Delivered to {location}")


def _load_runs(session: Session, name: str | None, limit: int) -> list[ExportRunStatus]:
    campaign = campaigns.campaign_by_name(session, name) if name is not None else None
    return run_list.list_runs(session, id_of(campaign) if campaign else None, limit)


def _table_row(status: ExportRunStatus) -> list[object]:
    options = " ".join(f"{name}={text}" for name, text in status.options.items())
    return [
        status.id,
        status.campaign,
        f"{status.format} {options}".strip(),
        status.due_at,
        status.rows,
        status.left_out,
        status.location or status.destination or status.path or status.directory,
        (status.manifest_sha256 or "")[:MANIFEST_DIGITS] or None,
        describe_outcome(status),
    ]


def describe_outcome(status: ExportRunStatus) -> str:
    """Return what happened to an export, in words."""
    if status.state == RunState.DONE:
        missed = (
            f", in place of {status.missed_runs + 1:,} missed runs" if status.missed_runs else ""
        )
        return f"{'delivered' if status.location else 'done'}{missed}"
    if status.state == RunState.RUNNING:
        return "running"
    if status.state == RunState.FAILED:
        return f"failed: {status.error}"
    if status.error and status.retry_at:
        tried = pluralize(status.attempts, "attempt")
        at = f"{format_day(status.retry_at)} {status.retry_at:%H:%M} UTC"
        return f"{tried}, next {at}: {status.error}"
    return "queued"
