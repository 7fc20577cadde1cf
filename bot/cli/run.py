"""`labelbot run`: the bot, until it is stopped."""

from __future__ import annotations

import asyncio
import gc
import logging
import signal
from typing import Annotated

import aiohttp
import typer
from slack_sdk.errors import SlackApiError

from bot.app import Bot
from bot.background_bot import new_event_loop
from bot.cli.database import convert_database_errors
from bot.cli.output import print_note
from bot.errors import BotError
from bot.settings import Settings, load_settings
from bot.slack.client.web_client import error_code

app = typer.Typer(add_completion=False)


class SlackLoginError(BotError):
    """The bot cannot connect to Slack ({reason}). Run `labelbot doctor` to see how to fix it."""


class PortUnavailableError(BotError):
    """The bot cannot listen on {address}: {reason}. Set LABELBOT_PORT to another port."""


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
    level = logging.INFO if verbose else logging.WARNING
    logging.basicConfig(level=level, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    settings = load_settings()
    gc.freeze()  # spares the collector the modules loaded so far, so the bot starts faster
    with convert_database_errors(), asyncio.Runner(loop_factory=new_event_loop) as runner:
        runner.run(_run_until_stopped(settings))


async def _run_until_stopped(settings: Settings) -> None:
    stop_requested = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stop_requested.set)
    bot = Bot(settings)
    try:
        await _start_bot(bot, settings)
        # Nothing allocated so far is ever freed. Without freezing, each full collection would walk
        # all of it and delay clicks by 50 ms.
        gc.collect()
        gc.freeze()
        connection = "Socket Mode" if settings.is_socket_mode else f"signed HTTP on port {bot.port}"
        print_note(
            f"labelbot is running: {connection}; health check at "
            f"http://{settings.host}:{bot.port}/health."
        )
        await stop_requested.wait()
    finally:
        await bot.stop()


async def _start_bot(bot: Bot, settings: Settings) -> None:
    try:
        await bot.start()
    except SlackApiError as error:
        raise SlackLoginError(reason=error_code(error)) from error
    except (aiohttp.ClientError, TimeoutError) as error:
        raise SlackLoginError(reason="no answer") from error
    except OSError as error:
        address = f"{settings.host}:{settings.port}"
        raise PortUnavailableError(address=address, reason=error.strerror or error) from error
