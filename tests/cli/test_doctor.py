"""`labelbot doctor`: each thing that can be wrong is found, named and comes with what to do."""

from __future__ import annotations

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from sqlalchemy import text

from bot.sandbox import NO_LIMITS, Sandbox
from bot.slack.app_manifest import SCOPES, build_manifest
from storage.database import engine_for
from tests.cli.conftest import CommandRunner

WRONG = "wrong"


def _findings(shell: CommandRunner) -> dict[str, tuple[bool, str]]:
    ran = shell("doctor", "--json")
    told = ran.json
    assert ran.code == (0 if told["ok"] else 1)
    assert told["ok"] == all(check["ok"] for check in told["checks"])
    return {check["check"]: (check["ok"], check["message"]) for check in told["checks"]}


def test_where_all_is_well_every_line_has_a_tick(
    labelbot_connected: CommandRunner, sandbox: Sandbox
) -> None:
    lead = sandbox.add_user("lead", real_name="Lee D.")
    labelbot_connected.set_env(LABELBOT_COORDINATORS=lead.id)
    ran = labelbot_connected("doctor")
    assert (ran.code, ran.err) == (0, "")
    lines = ran.out.splitlines()
    assert all(line.startswith("✓ ") for line in lines)
    assert [line[2:].split(":")[0] for line in lines] == [
        "settings",
        "database",
        "exports",
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
        "signed HTTP, served at 127.0.0.1:8123",
    )


def test_missing_settings_are_named_and_the_rest_is_still_looked_at(
    labelbot_sqlite: CommandRunner,
) -> None:
    found = _findings(labelbot_sqlite)
    ok, says = found["settings"]
    assert not ok
    assert "SLACK_BOT_TOKEN is missing" in says
    assert found["database"][0]
    assert "bot token" not in found


def test_a_wrong_bot_token_is_found(labelbot_connected: CommandRunner) -> None:
    labelbot_connected.set_env(SLACK_BOT_TOKEN=f"xoxb-{WRONG}")
    found = _findings(labelbot_connected)
    assert found["bot token"] == (
        False,
        "invalid_auth; copy SLACK_BOT_TOKEN from the app's page (api.slack.com/apps) again",
    )
    assert "scopes" not in found


def test_a_wrong_app_token_is_found(labelbot_connected: CommandRunner) -> None:
    labelbot_connected.set_env(SLACK_APP_TOKEN=f"xapp-{WRONG}")
    ok, says = _findings(labelbot_connected)["connection"]
    assert not ok
    assert "invalid_auth; copy SLACK_APP_TOKEN" in says


def test_an_app_that_was_removed_is_found(
    labelbot_connected: CommandRunner, sandbox: Sandbox
) -> None:
    sandbox.uninstall_app()
    assert "the app was removed from the workspace" in _findings(labelbot_connected)["bot token"][1]


def test_scopes_that_were_not_granted_are_named(labelbot_sqlite: CommandRunner) -> None:
    made = build_manifest(None)
    made["oauth_config"]["scopes"]["bot"] = [
        scope for scope in SCOPES if scope not in {"files:write", "usergroups:read"}
    ]
    with Sandbox(manifest=made, limits=NO_LIMITS) as lacking:
        labelbot_sqlite.set_env(
            SLACK_API_URL=lacking.api_url,
            SLACK_BOT_TOKEN=lacking.bot_token,
            SLACK_APP_TOKEN=lacking.app_token,
        )
        ok, says = _findings(labelbot_sqlite)["scopes"]
    assert not ok
    assert says.startswith("without files:write, usergroups:read; give the app `labelbot manifest`")


def test_a_coordinator_who_is_nobody_or_a_bot_is_found(
    labelbot_connected: CommandRunner, sandbox: Sandbox
) -> None:
    labelbot_connected.set_env(LABELBOT_COORDINATORS=f"U0NOBODY, {sandbox.bot_user_id}")
    found = _findings(labelbot_connected)
    assert found["coordinator U0NOBODY"] == (False, "user_not_found; mend LABELBOT_COORDINATORS")
    assert not found[f"coordinator {sandbox.bot_user_id}"][0]


def test_a_slack_that_does_not_answer_is_told(labelbot_connected: CommandRunner) -> None:
    labelbot_connected.set_env(SLACK_API_URL="http://127.0.0.1:9/api/")
    found = _findings(labelbot_connected)
    assert not found["bot token"][0]
    assert found["bot token"][1].startswith("no answer from 127.0.0.1: ")
    assert not found["connection"][0]
    assert "clock" not in found


class _Wrong(BaseHTTPRequestHandler):
    """Answers like a proxy in the way, by a clock that is a year behind."""

    def do_POST(self) -> None:
        """Answer a call."""
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"<html>Sign in to the guest network</html>")

    def date_time_string(self, timestamp: float | None = None) -> str:
        """Say what time it is, wrongly."""
        del timestamp
        return "Wed, 01 Jan 2025 00:00:00 GMT"

    def log_message(self, *_: object) -> None:
        """Be silent."""


@pytest.fixture
def wrong_server() -> Iterator[str]:
    """Return the address of a server that is not Slack."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Wrong) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/api/"
        server.shutdown()
        thread.join()


def test_a_clock_gone_wrong_and_a_page_in_the_way_are_told(
    labelbot_connected: CommandRunner, wrong_server: str
) -> None:
    labelbot_connected.set_env(SLACK_API_URL=wrong_server)
    found = _findings(labelbot_connected)
    assert found["bot token"][1].startswith("HTTP 200, but not a response of Slack")
    ok, says = found["clock"]
    assert not ok
    assert "differs from Slack's by" in says


def test_a_folder_that_cannot_be_written_is_found(labelbot_connected: CommandRunner) -> None:
    labelbot_connected.set_env(LABELBOT_EXPORTS=labelbot_connected.write_file("taken", "a file"))
    ok, says = _findings(labelbot_connected)["exports"]
    assert not ok
    assert says.endswith("is not a folder to write into; set LABELBOT_EXPORTS to one")


@pytest.mark.parametrize(
    ("revision", "said"),
    [("0002", "cannot be upgraded; set DATABASE_URL to a new"), ("9999", "upgrade labelbot")],
)
def test_a_database_of_another_release_is_found(
    labelbot_connected: CommandRunner, sqlite_url: str, revision: str, said: str
) -> None:
    engine = engine_for(sqlite_url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :to"), {"to": revision})
    engine.dispose()
    ok, says = _findings(labelbot_connected)["database"]
    assert not ok
    assert said in says


def test_an_empty_database_is_well(labelbot_connected: CommandRunner) -> None:
    labelbot_connected.set_env(DATABASE_URL="sqlite:///new.db")
    ok, says = _findings(labelbot_connected)["database"]
    assert ok
    assert "tables come at the first start" in says


def test_a_database_out_of_reach_is_found_without_its_password(
    labelbot_connected: CommandRunner,
) -> None:
    labelbot_connected.set_env(
        DATABASE_URL="postgresql://ada:hunter2@127.0.0.1:9/none?connect_timeout=2"
    )
    ok, says = _findings(labelbot_connected)["database"]
    assert not ok
    assert says.startswith("The database cannot be opened (")


@pytest.mark.parametrize("as_json", [True, False])
def test_no_secret_is_ever_printed(
    labelbot_connected: CommandRunner, sandbox: Sandbox, *, as_json: bool
) -> None:
    secrets = [sandbox.bot_token, sandbox.app_token, "hunter2", "xoxb-broken", "not-a-token"]
    labelbot_connected.set_env(
        DATABASE_URL="postgresql://ada:hunter2@127.0.0.1:9/none?connect_timeout=2"
    )
    said = ""
    for tokens in ({}, {"SLACK_BOT_TOKEN": "xoxb-broken"}, {"SLACK_APP_TOKEN": "not-a-token"}):
        labelbot_connected.set_env(**tokens)
        ran = labelbot_connected("doctor", *(["--json"] if as_json else []))
        said += ran.out + ran.err
    assert [secret for secret in secrets if secret in said] == []
