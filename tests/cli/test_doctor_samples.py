"""Tests of `labelbot doctor --send`: Slack's verdict on samples, compared with the sandbox's."""

from __future__ import annotations

from bot.cli.doctor_samples import problems_in_sandbox
from bot.kinds import KINDS
from bot.sandbox import Sandbox
from bot.slack.outbox.messages import MESSAGE_TYPES
from bot.slack.views.message_samples import MESSAGE_SAMPLES, WITHOUT_BLOCKS
from bot.slack.views.samples import Sample, list_samples
from tests.cli.conftest import CommandRunner


def test_slack_and_the_sandbox_accept_every_sample(
    labelbot_connected: CommandRunner, sandbox: Sandbox
) -> None:
    report = labelbot_connected("doctor", "--send", "--json").json
    samples = [check for check in report["checks"] if check["check"].startswith("sample ")]
    assert {check["message"] for check in samples} == {"Slack and the sandbox accept it"}
    names = {check["check"].removeprefix("sample ") for check in samples}
    assert {f"task: {kind}" for kind in KINDS} <= names
    assert [call.kind for call in sandbox.traffic].count("blocks.validate") == len(list_samples())
    assert "chat.postMessage" not in {call.kind for call in sandbox.traffic}


def test_every_message_type_has_a_sample_or_a_reason_why_not() -> None:
    assert sorted([*MESSAGE_SAMPLES, *WITHOUT_BLOCKS]) == sorted(MESSAGE_TYPES)


def test_different_verdict_is_a_failure_and_a_rate_limit_is_waited_for(
    labelbot_connected: CommandRunner, sandbox: Sandbox
) -> None:
    sandbox.faults.ratelimit("blocks.validate", retry_after=0)
    sandbox.faults.error("blocks.validate", "invalid_blocks")
    result = labelbot_connected("doctor", "--send")
    assert result.code == 1
    (line,) = (line for line in result.out.splitlines() if line.startswith("✗"))
    assert "Slack refuses it (invalid_blocks), the sandbox accepts it" in line


def test_sample_that_the_sandbox_refuses_is_named() -> None:
    broken = Sample("broken", "blocks", [{"type": "divider", "color": "red"}])  # type: ignore[list-item]  # the fault of this test
    assert problems_in_sandbox(broken)
