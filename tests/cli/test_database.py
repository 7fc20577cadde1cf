"""Commands on a database that they may only read: a streaming replica of a real server."""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest

from storage.database import Database
from storage.schema_upgrade import upgrade
from tests.cli.conftest import CommandRunner
from tests.conftest import start_postgresql
from tests.services.conftest import Scenario, pair

ADA, BOB = "U0ADA", "U0BOB"
REPLAYED = "SELECT pg_last_wal_replay_lsn() >= %s::pg_lsn"

READING_COMMANDS = (
    ("report", "tone", "--json"),
    ("status", "--json"),
    ("items", "list", "tone", "--json"),
    ("experts", "list", "--json"),
    ("campaign", "list", "--json"),
    ("audit", "--json"),
)


@dataclass(frozen=True)
class ServerPair:
    """The URLs of a server with a campaign, and of a server that replicates it."""

    primary: str
    replica: str


@pytest.fixture(scope="module")
def servers() -> Iterator[ServerPair]:
    """Start a server with answers of two experts, and a streaming replica of it."""
    folder = Path(tempfile.mkdtemp(prefix="labelbot-replica-"))
    with ExitStack() as stack:
        stack.callback(shutil.rmtree, folder)
        for name in ("primary", "replica"):
            (folder / name).mkdir()
        primary = start_postgresql(folder / "primary")
        stack.callback(primary.stop)
        url = str(primary.get_uri(database="postgres"))
        upgrade(url)
        _fill(url, folder)
        _copy_server(primary, folder / "replica" / "data")
        replica = start_postgresql(folder / "replica")
        stack.callback(replica.stop)
        found = ServerPair(url, str(replica.get_uri(database="postgres")))
        _wait_for_replay(found)
        yield found


def _fill(url: str, folder: Path) -> None:
    with closing(Database(url)) as database:
        scenario = Scenario(database, folder)
        scenario.create_campaign(experts=[ADA, BOB], overlap=2)
        scenario.import_rows("tone", [pair(number) for number in range(4)])
        for expert, verdict in ((ADA, "a"), (BOB, "tie")):
            while assignment_id := scenario.assign_next(expert):
                scenario.submit_answer(expert, assignment_id, verdict=verdict)


def _copy_server(primary: Any, folder: Path) -> None:  # noqa: ANN401 - the package has no types
    """Copy the files of a running server, so that a server that starts with them follows it."""
    command = [primary.bin_path / "pg_basebackup", "--pgdata", folder, "--write-recovery-conf"]
    address = ["--checkpoint", "fast", "--dbname", primary.get_uri()]
    subprocess.run([*command, *address], check=True, capture_output=True)  # noqa: S603 - our own server
    for lock in folder.glob(".s.PGSQL.*"):
        lock.unlink()
    owner = (primary.pgdata / "PG_VERSION").stat()
    for path in (folder, *folder.rglob("*")):
        shutil.chown(path, owner.st_uid, owner.st_gid)


def _wait_for_replay(servers: ServerPair) -> None:
    with psycopg.connect(servers.primary) as primary:
        (end,) = primary.execute("SELECT pg_current_wal_lsn()::text").fetchone() or ("",)
    with psycopg.connect(servers.replica, autocommit=True) as replica:
        while not (replica.execute(REPLAYED, [end]).fetchone() or (False,))[0]:
            replica.execute("SELECT pg_sleep(0.01)")


@pytest.fixture
def labelbot_on(
    labelbot_unconfigured: CommandRunner,
) -> Callable[[str], CommandRunner]:
    """Return a function that returns a runner with the database at a URL."""

    def runner(url: str) -> CommandRunner:
        labelbot_unconfigured.set_env(DATABASE_URL=url)
        return labelbot_unconfigured

    return runner


@pytest.mark.parametrize("command", READING_COMMANDS, ids=" ".join)
def test_commands_that_read_show_the_same_on_a_replica(
    servers: ServerPair,
    labelbot_on: Callable[[str], CommandRunner],
    command: tuple[str, ...],
) -> None:
    results = [labelbot_on(url)(*command) for url in (servers.primary, servers.replica)]
    assert [result.code for result in results] == [0, 0]
    assert results[0].out == results[1].out
    assert json.loads(results[0].out)


def test_replica_can_be_backed_up(
    servers: ServerPair, labelbot_on: Callable[[str], CommandRunner]
) -> None:
    """The primary has nothing to do for it."""
    labelbot = labelbot_on(servers.replica)
    result = labelbot("backup", "copy.db", "--json")
    assert result.code == 0, result.err
    rows = json.loads(result.out)["rows"]
    assert (rows["item"], rows["annotation"]) == (4, 8)
    assert (rows["leader"], rows["slack_call_log"]) == (0, 0)  # only running bots use them


@pytest.mark.parametrize(
    "command",
    [("campaign", "pause", "tone"), ("export", "tone"), ("experts", "invite", "U0CYD")],
    ids=" ".join,
)
def test_command_that_writes_names_the_remedy_on_a_replica(
    servers: ServerPair,
    labelbot_on: Callable[[str], CommandRunner],
    command: tuple[str, ...],
) -> None:
    result = labelbot_on(servers.replica)(*command)
    assert (result.code, result.out) == (1, "")
    assert result.err == (
        "Cannot write to the database: it is read-only. Set DATABASE_URL to the primary server.\n"
    )
