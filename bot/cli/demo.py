"""`labelbot demo`: the product without a Slack account, by hand or with simulated experts."""

from __future__ import annotations

import sys
import tempfile
import time
import webbrowser
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from threading import Event
from typing import Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from bot.autopilot import answer_everything
from bot.cli import option_parsers
from bot.cli.output import error_console, print_table, print_text
from bot.demo import EXPERTS, SAMPLE_CAMPAIGNS, Demo, DemoConfig, SampleCampaign, run_demo
from bot.errors import BotError
from bot.imports.mapping import ColumnMapping
from bot.kinds import kind_named
from storage.queries import progress

app = typer.Typer(add_completion=False)

POLL_SECONDS = 0.1
"""Interval at which the progress is read from the database."""

TOO_FEW_REMEDY = "Lower --overlap or raise --autopilot"


class ItemsWithoutKindError(BotError):
    """--items and --map need --campaign KIND, the kind of task that the items are for."""


class TooFewExpertsError(BotError):
    """{overlap} answers per item need at least {overlap} experts; there are {experts}. {remedy}."""


class UnfinishedError(BotError):
    """{wrong_count:,} answers are missing or surplus; see the table above."""


@app.command(epilog="Example: labelbot demo --autopilot 5 --out datasets")
def demo(  # noqa: PLR0913 - the options of the command
    *,
    autopilot: Annotated[
        int | None,
        typer.Option(
            min=1,
            max=len(EXPERTS),
            help="Let this many simulated experts answer everything, then export it.",
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            parser=option_parsers.parse_folder,
            metavar="FOLDER",
            help="Folder for exports; default: datasets.",
        ),
    ] = None,
    campaign: Annotated[
        str | None,
        typer.Option(
            metavar="KIND",
            help=f"Create only the campaign of this kind: {', '.join(SAMPLE_CAMPAIGNS)}.",
        ),
    ] = None,
    items: Annotated[
        Path | None,
        typer.Option(
            help="File with items for --campaign instead of the sample.",
            exists=True,
            dir_okay=False,
        ),
    ] = None,
    mapping: Annotated[
        list[str] | None, typer.Option("--map", help="PART=COLUMN,…, as for labelbot import.")
    ] = None,
    overlap: Annotated[int, typer.Option(metavar="COUNT", min=1, help="Answers per item.")] = 2,
    database: Annotated[
        str | None, typer.Option(help="URL of an empty database; default: a temporary SQLite file.")
    ] = None,
    http: Annotated[
        bool, typer.Option("--http", help="Use signed HTTP instead of Socket Mode.")
    ] = False,
    limits: Annotated[
        bool, typer.Option("--limits/--no-limits", help="Apply Slack's rate limits.")
    ] = True,
    port: Annotated[int, typer.Option(help="Port of the sandbox; 0 selects a free one.")] = 0,
    browser: Annotated[
        bool, typer.Option("--open/--no-open", help="Open the sandbox in the browser.")
    ] = True,
) -> None:
    """Try the product without a Slack account, by hand or with --autopilot.

    Starts a Slack sandbox with sample campaigns, experts, a coordinator and the bot.
    """
    experts = autopilot or 3
    if overlap > experts:
        raise TooFewExpertsError(overlap=overlap, experts=experts, remedy=TOO_FEW_REMEDY)
    with tempfile.TemporaryDirectory(prefix="labelbot-demo-") as folder:
        config = DemoConfig(
            database_url=database or f"sqlite:///{folder}/labelbot.db",
            exports_dir=(out or Path("datasets")).resolve(),
            campaigns=_select_campaigns(campaign, items, mapping),
            expert_count=experts,
            overlap=overlap,
            uses_socket_mode=not http,
            has_rate_limits=limits,
            port=port,
            has_history=not autopilot and items is None,
        )
        with run_demo(config) as demo:
            _run_autopilot(demo, config) if autopilot else _wait_for_interrupt(
                demo, opens_browser=browser
            )


def _select_campaigns(
    kind: str | None, items: Path | None, mapping: list[str] | None
) -> list[SampleCampaign]:
    if kind is None:
        if items or mapping:
            raise ItemsWithoutKindError
        return list(SAMPLE_CAMPAIGNS.values())
    sample = SAMPLE_CAMPAIGNS[kind_named(kind).name]
    columns = ColumnMapping.parse(mapping or [])
    return [replace(sample, items_path=items or sample.items_path, columns=columns)]


def _wait_for_interrupt(demo: Demo, *, opens_browser: bool) -> None:
    print_text(f"Sandbox: {demo.sandbox.url}")
    if opens_browser and sys.stdout.isatty():
        webbrowser.open(demo.sandbox.url)
    names = ", ".join(person.name for person in demo.experts)
    print_text(f"Experts: {names}. Coordinator: {demo.coordinator.name}.")
    print_text(f"Time in the sandbox: {demo.clock.now():%A, %H:%M} UTC. Ctrl-C stops the demo.")
    with suppress(KeyboardInterrupt):
        Event().wait()


def _run_autopilot(demo: Demo, config: DemoConfig) -> None:
    started = time.monotonic()
    _answer_with_progress(demo)
    elapsed = time.monotonic() - started
    statuses = demo.statuses()
    stored = demo.database.read_now(progress.stored_answer_counts)
    print_table(
        ("campaign", "items", "overlap", "wanted", "stored"),
        [(s.name, s.items, s.overlap, s.wanted, stored.get(s.name, 0)) for s in statuses],
    )
    written = [
        export for status in statuses for export in demo.export(status.name, config.exports_dir)
    ]
    print_table(
        ("export", "rows", "left out"),
        [(w.directory.name, w.row_count, sum(w.left_out.values())) for w in written],
    )
    total = sum(stored.values())
    print_text(f"{total:,} answers by {len(demo.experts)} experts in {elapsed:.1f} s, exported to")
    print_text(str(config.exports_dir))
    wrong_count = sum(abs(s.wanted - stored.get(s.name, 0)) for s in statuses)
    if wrong_count:
        raise UnfinishedError(wrong_count=wrong_count)


def _answer_with_progress(demo: Demo) -> None:
    """Let the experts answer all campaigns, with a progress bar for each."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, TimeElapsedColumn(), console=error_console()) as bar:
        jobs = {s.name: bar.add_task(s.title, total=s.wanted) for s in demo.statuses()}

        def is_done() -> bool:
            for status in demo.statuses():
                bar.update(jobs[status.name], completed=status.answered)
            return demo.is_complete()

        answer_everything(demo.experts, _throttle(is_done))


def _throttle(check: Callable[[], bool]) -> Callable[[], bool]:
    """Return `check` with its result cached for POLL_SECONDS, because every expert polls it."""
    checked_at, result = 0.0, False

    def cached_check() -> bool:
        nonlocal checked_at, result
        if time.monotonic() - checked_at > POLL_SECONDS:
            result = check()
            checked_at = time.monotonic()
        return result

    return cached_check
