"""The check `labelbot doctor --send`: samples that Slack's validator and the sandbox judge."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pkgutil import resolve_name

import orjson

from bot.cli.doctor_result import Finding
from bot.cli.slack_client import open_slack
from bot.settings import Settings
from bot.slack.client.sync_client import ApiResponse, SyncSlackClient
from bot.slack.views.samples import Sample, list_samples

MAX_WAITS = 5
"""How often a call waits after a rate limit before it counts as failed."""

MAX_WAIT_SECONDS = 60

REFUSED_CODES = {"blocks": "invalid_blocks", "view": "invalid_view"}


def check_samples(settings: Settings) -> Iterator[Finding]:
    """Send each sample to `blocks.validate`, which posts nothing, and compare the verdicts."""
    with open_slack(settings) as slack:
        for sample in list_samples():
            yield _compare(sample, _ask_slack(slack, sample), problems_in_sandbox(sample))


def problems_in_sandbox(sample: Sample) -> list[str] | None:
    """Return why the sandbox refuses a sample; None if the sandbox is not installed."""
    check = "check_view" if sample.type == "view" else "check_blocks"
    try:
        blockkit = resolve_name("bot.sandbox.blockkit")
    except ModuleNotFoundError:
        return None
    surface = () if sample.type == "view" else (blockkit.Surface.MESSAGE,)
    problems = getattr(blockkit, check)(sample.content, *surface)
    return [f"{problem.message} at {problem.pointer}" for problem in problems]


def _ask_slack(slack: SyncSlackClient, sample: Sample) -> ApiResponse:
    content = orjson.dumps(sample.content).decode()
    for _ in range(MAX_WAITS):
        answer = slack.call("blocks.validate", **{sample.type: content})
        if answer.retry_after is None:
            break
        time.sleep(min(answer.retry_after, MAX_WAIT_SECONDS))
    return answer


def _compare(sample: Sample, answer: ApiResponse, sandbox: list[str] | None) -> Finding:
    check = f"sample {sample.name}"
    if answer.error == REFUSED_CODES[sample.type]:
        agreement = "the sandbox too" if sandbox else "the sandbox accepts it"
        message = f"Slack refuses it ({_reasons(answer)}), {agreement}; please report it"
        return Finding(check, ok=False, message=message)
    if answer.error:
        message = f"Slack did not check it: {answer.error}; try again"
        return Finding(check, ok=False, message=message)
    if sandbox is None:
        message = "Slack accepts it; to compare, install labelbot[sandbox]"
        return Finding(check, ok=True, message=message, warning=True)
    if sandbox:
        message = f"Slack accepts it, but the sandbox refuses it ({'; '.join(sandbox)})"
        return Finding(check, ok=True, message=message, warning=True)
    return Finding(check, ok=True, message="Slack and the sandbox accept it")


def _reasons(answer: ApiResponse) -> str:
    """Return what Slack says is wrong, and where."""
    errors = answer.body.get("errors")
    found = [one for one in errors if isinstance(one, dict)] if isinstance(errors, list) else []
    named = [f"{one.get('message')} at {one.get('pointer')}" for one in found]
    return "; ".join(named) or answer.error
