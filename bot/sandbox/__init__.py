"""A strict stand-in Slack workspace for tests and local trials, reachable from this machine only.

    with Sandbox(manifest=MANIFEST) as sandbox:
        ada = sandbox.add_user("ada", real_name="Ada Lovelace")
        start_my_app(base_url=sandbox.api_url, token=sandbox.bot_token, …)
        ada.send_message("/label start")
        ada.wait_for_text("Which answer is better?")
        ada.click("A is better")

It is a server on the loopback address that slack_bolt and slack_sdk use like Slack itself. It
rejects what Slack rejects; where Slack is undocumented or lenient, it takes the strict side.
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
from bot.sandbox.interaction import Interaction, Submission
from bot.sandbox.rate_limits import NO_LIMITS, SLACK_LIMITS, RateLimit
from bot.sandbox.sandbox import ChannelRef, Sandbox
from bot.sandbox.simulated_user import SimulatedUser
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
