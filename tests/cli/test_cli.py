"""The command line as a whole: help, exit codes, errors in one sentence, and what is loaded."""

from __future__ import annotations

import subprocess
import sys

import pytest
import typer

from bot import __version__
from bot.cli import COMMANDS
from bot.cli.database import command_line_actor
from tests.cli.conftest import CommandRunner
from tests.test_docs import LEAVES


def _python(script: str) -> str:
    command = [sys.executable, "-c", script]
    ran = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603 - ours
    return ran.stdout.strip()


def test_help_lists_every_command(labelbot_unconfigured: CommandRunner) -> None:
    ran = labelbot_unconfigured("--help")
    assert ran.code == 0
    for name, late in COMMANDS.items():
        assert name in ran.out
        assert late.help_text in ran.out


@pytest.mark.parametrize("words", LEAVES)
def test_every_command_says_what_it_is_for_and_gives_an_example(
    labelbot_unconfigured: CommandRunner, words: str
) -> None:
    _program, *names = words.split()
    ran = labelbot_unconfigured(*names, "--help")
    assert (ran.code, ran.err) == (0, "")
    assert f"Example: {words}" in " ".join(ran.out.split())


def test_no_command_is_asked_what_there_is(labelbot_unconfigured: CommandRunner) -> None:
    ran = labelbot_unconfigured()
    assert ran.code == 2
    assert "campaign" in ran.out + ran.err


def test_it_says_its_version(labelbot_unconfigured: CommandRunner) -> None:
    assert labelbot_unconfigured("--version").out == f"labelbot {__version__}\n"


@pytest.mark.parametrize(
    "words",
    [
        ["nonsense"],
        ["campaign", "creat"],
        ["campaign", "create", "tone"],
        ["import", "tone"],
        ["export"],
        ["export", "tone", "--due"],
        ["status", "--nonsense"],
        ["manifest", "--http", "http://example.org"],
    ],
)
def test_what_was_asked_wrongly_ends_with_2(
    labelbot_sqlite: CommandRunner, words: list[str]
) -> None:
    ran = labelbot_sqlite(*words)
    assert ran.code == 2
    assert ran.out == ""
    assert "Error" in ran.err


def test_a_typing_error_is_met_with_the_command_that_is_near(
    labelbot_unconfigured: CommandRunner,
) -> None:
    assert "Did you mean 'import'" in labelbot_unconfigured("imprt").err


def test_what_cannot_be_done_is_one_sentence_on_stderr_and_1(
    labelbot_sqlite: CommandRunner,
) -> None:
    ran = labelbot_sqlite("status", "tone")
    assert (ran.code, ran.out) == (1, "")
    assert ran.err == "Unknown campaign “tone”. There are no campaigns yet.\n"


def test_a_bug_is_logged_and_apologised_for(
    labelbot_sqlite: CommandRunner,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    broken = typer.Typer()

    @broken.command()
    def explode() -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("bot.cli.status.app", broken)
    ran = labelbot_sqlite("status")
    assert (ran.code, ran.out) == (1, "")
    assert ran.err.splitlines()[-1].startswith("Sorry, this is a bug in labelbot.")
    assert "ZeroDivisionError" in caplog.text


def test_a_database_that_is_not_there_is_one_sentence(labelbot_unconfigured: CommandRunner) -> None:
    labelbot_unconfigured.set_env(
        DATABASE_URL="postgresql://nobody:secret@127.0.0.1:9/none?connect_timeout=2"
    )
    ran = labelbot_unconfigured("status")
    assert ran.code == 1
    assert ran.err.startswith("The database cannot be opened (")
    assert len(ran.err.splitlines()) == 1
    assert "secret" not in ran.err


def test_a_wrong_setting_is_one_sentence(labelbot_unconfigured: CommandRunner) -> None:
    labelbot_unconfigured.set_env(DATABASE_URL="mysql://host/name")
    ran = labelbot_unconfigured("status")
    assert ran.code == 1
    assert "names mysql; use sqlite or postgresql" in ran.err


def test_the_hand_at_the_command_line_has_a_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOGNAME", "ada")
    assert command_line_actor().name == "ada"


def test_help_loads_neither_database_nor_slack() -> None:
    loaded = _python(
        "import sys, contextlib, bot.cli\n"
        "sys.argv = ['labelbot', '--help']\n"
        "with contextlib.suppress(SystemExit), contextlib.redirect_stdout(None):\n"
        "    bot.cli.main()\n"
        "heavy = {'sqlalchemy', 'slack_bolt', 'pyarrow', 'alembic', 'httpx', 'aiohttp'}\n"
        "print(sorted(heavy & {name.split('.')[0] for name in sys.modules}))"
    )
    assert loaded == "[]"


def test_only_an_export_loads_pyarrow() -> None:
    loaded = _python(
        "import sys\n"
        "import bot.cli.run, bot.cli.campaigns, bot.cli.imports, bot.cli.status\n"
        "import bot.cli.doctor, bot.cli.reviews, bot.cli.corrections\n"
        "heavy = {'pyarrow', 'datasets', 'alembic', 'hypothesis', 'pytest'}\n"
        "print(sorted(heavy & {name.split('.')[0] for name in sys.modules}))"
    )
    assert loaded == "[]"


def test_it_can_be_run_as_a_module() -> None:
    command = [sys.executable, "-m", "bot.cli", "--version"]
    ran = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603 - ours
    assert ran.stdout == f"labelbot {__version__}\n"
