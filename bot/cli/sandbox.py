"""`labelbot sandbox`: the Slack sandbox alone, for this bot or any other Slack app."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer
import yaml
from pydantic import ValidationError

from bot.cli.option_parsers import read_text
from bot.cli.output import JSON_HELP, print_json, print_note, print_text
from bot.errors import BotError
from bot.sandbox import NO_LIMITS, ManifestError, Sandbox, SimulatedUser
from bot.sandbox.manifest_file import load_manifest
from bot.sandbox.workspace_config import (
    UnknownMemberError,
    UserConfig,
    WorkspaceConfig,
    populate_workspace,
)
from bot.slack.app_manifest import build_manifest as our_manifest

app = typer.Typer(add_completion=False)


class UnusableManifestError(BotError):
    """Slack would reject this manifest: {reason}."""


class UnusableConfigError(BotError):
    """{path} is not a valid workspace configuration: {reason}."""


class TakenPortError(BotError):
    """Port {port} is in use; choose another with --port."""


@app.command(epilog="Example: labelbot sandbox --port 9000 --person ada --person grace")
def sandbox(  # noqa: PLR0913 - the options of the command
    *,
    port: Annotated[int, typer.Option(help="Port to listen on; 0 selects a free one.")] = 9000,
    person: Annotated[
        list[str] | None, typer.Option(help="A member of the workspace; repeatable.")
    ] = None,
    manifest: Annotated[
        Path | None, typer.Option(help="Another app's manifest, YAML or JSON.", dir_okay=False)
    ] = None,
    deliver_to: Annotated[
        str | None,
        typer.Option(help="Send signed HTTP requests to this URL instead of using Socket Mode."),
    ] = None,
    limits: Annotated[
        bool, typer.Option("--limits/--no-limits", help="Apply Slack's rate limits.")
    ] = True,
    config: Annotated[
        Path | None,
        typer.Option(help="YAML file with users, channels and more.", dir_okay=False),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help=JSON_HELP)] = False,
) -> None:
    """Run the Slack sandbox alone, for this bot or any other Slack app.

    Prints the settings that the app needs to connect to it.
    """
    layout = _load_layout(config, person)
    rates = layout.resolved_rate_limits if limits else NO_LIMITS
    app_manifest = _load_manifest(manifest) if manifest else _select_manifest(layout, config)
    try:
        workspace = Sandbox(app_manifest, limits=rates, port=port, guide=layout.guide)
        workspace.start()
    except ManifestError as error:
        raise UnusableManifestError(reason=str(error).rstrip(".")) from error
    except OSError as error:
        raise TakenPortError(port=port) from error
    address = deliver_to or layout.delivery
    if address:
        workspace.use_http_delivery(address)
    users = {name: user.id for name, user in _apply_layout(workspace, layout, config).items()}
    _print_access(workspace, users, as_json=as_json)
    workspace.serve_forever()


def _load_layout(path: Path | None, people: list[str] | None) -> WorkspaceConfig:
    """Return the configuration of the workspace, with the people named on the command line added.

    Without any people there are two: ada and grace.
    """
    raw: object = {} if path is None else _parse_yaml(path)
    try:
        layout = WorkspaceConfig.model_validate(raw)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        reason = f"{where}: {first['msg']}" if where else first["msg"]
        raise UnusableConfigError(path=path, reason=reason) from error
    names = people or ([] if layout.users else ["ada", "grace"])
    more = tuple(UserConfig(name=name) for name in names)
    return layout.model_copy(update={"users": (*layout.users, *more)})


def _select_manifest(layout: WorkspaceConfig, config: Path | None) -> dict[str, Any]:
    """Return the manifest in the configuration or the file it names; by default, the bot's own."""
    if isinstance(layout.manifest, dict):
        return layout.manifest
    if layout.manifest and config:
        return _load_manifest(config.parent / layout.manifest)
    return our_manifest(None)


def _apply_layout(
    workspace: Sandbox, layout: WorkspaceConfig, config: Path | None
) -> dict[str, SimulatedUser]:
    try:
        return populate_workspace(workspace, layout)
    except UnknownMemberError as error:
        workspace.stop()
        raise UnusableConfigError(path=config, reason=str(error)) from error


def _parse_yaml(path: Path) -> object:
    try:
        return yaml.safe_load(read_text(path))
    except yaml.YAMLError as error:
        raise UnusableConfigError(path=path, reason="it is not valid YAML") from error


def _load_manifest(path: Path) -> dict[str, Any]:
    try:
        return load_manifest(read_text(path))
    except ManifestError as error:
        raise UnusableManifestError(reason=str(error)) from error


def _print_access(workspace: Sandbox, users: dict[str, str], *, as_json: bool) -> None:
    settings = workspace.environment
    if as_json:
        print_json({"url": workspace.url, "settings": settings, "users": users})
        return
    for name, value in settings.items():
        print_text(f"{name}={value}")
    for name, slack_id in users.items():
        print_text(f"# {name} is {slack_id}")
    print_note(f"Sandbox: {workspace.url}. Ctrl-C stops it.")
