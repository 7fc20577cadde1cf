"""What keeps this process from sending messages to Slack; health and `doctor` report it."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from bot.slack.client.error_codes import ErrorKind, kind_of_code
from storage.outage_log import OutageLog

log = logging.getLogger(__name__)

UNKNOWN_SCOPE = "a scope that Slack did not name"

SLACK, APP = "Slack", "the app"
"""Subjects of outages in the log, besides methods and user groups."""


@dataclass(slots=True)
class SendingStatus:
    """The failures of the app itself, as opposed to failures of one recipient.

    `outages` logs each when it begins and when it ends, not with each message.

    Attributes:
        stopped_by: Slack's error code that stops all sending, such as `token_revoked`.
        stopped_since: When sending stopped.
        missing_scopes: Slack methods that fail with `missing_scope`, and the scope each needs.
        unreachable_since: When Slack stopped answering.
        outages: The log lines; their subjects are `SLACK`, `APP`, methods and user groups.
    """

    stopped_by: str | None = None
    stopped_since: datetime | None = None
    missing_scopes: dict[str, str] = field(default_factory=dict)
    unreachable_since: datetime | None = None
    outages: OutageLog = field(default_factory=partial(OutageLog, log))

    @property
    def is_blocked(self) -> bool:
        """Return whether nothing can be sent now."""
        return self.stopped_by is not None or self.unreachable_since is not None

    def record_refusal(self, method: str, code: str, scope: str, now: datetime) -> None:
        """Record what the refusal of a call says about the app, if anything."""
        self.record_answer()
        kind = kind_of_code(code)
        if kind == ErrorKind.SCOPE:
            self._record_missing_scope(method, scope or UNKNOWN_SCOPE)
        elif kind == ErrorKind.APP:
            self._record_stop(code, now)

    def record_answer(self) -> None:
        """Record that Slack answers."""
        self.unreachable_since = None
        self.outages.end(SLACK, "Slack answers again")

    def record_success(self, method: str) -> None:
        """Record that Slack accepted a call, so that the app has the scope of the method."""
        self.record_answer()
        self.missing_scopes.pop(method, None)
        self.outages.end(method, f"{method} works again")

    def record_no_answer(self, reason: str, now: datetime) -> None:
        """Record that Slack does not answer."""
        self.unreachable_since = self.unreachable_since or now
        message = f"Slack does not answer ({reason}); messages stay queued"
        self.outages.begin(SLACK, message, level=logging.WARNING)

    def record_failure(self, subject: str, method: str, reason: str) -> None:
        """Log that a method fails for everybody, or for a subject such as a user group.

        An outage of Slack, a refusal of the app and a missing scope are logged already.
        """
        if not self.is_blocked and method not in self.missing_scopes:
            message = f"{subject} fails: {reason}; it is repeated until it works"
            self.outages.begin(subject, message, level=logging.WARNING)

    def resume(self) -> None:
        """Record that Slack accepts the app again."""
        message = f"Slack accepts the app again; sending continues (was {self.stopped_by})"
        self.outages.end(APP, message)
        self.stopped_by = self.stopped_since = None

    def record_scopes(self, granted: frozenset[str] | None) -> bool:
        """Forget the missing scopes that the app has now; return whether it has any of them.

        `granted` is None if Slack did not say which scopes the app has. Then it is tried again.
        """
        regained = [
            method
            for method, scopes in self.missing_scopes.items()
            if granted is None or granted.intersection(scopes.split(",")) or not is_scope(scopes)
        ]
        for method in regained:
            del self.missing_scopes[method]
        return bool(regained)

    def _record_stop(self, code: str, now: datetime) -> None:
        self.stopped_since, self.stopped_by = self.stopped_since or now, code
        message = f"Slack refuses the app: {code}. Nothing is sent until this is fixed"
        self.outages.begin(APP, message, kind=code)

    def _record_missing_scope(self, method: str, scope: str) -> None:
        """Log it once, also if Slack grants the scope and goes on to refuse the method."""
        self.missing_scopes[method] = scope
        remedy = f"{describe_scopes(scope)}; messages that need it are held. Reinstall the app"
        self.outages.begin(method, f"Slack refuses {method}: {remedy}", kind=scope)


def describe_scopes(scopes: str) -> str:
    """Return what to add to the app; Slack names alternatives, separated by commas."""
    if not is_scope(scopes):
        return "add the scope that its documentation names"
    names = [name.strip() for name in scopes.split(",")]
    return f"add the scope {names[0]}" if len(names) == 1 else f"add one of {', '.join(names)}"


def is_scope(text: str) -> bool:
    """Check whether this names a scope."""
    return text != UNKNOWN_SCOPE
