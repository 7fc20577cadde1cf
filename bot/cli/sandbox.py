"""`labelbot sandbox`: the pretend workspace alone, for this bot or any other Slack app."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer
import yaml
from pydantic import ValidationError

from bot.cli.reading import text_of
from bot.cli.speaking import JSON, note, say, say_json
from bot.errors import BotError
from bot.sandbox import NO_LIMITS, ManifestError, Person, Sandbox
from bot.sandbox.layout import Layout, SomebodyThere, UnknownMember, settle
from bot.slack.manifest import manifest as our_manifest

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
    as_json: Annotated[bool, typer.Option("--json", help=JSON)] = False,
) -> None:
    """Run a pretend Slack workspace on this machine, and print what an app needs to get in."""
    layout = _layout(config, person)
    rates = layout.rates if limits else NO_LIMITS
    declared = _manifest(manifest) if manifest else _declared(layout, config)
    try:
        workspace = Sandbox(declared, limits=rates, port=port, guide=layout.guide)
        workspace.start()
    except ManifestError as error:
        raise UnusableManifestError(reason=str(error).rstrip(".")) from error
    except OSError as error:
        raise TakenPortError(port=port) from error
    address = deliver_to or layout.delivery
    if address:
        workspace.deliver_to(address)
    people = {name: found.id for name, found in _settled(workspace, layout, config).items()}
    _say(workspace, people, as_json=as_json)
    workspace.serve_forever()


def _layout(path: Path | None, people: list[str] | None) -> Layout:
    """Read what the workspace is to be like; people named on the command line come on top."""
    raw: object = {} if path is None else _parsed(path)
    try:
        layout = Layout.model_validate(raw)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        reason = f"{where}: {first['msg']}" if where else first["msg"]
        raise UnusableConfigError(path=path, reason=reason) from error
    names = people or ([] if layout.people else ["ada", "grace"])
    more = tuple(SomebodyThere(name=name) for name in names)
    return layout.model_copy(update={"people": (*layout.people, *more)})


def _declared(layout: Layout, config: Path | None) -> dict[str, Any]:
    """Return the manifest that the layout names or holds, or our own."""
    if isinstance(layout.manifest, dict):
        return layout.manifest
    if layout.manifest and config:
        return _manifest(config.parent / layout.manifest)
    return our_manifest(None)


def _settled(workspace: Sandbox, layout: Layout, config: Path | None) -> dict[str, Person]:
    try:
        return settle(workspace, layout)
    except UnknownMember as error:
        workspace.stop()
        raise UnusableConfigError(path=config, reason=str(error)) from error


def _parsed(path: Path) -> object:
    try:
        return yaml.safe_load(text_of(path))
    except yaml.YAMLError as error:
        raise UnusableConfigError(path=path, reason="it is no YAML") from error


def _manifest(path: Path) -> dict[str, Any]:
    try:
        found = yaml.safe_load(text_of(path))
    except yaml.YAMLError as error:
        raise UnusableManifestError(reason="it is no YAML or JSON") from error
    if not isinstance(found, dict):
        raise UnusableManifestError(reason="it is no object")
    return found


def _say(workspace: Sandbox, people: dict[str, str], *, as_json: bool) -> None:
    settings = {
        "SLACK_API_URL": workspace.api_url,
        "SLACK_BOT_TOKEN": workspace.bot_token,
        "SLACK_APP_TOKEN": workspace.app_token,
        "SLACK_SIGNING_SECRET": workspace.signing_secret,
    }
    if as_json:
        say_json({"url": workspace.url, "settings": settings, "people": people})
        return
    for name, value in settings.items():
        say(f"{name}={value}")
    for name, slack_id in people.items():
        say(f"# {name} is {slack_id}")
    note(f"The workspace is at {workspace.url}; Ctrl-C stops it.")
