"""`labelbot doctor`: checks of everything the bot needs to run, one line each."""

from __future__ import annotations

from typing import Annotated

import typer

from bot.cli.doctor_checks import run_checks
from bot.cli.doctor_result import Finding
from bot.cli.output import JSON_HELP, print_json, print_text

app = typer.Typer(add_completion=False)


@app.command(epilog="Example: labelbot doctor")
def doctor(
    *,
    send: Annotated[
        bool, typer.Option("--send", help="Also let Slack check samples of what the bot sends.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help=JSON_HELP)] = False,
) -> None:
    """Check settings, database, folders and Slack, and say how to fix problems.

    A warning (!) does not keep the bot from running. Prints no tokens or passwords.
    With --send, Slack's own validator checks samples of messages and dialogs of every kind. Nobody
    gets them.
    """
    findings = []
    for finding in run_checks(sends_samples=send):
        findings.append(finding)
        if not as_json:
            print_text(_format_finding(finding))
    all_ok = all(finding.ok for finding in findings)
    if as_json:
        print_json({"ok": all_ok, "checks": findings})
    if not all_ok:
        raise typer.Exit(1)


def _format_finding(finding: Finding) -> str:
    mark = "✗" if not finding.ok else "!" if finding.warning else "✓"
    return f"{mark} {finding.check}: {finding.message}"
