"""`labelbot doctor`: everything that must be right before the bot can run, one line each."""

from __future__ import annotations

from typing import Annotated

import typer

from bot.cli.examining import Finding, examine
from bot.cli.speaking import JSON, say, say_json

app = typer.Typer(add_completion=False)


@app.command(epilog="Example: labelbot doctor")
def doctor(*, as_json: Annotated[bool, typer.Option("--json", help=JSON)] = False) -> None:
    """Check settings, database and Slack, and say what to mend. No secret is ever printed."""
    findings = []
    for finding in examine():
        findings.append(finding)
        if not as_json:
            say(_line(finding))
    well = all(finding.ok for finding in findings)
    if as_json:
        say_json({"ok": well, "checks": findings})
    if not well:
        raise typer.Exit(1)


def _line(finding: Finding) -> str:
    return f"{'✓' if finding.ok else '✗'} {finding.check}: {finding.says}"
