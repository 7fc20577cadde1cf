"""`labelbot sandbox`: the pretend workspace alone, for this bot or any other Slack app."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer
import yaml

from bot.cli.reading import text_of
from bot.cli.speaking import JSON, note, say, say_json
from bot.errors import BotError
from bot.sandbox import NO_LIMITS, SLACK_LIMITS, ManifestError, Sandbox
from bot.slack.manifest import manifest as our_manifest

app = typer.Typer()


class UnusableManifestError(BotError):
    """Slack would not take this manifest: {reason}."""


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
    as_json: Annotated[bool, typer.Option("--json", help=JSON)] = False,
) -> None:
    """Run a pretend Slack workspace on this machine, and print what an app needs to get in."""
    rates = SLACK_LIMITS if limits else NO_LIMITS
    try:
        workspace = Sandbox(_manifest(manifest), limits=rates, port=port)
        workspace.start()
    except ManifestError as error:
        raise UnusableManifestError(reason=str(error).rstrip(".")) from error
    except OSError as error:
        raise TakenPortError(port=port) from error
    if deliver_to:
        workspace.deliver_to(deliver_to)
    people = {name: workspace.person(name).id for name in person or ["ada", "grace"]}
    _say(workspace, people, as_json=as_json)
    workspace.serve_forever()


def _manifest(path: Path | None) -> dict[str, Any]:
    if path is None:
        return our_manifest(None)
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
