"""Tests of `labelbot doctor`: every problem is findings and comes with a remedy."""

from __future__ import annotations

import os
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from sqlalchemy import text

from bot.database_lock import lock_database
from bot.sandbox import NO_LIMITS, Sandbox
from bot.slack.app_manifest import SCOPES, build_manifest
from storage.engine import engine_for
from tests.cli.conftest import CommandRunner

WRONG = "wrong"


def _findings(labelbot: CommandRunner) -> dict[str, tuple[bool, str]]:
    result = labelbot("doctor", "--json")
    report = result.json
    assert result.code == (0 if report["ok"] else 1)
    assert report["ok"] == all(check["ok"] for check in report["checks"])
    return {check["check"]: (check["ok"], check["message"]) for check in report["checks"]}


def test_valid_setup_passes_every_check(
    labelbot_connected: CommandRunner, sandbox: Sandbox
) -> None:
    lead = sandbox.add_user("lead", real_name="Lee D.")
    labelbot_connected.set_env(LABELBOT_COORDINATORS=lead.id)
    (labelbot_connected.folder / "labelbot.db").chmod(0o600)
    result = labelbot_connected("doctor")
    assert (result.code, result.err) == (0, "")
    lines = result.out.splitlines()
    assert all(line.startswith("✓ ") for line in lines)
    assert [line[2:].split(":")[0] for line in lines] == [
        "settings",
        "database",
        "webhooks",
        "data folder",
        "database file",
        "bot",
        "exports",
        "imports",
        "temporary files",
        "bot token",
        "scopes",
        f"coordinator {lead.id}",
        "clock",
        "connection",
    ]
    assert f"✓ coordinator {lead.id}: Lee D." in lines


def test_signed_http_needs_no_app_token(
    labelbot_connected: CommandRunner, sandbox: Sandbox
) -> None:
    labelbot_connected.monkeypatch.delenv("SLACK_APP_TOKEN")
    labelbot_connected.set_env(SLACK_SIGNING_SECRET=sandbox.signing_secret, LABELBOT_PORT="8123")
    assert _findings(labelbot_connected)["connection"] == (
        True,
        "signed HTTP on 127.0.0.1:8123",
    )


def test_missing_settings_do_not_stop_other_checks(
    labelbot_sqlite: CommandRunner,
) -> None:
    findings = _findings(labelbot_sqlite)
    ok, message = findings["settings"]
    assert not ok
    assert "SLACK_BOT_TOKEN is missing" in message
    assert findings["database"][0]
    assert "bot token" not in findings


def test_wrong_bot_token_is_found(labelbot_connected: CommandRunner) -> None:
    labelbot_connected.set_env(SLACK_BOT_TOKEN=f"xoxb-{WRONG}")
    findings = _findings(labelbot_connected)
    assert findings["bot token"] == (
        False,
        "invalid_auth; copy SLACK_BOT_TOKEN from the app's page (api.slack.com/apps) again",
    )
    assert "scopes" not in findings


def test_wrong_app_token_is_found(labelbot_connected: CommandRunner) -> None:
    labelbot_connected.set_env(SLACK_APP_TOKEN=f"xapp-{WRONG}")
    ok, message = _findings(labelbot_connected)["connection"]
    assert not ok
    assert "invalid_auth; copy SLACK_APP_TOKEN" in message


def test_removed_app_is_found(labelbot_connected: CommandRunner, sandbox: Sandbox) -> None:
    sandbox.uninstall_app()
    assert "the app was removed from the workspace" in _findings(labelbot_connected)["bot token"][1]


def test_missing_scopes_are_listed(labelbot_sqlite: CommandRunner) -> None:
    made = build_manifest(None)
    made["oauth_config"]["scopes"]["bot"] = [
        scope for scope in SCOPES if scope not in {"files:write", "usergroups:read"}
    ]
    with Sandbox(manifest=made, limits=NO_LIMITS) as limited:
        labelbot_sqlite.set_env(
            SLACK_API_URL=limited.api_url,
            SLACK_BOT_TOKEN=limited.bot_token,
            SLACK_APP_TOKEN=limited.app_token,
        )
        ok, message = _findings(labelbot_sqlite)["scopes"]
    assert not ok
    assert message.startswith(
        "missing: files:write, usergroups:read; update the app with `labelbot manifest`"
    )


def test_unknown_coordinator_or_bot_is_found(
    labelbot_connected: CommandRunner, sandbox: Sandbox
) -> None:
    labelbot_connected.set_env(LABELBOT_COORDINATORS=f"U0NOBODY, {sandbox.bot_user_id}")
    findings = _findings(labelbot_connected)
    assert findings["coordinator U0NOBODY"] == (
        False,
        "user_not_found; correct LABELBOT_COORDINATORS",
    )
    assert not findings[f"coordinator {sandbox.bot_user_id}"][0]


def test_unreachable_slack_is_reported(labelbot_connected: CommandRunner) -> None:
    labelbot_connected.set_env(SLACK_API_URL="http://127.0.0.1:9/api/")
    findings = _findings(labelbot_connected)
    assert not findings["bot token"][0]
    assert findings["bot token"][1].startswith("no answer from 127.0.0.1: ")
    assert not findings["connection"][0]
    assert "clock" not in findings


class _ProxyHandler(BaseHTTPRequestHandler):
    """Answers like a proxy between bot and Slack, with a clock that is a year behind."""

    def do_POST(self) -> None:
        """Answer a call."""
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"<html>Sign in to the guest network</html>")

    def date_time_string(self, timestamp: float | None = None) -> str:
        """Return a wrong date for the response header."""
        del timestamp
        return "Wed, 01 Jan 2025 00:00:00 GMT"

    def log_message(self, *_: object) -> None:
        """Log nothing."""


@pytest.fixture
def wrong_server() -> Iterator[str]:
    """Return the address of a server that is not Slack."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _ProxyHandler) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/api/"
        server.shutdown()
        thread.join()


def test_wrong_clock_and_proxy_page_are_reported(
    labelbot_connected: CommandRunner, wrong_server: str
) -> None:
    labelbot_connected.set_env(SLACK_API_URL=wrong_server)
    findings = _findings(labelbot_connected)
    assert findings["bot token"][1].startswith("HTTP 200, but not a response of Slack")
    ok, message = findings["clock"]
    assert not ok
    assert "seconds off Slack's clock" in message


@pytest.mark.parametrize(
    ("check", "variable"),
    [
        ("exports", "LABELBOT_EXPORTS"),
        ("imports", "LABELBOT_IMPORTS"),
    ],
)
def test_unwritable_folder_is_found(
    labelbot_connected: CommandRunner, check: str, variable: str
) -> None:
    name = labelbot_connected.write_file("taken", "a file")
    labelbot_connected.set_env(**{variable: f"{name}/inside"})
    ok, message = _findings(labelbot_connected)[check]
    assert not ok
    assert message == (
        f"{labelbot_connected.folder / name} is not a writable folder (Not a directory); "
        f"set {variable} to one"
    )


def test_folders_are_not_created_by_the_check(labelbot_connected: CommandRunner) -> None:
    before = {path.name for path in labelbot_connected.folder.iterdir()}
    _findings(labelbot_connected)
    after = {path.name for path in labelbot_connected.folder.iterdir()}
    assert after - before <= {"labelbot.db-wal", "labelbot.db-shm"}


def test_read_only_database_is_found(labelbot_connected: CommandRunner, sqlite_url: str) -> None:
    path = sqlite_url.removeprefix("sqlite:///")
    labelbot_connected.set_env(DATABASE_URL=f"sqlite:///file:{path}?mode=ro&uri=true")
    ok, message = _findings(labelbot_connected)["database"]
    assert not ok
    assert message == (
        "Cannot write to the database (the database file is read-only). "
        "Free space on the disk, or correct permissions."
    )


def test_database_in_a_folder_that_cannot_be_created_is_found(
    labelbot_connected: CommandRunner,
) -> None:
    labelbot_connected.write_file("taken", "a file")
    labelbot_connected.set_env(DATABASE_URL="sqlite:///taken/labelbot.db")
    findings = _findings(labelbot_connected)
    ok, message = findings["database"]
    assert not ok
    assert message == (
        "Cannot open the database (the database file cannot be opened or created). "
        "Check DATABASE_URL."
    )
    ok, message = findings["data folder"]
    assert not ok
    assert "is not a writable folder (Not a directory); correct its permissions" in message


@pytest.mark.parametrize(("mode", "is_open"), [(0o644, True), (0o660, False), (0o600, False)])
def test_database_that_every_user_may_open_is_a_warning(
    labelbot_connected: CommandRunner, sqlite_url: str, mode: int, *, is_open: bool
) -> None:
    Path(sqlite_url.removeprefix("sqlite:///")).chmod(mode)
    ok, message = _findings(labelbot_connected)["database file"]
    assert ok
    assert ("run chmod o-rwx" in message) == is_open
    result = labelbot_connected("doctor")
    assert result.code == 0
    assert ("! database file: every user" in result.out) == is_open


def test_running_bot_is_shown(labelbot_connected: CommandRunner, sqlite_url: str) -> None:
    assert _findings(labelbot_connected)["bot"] == (True, "none is running on this database")
    lock = lock_database(sqlite_url)
    assert lock is not None
    ok, message = _findings(labelbot_connected)["bot"]
    lock.close()
    assert ok
    assert message.startswith(f"process {os.getpid()} is running on this database")


@pytest.mark.parametrize(
    ("revision", "remedy"),
    [("0002", "cannot be upgraded; set DATABASE_URL to a new"), ("9999", "upgrade labelbot")],
)
def test_schema_of_another_release_is_found(
    labelbot_connected: CommandRunner, sqlite_url: str, revision: str, remedy: str
) -> None:
    engine = engine_for(sqlite_url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :to"), {"to": revision})
    engine.dispose()
    ok, message = _findings(labelbot_connected)["database"]
    assert not ok
    assert remedy in message


def test_empty_database_passes(labelbot_connected: CommandRunner) -> None:
    labelbot_connected.set_env(DATABASE_URL="sqlite:///new.db")
    ok, message = _findings(labelbot_connected)["database"]
    assert ok
    assert "the first start creates the tables" in message


def test_unreachable_database_is_reported_without_password(
    labelbot_connected: CommandRunner,
) -> None:
    labelbot_connected.set_env(
        DATABASE_URL="postgresql://ada:hunter2@127.0.0.1:9/none?connect_timeout=2"
    )
    ok, message = _findings(labelbot_connected)["database"]
    assert not ok
    assert message.startswith("Cannot open the database (")


@pytest.mark.parametrize("as_json", [True, False])
def test_doctor_prints_no_secrets(
    labelbot_connected: CommandRunner, sandbox: Sandbox, *, as_json: bool
) -> None:
    secrets = [sandbox.bot_token, sandbox.app_token, "hunter2", "xoxb-broken", "not-a-token"]
    labelbot_connected.set_env(
        DATABASE_URL="postgresql://ada:hunter2@127.0.0.1:9/none?connect_timeout=2"
    )
    output = ""
    for tokens in ({}, {"SLACK_BOT_TOKEN": "xoxb-broken"}, {"SLACK_APP_TOKEN": "not-a-token"}):
        labelbot_connected.set_env(**tokens)
        result = labelbot_connected("doctor", *(["--json"] if as_json else []))
        output += result.out + result.err
    assert [secret for secret in secrets if secret in output] == []
