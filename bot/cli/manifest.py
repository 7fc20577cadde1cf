"""`labelbot manifest`: what to paste when the app is created in Slack."""

from __future__ import annotations

from typing import Annotated

import typer
import yaml

from bot.cli.speaking import say, say_json
from bot.slack.manifest import manifest as manifest_for

app = typer.Typer()


@app.command(epilog="Example: labelbot manifest > manifest.yaml")
def manifest(
    *,
    http: Annotated[
        str | None,
        typer.Option("--http", help="Use signed HTTP at this public https:// address."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of YAML.")] = False,
) -> None:
    """Print the manifest that makes the app in Slack (api.slack.com/apps, From a manifest)."""
    if http is not None and not http.startswith("https://"):
        message = f"Slack takes only https:// addresses, not “{http}”."
        raise typer.BadParameter(message, param_hint="--http")
    made = manifest_for(http)
    if as_json:
        say_json(made)
    else:
        say(yaml.safe_dump(made, sort_keys=False, allow_unicode=True).rstrip())
