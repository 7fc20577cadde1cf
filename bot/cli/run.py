"""`labelbot run`: the bot, until it is stopped."""

from __future__ import annotations

import asyncio
import gc
import logging
import os
import signal
import threading
from typing import Annotated

import typer

from bot.app import Bot
from bot.background_bot import new_event_loop
from bot.cli.database import convert_database_errors
from bot.cli.output import print_note
from bot.errors import BotError
from bot.logs import configure_logs
from bot.settings import Settings, load_settings
from bot.spans import enable_tracing

app = typer.Typer(add_completion=False)

log = logging.getLogger(__name__)

MAX_SHUTDOWN_SECONDS = 9
"""Seconds after which a process that should stop ends in any case."""


class PortUnavailableError(BotError):
    """The bot cannot listen on {address}: {reason}. Set LABELBOT_PORT or LABELBOT_METRICS_PORT."""


@app.command(epilog="Example: labelbot run")
def run(
    *,
    verbose: Annotated[
        bool, typer.Option("--verbose", help="Log information in addition to warnings and errors.")
    ] = False,
) -> None:
    """Run the bot until it is stopped.

    It uses Socket Mode with an app-level token, else HTTP with a signing secret.
    Settings come from the environment and `.env`. The database is upgraded first.
    SIGTERM and Ctrl-C stop the bot after it has finished the work in progress.
    """
    settings = load_settings()
    configure_logs(settings.log_format, settings.error_hook, verbose=verbose)
    if settings.tracing:
        enable_tracing()
    gc.freeze()  # spares the collector the modules loaded so far, so the bot starts faster
    with convert_database_errors(), asyncio.Runner(loop_factory=new_event_loop) as runner:
        runner.run(_run_until_stopped(settings))


async def _run_until_stopped(settings: Settings) -> None:
    stop_requested = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stop_requested.set)
    bot = Bot(settings)
    try:
        if await _start_unless_stopped(bot, stop_requested):
            # Nothing allocated so far is ever freed. Without freezing, each full collection would
            # walk all of it and delay clicks by 50 ms.
            gc.collect()
            gc.freeze()
            print_note(_describe_start(bot, settings))
            await stop_requested.wait()
    finally:
        _limit_shutdown()
        await bot.stop()


async def _start_unless_stopped(bot: Bot, stop_requested: asyncio.Event) -> bool:
    """Start the bot; return False if it has to stop before that, because Slack does not answer."""
    start = asyncio.create_task(_start_bot(bot, bot.settings))
    stop = asyncio.create_task(stop_requested.wait())
    await asyncio.wait({start, stop}, return_when=asyncio.FIRST_COMPLETED)
    stop.cancel()
    if start.done():
        await start
        return True
    start.cancel()
    await asyncio.gather(start, return_exceptions=True)
    return False


async def _start_bot(bot: Bot, settings: Settings) -> None:
    try:
        await bot.start()
    except OSError as error:
        host, port = (
            (settings.metrics_host, settings.metrics_port)
            if bot.port
            else (settings.host, settings.port)
        )
        address = f"{host}:{port}"
        raise PortUnavailableError(address=address, reason=error.strerror or error) from error


def _describe_start(bot: Bot, settings: Settings) -> str:
    connection = "Socket Mode" if settings.is_socket_mode else f"signed HTTP on port {bot.port}"
    health = f"health check at http://{settings.host}:{bot.port}/health"
    problems = bot.slack_problems()
    if problems:
        return f"labelbot is running without Slack: {' '.join(problems)} It keeps trying; {health}."
    return f"labelbot is running: {connection}; {health}."


def _limit_shutdown() -> None:
    """End the process if the shutdown hangs, for example because PostgreSQL does not answer.

    Every acknowledged answer is stored by then, so this loses no more than a kill does: nothing.
    """
    timer = threading.Timer(MAX_SHUTDOWN_SECONDS, _exit_at_once)
    timer.daemon = True
    timer.start()


def _exit_at_once() -> None:
    log.warning("the shutdown took longer than %d seconds", MAX_SHUTDOWN_SECONDS)
    os._exit(0)
