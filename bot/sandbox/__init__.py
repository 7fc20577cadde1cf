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

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .clock import AdjustableClock, Clock, SharedClock
    from .errors import (
        ActionRejectedError,
        ManifestError,
        NotAcknowledgedError,
        NotVisibleError,
        SandboxError,
        WaitTimeoutError,
    )
    from .interaction import Interaction, Submission
    from .rate_limits import NO_LIMITS, SLACK_LIMITS, RateLimit
    from .sandbox import ChannelRef, Sandbox
    from .simulated_user import SimulatedUser
    from .snapshots import MessageSnapshot, ViewSnapshot
    from .traffic import TrafficRecord

__all__ = [
    "NO_LIMITS",
    "SLACK_LIMITS",
    "ActionRejectedError",
    "AdjustableClock",
    "ChannelRef",
    "Clock",
    "Interaction",
    "ManifestError",
    "MessageSnapshot",
    "NotAcknowledgedError",
    "NotVisibleError",
    "RateLimit",
    "Sandbox",
    "SandboxError",
    "SharedClock",
    "SimulatedUser",
    "Submission",
    "TrafficRecord",
    "ViewSnapshot",
    "WaitTimeoutError",
]

_MODULES = {
    "clock": ("AdjustableClock", "Clock", "SharedClock"),
    "errors": (
        *("ActionRejectedError", "ManifestError", "NotAcknowledgedError", "NotVisibleError"),
        *("SandboxError", "WaitTimeoutError"),
    ),
    "interaction": ("Interaction", "Submission"),
    "rate_limits": ("NO_LIMITS", "SLACK_LIMITS", "RateLimit"),
    "sandbox": ("ChannelRef", "Sandbox"),
    "simulated_user": ("SimulatedUser",),
    "snapshots": ("MessageSnapshot", "ViewSnapshot"),
    "traffic": ("TrafficRecord",),
}
"""The module of each public name. It is loaded on first use, because every run of pytest loads
this package for its plugin."""

if not TYPE_CHECKING:

    def __getattr__(name: str) -> object:
        """Load a public name on first use."""
        for module, names in _MODULES.items():
            if name in names:
                return getattr(import_module(f".{module}", __name__), name)
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
