"""What the doctor looks at: settings, database, folder, tokens, scopes, coordinators, clock."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.engine import make_url

from bot.cli.opening import UnreachableDatabaseError, reachable
from bot.clock import WallClock
from bot.settings import (
    Settings,
    SettingsError,
    StorageSettings,
    load_settings,
    load_storage_settings,
)
from bot.slack.calling import Answer, Caller
from bot.slack.manifest import SCOPES
from storage.database import engine_for
from storage.upgrading import current_revision, head_revision

MOST_SKEW = timedelta(minutes=1)
"""Slack's signatures are refused after five minutes; one is already a clock gone wrong."""

BAD_TOKEN = "copy {which} from the app's page (api.slack.com/apps) again"  # noqa: S105 - advice

ADVICE = {
    "account_inactive": "the app was removed from the workspace; install it again",
    "invalid_auth": BAD_TOKEN,
    "missing_scope": "give {which} the scope it lacks and install the app again",
    "not_allowed_token_type": "{which} is of another kind than is wanted here",
    "not_authed": BAD_TOKEN,
    "token_expired": BAD_TOKEN,
    "token_revoked": BAD_TOKEN,
}


@dataclass(frozen=True, slots=True)
class Finding:
    """What one look found; `says` also tells what to do where it is not `ok`."""

    check: str
    ok: bool
    says: str


def examine() -> Iterator[Finding]:
    """Yield one finding after the other. Nothing they say holds a secret."""
    try:
        settings = load_settings()
    except SettingsError as error:
        yield Finding("settings", ok=False, says=f"{error.facts['problems']}; mend them in .env")
        yield from _storage()
        return
    way = "Socket Mode" if settings.is_socket_mode else "signed HTTP"
    yield Finding("settings", ok=True, says=f"complete, for {way}")
    yield from _kept(settings)
    yield from _slack(settings)


def _storage() -> Iterator[Finding]:
    """Look at what can be looked at without the settings for Slack."""
    try:
        yield from _kept(load_storage_settings())
    except SettingsError:
        return


def _kept(settings: StorageSettings) -> Iterator[Finding]:
    yield _database(settings.database_url)
    yield _folder(settings.exports_dir)


def _database(url: str) -> Finding:
    name = make_url(url).get_backend_name()
    try:
        with reachable():
            revision = current_revision(url)
            _begin_writing(url)
    except UnreachableDatabaseError as error:
        return Finding("database", ok=False, says=str(error))
    head = head_revision()
    if revision is None:
        return Finding("database", ok=True, says=f"{name}, empty; tables come at the first start")
    if revision < head:
        says = f"{name} has revision {revision}, not {head}; run labelbot db upgrade"
        return Finding("database", ok=False, says=says)
    if revision > head:
        says = f"{name} has revision {revision}, later than {head}; upgrade labelbot"
        return Finding("database", ok=False, says=says)
    return Finding("database", ok=True, says=f"{name}, revision {revision}")


def _begin_writing(url: str) -> None:
    """Take the right to write, and give it back: a file may be readable only."""
    engine = engine_for(url)
    try:
        with engine.execution_options(writes=True).connect() as connection:
            connection.execute(text("SELECT 1"))
    finally:
        engine.dispose()


def _folder(folder: Path) -> Finding:
    there = next(one for one in (folder, *folder.resolve().parents) if one.exists())
    if there.is_dir() and os.access(there, os.W_OK):
        return Finding("exports", ok=True, says=f"go to {folder.resolve()}")
    says = f"{there} is not a folder to write into; set LABELBOT_EXPORTS to one"
    return Finding("exports", ok=False, says=says)


def _slack(settings: Settings) -> Iterator[Finding]:
    with Caller(settings.api_url, settings.bot_token.get_secret_value()) as slack:
        answer = slack.call("auth.test")
        yield _bot_token(answer)
        if not answer.error:
            yield _scopes(answer)
            yield from (_coordinator(slack, one) for one in settings.coordinators)
        if answer.at:
            yield _clock(answer)
    yield _way_in(settings)


def _bot_token(answer: Answer) -> Finding:
    if answer.error:
        return _refused("bot token", answer, "SLACK_BOT_TOKEN")
    says = f"signed in as {answer.body.get('user')} in {answer.body.get('team')}"
    return Finding("bot token", ok=True, says=says)


def _refused(check: str, answer: Answer, which: str) -> Finding:
    advice = ADVICE.get(answer.error, "see whether Slack can be reached from here")
    return Finding(check, ok=False, says=f"{answer.error}; {advice.format(which=which)}")


def _scopes(answer: Answer) -> Finding:
    missing = [scope for scope in SCOPES if scope not in (answer.scopes or ())]
    if missing:
        says = f"without {', '.join(missing)}; give the app `labelbot manifest`, install it again"
        return Finding("scopes", ok=False, says=says)
    return Finding("scopes", ok=True, says=f"all {len(SCOPES)} are granted")


def _coordinator(slack: Caller, person: str) -> Finding:
    check = f"coordinator {person}"
    answer = slack.call("users.info", user=person)
    if answer.error:
        says = f"{answer.error}; mend LABELBOT_COORDINATORS"
        return Finding(check, ok=False, says=says)
    user = answer.body["user"]
    if user.get("deleted") or user.get("is_bot"):
        says = "is no person who could run campaigns; mend LABELBOT_COORDINATORS"
        return Finding(check, ok=False, says=says)
    return Finding(check, ok=True, says=str(user.get("real_name") or user.get("name")))


def _clock(answer: Answer) -> Finding:
    skew = abs(WallClock().now() - answer.at) if answer.at else timedelta()
    if skew > MOST_SKEW:
        says = f"differs from Slack's by {skew.total_seconds():,.0f} seconds; set it (NTP)"
        return Finding("clock", ok=False, says=says)
    return Finding("clock", ok=True, says="agrees with Slack's")


def _way_in(settings: Settings) -> Finding:
    if settings.app_token is None:
        says = f"signed HTTP, served at {settings.host}:{settings.port}"
        return Finding("way in", ok=True, says=says)
    with Caller(settings.api_url, settings.app_token.get_secret_value()) as slack:
        answer = slack.call("apps.connections.open")
    if answer.error:
        return _refused("way in", answer, "SLACK_APP_TOKEN")
    return Finding("way in", ok=True, says="Socket Mode, and Slack opens a connection")
