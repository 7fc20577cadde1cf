"""A pretend Slack workspace: strict, local, and made for telling stories in tests.

    with Sandbox(manifest=MANIFEST) as sandbox:
        ada = sandbox.person("ada", real_name="Ada Lovelace")
        start_my_app(base_url=sandbox.api_url, token=sandbox.bot_token, …)
        ada.types("/label start")
        ada.sees("Which answer is better?")
        ada.clicks("A is better")

It is a real server on the loopback address, so the real slack_bolt and slack_sdk talk to it. It
refuses what Slack refuses; where Slack is silent or generous it errs on the strict side.
"""

from __future__ import annotations

from bot.sandbox.errors import (
    ActionRejectedError,
    ManifestError,
    NotAcknowledgedError,
    NotVisibleError,
    SandboxError,
    WaitTimeoutError,
)
from bot.sandbox.rate_limits import NO_LIMITS, SLACK_LIMITS, RateLimit
from bot.sandbox.sandbox import ChannelRef, Sandbox
from bot.sandbox.simulated_user import Interaction, SimulatedUser, Submission
from bot.sandbox.snapshots import MessageSnapshot, ViewSnapshot
from bot.sandbox.traffic import TrafficRecord

__all__ = [
    "NO_LIMITS",
    "SLACK_LIMITS",
    "ActionRejectedError",
    "ChannelRef",
    "Interaction",
    "ManifestError",
    "MessageSnapshot",
    "NotAcknowledgedError",
    "NotVisibleError",
    "RateLimit",
    "Sandbox",
    "SandboxError",
    "SimulatedUser",
    "Submission",
    "TrafficRecord",
    "ViewSnapshot",
    "WaitTimeoutError",
]
