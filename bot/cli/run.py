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
from bot.background_bot import new_event_loop
from bot.cli.database import convert_database_errors
from bot.cli.output import print_note
from bot.errors import BotError
from bot.settings import Settings, load_settings
from bot.slack.client.web_client import error_code

app = typer.Typer(add_completion=False)


class SlackLoginError(BotError):
    """Slack does not let the bot in ({reason}); run `labelbot doctor` to see what to mend."""


class PortUnavailableError(BotError):
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
    with convert_database_errors(), asyncio.Runner(loop_factory=new_event_loop) as runner:
        runner.run(_run_until_stopped(settings))


async def _run_until_stopped(settings: Settings) -> None:
    stop_requested = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stop_requested.set)
    bot = Bot(settings)
    try:
        await _start_bot(bot, settings)
        # What is there now stays. A collection that walked all of it would hold up every click for
        # fifty milliseconds.
        gc.collect()
        gc.freeze()
        connection = "Socket Mode" if settings.is_socket_mode else f"signed HTTP on port {bot.port}"
        print_note(
            f"labelbot is running: {connection}, health on http://{settings.host}:{bot.port}/health."
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
        raise SlackLoginError(reason="no answer from it") from error
    except OSError as error:
        place = f"{settings.host}:{settings.port}"
        raise PortUnavailableError(place=place, reason=error.strerror or error) from error
