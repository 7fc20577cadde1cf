"""The time until a Home tab is shown, while many people open theirs."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from time import perf_counter, sleep

from bot.background_bot import BackgroundBot
from bot.sandbox import NO_LIMITS, Sandbox, SimulatedUser
from bot.settings import Settings
from bot.slack.app_manifest import build_manifest
from tests.benchmarks import data
from tests.benchmarks.report import Section, Target, format_ms, format_rate, format_seconds
from tests.benchmarks.sizes import BenchmarkSize

TABS_PER_MINUTE = 1_000

MAX_SECONDS = 3.0
"""The limit for the slowest Home tab."""

TIMEOUT_SECONDS = 60

DESCRIPTION = """
{tabs} experts open the Home tab, {rate:,} a minute, on SQLite and in Socket Mode. The time runs
from the moment at which a tab is due to be opened until the sandbox, which validates the view as
Slack does, has accepted it. The sandbox and the bot run in one process here, without rate limits,
so the time is that of reading, drawing and publishing. Slack itself accepts 100 views a minute:
the bot publishes each person's newest view as soon as this limit allows.
"""

COLUMNS = ("", "tabs", "median", "slowest")


class NoLimits:
    """A budget of calls in which every call may be made at once."""

    async def reserve(
        self, _method: str, _channel: str, _max_wait: timedelta | None, *, is_update: bool
    ) -> timedelta:
        """Return no wait, for updates of older messages, too."""
        del is_update
        return timedelta()

    async def back_off(self, method: str, retry_after: float) -> None:
        """Fail: without limits, nothing is refused."""
        message = f"{method} was refused for {retry_after} s"
        raise AssertionError(message)


def measure(size: BenchmarkSize, folder: Path) -> Section:
    """Measure Home tabs that are opened one after the other, whether or not others are shown."""
    url = f"sqlite:///{folder}/home.db"
    with Sandbox(build_manifest(None), limits=NO_LIMITS) as sandbox:
        people = [sandbox.add_user(f"expert{number}") for number in range(size.home_tabs)]
        with data.open_campaign(url, [person.id for person in people]) as database:
            data.import_items(database, folder / "home.jsonl", 3 * size.home_tabs)
            data.answer_tasks(database)
        with BackgroundBot(_build_settings(sandbox, url)) as running:
            app = running.bot.app
            if app is None:
                message = "the bot has not started"
                raise AssertionError(message)
            app.sender.budget = NoLimits()
            seconds = _open_tabs(sandbox, people)
    rows = [
        (
            format_rate(TABS_PER_MINUTE / 60),
            f"{len(seconds):,}",
            format_ms(median(seconds)),
            format_ms(max(seconds)),
        )
    ]
    target = Target(
        f"the slowest of {len(seconds):,} Home tabs, {TABS_PER_MINUTE:,} opened in a minute",
        format_seconds(MAX_SECONDS),
        format_seconds(max(seconds)),
        max(seconds) <= MAX_SECONDS,
    )
    description = DESCRIPTION.format(tabs=size.home_tabs, rate=TABS_PER_MINUTE)
    return Section("Home tabs", description, COLUMNS, rows, [target])


def _build_settings(sandbox: Sandbox, url: str) -> Settings:
    return Settings.model_validate(
        {
            "SLACK_BOT_TOKEN": sandbox.bot_token,
            "SLACK_APP_TOKEN": sandbox.app_token,
            "SLACK_API_URL": sandbox.api_url,
            "DATABASE_URL": url,
            "LABELBOT_PORT": 0,
        }
    )


def _open_tabs(sandbox: Sandbox, people: list[SimulatedUser]) -> list[float]:
    """Open each person's Home tab when it is due; return the seconds until each is shown."""
    started, start_time = perf_counter(), datetime.now(UTC)
    interval = timedelta(minutes=1) / TABS_PER_MINUTE
    for number, person in enumerate(people):
        due = started + number * interval.total_seconds()
        sleep(max(0.0, due - perf_counter()))
        person.open_home()
    sandbox.wait_until(lambda: len(_shown_at(sandbox)) == len(people), within=TIMEOUT_SECONDS)
    shown_at = _shown_at(sandbox)
    return [
        (shown_at[person.id] - start_time - number * interval).total_seconds()
        for number, person in enumerate(people)
    ]


def _shown_at(sandbox: Sandbox) -> dict[str, datetime]:
    """Return when the Home tab of each person was accepted."""
    return {
        str(record.request["user_id"]): record.finished_at
        for record in sandbox.traffic
        if record.kind == "views.publish" and isinstance(record.request, dict)
    }
