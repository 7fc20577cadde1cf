"""`labelbot manifest`: the app manifest from which the app is created in Slack."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlsplit

import typer
import yaml

from bot.cli.output import print_json, print_text
from bot.http_server import EVENTS_PATH
from bot.slack.app_manifest import build_manifest as manifest_for

app = typer.Typer(add_completion=False)


@app.command(epilog="Example: labelbot manifest > manifest.yaml")
def manifest(
    *,
    http: Annotated[
        str | None,
        typer.Option("--http", help="Use signed HTTP at this public https:// address."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of YAML.")] = False,
) -> None:
    """Print the app manifest for Slack.

    Use it at api.slack.com/apps: Create New App, From a manifest.
    """
    if http is not None and not http.startswith("https://"):
        message = f"Slack accepts only https:// addresses, not “{http}”."
        raise typer.BadParameter(message, param_hint="--http")
    content = manifest_for(_with_events_path(http) if http else None)
    if as_json:
        print_json(content)
    else:
        print_text(yaml.safe_dump(content, sort_keys=False, allow_unicode=True).rstrip())


def _with_events_path(address: str) -> str:
    """Return the address, with the path for requests from Slack if it has no path."""
    return address if urlsplit(address).path.strip("/") else f"{address.rstrip('/')}{EVENTS_PATH}"
