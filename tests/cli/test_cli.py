"""Tests of the command line as a whole: help, exit codes, error messages, imported modules."""

from __future__ import annotations

import shlex
import subprocess
import sys
from pathlib import Path

import pytest
import typer

from bot import __version__
from bot.cli import COMMANDS
from bot.cli.database import command_line_actor
from tests.cli.command_tree import leaf_commands, parse_command_line
from tests.cli.conftest import CommandRunner


def _run_python(script: str) -> str:
    command = [sys.executable, "-c", script]
    result = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603 - ours
    return result.stdout.strip()


def test_help_lists_every_command(labelbot_unconfigured: CommandRunner) -> None:
    result = labelbot_unconfigured("--help")
    assert result.code == 0
    for name, command in COMMANDS.items():
        assert name in result.out
        assert command.help_text in result.out


@pytest.mark.parametrize("command_line", leaf_commands())
def test_every_command_has_help_with_example(
    labelbot_unconfigured: CommandRunner, command_line: str
) -> None:
    _program, *names = command_line.split()
    result = labelbot_unconfigured(*names, "--help")
    assert (result.code, result.err) == (0, "")
    assert f"Example: {command_line}" in " ".join(result.out.split())


WITHOUT_JINJA2 = "import sys; sys.modules['jinja2'] = None; "


@pytest.mark.parametrize("command", ["demo", "sandbox"])
def test_command_says_how_to_install_the_sandbox(command: str) -> None:
    script = f"{WITHOUT_JINJA2} sys.argv[1:] = ['{command}']; from bot.cli import main; main()"
    arguments = [sys.executable, "-c", script]
    result = subprocess.run(arguments, check=False, capture_output=True, text=True)  # noqa: S603 - ours
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr == (
        f'`labelbot {command}` needs the sandbox; install it: pip install "labelbot[sandbox]".\n'
    )


def test_everything_else_works_without_the_sandbox() -> None:
    script = f"""{WITHOUT_JINJA2}
from importlib import import_module
from pkgutil import resolve_name
from bot.cli import COMMANDS
for name, command in COMMANDS.items():
    if name not in ("demo", "sandbox"):
        resolve_name(command.module)
for module in ("app", "background_bot", "http_server", "scheduled_jobs", "scheduler"):
    import_module("bot." + module)
import_module("handlers.registry")
print(*[name for name in sys.modules if name.startswith("bot.sandbox")])
"""
    assert _run_python(script) == ""


@pytest.mark.parametrize("command_line", leaf_commands())
def test_every_example_is_valid_shell(
    command_line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("pairs.jsonl", "prompts.jsonl"):  # Typer checks that files exist
        (tmp_path / name).touch()
    example = leaf_commands()[command_line].epilog.removeprefix("Example: ")
    words = shlex.split(example.partition(" > ")[0])
    assert words[: len(command_line.split())] == command_line.split()
    assert not any(mark in example for mark in "“”")
    parse_command_line(words[1:])


METAVARS = {
    "name": "CAMPAIGN",
    "campaign": "CAMPAIGN",
    "person": "PERSON",
    "persons": "PERSON",
    "experts": "PERSON",
    "overlap": "COUNT",
    "count": "COUNT",
    "limit": "COUNT",
}
"""Metavar of each argument and option that several commands have."""


@pytest.mark.parametrize("command_line", leaf_commands())
def test_commands_name_the_same_value_alike(command_line: str) -> None:
    if command_line in {"labelbot demo", "labelbot sandbox"}:
        return  # --campaign is a kind there, and --person a new member
    metavars = {
        parameter.name: parameter.metavar
        for parameter in leaf_commands()[command_line].params
        if parameter.name in METAVARS
    }
    assert metavars == {name: METAVARS[name] for name in metavars}


def test_missing_command_prints_help(labelbot_unconfigured: CommandRunner) -> None:
    result = labelbot_unconfigured()
    assert result.code == 2
    assert "campaign" in result.out + result.err


def test_version_is_printed(labelbot_unconfigured: CommandRunner) -> None:
    assert labelbot_unconfigured("--version").out == f"labelbot {__version__}\n"


@pytest.mark.parametrize(
    "arguments",
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
def test_usage_error_exits_with_2(labelbot_sqlite: CommandRunner, arguments: list[str]) -> None:
    result = labelbot_sqlite(*arguments)
    assert result.code == 2
    assert result.out == ""
    assert "Error" in result.err


def test_misspelled_command_gets_suggestion(
    labelbot_unconfigured: CommandRunner,
) -> None:
    assert "Did you mean 'import'" in labelbot_unconfigured("imprt").err


def test_failure_prints_one_line_and_exits_with_1(
    labelbot_sqlite: CommandRunner,
) -> None:
    result = labelbot_sqlite("status", "tone")
    assert (result.code, result.out) == (1, "")
    assert result.err == "Unknown campaign “tone”. There are no campaigns yet.\n"


def test_unexpected_error_is_logged_and_reported_as_bug(
    labelbot_sqlite: CommandRunner,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    broken = typer.Typer()

    @broken.command()
    def explode() -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("bot.cli.status.app", broken)
    result = labelbot_sqlite("status")
    assert (result.code, result.out) == (1, "")
    assert result.err.splitlines()[-1].startswith("Sorry, this is a bug in labelbot.")
    assert "ZeroDivisionError" in caplog.text


def test_unreachable_database_prints_one_line_without_password(
    labelbot_unconfigured: CommandRunner,
) -> None:
    labelbot_unconfigured.set_env(
        DATABASE_URL="postgresql://nobody:secret@127.0.0.1:9/none?connect_timeout=2"
    )
    result = labelbot_unconfigured("status")
    assert result.code == 1
    assert result.err.startswith("Cannot open the database (")
    assert len(result.err.splitlines()) == 1
    assert "secret" not in result.err


def test_invalid_setting_prints_one_line(labelbot_unconfigured: CommandRunner) -> None:
    labelbot_unconfigured.set_env(DATABASE_URL="mysql://host/name")
    result = labelbot_unconfigured("status")
    assert result.code == 1
    assert "uses mysql; use sqlite or postgresql" in result.err


def test_command_line_actor_is_login_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOGNAME", "ada")
    assert command_line_actor().name == "ada"


def test_help_imports_neither_database_nor_slack() -> None:
    loaded = _run_python(
        "import sys, contextlib, bot.cli\n"
        "sys.argv = ['labelbot', '--help']\n"
        "with contextlib.suppress(SystemExit), contextlib.redirect_stdout(None):\n"
        "    bot.cli.main()\n"
        "heavy = {'sqlalchemy', 'slack_bolt', 'pyarrow', 'alembic', 'httpx', 'aiohttp'}\n"
        "print(sorted(heavy & {name.split('.')[0] for name in sys.modules}))"
    )
    assert loaded == "[]"


def test_pyarrow_is_imported_by_export_only() -> None:
    loaded = _run_python(
        "import sys\n"
        "import bot.cli.run, bot.cli.campaigns, bot.cli.imports, bot.cli.status\n"
        "import bot.cli.doctor, bot.cli.reviews, bot.cli.corrections\n"
        "heavy = {'pyarrow', 'datasets', 'alembic', 'hypothesis', 'pytest'}\n"
        "print(sorted(heavy & {name.split('.')[0] for name in sys.modules}))"
    )
    assert loaded == "[]"


def test_package_runs_as_module() -> None:
    command = [sys.executable, "-m", "bot.cli", "--version"]
    result = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603 - ours
    assert result.stdout == f"labelbot {__version__}\n"
