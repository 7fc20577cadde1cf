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
    ManifestError,
    NotAcknowledged,
    NotVisible,
    Rejected,
    SandboxError,
    Unfulfilled,
)
from bot.sandbox.limits import NO_LIMITS, SLACK_LIMITS, Rate
from bot.sandbox.people import Click, Person, Submission
from bot.sandbox.sandbox import Room, Sandbox
from bot.sandbox.snapshots import Message, Screen
from bot.sandbox.traffic import Record

__all__ = [
    "NO_LIMITS",
    "SLACK_LIMITS",
    "Click",
    "ManifestError",
    "Message",
    "NotAcknowledged",
    "NotVisible",
    "Person",
    "Rate",
    "Record",
    "Rejected",
    "Room",
    "Sandbox",
    "SandboxError",
    "Screen",
    "Submission",
    "Unfulfilled",
]
