"""`labelbot exports`: replay, compare and verify exports, and prune what replays need."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.database import command_line_actor, open_database
from bot.cli.output import JSON_HELP, print_error, print_json, print_table, print_text, show_spinner
from bot.exports.verification import verify_folder
from bot.services.exports.change_reasons import ExplainedChange, explain_changes
from bot.services.exports.replay import replay_export
from bot.services.exports.snapshots import count_old_snapshots, prune_snapshots
from bot.settings import load_storage_settings
from bot.slack.blockkit.text import pluralize

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    help="Replay an export from what it read, compare two exports, and verify a folder.",
)

REPLAYS_FOLDER = "replays"

COLUMNS = ("change", "table", "item", "expert", "columns", "why")

MAX_PRINTED_ROWS = 1_000
"""Most rows that are printed for people; JSON has all."""

MAX_DAYS = 36_500

Json = Annotated[bool, typer.Option("--json", help=JSON_HELP)]


@app.command(epilog="Example: labelbot exports replay exports/tone-sft-20300531T060000Z")
def replay(
    manifest: Annotated[
        Path, typer.Argument(metavar="MANIFEST", help="manifest.json of an export, or its folder.")
    ],
    *,
    to: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help="Folder for the replay; default: replays in exports."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Write the data files of an export again, byte for byte, from what it read.

    Answers, exclusions and decisions that came later change nothing. The command fails and says why
    if rows were erased, or if another version writes other bytes.
    """
    directory = (to or load_storage_settings().exports_dir / REPLAYS_FOLDER).resolve()
    with open_database() as database, show_spinner(f"Replaying {manifest} …"):
        result = replay_export(database, manifest, directory)
    if as_json:
        print_json(result)
        return
    print_text(f"{pluralize(result.row_count, 'row')} in {result.directory}")
    print_text(f"Equal to the export, byte for byte: {', '.join(result.files)}")


@app.command(epilog="Example: labelbot exports diff exports/tone-sft-1 exports/tone-sft-2 --json")
def diff(
    first: Annotated[Path, typer.Argument(metavar="A", help="The earlier export, a folder.")],
    second: Annotated[Path, typer.Argument(metavar="B", help="The later export, a folder.")],
    *,
    as_json: Json = False,
) -> None:
    """Show which rows two exports of a campaign do not share, and why."""
    with open_database() as database, show_spinner("Comparing …"):
        changes = explain_changes(database, first, second)
    counts = Counter(change.row.change for change in changes)
    if as_json:
        rows = [{**asdict(change.row), "reasons": change.reasons} for change in changes]
        print_json({"counts": counts, "rows": rows})
        return
    if not changes:
        print_text("The rows of both exports are the same.")
        return
    print_table(COLUMNS, [_table_row(change) for change in changes[:MAX_PRINTED_ROWS]])
    if len(changes) > MAX_PRINTED_ROWS:
        print_text(f"and {len(changes) - MAX_PRINTED_ROWS:,} more rows; use --json to get all")
    parts = (f"{count:,} {change}" for change, count in sorted(counts.items()))
    print_text(f"\n{pluralize(len(changes), 'row')}: {', '.join(parts)}")


def _table_row(change: ExplainedChange) -> list[object]:
    row = change.row
    cells = (row.change, row.config, row.item, row.expert, ", ".join(row.columns))
    return [*(cell or None for cell in cells), "; ".join(change.reasons)]


@app.command(epilog="Example: labelbot exports prune --days 365 --dry-run")
def prune(
    *,
    days: Annotated[
        int,
        typer.Option(metavar="DAYS", help="Keep what exports of so many days have read.", min=1),
    ] = 365,
    is_dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would be deleted; delete nothing.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Delete from the database what old exports have read; they can no longer be replayed.

    The last export of each campaign in each format, and of each schedule, stays replayable. Folders
    of exports are not touched.
    """
    actor = command_line_actor()
    before = actor.at - timedelta(days=min(days, MAX_DAYS))
    with open_database() as database:
        if is_dry_run:
            pruned = database.read_now(count_old_snapshots, before)
        else:
            pruned = database.write_now(prune_snapshots, before, actor)
    if as_json:
        print_json(pruned)
        return
    verb = "Would delete" if is_dry_run else "Deleted"
    print_text(f"{verb} {pluralize(pruned.snapshots, 'snapshot')}, {pruned.bytes:,} bytes.")


@app.command(epilog="Example: labelbot exports verify exports/tone-sft-20300531T060000Z")
def verify(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="The folder of an export.")],
    *,
    as_json: Json = False,
) -> None:
    """Check the files of an export: hashes, sizes, rows and columns. No database is needed."""
    result = verify_folder(folder)
    if as_json:
        print_json(result)
    else:
        for deviation in result.deviations:
            print_text(f"{deviation.file} {deviation.problem}")
        if not result.deviations:
            rows, files = pluralize(result.rows, "row"), pluralize(result.files, "file")
            print_text(f"{result.name} is as its manifest says: {files}, {rows}.")
    if result.deviations:
        print_error(f"{pluralize(len(result.deviations), 'deviation')} from the manifest.")
        raise typer.Exit(1)
