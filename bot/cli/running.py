"""`labelbot run`: the bot, until it is told to stop."""

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
from bot.cli.opening import reachable
from bot.cli.speaking import note
from bot.errors import BotError
from bot.hosting import new_event_loop
from bot.settings import Settings, load_settings
from bot.slack.client import error_code

app = typer.Typer(add_completion=False)


class NoEntryError(BotError):
    """Slack does not let the bot in ({reason}); run `labelbot doctor` to see what to mend."""


class NoPortError(BotError):
    """The bot cannot listen on {place}: {reason}; set LABELBOT_PORT to another port."""


@app.command(epilog="Example: labelbot run")
def run(
    *,
    verbose: Annotated[bool, typer.Option("--verbose", help="Log more.")] = False,
) -> None:
    """Run the bot: Socket Mode with an app token, signed HTTP with a signing secret.

    The settings come from the environment and `.env`. The database is upgraded first. SIGTERM and
    Ctrl-C stop it when what it is doing is done.
    """
    level = logging.INFO if verbose else logging.WARNING
    logging.basicConfig(level=level, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    settings = load_settings()
    gc.freeze()  # what is loaded by now is not looked through while the bot starts
    with reachable(), asyncio.Runner(loop_factory=new_event_loop) as runner:
        runner.run(_run(settings))


async def _run(settings: Settings) -> None:
    told = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, told.set)
    bot = Bot(settings)
    try:
        await _start(bot, settings)
        # What is there now stays. A collection that walked all of it would hold up every click for
        # fifty milliseconds.
        gc.collect()
        gc.freeze()
        way = "Socket Mode" if settings.is_socket_mode else f"signed HTTP on port {bot.port}"
        note(f"labelbot is running: {way}, health on http://{settings.host}:{bot.port}/health.")
        await told.wait()
    finally:
        await bot.stop()


async def _start(bot: Bot, settings: Settings) -> None:
    try:
        await bot.start()
    except SlackApiError as error:
        raise NoEntryError(reason=error_code(error)) from error
    except (aiohttp.ClientError, TimeoutError) as error:
        raise NoEntryError(reason="no answer from it") from error
    except OSError as error:
        place = f"{settings.host}:{settings.port}"
        raise NoPortError(place=place, reason=error.strerror or error) from error
