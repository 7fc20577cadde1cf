"""`labelbot sandbox`: the pretend workspace alone, for this bot or any other Slack app."""

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
from bot.sandbox.workspace_config import (
    UnknownMemberError,
    UserConfig,
    WorkspaceConfig,
    populate_workspace,
)
from bot.slack.app_manifest import build_manifest as our_manifest

app = typer.Typer(add_completion=False)


class UnusableManifestError(BotError):
    """Slack would not take this manifest: {reason}."""


class UnusableConfigError(BotError):
    """{path} does not describe a workspace: {reason}."""


class TakenPortError(BotError):
    """Port {port} is taken; choose another with --port."""


@app.command(epilog="Example: labelbot sandbox --port 9000 --person ada --person grace")
def sandbox(  # noqa: PLR0913 - they are the options
    *,
    port: Annotated[int, typer.Option(help="Where to listen on this machine; 0: anywhere.")] = 9000,
    person: Annotated[
        list[str] | None, typer.Option(help="Somebody to be in the workspace; may be repeated.")
    ] = None,
    manifest: Annotated[
        Path | None, typer.Option(help="Another app's manifest, YAML or JSON.", dir_okay=False)
    ] = None,
    deliver_to: Annotated[
        str | None, typer.Option(help="Deliver signed HTTP here instead of Socket Mode.")
    ] = None,
    limits: Annotated[
        bool, typer.Option("--limits/--no-limits", help="Keep Slack's rate limits.")
    ] = True,
    config: Annotated[
        Path | None,
        typer.Option(help="A YAML file with people, channels and more.", dir_okay=False),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help=JSON_HELP)] = False,
) -> None:
    """Run a pretend Slack workspace on this machine, and print what an app needs to get in."""
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
    people = {name: found.id for name, found in _apply_layout(workspace, layout, config).items()}
    _print_access(workspace, people, as_json=as_json)
    workspace.serve_forever()


def _load_layout(path: Path | None, people: list[str] | None) -> WorkspaceConfig:
    """Read what the workspace is to be like; people named on the command line come on top."""
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
    """Return the manifest that the layout names or holds, or our own."""
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
        raise UnusableConfigError(path=path, reason="it is no YAML") from error


def _load_manifest(path: Path) -> dict[str, Any]:
    try:
        found = yaml.safe_load(read_text(path))
    except yaml.YAMLError as error:
        raise UnusableManifestError(reason="it is no YAML or JSON") from error
    if not isinstance(found, dict):
        raise UnusableManifestError(reason="it is no object")
    return found


def _print_access(workspace: Sandbox, people: dict[str, str], *, as_json: bool) -> None:
    settings = {
        "SLACK_API_URL": workspace.api_url,
        "SLACK_BOT_TOKEN": workspace.bot_token,
        "SLACK_APP_TOKEN": workspace.app_token,
        "SLACK_SIGNING_SECRET": workspace.signing_secret,
    }
    if as_json:
        print_json({"url": workspace.url, "settings": settings, "users": people})
        return
    for name, value in settings.items():
        print_text(f"{name}={value}")
    for name, slack_id in people.items():
        print_text(f"# {name} is {slack_id}")
    print_note(f"The workspace is at {workspace.url}; Ctrl-C stops it.")
